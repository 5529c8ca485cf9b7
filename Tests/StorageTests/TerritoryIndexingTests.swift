import Law
import Records
import Roles
import Storage
import Testing
import Vault
import Wire

/// What a start makes good in a territory's index.
struct TerritoryIndexingTests {
    /// The history of a record that was handed over comes down after younger entries of the same author. The index had
    /// these in its file, and that only in memory when the process ended.
    @Test func anEntryThatCameDownOutOfOrderIsIndexedAtAStartThoughItsAuthorsYoungerOnesAre() throws {
        let scratch = try Scratch()
        let bench = try StoreBench(scratch)
        var turn = TerritoryTurn()
        let author = AuthorNumber(9)
        let entries = [10, 3].map { entry(LogAddress(author: author, index: $0)) }
        turn.taken = entries.map { .entry($0, nonceSalt: 0, keys: []) }
        turn.state = bench.role.state
        turn.isDurable = true
        try bench.store.commit(turn)
        let index = try NodeIndex(path: scratch.file("index.sqlite"), owner: Fixture.owner)
        try index.insert([entries[0]])
        let indexing = TerritoryIndexing(
            store: bench.store, index: index, opener: MirrorOpening(),
            blind: BlindIndexKey(Secret(Array(repeating: 5, count: 32))!), catalogue: try Catalogue.embedded())
        try indexing.complete()
        let identities = entries.compactMap { $0.indexed?.identity }
        let known = try index.known(identities)
        #expect(identities.compactMap { known[$0]?.at.index } == [10, 3])
        try index.close()
        try bench.store.close()
    }

    private func entry(_ at: LogAddress) -> AppendedEntry {
        let name = RecordName.id(sender: "SUBJ-1", document: "doc-\(at.index)")
        let identity = RecordID(high: name.high, low: name.low)
        let number = Serial(year: 2026, serial: UInt32(at.index))
        let document = DocumentEntry(
            act: .register, record: identity, kind: "CR-1", edition: Day(20_000), number: number, sender: "SUBJ-1",
            document: "doc-\(at.index)", writes: [], blocks: [])
        let entry = Entry(stamp: Stamp(milliseconds: CentreFixture.noon), seen: 0, body: .document(document))
        let known = KnownDocument(
            at: at, content: Token(high: 0, low: 0), record: identity, opening: at, number: number, kind: "CR-1")
        return AppendedEntry(
            at: at, entry: entry, bytes: EntryCodec.encode(entry),
            indexed: AppendedEntry.Indexed(identity: identity, document: known, tokens: []))
    }
}
