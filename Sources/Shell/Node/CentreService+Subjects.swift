import Accounts
import Dispatch
import Law
import Records
import Roles
import Storage
import Synchronization

/// What officials of the centre decide about subjects.
extension CentreService {
    func conflicts(limit: Int, caller: Caller) async throws(NodeError) -> [ConflictView] {
        let position = try await vouched()
        let found = try NodeError.translating { () throws(StorageError) in try store.conflicts(limit: limit) }
        let named = Set(found.flatMap { [$0.pair.first, $0.pair.second] }).sorted()
        try await journal("person.conflicts", named, at: position, terms: "conflicts that wait", caller)
        var views: [ConflictView] = []
        for conflict in found {
            views.append(
                ConflictView(
                    code: conflict.code, first: conflict.pair.first.number, second: conflict.pair.second.number,
                    firstLine: try subjectLine(conflict.pair.first),
                    secondLine: try subjectLine(conflict.pair.second),
                    record: ConfirmedNumber(conflict.record).text, day: conflict.day))
        }
        return views
    }

    func decide(_ decision: PersonDecision, caller: Caller) async throws(NodeError) {
        guard decision.first != decision.second else {
            throw NodeError(.invalid, "A decision is about two subjects.", remedy: "Name two.", field: "second")
        }
        let bond = SubjectBonds.Bond(SubjectNumber(decision.first), SubjectNumber(decision.second))
        try await act(decision.isOne ? .link(bond) : .unlink(bond), caller)
    }

    func candidates(of number: String?, limit: Int) async throws(NodeError) -> [CandidateView] {
        _ = try await vouched()
        let wanted = try number.map { text throws(NodeError) in try serial(text) }
        let found = try NodeError.translating { () throws(StorageError) in
            try store.candidates(of: wanted, limit: limit)
        }
        return found.map { pair in
            CandidateView(
                kinds: pair.kinds, numbers: pair.numbers.map { ConfirmedNumber($0).text },
                likeness: UInt64(max(0, pair.likeness)), day: pair.day, isReviewed: pair.verdict != nil)
        }
    }

    func review(_ first: String, _ second: String, isRejected: Bool, caller: Caller) async throws(NodeError) {
        try await act(
            .judge(try serial(first), try serial(second), isRejected ? .rejected : .reviewed), caller)
    }

    private func serial(_ text: String) throws(NodeError) -> Serial {
        guard let number = ConfirmedNumber(text) else {
            throw NodeError(
                .invalid, "\(text) is no confirmed number.", remedy: "Give one like 2026/00000123.", field: "number")
        }
        return number.number
    }

    /// Commits an act about subjects: the access entry that journals it is the act.
    func act(_ act: SubjectAct, _ caller: Caller) async throws(NodeError) {
        let entry = try access(act.action, act.subjects, at: 0, terms: "", caller)
        switch try await self.act([.access(entry)])[0] {
        case .recorded: return
        case .refused(_, let reason): throw NodeError(.conflict, "Refused: \(reason).", remedy: "See `person find`.")
        default:
            throw NodeError(
                .noLeader, "The act could not be committed.", remedy: "See `esep journal show`, then ask again.",
                isDefinite: false)
        }
    }

    // MARK: The accounts, derived anew beside the running node

    func checkAccounts(begin: Bool) async throws(NodeError) -> AccountsCheckView {
        if begin { accountsCheck.begin(store) }
        return accountsCheck.view
    }
}

/// One check at a time, on a thread of its own: it reads a snapshot and keeps the node waiting for nothing.
final class AccountsCheck: Sendable {
    /// The age at which a snapshot is given up: until then the write-ahead log cannot be emptied.
    static let longestSeconds: Int64 = 300

    private struct State {
        var view = AccountsCheckView(state: .none)
        var begin = ContinuousClock.now
    }

    private let state = Mutex(State())

    var view: AccountsCheckView {
        state.withLock { state in
            var view = state.view
            if view.state == .running { view.seconds = Self.seconds(since: state.begin) }
            return view
        }
    }

    func begin(_ store: CentreStore) {
        let isFree = state.withLock { state in
            guard state.view.state != .running else { return false }
            state = State(view: AccountsCheckView(state: .running))
            return true
        }
        guard isFree else { return }
        DispatchQueue.global(qos: .utility).async { self.run(store) }
    }

    private func run(_ store: CentreStore) {
        let found: AccountsCheckView
        do throws(StorageError) {
            let verification = try store.verifyAccounts { progress in
                self.state.withLock { state in
                    state.view.done = progress.done
                    state.view.total = progress.total
                    return Self.seconds(since: state.begin) < UInt64(Self.longestSeconds)
                }
            }
            found = AccountsCheckView(
                state: verification.isCut ? .cut : verification.holds ? .agree : .differ,
                compared: UInt64(verification.compared), differences: verification.differences)
        } catch {
            found = AccountsCheckView(state: .differ, differences: ["\(error)"])
        }
        state.withLock { state in
            let (done, total) = (state.view.done, state.view.total)
            state.view = found
            state.view.done = found.state == .cut ? done : total
            state.view.total = total
            state.view.seconds = Self.seconds(since: state.begin)
        }
    }

    private static func seconds(since begin: ContinuousClock.Instant) -> UInt64 {
        UInt64((ContinuousClock.now - begin).components.seconds)
    }
}
