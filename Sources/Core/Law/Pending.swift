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

extension CardKind {
    /// The persons and entities a document or merged record speaks of, in ascending order of slots.
    package func parties(in values: Values) -> [PartyIdentity] { [] }

    /// Everything the record can be found by: of its parties, its key fields, plates.
    package func searchTerms(of values: Values) -> [SearchTerm] { [] }
}

extension PartyIdentity {
    /// Terms to look this party up by, strongest first.
    package var searchTerms: [SearchTerm] { [] }
}

package enum Names {
    /// The search key of a name: Kazakh, Russian and Latin spellings of one name give one key of A–Z.
    package static func fold(_ name: String) -> String { "" }
}

package enum Identification {
    /// Twelve ASCII digits whose last is the check digit of the first eleven (IIN and BIN alike).
    package static func hasValidCheckDigit(_ text: String) -> Bool { false }
    /// The check digit of eleven digits; nil where they are never issued.
    package static func checkDigit(ofFirstEleven digits: [UInt8]) -> UInt8? { nil }
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
