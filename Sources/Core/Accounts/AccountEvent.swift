package import Law
package import Records

/// What the accounts need of one merged record.
package struct AccountRecord: Sendable {
    package var kind: String
    /// `SENDER/DOCUMENT` of the document that opened the record: what other cards' reference fields name.
    package var reference: String
    /// The confirmed number: the basis, and the order in which the centre accounted.
    package var number: Serial
    package var isCancelled: Bool
    /// The greatest stamp among the record's entries.
    package var stamp: Stamp
    /// The day (UTC+5) the record counts from.
    package var accounted: Day
    package var values: Values
    /// The subjects of its persons and entities, by rising slot.
    package var parties: [Party]

    package struct Party: Hashable, Sendable {
        package var slot: UInt16
        package var subject: SubjectNumber

        package init(slot: UInt16, subject: SubjectNumber) {
            self.slot = slot
            self.subject = subject
        }
    }

    package init(
        kind: String, reference: String, number: Serial, isCancelled: Bool, stamp: Stamp, accounted: Day,
        values: Values, parties: [Party]
    ) {
        self.kind = kind
        self.reference = reference
        self.number = number
        self.isCancelled = isCancelled
        self.stamp = stamp
        self.accounted = accounted
        self.values = values
        self.parties = parties
    }
}

/// Which entries of an account an event speaks of: of one type and one scope, for one subject or for all of it.
package struct AccountScope: Hashable, Comparable, Sendable {
    package var type: String
    /// `=` and the reference of the record that opens the entry, or `#` and the value of a key field.
    package var key: String

    package init(type: String, key: String) {
        self.type = type
        self.key = key
    }

    package static func < (left: AccountScope, right: AccountScope) -> Bool {
        left.type == right.type
            ? left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
            : left.type.utf8.lexicographicallyPrecedes(right.type.utf8)
    }
}

/// What one record does to the entries of one scope.
package struct AccountEvent: Hashable, Sendable {
    package enum Effect: UInt8, Hashable, Sendable, CaseIterable {
        case open = 1
        case change = 2
        case end = 3
    }

    package enum Concerns: Hashable, Sendable {
        case subject(SubjectNumber)
        /// An event or a thing: the entry has no person.
        case nobody
        /// Whoever the scope's entries are about.
        case everyone
    }

    package var scope: AccountScope
    package var effect: Effect
    package var state: String
    package var concerns: Concerns
    package var day: Day
    /// The last day of an entry that ends by itself.
    package var until: Day?
    /// The confirmed number of the record, and which event of that record in this scope it is, from 1.
    package var basis: Serial
    package var part: UInt16
    package var stamp: Stamp
    package var isCancelled: Bool

    package init(
        scope: AccountScope, effect: Effect, state: String, concerns: Concerns, day: Day, until: Day?, basis: Serial,
        part: UInt16, stamp: Stamp, isCancelled: Bool
    ) {
        self.scope = scope
        self.effect = effect
        self.state = state
        self.concerns = concerns
        self.day = day
        self.until = until
        self.basis = basis
        self.part = part
        self.stamp = stamp
        self.isCancelled = isCancelled
    }
}

/// The account rules of all editions, laid out by card kind.
package struct AccountRules: Sendable {
    private let catalogue: Catalogue
    private let byKind: [Day: [String: [Bound]]]

    private struct Bound: Sendable {
        var type: AccountType
        var rule: AccountRule
    }

    package init(catalogue: Catalogue) {
        self.catalogue = catalogue
        var byKind: [Day: [String: [Bound]]] = [:]
        for edition in catalogue.editions {
            var rules: [String: [Bound]] = [:]
            for type in edition.accountTypes where type.status != .excluded {
                for rule in type.rules { rules[rule.kind, default: []].append(Bound(type: type, rule: rule)) }
            }
            byKind[edition.from] = rules
        }
        self.byKind = byKind
    }

    /// The type an entry of this day is judged by.
    package func type(_ code: String, on day: Day) -> AccountType? {
        let edition = catalogue.edition(on: day)
        return edition.accountType(code, on: day) ?? edition.accountTypes.first { $0.code == code }
    }

    /// Everything a record does to the accounts, in the order of the catalogue's types and rules.
    ///
    /// A rule speaks where its condition holds over the merged record and its type is in force on the day of effect.
    /// A day that is missing or unknown is the accounting day.
    package func events(of record: AccountRecord) -> [AccountEvent] {
        let edition = catalogue.edition(on: record.accounted)
        guard let bound = byKind[edition.from]?[record.kind] else { return [] }
        let context = ConditionContext(edition: edition, received: record.accounted)
        var events: [AccountEvent] = []
        for one in bound {
            let day = record.values.day(one.rule.day) ?? record.accounted
            guard one.type.isInForce(on: day), one.rule.condition.holds(over: record.values, in: context),
                let key = one.rule.scope.key(of: record)
            else { continue }
            let (effect, source) = one.rule.effect.parts
            guard let state = source.state(of: record.values) else { continue }
            let scope = AccountScope(type: one.type.code, key: key)
            for concerns in one.rule.subject.concerned(by: record, kind: edition.kind(record.kind)) {
                let part = events.count { $0.scope == scope } + 1
                events.append(
                    AccountEvent(
                        scope: scope, effect: effect, state: state, concerns: concerns, day: day,
                        until: one.rule.until.flatMap(record.values.day), basis: record.number, part: UInt16(part),
                        stamp: record.stamp, isCancelled: record.isCancelled))
            }
        }
        return events
    }
}

extension AccountType {
    fileprivate func isInForce(on day: Day) -> Bool {
        (from.map { $0 <= day } ?? true) && (to.map { day <= $0 } ?? true)
    }
}

extension AccountRule.Effect {
    fileprivate var parts: (AccountEvent.Effect, AccountRule.StateSource) {
        switch self {
        case .open(let source): (.open, source)
        case .change(let source): (.change, source)
        case .end(let source): (.end, source)
        }
    }
}

extension AccountRule.StateSource {
    fileprivate func state(of values: Values) -> String? {
        switch self {
        case .constant(let state): state
        case .field(let field): values.text(field)
        }
    }
}

extension AccountRule.Scope {
    /// Nil where the field that names the scope is empty: the record then speaks of no entry.
    fileprivate func key(of record: AccountRecord) -> String? {
        switch self {
        case .record: "=" + record.reference
        case .reference(let field): record.values.text(field).map { "=" + $0 }
        case .key(let field): record.values.text(field).map { "#" + $0 }
        }
    }
}

extension AccountRule.Subject {
    fileprivate func concerned(by record: AccountRecord, kind: CardKind?) -> [AccountEvent.Concerns] {
        switch self {
        case .none: return [.nobody]
        case .everyoneInScope: return [.everyone]
        case .party(let slot):
            return record.parties.filter { $0.slot == slot }.map { .subject($0.subject) }
        case .eachOf(let field):
            guard case .eachPerson(let first)? = kind?.field(field)?.placement else { return [.everyone] }
            let named = record.parties.filter { $0.slot >= first }
            return named.isEmpty ? [.everyone] : named.map { .subject($0.subject) }
        }
    }
}
