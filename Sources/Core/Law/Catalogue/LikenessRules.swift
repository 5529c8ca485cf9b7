/// Which records may speak of one person whom nobody has named yet, and how alike two of them are: data of an edition.
///
/// Records of different kinds are compared, each with the open ones of the others. The outcome is a proposal to an
/// official and never more.
package struct LikenessRules: Hashable, Sendable {
    package enum Comparison: String, Hashable, Sendable, CaseIterable {
        /// The same code or number on both sides.
        case same
        /// Two ranges that overlap; half the weight where they miss each other by no more than the margin.
        case range
        /// Days: the nearer the more, nothing from the margin on. A kind named as earlier must not be later.
        case order
        /// Words in common, of the fewer there are.
        case words
    }

    package struct Feature: Hashable, Sendable {
        package var name: String
        package var comparison: Comparison
        package var weight: Int32
        /// Years, centimetres or days, as the fields have them.
        package var margin: Int32
        /// Two records that contradict each other here are not alike at all.
        package var isVeto: Bool
        /// Codes that say nothing.
        package var unknown: Set<String>
        package var earlier: Set<String>
        /// By card kind: the field, or both ends of a range.
        package var fields: [String: [FieldNumber]]
    }

    /// Account types whose open entries are compared.
    package var accounts: Set<String>
    package var features: [Feature]
    /// From how many hundredths on a pair is proposed, and how many pairs at most for one record.
    package var threshold: Int32
    package var most: Int

    /// When a proposed pair that nobody has looked at is said of both its records.
    package struct Review: Hashable, Sendable {
        package var rule: String
        package var severity: Severity
        /// Days of the calendar after the day of the proposal; the finding is made on the day after them.
        package var days: Int
        /// What is blamed on either card.
        package var path: String
    }

    package var review: Review?

    /// Nothing is compared.
    package static let none = LikenessRules(accounts: [], features: [], threshold: 100, most: 0)

    /// Card kinds that are compared, in a fixed order.
    package var kinds: [String] { Set(features.flatMap(\.fields.keys)).sorted() }
}
