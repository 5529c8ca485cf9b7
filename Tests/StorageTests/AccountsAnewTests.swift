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

/// Accounts kept as entries come are those derived anew, whatever happened and in whatever order it was heard.
struct AccountsAnewTests {
    private static let territories = ["KZ-75", "KZ-79", "KZ-10"]

    /// The logs of three territories that registered lives of cases, corrected and cancelled some, and did so to one
    /// another's records, too: as batches of random length.
    private struct History {
        var batches: [[Proposal.Payload]] = []

        /// - Parameter namingPersons: whether corrections change what persons are known by, too.
        init(seed: UInt64, fixture: CentreFixture, namingPersons: Bool = true) throws {
            var dice = Dice(seed)
            var records: [(kind: CardKind, sender: String, document: String, at: LogAddress, values: [FieldValue])] = []
            var checker = Checker(catalogue: fixture.catalogue)
            for (place, code) in AccountsAnewTests.territories.enumerated() {
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
                    let at = territory.register(
                        checked.kind, checked.document, sender: checked.sender, checked.values)
                    records.append((checked.kind, checked.sender, checked.document, at, checked.values))
                    if dice.below(3) == 0 { Self.amend(&records, by: territory, &dice, namingPersons: namingPersons) }
                    if dice.below(6) == 0 { own.append(territory.batch()) }
                }
                own.append(territory.batch())
                batches.append(
                    own.filter { if case .batch(let batch) = $0 { !batch.entries.isEmpty } else { false } })
            }
        }

        /// A cancellation, or a scalar of another record of the kind: in sight of the value it replaces, or not.
        private static func amend(
            _ records: inout [(kind: CardKind, sender: String, document: String, at: LogAddress, values: [FieldValue])],
            by territory: TestTerritory, _ dice: inout Dice, namingPersons: Bool
        ) {
            let record = records[dice.below(records.count)]
            let name = "\(record.document)-x\(dice.below(1 << 30))"
            if dice.below(5) == 0 {
                territory.amend(.cancel, record.kind.code, record: (record.sender, record.document), name, [])
                return
            }
            let others = records.filter { $0.kind === record.kind }
            let other = others[dice.below(others.count)]
            let scalars = record.values.enumerated().filter { place, value in
                guard let field = record.kind.field(value.field), !field.isSet, !field.isOfAct else { return false }
                if case .person = field.placement { return namingPersons }
                return true
            }
            guard !scalars.isEmpty else { return }
            let (place, old) = scalars[dice.below(scalars.count)]
            guard let new = other.values.first(where: { $0.field == old.field }) else { return }
            let replaces = dice.below(4) == 0 ? [] : [Dot(at: record.at, place: UInt16(place))]
            territory.amend(
                .correct, record.kind.code, record: (record.sender, record.document), name,
                [Write(field: old.field, place: 0, value: new.value, replaces: replaces)])
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

    @Test(arguments: [UInt64](1...6))
    func entriesKeptAreEntriesDerivedAnew(seed: UInt64) throws {
        let fixture = try CentreFixture()
        let history = try History(seed: seed, fixture: fixture)
        var dice = Dice(seed &+ 1000)
        for (turn, payload) in history.shuffled(&dice).enumerated() {
            let result = try fixture.apply([payload]).entries[0].result
            guard case .advanced(let frontier) = result, frontier.index > 0 else {
                Issue.record("a batch was not taken, seed \(seed): \(result)")
                return
            }
            guard turn % 40 == 0 else { continue }
            let found = try fixture.store.verifyAccounts()
            #expect(found.differences.isEmpty, "seed \(seed), turn \(turn)")
        }
        let found = try fixture.store.verifyAccounts()
        #expect(found.differences.isEmpty, "seed \(seed)")
        #expect(found.compared > 50, "seed \(seed): too little of it comes on account")
        let types = Set(try fixture.store.accounts(limit: 100_000).map(\.scope.type))
        #expect(types.count > 8, "seed \(seed): only \(types.sorted())")
    }

    /// Whole stores that heard the same logs in other orders: all that is derived is the same, but for what that order
    /// gives: confirmed numbers, and numbers of subjects. Those are told by what they stand for.
    ///
    /// Corrections here leave persons as they are: whom a card speaks of is decided when it comes, by whom the centre
    /// knows then, and a correction that gives one person's card another's number is for an official to decide (V109).
    @Test(arguments: [UInt64](21...24))
    func theSameLogsInAnyOrderGiveTheSameAccounts(seed: UInt64) throws {
        let first = try CentreFixture()
        let history = try History(seed: seed, fixture: first, namingPersons: false)
        var dice = Dice(seed &+ 2000)
        for payload in history.shuffled(&dice) { try first.apply([payload]) }
        let wanted = try Derived(first)
        #expect(wanted.accounts.count > 50 && wanted.events.count > 50, "seed \(seed)")
        for _ in 0..<2 {
            let other = try CentreFixture()
            for code in Self.territories { _ = try other.seat(code) }
            // Several payloads a turn, too: the turns are not the order.
            let payloads = history.shuffled(&dice)
            var next = 0
            while next < payloads.count {
                let size = min(1 + dice.below(6), payloads.count - next)
                for one in try other.apply(Array(payloads[next..<next + size])).entries {
                    guard case .advanced = one.result else {
                        Issue.record("a batch was not taken, seed \(seed): \(one.result)")
                        return
                    }
                }
                next += size
            }
            let found = try Derived(other)
            let differences = found.difference(from: wanted)
            #expect(differences.isEmpty, "seed \(seed)")
            #expect(try other.store.verifyAccounts().differences.isEmpty, "seed \(seed)")
        }
    }

    /// What a store has derived, in words that no order enters: records by identity, subjects by the least of
    /// the places where cards speak of them.
    private struct Derived {
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

    @Test func aChangedRowIsNamed() throws {
        let fixture = try CentreFixture()
        let history = try History(seed: 7, fixture: fixture)
        var dice = Dice(7)
        for payload in history.shuffled(&dice) { try fixture.apply([payload]) }
        for (sql, words) in [
            ("UPDATE account SET state = 'WANTED2' WHERE rowid_is", "the table says WANTED2"),
            ("UPDATE account_event SET state = 'OTHER' WHERE rowid_is", "what it says to account"),
            ("DELETE FROM account WHERE rowid_is", "the table says no such entry"),
        ] {
            let table = sql.contains("account_event") ? "account_event" : "account"
            let key = table == "account" ? "type, scope, subject" : "type, scope, record, part"
            let middle = "(\(key)) = (SELECT \(key) FROM \(table) ORDER BY \(key) LIMIT 1 OFFSET 20)"
            #expect(try fixture.store.verifyAccounts().holds)
            try fixture.damage("CREATE TABLE kept AS SELECT * FROM \(table)")
            try fixture.damage(sql.replacingOccurrences(of: "rowid_is", with: middle))
            let found = try fixture.store.verifyAccounts()
            #expect(found.differences.contains { $0.contains(words) }, "\(sql): \(found.differences)")
            for repair in ["DELETE FROM \(table)", "INSERT INTO \(table) SELECT * FROM kept", "DROP TABLE kept"] {
                try fixture.damage(repair)
            }
        }
    }

    @Test func whoeverAskedCanEndTheCheck() throws {
        let fixture = try CentreFixture()
        let territory = try fixture.seat("KZ-75")
        for number in 0..<3000 {
            territory.register(
                "WN-1", "W\(number)",
                [("wanted_ground", .text("INQ")), ("started", .day(Day(20_515)))] + person("Ким", "Олег"))
        }
        try fixture.send(territory)
        let found = try fixture.store.verifyAccounts { _ in false }
        #expect(found.isCut && !found.holds)
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
