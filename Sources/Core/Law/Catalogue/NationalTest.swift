/// One way in which a rule of nation scope fires: what is looked for beside a record, and what its absence or presence
/// means. Data of the catalogue; `NationalRules` asks.
package struct NationalTest: Hashable, Sendable {
    /// Other records beside the one judged. All parts that stand must hold.
    package struct Search: Hashable, Sendable {
        /// The other records' kind; empty where a reference names the record itself.
        package var kind: String
        /// A key of both: own field, path of the other's key field.
        package var key: Pair?
        /// The own reference field that names the other record.
        package var reference: FieldNumber?
        /// The other record is about the same subject as the own party in this slot.
        package var subject: UInt16?
        package var condition: Condition
        package var isOfOtherSender: Bool
        /// Own and other field are equal, or both are empty.
        package var equal: [Pair]
        /// Some value of the sets is common to both.
        package var common: FieldPath?
        /// Own day field: the other's same field is at most so many days before it.
        package var within: Within?
        /// The other was accepted earlier.
        package var isEarlier: Bool
        /// Own day field before the other's day field.
        package var before: Pair?
        /// Records that a card of this kind refers to (an ended search) do not count.
        package var unlessReferred: Referring?
    }

    package struct Pair: Hashable, Sendable {
        package var own: FieldNumber
        package var other: FieldNumber
        /// The path of `other`, as search terms name it.
        package var otherPath: String
    }

    package struct Within: Hashable, Sendable {
        package var day: FieldNumber
        package var days: Int
    }

    /// Cards of a kind whose reference field at `path` names a record.
    package struct Referring: Hashable, Sendable {
        package var kind: String
        package var path: String
    }

    package enum Probe: Hashable, Sendable {
        case found(Search)
        case missing(Search)
        /// The party in this slot stands on an account in one of these states; with a set, each of its elements.
        case onAccount(type: String, states: [String], slot: UInt16, each: FieldNumber?)
        /// The number of cards that refer to this record differs from the sum of its fields.
        case countDiffers(Referring, sum: [FieldNumber])
    }

    /// Before so many working days after this day have passed, a miss is a warning only.
    package struct Grace: Hashable, Sendable {
        package var day: FieldNumber
        package var workingDays: Int
    }

    package var code: String
    package var severity: Severity
    package var kind: String
    package var condition: Condition
    package var probe: Probe
    package var grace: Grace?
    package var path: String
}
