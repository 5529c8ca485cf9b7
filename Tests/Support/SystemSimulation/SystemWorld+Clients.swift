import Consensus
import Law
import Records
import Roles
import Simulation
import Storage
import Vault

/// Clerks and officers at the territories, operators and officers at the centre.
extension SystemWorld {
    // MARK: - At a territory

    func work(_ host: TerritoryHost) throws {
        guard !host.isRetired else { return }
        let hasMore = host.handedIn < mix.documents
        guard !isHealing || hasMore else { return }
        let interval = isHealing ? min(mix.workInterval, 300_000) : mix.workInterval
        agenda.add(.work(host), after: chance.next(in: interval / 2...interval * 3 / 2))
        guard host.isUp else { return }
        var drafts: [Draft] = []
        var meant: [ClientOracle.Meant] = []
        func hand(_ document: CheckedDocument) {
            let draft = keys.draft(document, host.sealer)
            let writes = document.values.enumerated().map { place, value in
                Write(field: value.field, place: UInt16(place), value: value.value)
            }
            drafts.append(draft)
            meant.append(ClientOracle.Meant(act: draft.act, writes: writes))
        }
        let papers = Papers.checked[host.place]
        for _ in 0...chance.next(below: 3) where host.handedIn < min(mix.documents, papers.count) {
            hand(papers[host.handedIn])
            host.handedIn += 1
        }
        // A clerk who heard nothing hands the same document in again; so does one who did hear.
        if host.handedIn > 1, chance.next(below: 3) == 0 { hand(papers[chance.next(below: host.handedIn)]) }
        if !isHealing {
            if chance.next(below: 100) < mix.sharedPerCent, let paper = paperOfAnother(host) { hand(paper) }
            if chance.next(below: 100) < mix.correctionPerCent, let act = try amendment(at: host) {
                drafts.append(act.draft)
                meant.append(act.meant)
            }
            if chance.next(below: 8) == 0 {
                acts += 1
                let access = AccessEntry(
                    officer: "clerk", action: "record.show", subjects: [], position: 0, block: nil)
                give(.access(Ticket(1 << 62 | acts), access), to: host)
            }
        }
        guard !drafts.isEmpty else { return }
        give(.submit(oracle.hands(drafts, meaning: meant), drafts), to: host)
    }

    /// A document that its sender handed in at another territory, too.
    private func paperOfAnother(_ host: TerritoryHost) -> CheckedDocument? {
        let others = territories.filter { $0.place != host.place && $0.handedIn > 0 }
        guard !others.isEmpty else { return nil }
        let other = chance.pick(others)
        return Papers.checked[other.place][chance.next(below: other.handedIn)]
    }

    /// A correction, cancellation or restoring of a record that was opened here, against what is shown here.
    private func amendment(at host: TerritoryHost) throws -> (draft: Draft, meant: ClientOracle.Meant)? {
        guard !host.shard.openings.isEmpty else { return nil }
        guard let shown = try host.read(chance.pick(host.shard.openings)),
            let first = shown.entries.first(where: \.opens)
        else { return nil }
        return amendment(
            shown.entries, sender: host.name, target: SimulatedKeys.identity(first.document), host.sealer)
    }

    // MARK: - At the centre

    func operate() throws {
        guard !isHealing else { return }
        agenda.add(.operate, after: chance.next(in: mix.operatorInterval / 2...mix.operatorInterval * 3 / 2))
        guard let leader, let store = leader.store else { return }
        if chance.next(below: 4) == 0 {
            acts += 1
            let access = AccessEntry(officer: "officer", action: "person.find", subjects: [], position: 0, block: nil)
            return give(.submit(oracle.hands([], meaning: []), [.access(access)]), to: leader)
        }
        // An officer looks at what is disputed first, else at any record.
        let disputed = try store.discrepancies(limit: 4).map(\.record)
        let told = active.flatMap { (oracle.told[$0.number] ?? [:]).keys }.sorted()
        var record = disputed.isEmpty ? nil : chance.pick(disputed)
        if record == nil, !told.isEmpty { record = try store.record(of: chance.pick(told)) }
        guard let documents = record?.documents.map({ ReadEntry($0) }), let first = documents.first(where: \.opens)
        else { return }
        let sealer = Sealer(author: .centre, salt: leader.salt, leaves: centreLeaves)
        guard let act = amendment(documents, sender: "centre", target: first.document.record, sealer) else { return }
        give(.submit(oracle.hands([act.draft], meaning: [act.meant]), [.document(act.draft)]), to: leader)
    }

    /// What an officer changes who is shown these entries: mostly disputed fields, else any register.
    private func amendment(
        _ entries: [ReadEntry], sender: String, target: RecordID, _ sealer: Sealer
    ) -> (draft: Draft, meant: ClientOracle.Meant)? {
        guard let view = entries.merged, let first = entries.first(where: \.opens),
            let kind = Papers.kind(first.document), let fields = Papers.correctable[kind.code], !fields.isEmpty
        else { return nil }
        var act = DocumentAct.correct
        var changes: [Change] = []
        if view.isCancelled {
            changes = [.restore]
        } else if chance.next(below: 10) == 0 {
            act = .cancel
        } else {
            var wanted: Set<FieldNumber> = []
            let disputed = view.discrepancies.map(\.field)
            for _ in 0...chance.next(below: 3) {
                let isDisputed = !disputed.isEmpty && chance.next(below: 4) > 0
                wanted.insert(isDisputed ? chance.pick(disputed) : chance.pick(fields))
            }
            changes = wanted.sorted().map { field in
                .set(field, Papers.values[kind.code]?[field].map { chance.pick($0) })
            }
        }
        guard let writes = try? view.correction(changes) else { return nil }
        acts += 1
        let content = Digest.of(Array("act \(acts)".utf8))
        let draft = keys.draft(
            act: act, kind: kind, edition: first.document.edition, sender: sender, document: "act-\(acts)",
            target: target, writes: writes, content: content, sealer)
        return (draft, ClientOracle.Meant(act: act, writes: writes))
    }
}
