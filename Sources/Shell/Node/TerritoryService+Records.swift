import Law
import Records
import Roles
import Storage
import Wire

/// What a territory shows of its own shard, line or no line.
extension TerritoryService {
    // MARK: Documents

    func submit(_ document: [UInt8], kind: String?, caller: Caller) async throws(NodeError) -> SubmissionOutcome {
        await settled()
        return try await take(document, kind: kind)
    }

    func openIntake(
        kind: String?, counting: IntakeCounting, caller: Caller
    ) async throws(NodeError) -> any Intake {
        // A stream is handed in from its start or not at all: not some lines refused, since the node has just started.
        if counting != .only { await settled() }
        return intake(kind: kind, counting: counting)
    }

    func correct(_ correction: Correction, caller: Caller) async throws(NodeError) -> SubmissionOutcome {
        let amendment = try await amendment(of: correction.number, caller)
        return try await amend(
            amendment, with: amendment.correction(reason: correction.reason, changes: correction.changes))
    }

    func cancel(number: String, reason: String, caller: Caller) async throws(NodeError) -> SubmissionOutcome {
        let amendment = try await amendment(of: number, caller)
        return try await amend(amendment, with: amendment.cancellation(reason: reason))
    }

    private func amendment(of number: String, _ caller: Caller) async throws(NodeError) -> Amendment {
        await settled()
        let record = try found(number)
        for document in record.documents { try mayBeOpened(document.at) }
        return Amendment(
            record: record, body: node.seat.territory, officer: caller.officer,
            today: Day(milliseconds: now()))
    }

    // MARK: Records

    func record(_ number: String, caller: Caller) async throws(NodeError) -> RecordView {
        let record = try found(number)
        return try await shown(record, as: "record.show", caller).view
    }

    func history(_ number: String, caller: Caller) async throws(NodeError) -> [HistoryLine] {
        let record = try found(number)
        return try await shown(record, as: "record.history", caller).history
    }

    /// What is from before a restore is not opened, and so not corrected, before the centre has been heard.
    func mayBeOpened(_ at: LogAddress) throws(NodeError) {
        guard node.store.recovered.isUnheard, at.author != node.seat.author else { return }
        throw NodeError(
            .readOnly, "This record is from before the node was restored, and the centre has not been heard since.",
            remedy: "Try again when `esep node status` says that it serves.")
    }

    func found(_ number: String) throws(NodeError) -> ReadRecord {
        let address = try NodeError.translating { () throws(StorageError) -> LogAddress? in
            if let provisional = ProvisionalNumber(number) {
                if let own = try node.store.address(of: provisional) { return own }
                return try node.store.held(provisional: provisional)
            }
            if let confirmed = ConfirmedNumber(number) {
                if let own = try node.store.address(of: confirmed) { return own }
                return try node.store.held(confirmed: confirmed)
            }
            return nil
        }
        guard let address else {
            throw NodeError(
                .notFound, "No record \(number) is known at \(node.seat.territory).",
                remedy: "Give a number as `esep register` printed it, or ask the centre.", field: "number")
        }
        let opening = try NodeError.translating { () throws(StorageError) in try node.store.opening(of: address) }
        guard let record = try read(opening: opening) else {
            throw NodeError(.damaged, "Record \(number) cannot be read.", remedy: "Run `esep node verify`.")
        }
        return record
    }

    func read(opening: LogAddress) throws(NodeError) -> ReadRecord? {
        let stored = try NodeError.translating { () throws(StorageError) in try node.store.record(opening: opening) }
        let documents = stored.compactMap(document)
        let own = AuthorName(place: node.seat.territory, seat: node.seat.seat)
        let held = try NodeError.translating { () throws(StorageError) in try node.store.held(opening: opening) }
        var names: [AuthorNumber: AuthorName] = [.centre: .centre, node.seat.author: own]
        for former in node.formers {
            names[former.author] = AuthorName(place: node.seat.territory, seat: former.seat)
        }
        if let held { names[opening.author] = AuthorName(place: held.territory, seat: held.seat) }
        for document in documents where names[document.at.author] == nil {
            names[document.at.author] = AuthorName(place: "author \(document.at.author.number)", seat: 1)
        }
        let findings = stored.flatMap(\.findings).map { finding in
            catalogue.newest.documentProblem(code: finding.code, field: finding.field)
        }
        return ReadRecord(
            documents: documents, confirmed: stored.first?.confirmed ?? held?.confirmed, findings: findings,
            names: names,
            catalogue: catalogue)
    }

    private func document(_ stored: StoredEntry) -> ReadDocument? {
        guard let entry = try? EntryCodec.decode(stored.bytes), case .document(let document) = entry.body else {
            return nil
        }
        return ReadDocument(
            at: stored.at, stamp: entry.stamp, isSuspect: false, entry: document,
            opened: node.opener.open(document, at: stored.at, salt: stored.nonceSalt ?? 0))
    }

    // MARK: Lists

    func records(_ filter: RecordFilter) async throws(NodeError) -> RecordPage {
        if let territory = filter.territory, territory != node.seat.territory {
            return try held(filter, from: territory)
        }
        // All logs of this territory, the oldest seat's first.
        let logs = node.formers.map(\.author) + [node.seat.author]
        let begin = LogAddress(author: logs[0], index: 0).packed
        var at = LogAddress(packed: max(begin, filter.after.flatMap { Int64($0) } ?? 0))
        var lines: [RecordPage.Line] = []
        while lines.count < filter.limit {
            let from = at
            let entries = try NodeError.translating { () throws(StorageError) in
                try node.store.readLog(
                    of: from.author, from: from.index + 1, maximumBytes: 1 << 20, maximumEntries: filter.limit)
            }
            if entries.isEmpty {
                guard let following = logs.first(where: { $0 > from.author }) else {
                    return RecordPage(lines: lines, next: nil)
                }
                at = LogAddress(author: following, index: 0)
                continue
            }
            for bytes in entries {
                guard lines.count < filter.limit else { return RecordPage(lines: lines, next: String(at.packed)) }
                at.index += 1
                if let line = try line(bytes, at: at, kind: filter.kind) { lines.append(line) }
            }
        }
        return RecordPage(lines: lines, next: String(at.packed))
    }

    /// Records that another territory opened and that were handed to this one.
    private func held(_ filter: RecordFilter, from territory: String) throws(NodeError) -> RecordPage {
        let rows = try NodeError.translating { () throws(StorageError) in
            try node.store.held(from: territory, after: Int64(filter.after ?? "0") ?? 0, limit: filter.limit)
        }
        var lines: [RecordPage.Line] = []
        for row in rows {
            guard let record = try read(opening: row.opening),
                filter.kind == nil || filter.kind == record.kind.code
            else { continue }
            lines.append(
                RecordPage.Line(
                    number: ConfirmedNumber(row.confirmed).text, provisional: row.provisional, kind: record.kind.code,
                    territory: row.territory, state: record.merged.isCancelled ? .cancelled : .accounted))
        }
        return RecordPage(
            lines: lines, next: rows.count < filter.limit ? nil : rows.last.map { String($0.opening.packed) })
    }

    private func line(_ bytes: [UInt8], at: LogAddress, kind: String?) throws(NodeError) -> RecordPage.Line? {
        guard let entry = try? EntryCodec.decode(bytes), case .document(let document) = entry.body,
            document.act == .register || document.act == .zero, kind == nil || kind == document.kind
        else { return nil }
        let (stored, isAmended) = try NodeError.translating { () throws(StorageError) in
            (try node.store.entry(at), try node.store.record(opening: at).count > 1)
        }
        var state: RecordView.State = stored?.confirmed == nil ? .registered : .accounted
        if isAmended, try read(opening: at)?.merged.isCancelled ?? false { state = .cancelled }
        return RecordPage.Line(
            number: stored?.confirmed.map { ConfirmedNumber($0).text },
            provisional: provisional(kind: document.kind, number: document.number, by: at.author),
            kind: document.kind, territory: node.seat.territory, state: state)
    }

    // MARK: Discrepancies

    func discrepancies(_ filter: DiscrepancyFilter, caller: Caller) async throws(NodeError) -> [DiscrepancyView] {
        if let territory = filter.territory, territory != node.seat.territory { return [] }
        var found: [DiscrepancyView] = []
        var after: LogAddress?
        while found.count < filter.limit {
            let amended = try NodeError.translating { () throws(StorageError) in
                try node.store.amendedRecords(after: after, limit: 500)
            }
            guard let last = amended.last else { break }
            after = last
            for opening in amended {
                guard let record = try read(opening: opening) else { continue }
                guard filter.kind == nil || filter.kind == record.kind.code else { continue }
                found += record.merged.discrepancies.map(record.discrepancy)
            }
        }
        return Array(found.prefix(filter.limit))
    }

    func discrepancy(number: String, field: String, caller: Caller) async throws(NodeError) -> DiscrepancyView {
        let record = try found(number)
        return try await shown(record, as: "discrepancy.show", caller).discrepancy(path: field)
    }

    func resolve(_ resolution: Resolution, caller: Caller) async throws(NodeError) -> SubmissionOutcome {
        let amendment = try await amendment(of: resolution.number, caller)
        let changes = try amendment.record.changes(resolving: resolution)
        return try await amend(amendment, with: amendment.correction(reason: resolution.reason, changes: changes))
    }

    // MARK: The journal

    /// The record as it may be shown: whole once its access entry is durable. Where none can be written (the disk is
    /// full, the node is fenced), what stands in clear is still shown, and what is sealed is not.
    private func shown(
        _ record: ReadRecord, as action: String, _ caller: Caller
    ) async throws(NodeError) -> ReadRecord {
        do throws(NodeError) {
            try await journal(action, about: record, caller)
            return record
        } catch {
            guard error.code == .readOnly else { throw error }
            return record.inClear
        }
    }

    /// Nobody is shown a record before the entry that says so is durable.
    private func journal(_ action: String, about record: ReadRecord, _ caller: Caller) async throws(NodeError) {
        try await journal(
            action,
            AccessNote.writes(
                basis: caller.basis, purpose: caller.purpose, terms: record.provisional(of: record.documents[0])),
            at: 0, caller)
    }

    /// An act of an operator that names nobody.
    func journal(
        _ action: String, _ what: String, at position: UInt64, _ caller: Caller
    ) async throws(NodeError) {
        try await journal(
            action, AccessNote.writes(basis: caller.basis, purpose: what, terms: ""), at: position, caller)
    }

    private func journal(
        _ action: String, _ notes: [Write], at position: UInt64, _ caller: Caller
    ) async throws(NodeError) {
        let block = try NodeError.translating { () throws(StorageError) in
            try drafters.using { drafter -> Result<SealedBlock, StorageError> in
                do throws(StorageError) {
                    return .success(try drafter.seal(notes))
                } catch {
                    return .failure(error)
                }
            }.get()
        }
        let entry = AccessEntry(
            officer: caller.officer, action: action, subjects: [], position: position, block: block)
        await settled()
        let (ticket, reply) = node.recordings.open()
        node.give(.access(Ticket(ticket), entry))
        _ = try await reply.value().get()
    }
}
