import Accounts
import Consensus
import Foundation
import Law
import Records
import Roles
import Storage
import Testing
import Uplink
import Vault
import Wire

struct CentreStoreTests {
    private let fixture: CentreFixture
    private let almaty: TestTerritory
    private let shymkent: TestTerritory

    init() throws {
        fixture = try CentreFixture()
        almaty = try fixture.seat("KZ-75")
        shymkent = try fixture.seat("KZ-79")
    }

    @discardableResult
    private func search(_ territory: TestTerritory, _ document: String, iin: String = "850707100017") -> String {
        territory.register(
            "WN-1", document,
            [("wanted_ground", .text("INQ")), ("started", .day(Day(20_515))), ("case_no", .text("75-1"))]
                + person(iin: iin, "Әбенова", "Әсел"))
    }

    private func end(_ territory: TestTerritory, _ document: String, of reference: String) {
        territory.register(
            "WN-2", document,
            [("start_ref", .text(reference)), ("outcome", .text("DETAINED")), ("date", .day(Day(20_517)))])
    }

    private func receipts(_ territory: String) throws -> [Receipts] {
        try fixture.store.downlink(of: territory, from: 1, maximumBytes: 1 << 20).compactMap { bytes in
            guard case .receipts(let receipts) = try DownlinkItem(decoding: bytes) else { return nil }
            return receipts
        }
    }

    @Test func whatWasMovedTwiceCountsOnceAndBothNumbersLeadToItsRecord() throws {
        almaty.origin = Origin(at: LogAddress(author: AuthorNumber(90), index: 7), digest: Digest.of([7]).bytes)
        let numbers = [search(almaty, "W1"), search(almaty, "W1")]
        try fixture.send(almaty)
        let records = try numbers.map { try #require(try fixture.store.record($0)) }
        #expect(records[0].anchor == records[1].anchor && records[0].documents.count == 1)
        #expect(try receipts("KZ-75").map(\.confirmed) == [[0, 1, 1]])
        almaty.origin = Origin(at: LogAddress(author: AuthorNumber(90), index: 8), digest: Digest.of([8]).bytes)
        search(almaty, "W1")
        try fixture.send(almaty)
        #expect(try fixture.store.record(numbers[0])?.documents.count == 2, "of another origin it is one more entry")
    }

    @Test func aDocumentIsArchivedNumberedAndAnsweredByAReceipt() throws {
        let number = search(almaty, "W1")
        guard case .advanced(let frontier) = try fixture.send(almaty) else {
            Issue.record("the batch was not taken")
            return
        }
        #expect(frontier.index == almaty.last.index)
        let record = try #require(try fixture.store.record(number))
        #expect(record.confirmed == Serial(year: 2026, serial: 1))
        #expect(record.territory == "KZ-75" && record.kind == "WN-1")
        #expect(try fixture.store.record("2026/00000001")?.anchor == record.anchor)
        let receipts = try receipts("KZ-75")
        #expect(receipts.count == 1)
        #expect(receipts[0].first == 1 && receipts[0].confirmed == [0, 1])
        #expect(try fixture.store.verifyArchive().holds)
    }

    @Test func aBatchSentTwiceCountsOnce() throws {
        _ = search(almaty, "W1")
        let batch = almaty.batch()
        let results = try fixture.apply([batch, batch]).entries.map(\.result)
        guard case .advanced(let first) = results[0], case .repeated(let second) = results[1] else {
            Issue.record("\(results)")
            return
        }
        #expect(first == second)
        #expect(try fixture.store.counts().records == 1)
        #expect(try fixture.store.find(.iin("850707100017")).count == 1)
    }

    @Test func aBatchThatLiesAboutItsDigestIsRejectedAndChangesNothing() throws {
        _ = search(almaty, "W1")
        guard case .batch(var batch) = almaty.batch() else { return }
        batch.entries[1][5] ^= 1
        guard case .rejected = try fixture.apply([.batch(batch)]).entries[0].result else {
            Issue.record("a changed byte was taken")
            return
        }
        #expect(try fixture.store.counts().records == 0)
    }

    @Test func aPersonIsFoundByNumberByNameAndByPreviousNameWithHisAccounts() throws {
        _ = search(almaty, "W1")
        try fixture.send(almaty)
        let kind = shymkent.kind("CR-2")
        let previous = try #require(kind.fields.first { $0.role == .previousNames })
        let surname = try #require(previous.members.first { $0.role == .previousSurname })
        shymkent.register(
            "CR-2", "P1",
            [("status", .text("SUSP")), ("case_no", .text("79-5")), ("doc_date", .day(Day(20_515)))]
                + person(iin: "850707100017", "Серікова", "Әсел")
                + [(previous.path, .group([.init(field: surname.number, value: .text("Абенова"))]))])
        try fixture.send(shymkent)
        for query in [
            SubjectQuery.iin("850707100017"), .name(surname: "Абенова", name: "Асел", birth: nil),
            .name(surname: "СЕРІКОВА", name: "Әсел", birth: Day(text: "1985-07-07")),
        ] {
            let found = try fixture.store.find(query)
            #expect(found.count == 1, "\(query)")
            #expect(Set(found.first?.records.map(\.kind) ?? []) == ["WN-1", "CR-2"])
            #expect(found.first?.accounts.map(\.state).sorted() == ["SUSP", "WANTED"])
        }
        #expect(try fixture.store.find(.name(surname: "Ким", name: "Олег", birth: nil)).isEmpty)
    }

    @Test func aSearchEndsOnItsAccountWhicheverTerritoryEndsItAndInEitherOrder() throws {
        for isEarly in [false, true] {
            let name = isEarly ? "early" : "late"
            if isEarly { end(shymkent, "E-\(name)", of: "MVD/W-\(name)") }
            if isEarly { try fixture.send(shymkent) }
            _ = search(almaty, "W-\(name)")
            try fixture.send(almaty)
            if !isEarly { end(shymkent, "E-\(name)", of: "MVD/W-\(name)") }
            if !isEarly { try fixture.send(shymkent) }
        }
        let entries = try fixture.store.accounts(type: "3", limit: 10)
        #expect(entries.map(\.state) == ["DETAINED", "DETAINED"])
        #expect(entries.allSatisfy { $0.isEnded })
        #expect(try fixture.store.verifyAccounts().holds)
        let shown = try #require(try fixture.store.account(type: "3", number: entries[0].number.text))
        #expect(shown.history.map(\.state) == ["WANTED", "DETAINED"])
    }

    @Test func anUnpaidFineFindsItsDebtorEvenWhenTheDecisionComesLater() throws {
        shymkent.register(
            "AD-2", "F1",
            [("decision_ref", .text("MVD/A1")), ("due", .day(Day(20_500))), ("state", .text("UNPAID"))])
        try fixture.send(shymkent)
        #expect(try fixture.store.accounts(type: "14", limit: 10).isEmpty)
        almaty.register("AD-1", "A1", [("outcome", .text("FINE"))] + person(iin: "850707100017", "Абенова", "Әсел"))
        try fixture.send(almaty)
        let entries = try fixture.store.accounts(type: "14", limit: 10)
        #expect(entries.map(\.state) == ["OWES"])
        #expect(entries.first?.subject != nil)
        #expect(try fixture.store.verifyAccounts().holds)
    }

    @Test func theNumberOfAnotherPersonIsAFindingInTheReceipt() throws {
        _ = search(almaty, "W1")
        try fixture.send(almaty)
        shymkent.register(
            "WN-1", "W2",
            [("wanted_ground", .text("INQ"))] + person(iin: "850707100017", "Ким", "Олег", birth: "1990-01-01"))
        try fixture.send(shymkent)
        let findings = try receipts("KZ-79").flatMap(\.findings)
        #expect(findings.map(\.code).contains("V109"))
        #expect(findings.first { $0.code == "V109" }?.field == "person.iin")
        #expect(try fixture.store.find(.iin("850707100017")).count == 2)
    }

    @Test func concurrentCorrectionsAreADiscrepancyUntilResolvedAndBothHoldersHear() throws {
        _ = search(almaty, "W1")
        try fixture.send(almaty)
        let record = try #require(try fixture.store.record("2026/00000001"))
        let kind = almaty.kind("WN-1")
        let field = try #require(kind.field(path: "case_no")).number
        func view(_ record: CentreStore.StoredRecord) -> RecordView {
            var state = RecordState()
            for one in record.documents {
                state.apply(one.entry, at: one.at, stamp: one.stamp, opened: one.openedWrites)
            }
            return state.view { kind.field($0)?.accumulates ?? false }
        }
        let shown = view(record)
        almaty.amend(
            .correct, "WN-1", record: ("MVD", "W1"), "W1-a", try shown.correction([.set(field, .text("75-2"))]))
        let own = DocumentEntry(
            act: .correct, record: record.documents[0].entry.record, kind: "WN-1",
            edition: fixture.catalogue.newest.from,
            number: Serial(year: 2026, serial: 1), sender: "CENTRE", document: "C1",
            writes: try shown.correction([.set(field, .text("75-3"))]), blocks: [])
        guard case .document(_, _, let confirmed) = try fixture.own(.document(own)) else {
            Issue.record("the centre's correction was refused")
            return
        }
        #expect(confirmed == Serial(year: 2026, serial: 2))
        try fixture.send(almaty)
        let torn = try fixture.store.discrepancies(limit: 10)
        #expect(torn.map(\.fields) == [[field]])
        let handed = try fixture.store.downlink(of: "KZ-75", from: 1, maximumBytes: 1 << 20)
            .filter { if case .entry = try DownlinkItem(decoding: $0) { true } else { false } }
        #expect(handed.count == 1)
        #expect(try fixture.store.downlink(of: "KZ-79", from: 1, maximumBytes: 1 << 20).isEmpty)
        let resolving = try view(torn[0].record).correction([.set(field, .text("75-3"))])
        var resolution = own
        resolution.number = Serial(year: 2026, serial: 2)
        resolution.document = "C2"
        resolution.writes = resolving
        try fixture.own(.document(resolution))
        #expect(try fixture.store.discrepancies(limit: 10).isEmpty)
    }

    @Test func theSameDocumentThroughTwoTerritoriesIsOneRecordWithTwoReceipts() throws {
        let first = search(almaty, "W1")
        let second = search(shymkent, "W1")
        try fixture.send(almaty)
        try fixture.send(shymkent)
        let record = try #require(try fixture.store.record(first))
        #expect(try fixture.store.record(second)?.anchor == record.anchor)
        #expect(try receipts("KZ-75")[0].confirmed == [0, 1])
        #expect(try receipts("KZ-79")[0].confirmed == [0, 1])
        #expect(try receipts("KZ-79")[0].findings.isEmpty)
        #expect(try fixture.store.counts().records == 1)
    }

    @Test func aCancelledRecordLeavesFactsAndAccounts() throws {
        _ = search(almaty, "W1")
        try fixture.send(almaty)
        almaty.amend(.cancel, "WN-1", record: ("MVD", "W1"), "W1-x", [])
        try fixture.send(almaty)
        let entries = try fixture.store.accounts(type: "3", limit: 10)
        #expect(entries.map(\.state) == ["CANCELLED"])
        #expect(try fixture.store.find(.iin("850707100017"))[0].records.map(\.isCancelled) == [true])
        #expect(try fixture.store.verifyAccounts().holds)
    }

    @Test func anIndexThrownAwayIsMadeAnewFromTheBlocks() throws {
        _ = search(almaty, "W1")
        end(almaty, "E1", of: "MVD/W1")
        try fixture.send(almaty)
        let before = try fixture.store.find(.iin("850707100017")).map(\.number)
        try fixture.reopen(withoutIndex: true)
        #expect(try fixture.store.find(.iin("850707100017")).map(\.number) == before)
        _ = search(shymkent, "W2")
        try fixture.send(shymkent)
        #expect(try fixture.store.find(.iin("850707100017")).count == 1)
    }

    @Test func noPersonalValueStandsInClearInAnyFile() throws {
        _ = search(almaty, "W1")
        try fixture.send(almaty)
        try fixture.reopen()
        for file in try FileManager.default.contentsOfDirectory(at: fixture.folder, includingPropertiesForKeys: nil) {
            let bytes = try Data(contentsOf: file)
            for marker in ["850707100017", "Әбенова", "Әсел", "ABENOVA"] {
                #expect(bytes.range(of: Data(marker.utf8)) == nil, "\(marker) in \(file.lastPathComponent)")
            }
        }
    }

    @Test func aTokenSeatsOneNodeOnce() throws {
        let hash: [UInt8] = [1, 2, 3]
        let seated = ControlEntry.seated(
            tokenHash: hash, name: "kz-10-1", role: "territory", territory: "KZ-10", author: AuthorNumber(0), seat: 0)
        #expect(try code(of: fixture.own(.control(seated))) == "token-unknown")
        try fixture.own(
            .control(
                .tokenIssued(
                    hash: hash, role: "territory", territory: "KZ-10", expires: fixture.leaderMilliseconds + 1,
                    officer: "operator")))
        let wrong = ControlEntry.seated(
            tokenHash: hash, name: "kz-11-1", role: "territory", territory: "KZ-11", author: AuthorNumber(0), seat: 0)
        #expect(try code(of: fixture.own(.control(wrong))) == "token-role")
        guard case .seated(_, let author, let seat) = try fixture.own(.control(seated)) else {
            Issue.record("a good token was refused")
            return
        }
        #expect(author == AuthorNumber(4) && seat == 1)
        #expect(try code(of: fixture.own(.control(seated))) == "token-used")
    }

    @Test func anExpiredTokenSeatsNobody() throws {
        let hash: [UInt8] = [9]
        try fixture.own(
            .control(
                .tokenIssued(
                    hash: hash, role: "territory", territory: "KZ-10", expires: fixture.leaderMilliseconds,
                    officer: "operator")))
        fixture.leaderMilliseconds += 1
        let seated = ControlEntry.seated(
            tokenHash: hash, name: "kz-10-1", role: "territory", territory: "KZ-10", author: AuthorNumber(0), seat: 0)
        #expect(try code(of: fixture.own(.control(seated))) == "token-expired")
    }

    private func code(of outcome: OwnOutcome) -> String? {
        if case .refused(let code, _) = outcome { code } else { nil }
    }

    @Test func anAccessEntryIsJournaledByOfficerAndBySubject() throws {
        _ = search(almaty, "W1")
        try fixture.send(almaty)
        let subject = try fixture.store.find(.iin("850707100017"))[0].number
        try fixture.own(
            .access(
                AccessEntry(
                    officer: "root@socket", action: "person.find", subjects: [subject.number], position: 3, block: nil))
        )
        let lines = try fixture.store.journal(subjects: [subject], limit: 10)
        #expect(lines.map(\.action) == ["person.find"])
        #expect(lines.first?.officer == "root@socket" && lines.first?.position == 3)
        #expect(try fixture.store.journal(officer: "nobody", limit: 10).isEmpty)
    }

    @Test func aStampAheadOfTheCentreIsSuspectAndCountsOnTheCentresDate() throws {
        almaty.stamp = Stamp(milliseconds: CentreFixture.noon + 40 * 86_400_000)
        let number = search(almaty, "W1")
        try fixture.send(almaty)
        let record = try #require(try fixture.store.record(number))
        #expect(record.documents.map(\.isSuspect) == [true])
        #expect(record.accounted == Day(milliseconds: fixture.leaderMilliseconds))
    }

    @Test func digestsBetweenBatchesFollowFromTheArchive() throws {
        _ = search(almaty, "W1")
        guard case .batch(let batch) = almaty.batch() else { return }
        try fixture.apply([.batch(batch)])
        var chain = LogChain.genesis(cluster: CentreFixture.cluster, author: almaty.author.number)
        for bytes in batch.entries {
            chain.extend(bytes)
            #expect(try fixture.store.digest(of: almaty.author, at: chain.index) == chain.digest)
        }
        #expect(try fixture.store.digest(of: almaty.author, at: chain.index + 1) == nil)
    }
}
