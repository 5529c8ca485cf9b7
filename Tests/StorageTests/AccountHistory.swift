import Accounts
import Foundation
import Generator
import Law
import Records
import Roles
import Storage
import Testing
import Uplink
import Wire

/// The logs of three territories that registered lives of cases, corrected and cancelled some, and did so to one
/// another's records, too: as batches of random length.
struct AccountHistory {
    static let territories = ["KZ-75", "KZ-79", "KZ-10"]

    /// What corrections may touch.
    enum Corrections {
        case any
        /// All but what a person is known by.
        case leavingPersons
    }

    /// A record as it was registered, for later ones to correct.
    private struct Registered {
        let kind: CardKind
        let sender: String
        let document: String
        let at: LogAddress
        let values: [FieldValue]
    }

    var batches: [[Proposal.Payload]] = []

    init(seed: UInt64, fixture: CentreFixture, corrections: Corrections = .any) throws {
        var dice = Dice(seed)
        var records: [Registered] = []
        var checker = Checker(catalogue: fixture.catalogue)
        for (place, code) in Self.territories.enumerated() {
            let territory = try fixture.seat(code)
            var own: [Proposal.Payload] = []
            var generator = try DocumentGenerator(
                catalogue: fixture.catalogue,
                settings: GeneratorSettings(
                    territory: code, count: 150, seed: seed &* 31 &+ UInt64(place),
                    from: Day(text: "2026-01-05") ?? Day(0), to: Day(text: "2026-03-02") ?? Day(0)))
            let context = CheckContext(territory: code, receivedMilliseconds: CentreFixture.noon)
            var buffer: [UInt8] = []
            while generator.next(into: &buffer) != nil {
                defer { buffer.removeAll(keepingCapacity: true) }
                guard case .accepted(let checked) = checker.check(Array(buffer.dropLast()), in: context),
                    checked.act == .new
                else { continue }
                let at = territory.register(checked.kind, checked.document, sender: checked.sender, checked.values)
                records.append(
                    Registered(
                        kind: checked.kind, sender: checked.sender, document: checked.document, at: at,
                        values: checked.values))
                if dice.below(3) == 0 { Self.amend(records, by: territory, &dice, corrections) }
                if dice.below(6) == 0 { own.append(territory.batch()) }
            }
            own.append(territory.batch())
            batches.append(own.filter { if case .batch(let batch) = $0 { !batch.entries.isEmpty } else { false } })
        }
    }

    /// A cancellation; a person who becomes another, or nobody known by number; or one value of another record of the
    /// kind: in sight of what it replaces, or not.
    private static func amend(
        _ records: [Registered], by territory: TestTerritory, _ dice: inout Dice, _ corrections: Corrections
    ) {
        let record = records[dice.below(records.count)]
        let name = "\(record.document)-x\(dice.below(1 << 30))"
        if dice.below(5) == 0 {
            territory.amend(.cancel, record.kind.code, record: (record.sender, record.document), name, [])
            return
        }
        let others = records.filter { $0.kind === record.kind }
        let other = others[dice.below(others.count)]
        let isBlind = dice.below(4) == 0
        var writes: [Write] = []
        func put(_ place: Int, _ value: Value?) {
            let replaces = isBlind && value != nil ? [] : [Dot(at: record.at, place: UInt16(place))]
            writes.append(
                Write(
                    field: record.values[place].field, place: UInt16(writes.count), value: value, replaces: replaces))
        }
        let places = record.values.indices.filter { place in
            guard let field = record.kind.field(record.values[place].field), !field.isOfAct else { return false }
            return corrections == .any || !field.tellsWho
        }
        let persons = places.filter { record.kind.field(record.values[$0].field)?.tellsWho ?? false }
        switch dice.below(4) {
        case 0 where !persons.isEmpty:
            // Another person altogether, as far as the other card tells of him.
            for place in persons where !(record.kind.field(record.values[place].field)?.isSet ?? true) {
                put(place, other.values.first { $0.field == record.values[place].field }?.value)
            }
        case 1 where !persons.isEmpty:
            put(persons[dice.below(persons.count)], nil)
        default:
            guard !places.isEmpty else { return }
            let place = places[dice.below(places.count)]
            put(place, other.values.first { $0.field == record.values[place].field }?.value)
        }
        writes.sort { ($0.field, $0.place) < ($1.field, $1.place) }
        territory.amend(.correct, record.kind.code, record: (record.sender, record.document), name, writes)
    }

    /// Batches of each territory in their order, the territories' in any.
    func shuffled(_ dice: inout Dice) -> [Proposal.Payload] {
        var left = batches.map { $0[...] }
        var order: [Proposal.Payload] = []
        while !left.allSatisfy(\.isEmpty) {
            let waiting = left.indices.filter { !left[$0].isEmpty }
            order.append(left[waiting[dice.below(waiting.count)]].removeFirst())
        }
        return order
    }
}

extension Field {
    /// Whether linking goes by it, or a member of it.
    fileprivate var tellsWho: Bool {
        let roles: Set<FieldRole> = [
            .iin, .bin, .surname, .name, .patronymic, .birthDay, .documentNumber, .previousNames, .previousSurname,
            .previousName, .previousPatronymic, .entityName, .originalName, .birthFrom, .birthTo,
        ]
        return role.map(roles.contains) ?? false || members.contains(where: \.tellsWho)
    }
}

/// Officials' acts between the batches: any two subjects linked, some of the bonds taken away again.
struct SubjectActs {
    private(set) var linked = 0
    private(set) var parted = 0
    private var bonds: [SubjectBonds.Bond] = []

    mutating func one(in fixture: CentreFixture, _ dice: inout Dice) throws {
        let subjects = Int(try fixture.rows("SELECT COUNT(*) FROM subject")[0][0]) ?? 0
        guard subjects > 1 else { return }
        let act: SubjectAct
        if !bonds.isEmpty, dice.below(3) == 0 {
            act = .unlink(bonds.remove(at: dice.below(bonds.count)))
        } else {
            let first = 1 + dice.below(subjects)
            let second = 1 + (first + dice.below(subjects - 1)) % subjects
            act = .link(SubjectBonds.Bond(SubjectNumber(UInt64(first)), SubjectNumber(UInt64(second))))
        }
        let entry = AccessEntry(
            officer: "operator", action: act.action, subjects: act.subjects.map(\.number), position: 0, block: nil)
        guard OwnOutcomeKind(try fixture.own(.access(entry))) == .recorded else { return }
        switch act {
        case .link(let bond):
            bonds.append(bond)
            linked += 1
        default: parted += 1
        }
    }
}

/// What a store has derived, in words that no order enters: records by identity, subjects by the least of
/// the places where cards speak of them.
struct Derived {
    var accounts: [String]
    var events: [String]
    /// Day, territory and standing of each record, and its facts.
    var records: [String]

    init(_ fixture: CentreFixture) throws {
        var names: [String: String] = [:]
        for row in try fixture.rows(
            """
            SELECT party.subject, MIN(printf('%d/%d/%d', record.high, record.low, party.slot))
            FROM party JOIN record ON record.at = party.record GROUP BY party.subject
            """)
        { names[row[0]] = row[1] }
        func subject(_ number: String) -> String { Int(number) ?? 0 > 0 ? names[number] ?? "unknown" : number }
        events = try fixture.rows(
            """
            SELECT e.subject, e.type, e.scope, r.high, r.low, e.part, e.effect, e.state, e.day, e.until, e.stamp,
                e.cancelled FROM account_event AS e JOIN record AS r ON r.at = e.record
            """
        ).map { ([subject($0[0])] + $0.dropFirst()).joined(separator: " ") }.sorted()
        accounts = try fixture.rows(
            """
            SELECT subject, type, scope, state, is_ended, opened, ended, until, conflict FROM account
            """
        ).map { ([subject($0[0])] + $0.dropFirst()).joined(separator: " ") }.sorted()
        records = try fixture.rows("SELECT high, low, kind, territory, day, state FROM record")
            .map { $0.joined(separator: " ") }.sorted()
    }

    /// The events alone, said of nobody, and the records.
    var withoutSubjects: Derived {
        var own = self
        own.accounts = []
        own.events = Set(events.map { $0.drop { $0 != " " }.dropFirst().split(separator: " ").joined(separator: " ") })
            .sorted()
        return own
    }

    func difference(from other: Derived) -> [String] {
        let all = [(accounts, other.accounts), (events, other.events), (records, other.records)]
        return all.flatMap { own, theirs -> [String] in
            guard own != theirs else { return [] }
            let (left, right) = (Set(own).subtracting(theirs), Set(theirs).subtracting(own))
            let words = left.sorted().prefix(3).map { "+ " + $0 } + right.sorted().prefix(3).map { "- " + $0 }
            return ["\(own.count) rows and \(theirs.count)"] + words
        }
    }
}

/// SplitMix64: one seed, one history.
struct Dice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
