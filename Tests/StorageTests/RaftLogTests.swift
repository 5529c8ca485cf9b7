import Consensus
import Records
import Roles
import Storage
import Testing
import Vault
import Wire

/// The rows of the Raft log: what was flipped on the disk is found and named, and never taken for what was written.
struct RaftLogTests {
    /// A log of ten entries, of which the first `applied` are applied.
    private func fixture(applied: Int, membershipAt: UInt64? = nil) throws -> CentreFixture {
        let fixture = try CentreFixture()
        let entries = (1...10).map { number in
            RaftEntry(
                index: LogIndex(number), term: number < 6 ? 1 : 2,
                payload: number == membershipAt
                    ? .membership(Membership(voters: [1], learners: [5]))
                    : .proposal([UInt8](repeating: UInt8(number), count: 40)))
        }
        _ = try fixture.store.commit(
            persist: [
                LogWrite(
                    token: 1, install: nil, truncateFrom: nil, entries: entries,
                    hardState: HardState(term: 2, vote: 1, last: 10), compact: nil)
            ], seats: [], apply: entries.prefix(applied).map { .nothing($0.mark) }, synced: true)
        return fixture
    }

    private func load(_ fixture: CentreFixture) throws -> StoredState {
        try fixture.store.load(
            replica: 1, limits: ReplicaLimits(), opening: .started(nonceSalt: 1, software: "test")
        ).stored
    }

    @Test func whatWasWrittenIsReadBack() throws {
        let fixture = try fixture(applied: 4, membershipAt: 3)
        try fixture.reopen()
        #expect(fixture.store.mended.isEmpty)
        #expect(try load(fixture).base.mark == .zero)
        #expect(try fixture.store.raftEntries(from: 1, through: 10).map(\.index) == (1...10).map { LogIndex($0) })
    }

    /// Every column of a row, each flipped in one bit.
    static let flips = [
        "bytes = CAST(X'0A0B0A' || SUBSTR(bytes, 4) AS BLOB)", "term = term + 1", "kind = 0", "sum = sum + 1",
        "bytes = X''",
    ]

    @Test(arguments: flips) func aRowThatIsNotWhatWasWrittenIsNamedWhenItIsReadAndWhenTheStoreIsOpened(
        flip: String
    ) throws {
        let fixture = try fixture(applied: 4)
        try fixture.damage("UPDATE raft_log SET \(flip) WHERE idx = 7")
        #expect { try fixture.store.raftEntries(from: 5, through: 10) } throws: { "\($0)".contains("entry 7") }
        // It is not applied here: the node may not count as holding it.
        #expect { try fixture.reopen() } throws: { error in
            "\(error)".contains("entry 7") && "\(error)".contains("not what was written")
                && (error as? StorageError)?.isFatal == true
        }
    }

    @Test func aMissingRowIsNamed() throws {
        let fixture = try fixture(applied: 10)
        try fixture.damage("DELETE FROM raft_log WHERE idx = 4")
        #expect { try fixture.reopen() } throws: { "\($0)".contains("entry 4 of the Raft log is missing") }
    }

    @Test func aDamagedRowThatIsAppliedIsCutAwayAndTheRestOfTheLogStays() throws {
        let fixture = try fixture(applied: 8, membershipAt: 2)
        try fixture.damage("UPDATE raft_log SET bytes = ZEROBLOB(40) WHERE idx IN (4, 6)")
        try fixture.reopen()
        #expect(fixture.store.mended == [4, 6])
        let stored = try load(fixture)
        #expect(
            stored.base
                == SnapshotHead(mark: Mark(index: 7, term: 2), membership: Membership(voters: [1], learners: [5])))
        #expect(stored.last == 10 && stored.applied == 8)
        #expect(try fixture.store.raftEntries(from: 8, through: 10).count == 3)
        try fixture.reopen()
        #expect(fixture.store.mended.isEmpty)
    }

    @Test func aDamagedRowThatMayHaveChangedTheGroupIsNeverCutAway() throws {
        let fixture = try fixture(applied: 8, membershipAt: 4)
        try fixture.damage("UPDATE raft_log SET kind = 1 WHERE idx = 4")
        #expect { try fixture.reopen() } throws: { "\($0)".contains("entry 4") }
    }

    @Test func theLastAppliedRowIsNotCutAway() throws {
        let fixture = try fixture(applied: 8)
        try fixture.damage("UPDATE raft_log SET bytes = ZEROBLOB(40) WHERE idx = 8")
        #expect { try fixture.reopen() } throws: { "\($0)".contains("entry 8") }
    }

    @Test func rowsOfAProgramThatWroteNoSumsAreBelieved() throws {
        let fixture = try fixture(applied: 8)
        try fixture.damage("UPDATE raft_log SET sum = NULL")
        try fixture.reopen()
        #expect(try fixture.store.raftEntries(from: 1, through: 10).count == 10)
    }
}

/// What the store holds after the centre went on from one node.
struct RecoveryEntryTests {
    @Test func theNodeThatGoesOnIsSeatedAndEveryLaterNumberLiesAboveItsOwn() throws {
        let fixture = try CentreFixture()
        _ = try fixture.seat("KZ-75")
        #expect(try fixture.store.generation() == 0)
        try fixture.own(
            .control(
                .recovered(
                    Recovery(
                        generation: 1, number: 70, name: "centre-3", address: "10.0.0.3:7510", kept: 12,
                        officer: "operator"))))
        #expect(try fixture.store.generation() == 1)
        #expect(try fixture.store.seatedName(of: 70) == "centre-3")
        #expect(try fixture.store.members().contains { $0.replica == 70 && $0.address == "10.0.0.3:7510" })
        #expect(try fixture.seat("KZ-10").author.number > 70)
    }
}
