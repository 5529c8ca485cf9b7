import Consensus
import Law
import Logging
import Records
import Roles
import Storage
import Uplink

/// Bodies that are opened, closed and given another node, and records that go from one to another.
extension CentreService {
    func changeBody(_ change: BodyChange, act: ActRequest, caller: Caller) async throws(NodeError) -> BodyOutcome {
        let words = try checked(act, caller)
        var outcome = try weigh(change)
        if change.isDryRun { return outcome }
        let verb: TerritoryAct.Verb =
            switch change.verb {
            case .add: .added
            case .retire: .retired
            case .reseat: .reseated
            case .cap: .capped
            }
        let entry = TerritoryAct(
            verb: verb, territory: change.territory, successor: change.successor, name: change.name,
            rate: change.rate, from: change.from, to: change.to, act: words)
        try await commit([.control(.territory(entry))])
        outcome.isDone = true
        if change.verb == .reseat {
            let wanted = TokenRequest(role: "territory", territory: change.territory, ttlSeconds: Self.tokenSeconds)
            outcome.token = try await issueToken(wanted, caller: caller).token
        }
        return outcome
    }

    /// A new node of a body may be days away.
    private static let tokenSeconds: UInt64 = 7 * 24 * 3600

    /// What would be lost, and whom it would close.
    private func weigh(_ change: BodyChange) throws(NodeError) -> BodyOutcome {
        let seats = try NodeError.translating { () throws(StorageError) in
            try store.seats().filter { $0.territory == change.territory && $0.closed.isEmpty }
        }
        var outcome = BodyOutcome(
            territory: change.territory, isDone: false, closes: [], records: 0, warning: "", token: nil)
        guard change.verb == .retire || change.verb == .reseat else { return outcome }
        let contacts = node.said.contacts
        outcome.closes = seats.map { seat in
            .init(
                name: seat.name, author: seat.author.number, frontier: seat.frontier,
                backlog: contacts[seat.author]?.backlog)
        }
        if change.verb == .retire, !change.successor.isEmpty {
            outcome.records = try NodeError.translating { () throws(StorageError) in
                try store.recordsEverHeld(by: change.territory)
            }
        }
        let unsure = outcome.closes.filter { $0.backlog != 0 }
        if !unsure.isEmpty {
            let names = unsure.map { one in
                one.backlog.map { "\(one.name) still has \($0) entries to send" }
                    ?? "\(one.name) has not been heard: what it holds alone is not known"
            }
            outcome.warning =
                names.joined(separator: "; ") + ". What was not sent before the act is not taken after it."
        }
        return outcome
    }

    /// What a territory's data may take of its line. That there is no cap is told, too: the node may have heard of one.
    /// Nil where it cannot be read.
    func lineCap(of territory: String) -> LineCap? {
        do throws(StorageError) {
            return try store.seats().last { $0.territory == territory }?.cap
        } catch {
            logger.error("the caps of lines cannot be read: \(error)")
            return nil
        }
    }

    // MARK: Records

    func transfer(
        _ request: TransferOfRecords, act: ActRequest, caller: Caller
    ) async throws(NodeError) -> [HandingOutcome] {
        let words = try checked(act, caller)
        guard !request.numbers.isEmpty, request.numbers.count <= Self.transfersMost else {
            throw NodeError(
                .invalid, "\(request.numbers.count) records are named.",
                remedy: "Name 1 to \(Self.transfersMost) at once.", field: "numbers")
        }
        var outcomes: [HandingOutcome] = []
        var acts: [OwnAct] = []
        for number in request.numbers {
            let (stored, holders) = try held(number)
            guard let record = stored.documents.first?.entry.record else {
                throw NodeError(.damaged, "Record \(number) has no entry.")
            }
            let releases = request.releases ? holders.holders.filter { $0.territory != request.to }.map(\.dot) : []
            var after = request.releases ? [] : holders.territories
            if !after.contains(request.to) { after.append(request.to) }
            outcomes.append(HandingOutcome(number: number, before: holders.territories, after: after.sorted()))
            acts.append(
                .control(
                    .transferred(RecordTransfer(record: record, to: request.to, releases: releases, act: words))))
        }
        if !request.isDryRun { try await commit(acts) }
        return outcomes
    }

    private static let transfersMost = 1_000

    private func held(_ number: String) throws(NodeError) -> (CentreStore.StoredRecord, RecordHolders) {
        let stored = try NodeError.translating { () throws(StorageError) in try store.record(number) }
        guard let stored else {
            throw NodeError(
                .notFound, "No record \(number) is known at the centre.",
                remedy: "Give a confirmed or provisional number; it may not have arrived yet.", field: "numbers")
        }
        return (stored, try NodeError.translating { () throws(StorageError) in try store.holders(of: stored.anchor) })
    }

    // MARK: Committing

    private func checked(_ act: ActRequest, _ caller: Caller) throws(NodeError) -> Decision.Act {
        for (name, text) in [("act", act.number), ("basis", act.basis)] where text.allSatisfy(\.isWhitespace) {
            throw NodeError(.invalid, "\(name) is empty.", remedy: "Give --\(name): it is journaled.", field: name)
        }
        return Decision.Act(number: act.number, date: act.date, basis: act.basis, officer: caller.officer)
    }

    private func commit(_ acts: [OwnAct]) async throws(NodeError) {
        for outcome in try await act(acts) {
            switch outcome {
            case .recorded: continue
            case .refused(_, let reason): throw NodeError(.refused, "Refused: \(reason).")
            case .indefinite(let reason):
                throw NodeError(.noLeader, reason, remedy: "See whether it stands before repeating.", isDefinite: false)
            case .document, .seated: throw NodeError(.inner, "An act was answered as one of another kind.")
            }
        }
    }

    /// Hands over what closed bodies hold, some records with each entry, until all is handed; goes on where another
    /// leader left off.
    func handOverClosed() async throws {
        guard node.said.standing?.role == .leader else { return }
        for body in try store.bodies() where body.handed != nil {
            let words = Decision.Act(
                number: body.closedBy ?? "", date: Day(milliseconds: now()), basis: "succession of \(body.code)",
                officer: files.configuration.name)
            let entry = TerritoryAct(verb: .handed, territory: body.code, successor: body.successor, act: words)
            var isDone = false
            while !isDone, !Task.isCancelled {
                try await commit([.control(.territory(entry))])
                isDone = try store.bodies().first { $0.code == body.code }?.handed == nil
            }
            logger.notice("all records of \(body.code) are handed over", metadata: ["to": "\(body.successor)"])
        }
    }
}
