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
        /// The other's reference field that names this record.
        package var referring: String?
        /// The other record is about the same subject as the own party in this slot.
        package var subject: UInt16?
        package var condition: Condition
        package var isOfOtherSender: Bool
        /// Own and other field are equal, or both are empty.
        package var equal: [Pair]
        /// Some value of the sets is common to both.
        package var common: FieldPath?
        /// Own and other field both stand and are not equal.
        package var differing: [Pair]
        /// The own field's value is among the other's values at the path.
        package var among: Among?
        /// Own day field: the other's same field is at most so far before it.
        package var within: Within?
        /// Own day field: the other's same field lies in the same month of the calendar.
        package var month: FieldNumber?
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

    package struct Among: Hashable, Sendable {
        package var own: FieldNumber
        package var other: FieldPath
    }

    package struct Within: Hashable, Sendable {
        package var day: FieldNumber
        package var days: Int
        package var months: Int
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
        /// Amounts of one set of cards exceed those of another.
        case sumExceeds(Balance)
        /// Nothing but the condition and the end of the grace: a term that has run out.
        case overdue
    }

    /// What cards under one key must not exceed: among those of the kind with the same key and equal fields, the sum of
    /// those that are `taken` is not above the sum of those that are `due`. This record is one of them.
    package struct Balance: Hashable, Sendable {
        package var kind: String
        package var key: Pair
        package var equal: [Pair]
        package var amount: FieldNumber
        package var taken: Condition
        package var due: Condition
    }

    /// What is looked for may still come: until so many working days after this day have passed.
    package struct Grace: Hashable, Sendable {
        package var day: FieldNumber
        package var workingDays: Int
        /// What a miss is meanwhile; nil: nothing is said before the end.
        package var early: Severity?
    }

    package var code: String
    package var severity: Severity
    package var kind: String
    package var condition: Condition
    package var probe: Probe
    package var grace: Grace?
    package var path: String
    /// Whether the territory hears of it; else it stands on the centre's lists alone.
    package var isTold: Bool

    /// Whether what comes later may change the answer: a test of absence, count, sum, or of a term that runs out.
    package var isOfAbsence: Bool {
        switch probe {
        case .missing, .countDiffers, .sumExceeds, .overdue: true
        case .found, .onAccount: false
        }
    }

    /// The own field by which it names the other record.
    package var reference: FieldNumber? {
        switch probe {
        case .missing(let search), .found(let search): search.reference
        case .countDiffers, .sumExceeds, .onAccount, .overdue: nil
        }
    }

    /// The account it asks about.
    package var accountType: String? {
        if case .onAccount(let type, _, _, _) = probe { type } else { nil }
    }
}
