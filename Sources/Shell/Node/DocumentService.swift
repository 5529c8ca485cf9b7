import Law
import Records
import Roles
import Storage

/// Taking documents, alike at a territory and at the centre: check, seal, store, answer.
protocol DocumentService: DraftStore {
    var drafters: DrafterPool { get }
    var law: LawInForce { get }
    /// Milliseconds since 1970 by this node's clock.
    func now() -> UInt64
}

extension DocumentService {
    /// The editions in force now.
    var catalogue: Catalogue { law.catalogue }

    func renewed(_ drafter: Drafter) -> Drafter { drafters.renewed(drafter) }

    func intake(kind: String?, counting: IntakeCounting) -> IntakeStream {
        IntakeStream(store: self, drafter: drafters.take(), kind: kind, counting: counting, clock: now)
    }

    func take(_ document: [UInt8], kind: String?) async throws(NodeError) -> SubmissionOutcome {
        let now = now()
        let drafted = drafters.using { drafter in
            document.withUnsafeBufferPointer { drafter.draft($0, kind: kind, receivedMilliseconds: now) }
        }
        return try await store(drafted)
    }

    fileprivate func store(_ drafted: Drafter.Drafted) async throws(NodeError) -> SubmissionOutcome {
        switch drafted {
        case .draft(let draft, let document):
            if let document, let problems = try await refuted([document]).first, !problems.isEmpty {
                return .refused(problems)
            }
            guard let outcome = await submit([draft]).value().first else { throw .stopping }
            return try SubmissionOutcome(outcome, kind: draft.kind, store: self)
        case .refused(let problems): return .refused(problems)
        case .failed(let error): throw NodeError(error)
        case .correction(let document, let target):
            guard let shown = try await shown(target) else { return .refused([.unknownRecord]) }
            return try await store(drafters.using { $0.correct(document, target: target, shown: shown) })
        }
    }
}

extension DocumentService {
    /// Takes an officer's amendment of a record that he was shown.
    func amend(_ amendment: Amendment, with bytes: [UInt8]) async throws(NodeError) -> SubmissionOutcome {
        let now = now()
        let shown = amendment.record.merged
        let drafted = drafters.using { drafter -> Drafter.Drafted in
            let checked = bytes.withUnsafeBufferPointer {
                drafter.check($0, kind: nil, receivedMilliseconds: now)
            }
            switch checked {
            case .failure(let refusal): return .refused(refusal.problems)
            case .success(let document) where document.act == .cancellation:
                return drafter.cancel(document, target: amendment.target)
            case .success(let document):
                return drafter.correct(document, target: amendment.target, shown: shown)
            }
        }
        return try await store(drafted)
    }
}
