/// Checks documents one after another; keeps its scratch space between them. One for each task.
package struct Checker {
    package let catalogue: Catalogue

    package init(catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    /// Checks one document: one JSON object, at most 256 KiB.
    package mutating func check(_ line: [UInt8], in context: CheckContext) -> CheckOutcome {
        line.withUnsafeBufferPointer { check($0, in: context) }
    }

    package mutating func check(_ line: UnsafeBufferPointer<UInt8>, in context: CheckContext) -> CheckOutcome {
        .refused([])
    }
}

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
