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
    @Test(arguments: [1, 2, 3, 4, 5, 112] as [UInt64])
    func entriesKeptAreEntriesDerivedAnew(seed: UInt64) throws {
        let fixture = try CentreFixture()
        let history = try AccountHistory(seed: seed, fixture: fixture)
        var dice = Dice(seed &+ 1000)
        var acts = SubjectActs()
        for (turn, payload) in history.shuffled(&dice).enumerated() {
            let result = try fixture.apply([payload]).entries[0].result
            guard case .advanced(let frontier) = result, frontier.index > 0 else {
                Issue.record("a batch was not taken, seed \(seed): \(result)")
                return
            }
            if dice.below(3) == 0 { try acts.one(in: fixture, &dice) }
            guard turn % 40 == 0 else { continue }
            // What is kept in memory may not be needed.
            if dice.below(2) == 0 { try fixture.reopen(withoutIndex: dice.below(2) == 0) }
            let found = try fixture.store.verifyAccounts()
            #expect(found.differences.isEmpty, "seed \(seed), turn \(turn)")
        }
        let found = try fixture.store.verifyAccounts()
        #expect(found.differences.isEmpty, "seed \(seed)")
        #expect(found.compared > 50, "seed \(seed): too little of it comes on account")
        let types = Set(try fixture.store.accounts(limit: 100_000).map(\.scope.type))
        #expect(types.count > 8, "seed \(seed): only \(types.sorted())")
        #expect(acts.linked > 10 && acts.parted > 3, "seed \(seed): \(acts)")
        try Self.expectTheSameFromTheSameLog(fixture, seed, &dice)
    }

    /// The same proposals in a store of its own, in other turns: every row of all tables. (What findings wait for is
    /// kept under the key of the group, which its voters share.)
    private static func expectTheSameFromTheSameLog(
        _ fixture: CentreFixture, _ seed: UInt64, _ dice: inout Dice
    ) throws {
        let other = try CentreFixture()
        try other.replay(fixture.history, inGroupsOf: 1 + dice.below(12), reopening: false)
        let (own, theirs) = (try fixture.store.stateDigests(), try other.store.stateDigests())
        #expect(own.applied == theirs.applied)
        for (left, right) in zip(own.tables, theirs.tables) {
            #expect(left.name == right.name && left.digest == right.digest, "\(left.name), seed \(seed)")
        }
    }

    /// Whole stores that heard the same logs in other orders: all that is derived is the same, but for what that order
    /// gives: confirmed numbers, and numbers of subjects. Those are told by what they stand for.
    ///
    /// Corrections here leave what a person is known by (number, names, birth date, document): whom a card speaks of is
    /// decided when it comes, by whom the centre knows then, and a correction that gives one person's card another's
    /// number is for an official to decide (V109).
    @Test(arguments: [UInt64](21...24))
    func theSameLogsInAnyOrderGiveTheSameAccounts(seed: UInt64) throws {
        try Self.expectTheSameInAnyOrder(seed: seed, corrections: .leavingPersons) { try Derived($0) }
    }

    /// And where corrections do change whom cards speak of, every record says the same to the accounts in any order;
    /// only the person it is said of may be another.
    @Test(arguments: [UInt64](31...33))
    func whatRecordsSayToTheAccountsIsTheSameInAnyOrder(seed: UInt64) throws {
        try Self.expectTheSameInAnyOrder(seed: seed, corrections: .any) { try Derived($0).withoutSubjects }
    }

    private static func expectTheSameInAnyOrder(
        seed: UInt64, corrections: AccountHistory.Corrections, _ derived: (CentreFixture) throws -> Derived
    ) throws {
        let first = try CentreFixture()
        let history = try AccountHistory(seed: seed, fixture: first, corrections: corrections)
        var dice = Dice(seed &+ 2000)
        for payload in history.shuffled(&dice) { try first.apply([payload]) }
        let wanted = try derived(first)
        #expect(wanted.events.count > 50, "seed \(seed)")
        for _ in 0..<2 {
            let other = try CentreFixture()
            for code in AccountHistory.territories { _ = try other.seat(code) }
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
            let differences = try derived(other).difference(from: wanted)
            #expect(differences.isEmpty, "seed \(seed)")
            #expect(try other.store.verifyAccounts().differences.isEmpty, "seed \(seed)")
        }
    }

    @Test func aChangedRowIsNamed() throws {
        let fixture = try CentreFixture()
        let history = try AccountHistory(seed: 7, fixture: fixture)
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
