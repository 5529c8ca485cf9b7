import Accounts
import Consensus
import Law
import Records
import Roles
import Storage
import Synchronization
import Transport
import Uplink
import Vault

/// Records, discrepancies and the cluster, as the centre shows them.
extension CentreService {
    // MARK: Documents

    func submit(_ document: [UInt8], kind: String?, caller: Caller) async throws(NodeError) -> SubmissionOutcome {
        throw Self.territoriesTakeDocuments
    }

    func openIntake(
        kind: String?, counting: IntakeCounting, caller: Caller
    ) async throws(NodeError) -> any Intake {
        throw Self.territoriesTakeDocuments
    }

    private static let territoriesTakeDocuments = NodeError(
        .wrongRole, "Documents are taken by territories, not by the centre (Art. 12, 14).",
        remedy: "Hand it in at the territory's node: `esep register --data DIR`.")

    func correct(_ correction: Correction, caller: Caller) async throws(NodeError) -> SubmissionOutcome {
        let amendment = try amendment(of: correction.number, caller)
        return try await amend(
            amendment, with: amendment.correction(reason: correction.reason, changes: correction.changes))
    }

    func cancel(number: String, reason: String, caller: Caller) async throws(NodeError) -> SubmissionOutcome {
        let amendment = try amendment(of: number, caller)
        return try await amend(amendment, with: amendment.cancellation(reason: reason))
    }

    private func amendment(of number: String, _ caller: Caller) throws(NodeError) -> Amendment {
        Amendment(
            record: try found(number).record, body: AuthorName.centre.place, officer: caller.officer,
            today: Day(milliseconds: now()))
    }

    // MARK: Records

    func record(_ number: String, caller: Caller) async throws(NodeError) -> RecordView {
        let (record, stored) = try found(number)
        try await journal("record.show", about: stored, caller)
        return record.view
    }

    func history(_ number: String, caller: Caller) async throws(NodeError) -> [HistoryLine] {
        let (record, stored) = try found(number)
        try await journal("record.history", about: stored, caller)
        return record.history
    }

    private func journal(
        _ action: String, about stored: CentreStore.StoredRecord, _ caller: Caller
    ) async throws(NodeError) {
        let subjects = try NodeError.translating { () throws(StorageError) in try store.subjects(of: stored.anchor) }
        let position = try NodeError.translating { () throws(StorageError) in try store.applied() }
        try await journal(
            action, subjects, at: position.number, terms: ConfirmedNumber(stored.confirmed).text, caller)
    }

    private func found(_ number: String) throws(NodeError) -> (record: ReadRecord, stored: CentreStore.StoredRecord) {
        let stored = try NodeError.translating { () throws(StorageError) in try store.record(number) }
        guard let stored, let record = read(stored) else {
            throw NodeError(
                .notFound, "No record \(number) is known at the centre.",
                remedy: "Give a confirmed or provisional number; it may not have arrived yet: `esep cluster status`.",
                field: "number")
        }
        return (record, stored)
    }

    func read(_ stored: CentreStore.StoredRecord) -> ReadRecord? {
        let documents = stored.documents.map { document in
            ReadDocument(
                at: document.at, stamp: document.stamp, isSuspect: document.isSuspect, entry: document.entry,
                opened: document.opened)
        }
        var names = stored.authors.mapValues { AuthorName(place: $0.territory, seat: $0.seat) }
        names[.centre] = .centre
        return ReadRecord(
            documents: documents, confirmed: stored.confirmed,
            findings: stored.findings.map {
                catalogue.newest.documentProblem(code: $0.finding.code, field: $0.finding.path)
            }, names: names, catalogue: catalogue)
    }

    func records(_ filter: RecordFilter) async throws(NodeError) -> RecordPage {
        let after = filter.after.flatMap { Int64($0) } ?? 0
        let rows = try NodeError.translating { () throws(StorageError) in
            try store.recordLines(territory: filter.territory, kind: filter.kind, after: after, limit: filter.limit)
        }
        let lines = rows.map { row in
            RecordPage.Line(
                number: ConfirmedNumber(row.confirmed).text,
                provisional: ProvisionalNumber(
                    territory: row.territory, kind: row.kind, number: row.provisional, seat: row.seat
                ).text,
                kind: row.kind, territory: row.territory, state: row.isCancelled ? .cancelled : .accounted)
        }
        return RecordPage(lines: lines, next: rows.count < filter.limit ? nil : rows.last.map { String($0.anchor) })
    }

    // MARK: Discrepancies

    func discrepancies(_ filter: DiscrepancyFilter, caller: Caller) async throws(NodeError) -> [DiscrepancyView] {
        let rows = try NodeError.translating { () throws(StorageError) in
            try store.discrepancies(territory: filter.territory, kind: filter.kind, limit: filter.limit)
        }
        let position = try NodeError.translating { () throws(StorageError) in try store.applied() }
        var subjects: Set<SubjectNumber> = []
        for row in rows {
            let named = try NodeError.translating { () throws(StorageError) in
                try store.subjects(of: row.record.anchor)
            }
            subjects.formUnion(named)
        }
        if !rows.isEmpty {
            try await journal("discrepancy.list", subjects.sorted(), at: position.number, terms: "", caller)
        }
        return rows.flatMap { row -> [DiscrepancyView] in
            guard let record = read(row.record) else { return [] }
            return record.merged.discrepancies.map(record.discrepancy)
        }
    }

    func discrepancy(number: String, field: String, caller: Caller) async throws(NodeError) -> DiscrepancyView {
        let (record, stored) = try found(number)
        try await journal("discrepancy.show", about: stored, caller)
        return try record.discrepancy(path: field)
    }

    func resolve(_ resolution: Resolution, caller: Caller) async throws(NodeError) -> SubmissionOutcome {
        let amendment = try amendment(of: resolution.number, caller)
        let changes = try amendment.record.changes(resolving: resolution)
        return try await amend(amendment, with: amendment.correction(reason: resolution.reason, changes: changes))
    }

    // MARK: The cluster

    func territories() async throws(NodeError) -> [TerritoryView] {
        let now = now()
        let contacts = node.said.contacts
        var views: [TerritoryView] = []
        for seat in try seats() {
            let contact = contacts[seat.author]
            let awaited = gathering(of: seat)
            let seating = awaited == nil ? try seating(of: seat) : awaited
            var state = contact.map { $0.refusal != nil ? "fenced" : $0.isConnected ? "connected" : "away" }
            if !seat.closed.isEmpty { state = "closed" }
            views.append(
                TerritoryView(
                    territory: seat.territory, node: seat.name, state: state ?? "never-seen",
                    frontier: seat.frontier, backlog: contact?.backlog,
                    lastContactSeconds: contact.map { (now - min(now, $0.heardMilliseconds)) / 1_000 },
                    seating: seating))
        }
        return views
    }

    func nodeStatus() async throws(NodeError) -> NodeStatus {
        let counts = try NodeError.translating { () throws(StorageError) in try store.counts() }
        var traffic = node.lines.traffic
        traffic.add(peers.traffic)
        var status = NodeStatus(files, certificate: certificate, traffic: traffic, since: started)
        status.records = counts.records
        status.entries = counts.entries
        status.refusedMessages = peers.refused
        if node.said.isWaitingForSpace { status.readOnly("The disk is full.") }
        return status
    }

    // MARK: Questions of territories

    /// Answers what territories forward, several at a time; the answer goes to the session that asked and is not
    /// stored.
    func answerQuestions() async {
        await withDiscardingTaskGroup { group in
            for await asked in node.asked {
                group.addTask {
                    guard let answer = self.answerer.withLock({ $0 }) else { return }
                    let bytes = await answer(asked.bytes, .territory(asked.peer.territory))
                    self.node.lines.send(.answer(number: asked.number, bytes: bytes), to: asked.session)
                }
            }
        }
    }
}
