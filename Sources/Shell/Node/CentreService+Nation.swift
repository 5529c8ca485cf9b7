import Accounts
import Consensus
import Law
import Records
import Reports
import Roles
import Storage
import Vault

/// What the centre alone answers (design §3.8): read at an index, journal whom the answer names, then answer.
extension CentreService {
    // MARK: Persons and accounts

    func findPersons(_ query: PersonQuery, caller: Caller) async throws(NodeError) -> PersonAnswer {
        let (position, term) = try await ledPosition()
        let found = try NodeError.translating { () throws(StorageError) in try store.find(SubjectQuery(query)) }
        try await journal("person.find", found.flatMap(\.members), at: position, terms: query.words, caller)
        try stillLeads(in: term)
        let day = try NodeError.translating { () throws(StorageError) in try store.day() }
        return PersonAnswer(freshness: try await freshness(), subjects: found.map { view($0, on: day) })
    }

    func accounts(_ filter: AccountFilter, caller: Caller) async throws(NodeError) -> [AccountView] {
        let position = try await vouched()
        let found = try NodeError.translating { () throws(StorageError) in
            try store.accounts(type: filter.type, state: filter.state, limit: filter.limit)
        }
        let subjects = Array(Set(found.compactMap(\.subject))).sorted()
        let terms = "type \(filter.type ?? "any"), state \(filter.state ?? "any")"
        try await journal("account.list", subjects, at: position, terms: terms, caller)
        let day = try NodeError.translating { () throws(StorageError) in try store.day() }
        var views: [AccountView] = []
        for account in found {
            let entries = try NodeError.translating { () throws(StorageError) in try store.entries(in: account.scope) }
            let entry = entries.first { $0.number == account.number }
            views.append(try view(account, entry: entry, on: day))
        }
        return views
    }

    func account(type: String, number: String, caller: Caller) async throws(NodeError) -> AccountView {
        let position = try await vouched()
        let found = try NodeError.translating { () throws(StorageError) in
            try store.account(type: type, number: number)
        }
        guard let entry = found else {
            throw NodeError(
                .notFound, "No entry \(number) stands on account \(type).",
                remedy: "Give type and number as `esep account list` prints them.", field: "number")
        }
        try await journal("account.show", entry.subject.map { [$0] } ?? [], at: position, terms: number, caller)
        let state = try NodeError.translating { () throws(StorageError) in
            store.state(of: CentreStore.StoredAccount(entry), on: try store.day())
        }
        return AccountView(
            type: entry.scope.type, number: entry.number.text, state: state,
            subject: try subjectLine(entry.subject), basis: entry.basis.map { ConfirmedNumber($0).text },
            history: entry.history.map(AccountView.Change.init))
    }

    func accountCounts() async throws(NodeError) -> [AccountCount] {
        _ = try await vouched()
        let (today, counts) = try NodeError.translating { () throws(StorageError) in
            (try store.day(), try store.accountCounts())
        }
        return catalogue.edition(on: today).accountTypes
            .filter { $0.status == .active }
            .map { AccountCount(type: $0.code, count: counts[$0.code] ?? 0) }
    }

    func view(_ subject: CentreStore.StoredSubject, on day: Day) -> SubjectView {
        let identities = subject.identities
        var names: [String] = []
        for identity in identities {
            let own = identity.name.map { [$0] } ?? []
            for name in own.map(\.text) + identity.previousNames.map(\.text) + identity.entityNames
            where !name.isEmpty && !names.contains(name) {
                names.append(name)
            }
        }
        return SubjectView(
            number: subject.number.number, linked: subject.members.map(\.number).filter { $0 != subject.number.number },
            iin: identities.lazy.compactMap(\.iin).first, bin: identities.lazy.compactMap(\.bin).first, names: names,
            birth: identities.lazy.compactMap(\.birthDay).first?.text,
            records: subject.records.map {
                SubjectView.RecordLine(
                    number: ConfirmedNumber($0.confirmed).text, kind: $0.kind, territory: $0.territory)
            },
            accounts: subject.accounts.map { account in
                AccountView(
                    type: account.scope.type, number: account.number.text,
                    state: store.state(of: account, on: day), subject: names.first ?? "", basis: [])
            })
    }

    private func view(
        _ account: CentreStore.StoredAccount, entry: AccountEntry?, on day: Day
    ) throws(NodeError) -> AccountView {
        AccountView(
            type: account.scope.type, number: account.number.text, state: store.state(of: account, on: day),
            subject: try subjectLine(account.subject), basis: (entry?.basis ?? []).map { ConfirmedNumber($0).text },
            history: (entry?.history ?? []).map(AccountView.Change.init))
    }

    func subjectLine(_ number: SubjectNumber?) throws(NodeError) -> String {
        guard let number else { return "" }
        let subject = try NodeError.translating { () throws(StorageError) in try store.subject(number) }
        let view = view(subject, on: Day(0))
        return [view.names.first ?? "", view.iin ?? view.bin ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    // MARK: Freshness and the journal

    /// The index an answer rests on, vouched for by a leader that is still one.
    func vouched() async throws(NodeError) -> UInt64 {
        guard let index = await node.readable() else {
            throw NodeError(
                .noLeader, "The centre has no leader that can vouch for an answer now.",
                remedy: "Ask again in a moment; `esep cluster status` shows the group.")
        }
        return index.number
    }

    /// The index a journaled answer rests on, and the term in which this node leads. Whoever leads has applied all that
    /// anybody was told; that it still led is proved by the access entry, which commits in that same term (design
    /// §3.8). So nothing that is under way need be waited for twice.
    func ledPosition() async throws(NodeError) -> (position: UInt64, term: Term?) {
        let said = node.said
        guard let term = said.openTerm else { return (try await vouched(), nil) }
        return (said.applied.number, term)
    }

    /// After the access entry is committed: what was read under this term's lead was the newest.
    func stillLeads(in term: Term?) throws(NodeError) {
        guard let term, node.said.openTerm != term else { return }
        throw NodeError(
            .noLeader, "The lead of the centre changed while this was answered.", remedy: "Ask again.",
            isDefinite: false)
    }

    func freshness() async throws(NodeError) -> [Freshness] {
        let now = now()
        let contacts = node.said.contacts
        var lines: [Freshness] = []
        for seat in try seats() {
            let heard = contacts[seat.author]?.heardMilliseconds
            lines.append(
                Freshness(
                    territory: seat.territory, frontier: seat.frontier,
                    ageSeconds: heard.map { (now - min(now, $0)) / 1_000 }))
        }
        return lines
    }

    /// The newest seat of each territory, by code.
    func seats() throws(NodeError) -> [CentreSeat] {
        let all = try NodeError.translating { () throws(StorageError) in try store.seats() }
        var newest: [String: CentreSeat] = [:]
        for seat in all where newest[seat.territory].map({ $0.seat < seat.seat }) ?? true {
            newest[seat.territory] = seat
        }
        return newest.values.sorted { $0.territory < $1.territory }
    }

    /// Commits who looks at whom. Only then may the answer leave.
    func journal(
        _ action: String, _ subjects: [SubjectNumber], at position: UInt64, terms: String, _ caller: Caller
    ) async throws(NodeError) {
        let entry = try access(action, subjects, at: position, terms: terms, caller)
        guard let refusal = await node.look(entry).value() else { return }
        if case .refused(OwnOutcome.diskFull, _) = refusal { throw NodeError(Unavailability.diskFull) }
        if case .refused(OwnOutcome.stopping, _) = refusal { throw .stopping }
        throw NodeError(
            .noLeader, "The access entry could not be committed, so the answer is not given.",
            remedy: "Ask again.", isDefinite: false)
    }

    /// An access entry with its notes sealed.
    func access(
        _ action: String, _ subjects: [SubjectNumber], at position: UInt64, terms: String, _ caller: Caller
    ) throws(NodeError) -> AccessEntry {
        let notes = AccessNote.writes(basis: caller.basis, purpose: caller.purpose, terms: terms)
        let sealed = drafters.using { drafter -> Result<SealedBlock, StorageError> in
            do throws(StorageError) {
                return .success(try drafter.seal(notes))
            } catch {
                return .failure(error)
            }
        }
        let block = try NodeError.translating { () throws(StorageError) in try sealed.get() }
        let officer = caller.territory.map { "\(caller.officer) at \($0)" } ?? caller.officer
        return AccessEntry(
            officer: officer, action: action, subjects: subjects.map(\.number), position: position, block: block)
    }

    func journal(_ filter: JournalFilter, caller: Caller) async throws(NodeError) -> [JournalLine] {
        // What was answered a moment ago is committed; here it is applied, too.
        _ = await node.readable()
        let rows = try NodeError.translating { () throws(StorageError) in
            var subjects: [SubjectNumber]?
            if let number = filter.iin {
                let found = try store.find(.iin(number)) + store.find(.bin(number))
                subjects = found.flatMap(\.members)
            }
            return try store.journal(
                officer: filter.officer, action: filter.action, subjects: subjects, limit: filter.limit)
        }
        return rows.map { row in
            JournalLine(
                author: row.author?.territory ?? "author \(row.at.author.number)", index: row.at.index,
                atMilliseconds: row.stamp.milliseconds, officer: row.officer, action: row.action,
                subjects: row.subjects, basis: row.act?.basis ?? AccessNote.text(AccessNote.basis, in: row.opened),
                purpose: row.act.map { "act \($0.number) of \($0.date.text)" }
                    ?? AccessNote.text(AccessNote.purpose, in: row.opened), position: row.position)
        }
    }
}

extension SubjectQuery {
    fileprivate init(_ query: PersonQuery) {
        switch query {
        case .iin(let number): self = .iin(number)
        case .bin(let number): self = .bin(number)
        case .name(let surname, let name, let birth): self = .name(surname: surname, name: name, birth: birth)
        }
    }
}

extension PersonQuery {
    /// What was searched for; it lies in the access entry's block alone.
    fileprivate var words: String {
        switch self {
        case .iin(let number): "iin \(number)"
        case .bin(let number): "bin \(number)"
        case .name(let surname, let name, let birth): "name \(surname) \(name) \(birth?.text ?? "")"
        }
    }
}

extension PartyIdentity.Name {
    fileprivate var text: String {
        [surname, name, patronymic].filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension AccountView.Change {
    fileprivate init(_ step: AccountEntry.Step) {
        self.init(state: step.state, day: step.day, basis: ConfirmedNumber(step.basis).text)
    }
}
