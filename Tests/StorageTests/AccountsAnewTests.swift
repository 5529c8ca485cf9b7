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

        init(seed: UInt64, fixture: CentreFixture) throws {
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
                    if dice.below(3) == 0 { Self.amend(&records, by: territory, &dice) }
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
            by territory: TestTerritory, _ dice: inout Dice
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
                record.kind.field(value.field).map { !$0.isSet && !$0.isOfAct } ?? false
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
