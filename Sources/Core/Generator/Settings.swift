package import Law

/// What a run of the generator is asked for. The same settings over the same catalogue give the same bytes.
package struct GeneratorSettings: Hashable, Sendable {
    /// Only cards of this kind; nil for all kinds, linked.
    package var kind: String?
    /// A region of the catalogue (`KZ-75`).
    package var territory: String
    /// How many lines.
    package var count: Int
    package var seed: UInt64
    /// The first and last day a document may bear.
    package var from: Day
    package var to: Day
    /// The share of lines made invalid in known ways, 0…1.
    package var faults: Double
    /// The first body of each kind signs what it hands in: its lines name it, and whoever holds its key signs them.
    package var signs: Bool

    package init(
        kind: String? = nil, territory: String, count: Int, seed: UInt64, from: Day, to: Day, faults: Double = 0,
        signs: Bool = false
    ) {
        self.kind = kind
        self.territory = territory
        self.count = count
        self.seed = seed
        self.from = from
        self.to = to
        self.faults = faults
        self.signs = signs
    }
}

/// Why nothing can be generated.
package enum GeneratorRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownTerritory(String)
    case unknownKind(String)
    case unknownForm(String)
    /// There is no working day from the first to the last.
    case noWorkingDay(from: Day, to: Day)
    case faultShare(Double)
    case negativeCount(Int)
    /// What the generator tells of lives cannot be read.
    case stories(CatalogueDefect)

    package var description: String {
        switch self {
        case .unknownTerritory(let code): "the catalogue has no region \(code) with settlements"
        case .unknownKind(let code): "the catalogue has no card kind \(code)"
        case .unknownForm(let key): "the edition of the run's last day has no form \(key)"
        case .noWorkingDay(let from, let to): "there is no working day from \(from.text) to \(to.text)"
        case .faultShare(let share): "a share of faults is 0…1, not \(share)"
        case .negativeCount(let count): "a count of documents is not negative: \(count)"
        case .stories(let defect): defect.sentence
        }
    }
}

/// One line that was written.
package struct GeneratedLine: Hashable, Sendable {
    package var kind: String
    /// What was spoilt; nil for a valid document.
    package var fault: Fault?
    /// The sender who must sign it; nil where its sender does not sign, or the line is no JSON that could be signed.
    package var signer: String?
}

/// A known way to spoil a document, with the rule that must refuse it.
package enum Fault: Hashable, Sendable {
    case unknownForm
    case datesReversed
    case unknownRegion
    case unknownField
    case missingRequired
    case unknownCode
    case shortNumber
    case wrongCheckDigit
    case duplicateKey
    /// No JSON at all.
    case text(TextFault)
    /// A sound document of a sender who signs, signed wrongly.
    case signature(SignatureFault)
    /// Against one rule of one card.
    case rule(RuleFault)

    /// Those that any card may have, then those against one rule of one card.
    package static func all(_ stories: Stories) -> [Fault] {
        [
            .unknownForm, .datesReversed, .unknownRegion, .unknownField, .missingRequired, .unknownCode, .shortNumber,
            .wrongCheckDigit, .duplicateKey,
        ] + TextFault.allCases.map { .text($0) } + SignatureFault.allCases.map { .signature($0) }
            + stories.faults.map { .rule($0) }
    }

    /// The code of the rule that refuses such a line. Rules of the store's scope refuse it where the earlier document
    /// stands; those of national scope take it in, and find the fault at the centre.
    package var expectedCode: String {
        switch self {
        case .unknownForm: "V001"
        case .datesReversed: "V005"
        case .unknownRegion: "V007"
        case .unknownField: "V008"
        case .missingRequired: "V009"
        case .unknownCode: "V010"
        case .shortNumber: "V101"
        case .wrongCheckDigit: "V102"
        case .duplicateKey: "J013"
        case .text(let text): text.rawValue
        case .signature(let signature): signature.code
        case .rule(let broken): broken.code
        }
    }
}
