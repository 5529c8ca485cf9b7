package enum NationalRules {
    /// Findings of the rules of nation scope about a record just accounted or corrected.
    package static func findings(
        about record: NationRecord, in view: some NationView, edition: Edition, today: Day
    ) -> [Finding] { [] }
}

extension Edition {
    /// JSON Schema 2020-12 of the documents of a kind (the closed form a sender may hand in).
    package func schema(of kind: CardKind) -> String { "" }
}
