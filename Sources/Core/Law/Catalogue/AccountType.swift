/// A special account of Law 510 Art. 12(3), with the rules that derive its entries at the centre.
package struct AccountType: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable, CaseIterable {
        case active
        case excluded
        case future
    }

    package enum Subject: String, Hashable, Sendable, CaseIterable {
        case person
        case partyOrEntity = "party"
        case event
        case thing
    }

    package var code: String
    package var labels: Labels
    package var lawReference: String
    package var status: Status
    package var from: Day?
    package var to: Day?
    package var subject: Subject
    /// The states of an entry, in the order they may be walked.
    package var states: [State]
    package var rules: [AccountRule]
    /// The state of an entry whose term has passed: it ends by itself, with no document to say so.
    package var termState: String?

    package struct State: Hashable, Sendable {
        package var code: String
        package var labels: Labels
        /// The entry is over in this state.
        package var isEnd: Bool
        /// Position on the way: an event with a lower rank than the state reached does not move the entry back.
        package var rank: Int

        package init(code: String, labels: Labels, isEnd: Bool, rank: Int) {
            self.code = code
            self.labels = labels
            self.isEnd = isEnd
            self.rank = rank
        }
    }

    package init(
        code: String, labels: Labels, lawReference: String, status: Status, from: Day?, to: Day?, subject: Subject,
        states: [State], rules: [AccountRule], termState: String? = nil
    ) {
        self.code = code
        self.labels = labels
        self.lawReference = lawReference
        self.status = status
        self.from = from
        self.to = to
        self.subject = subject
        self.states = states
        self.rules = rules
        self.termState = termState
    }

    /// Whether its rules hold on a day. An excluded type holds until the day it was excluded, where that is known.
    package func isInForce(on day: Day) -> Bool {
        if status == .excluded && to == nil { return false }
        return (from.map { $0 <= day } ?? true) && (to.map { day <= $0 } ?? true)
    }
}

/// What a record of one card kind does to the entries of an account, when its condition holds over the merged record.
package struct AccountRule: Hashable, Sendable {
    package enum Effect: Hashable, Sendable {
        /// Opens an entry; where it stands already, as `change`.
        case open(StateSource)
        case change(StateSource)
        case end(StateSource)
    }

    package enum StateSource: Hashable, Sendable {
        case constant(String)
        /// The code in this field of the record is the state.
        case field(FieldNumber)
    }

    /// Which entry the record speaks of: entries are equal when type, scope value and subject are equal.
    package enum Scope: Hashable, Sendable {
        /// The record itself opens and ends its own entry.
        case record
        /// Entries with the same value of this field (a case number), whatever card it came on.
        case key(FieldNumber)
        /// The entry of the record that this reference field names.
        case reference(FieldNumber)
    }

    /// Whom it concerns.
    package enum Subject: Hashable, Sendable {
        /// The person or entity in the block of this slot.
        case party(slot: UInt16)
        /// Each element of this set is a person; where the set is empty, everyone in the scope.
        case eachOf(FieldNumber)
        /// The record is about an event or a thing: no person.
        case none
        /// Whoever the entries in the scope are about.
        case everyoneInScope
        /// Whoever the record named by this reference field is about.
        case partiesOf(reference: FieldNumber)
    }

    package var kind: String
    package var effect: Effect
    package var condition: Condition
    package var scope: Scope
    package var subject: Subject
    /// The field with the day of effect.
    package var day: FieldNumber
    /// A day field after which the entry ends by itself (type 8: the end of the term).
    package var until: FieldNumber?
    /// Whole months after the day of effect, on the last of which the entry ends by itself: a term of retention.
    package var months: Int?

    package init(
        kind: String, effect: Effect, condition: Condition, scope: Scope, subject: Subject, day: FieldNumber,
        until: FieldNumber? = nil, months: Int? = nil
    ) {
        self.kind = kind
        self.effect = effect
        self.condition = condition
        self.scope = scope
        self.subject = subject
        self.day = day
        self.until = until
        self.months = months
    }
}
