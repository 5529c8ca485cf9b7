package import Law
package import Records

/// What the accounts need of one merged record.
package struct AccountRecord: Sendable {
    package var kind: String
    /// `SENDER/DOCUMENT` of the document that opened the record: what other cards' reference fields name.
    package var reference: String
    /// The day (UTC+5) the record counts from.
    package var accounted: Day
    package var values: Values
    /// The slots of its persons and entities, ascending.
    package var slots: [UInt16]

    package init(kind: String, reference: String, accounted: Day, values: Values, slots: [UInt16]) {
        self.kind = kind
        self.reference = reference
        self.accounted = accounted
        self.values = values
        self.slots = slots
    }
}

/// What a record says to the accounts, before it is known which subjects its persons are.
package struct AccountClaim: Hashable, Sendable {
    package enum Who: Hashable, Sendable {
        /// The person or entity in this slot of the record.
        case slot(UInt16)
        case nobody
        case everyone
        /// Whoever the record of this name is about.
        case partiesOf(String)
    }

    package var scope: AccountScope
    package var effect: AccountEvent.Effect
    package var state: String
    package var who: Who
    package var day: Day
    package var until: Day?
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
    private let awaitingByKind: [String: [String]]
    /// Every card kind some rule speaks of, and whether a rule asks for a value that lies sealed in a block.
    package let kinds: [String: Bool]

    private struct Bound: Sendable {
        var type: AccountType
        var rule: AccountRule
    }

    package init(catalogue: Catalogue) {
        self.catalogue = catalogue
        var byKind: [Day: [String: [Bound]]] = [:]
        for edition in catalogue.editions {
            var rules: [String: [Bound]] = [:]
            for type in edition.accountTypes {
                for rule in type.rules { rules[rule.kind, default: []].append(Bound(type: type, rule: rule)) }
            }
            byKind[edition.from] = rules
        }
        self.byKind = byKind
        awaitingByKind = Self.awaiting(catalogue)
        kinds = Self.kinds(catalogue)
    }

    private static func kinds(_ catalogue: Catalogue) -> [String: Bool] {
        var kinds: [String: Bool] = [:]
        for edition in catalogue.editions {
            for rule in edition.accountTypes.flatMap(\.rules) {
                let kind = edition.kind(rule.kind)
                // What is computed of sealed values is computed anew when they are corrected.
                let isSealed = rule.fields.contains { number in
                    let inputs = kind?.field(number)?.computed?.inputs ?? []
                    return ([number] + inputs).contains { kind?.field($0)?.placement != .clear }
                }
                kinds[rule.kind] = kinds[rule.kind] ?? false || isSealed
            }
        }
        return kinds
    }

    private static func awaiting(_ catalogue: Catalogue) -> [String: [String]] {
        var awaiting: [String: [String]] = [:]
        for edition in catalogue.editions {
            for rule in edition.accountTypes.flatMap(\.rules) {
                guard case .partiesOf(let number) = rule.subject, let field = edition.kind(rule.kind)?.field(number),
                    case .reference(let kinds) = field.type
                else { continue }
                let domain = rule.kind + "." + field.path
                for kind in kinds where !awaiting[kind, default: []].contains(domain) {
                    awaiting[kind, default: []].append(domain)
                }
            }
        }
        return awaiting
    }

    /// The type an entry of this day is judged by.
    package func type(_ code: String, on day: Day) -> AccountType? {
        let edition = catalogue.edition(on: day)
        return edition.accountType(code, on: day) ?? edition.accountTypes.first { $0.code == code }
    }

    /// The reference fields by which cards of other kinds speak of the persons of a record of this kind, as domains of
    /// search terms (`AD-2.decision_ref`): when such a record comes late, they are asked again.
    package func awaiting(kind: String) -> [String] {
        awaitingByKind[kind] ?? []
    }

    /// Everything a record says to the accounts, in the order of the catalogue's types and rules.
    ///
    /// A rule speaks where its condition holds over the merged record and its type is in force on the day of effect.
    /// A day that is missing or unknown is the accounting day.
    package func claims(of record: AccountRecord) -> [AccountClaim] {
        let edition = catalogue.edition(on: record.accounted)
        guard let bound = byKind[edition.from]?[record.kind] else { return [] }
        let context = ConditionContext(edition: edition, received: record.accounted)
        var claims: [AccountClaim] = []
        for one in bound {
            let day = record.values.day(one.rule.day) ?? record.accounted
            guard one.type.isInForce(on: day), one.rule.condition.holds(over: record.values, in: context),
                let key = one.rule.scope.key(of: record)
            else { continue }
            let (effect, source) = one.rule.effect.parts
            guard let state = source.state(of: record.values) else { continue }
            let scope = AccountScope(type: one.type.code, key: key)
            for who in one.rule.subject.concerned(by: record, kind: edition.kind(record.kind)) {
                claims.append(
                    AccountClaim(
                        scope: scope, effect: effect, state: state, who: who, day: day,
                        until: one.rule.lastDay(from: day, record.values)))
            }
        }
        return claims
    }
}

extension AccountRule {
    /// The last day of an entry that this rule gives a term.
    fileprivate func lastDay(from day: Day, _ values: Values) -> Day? {
        until.flatMap(values.day) ?? months.map { day.adding(months: $0) }
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
    fileprivate func concerned(by record: AccountRecord, kind: CardKind?) -> [AccountClaim.Who] {
        switch self {
        case .none: return [.nobody]
        case .everyoneInScope: return [.everyone]
        case .party(let slot): return record.slots.contains(slot) ? [.slot(slot)] : []
        case .partiesOf(let field): return record.values.text(field).map { [.partiesOf($0)] } ?? []
        case .eachOf(let field):
            guard case .eachPerson(let first)? = kind?.field(field)?.placement else { return [.everyone] }
            let named = record.slots.filter { $0 >= first }
            return named.isEmpty ? [.everyone] : named.map { .slot($0) }
        }
    }
}

/// Claims whose persons are known, as events. A claim on persons nobody knows yet gives none: it is asked again when
/// the record it names arrives (`AccountRules.awaiting`).
///
/// - Parameters:
///   - basis: the record's confirmed number.
///   - stamp: the greatest stamp among the record's entries.
///   - partiesOf: the subjects of the record of this name, ascending.
package func accountEvents(
    of claims: [AccountClaim], basis: Serial, stamp: Stamp, isCancelled: Bool,
    subject: (UInt16) -> SubjectNumber?, partiesOf: (String) throws -> [SubjectNumber]
) rethrows -> [AccountEvent] {
    var events: [AccountEvent] = []
    for claim in claims {
        let concerned: [AccountEvent.Concerns]
        switch claim.who {
        case .nobody: concerned = [.nobody]
        case .everyone: concerned = [.everyone]
        case .slot(let slot): concerned = subject(slot).map { [.subject($0)] } ?? []
        case .partiesOf(let name): concerned = try partiesOf(name).map { .subject($0) }
        }
        for concerns in concerned {
            let part = events.count { $0.scope == claim.scope } + 1
            events.append(
                AccountEvent(
                    scope: claim.scope, effect: claim.effect, state: claim.state, concerns: concerns, day: claim.day,
                    until: claim.until, basis: basis, part: UInt16(part), stamp: stamp, isCancelled: isCancelled))
        }
    }
    return events
}
