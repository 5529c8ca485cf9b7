import Contract
import Node

/// Questions about the centre's group, and changes of it.
extension Answering {
    func answerGroup(_ match: OperationMatch, _ question: Question) async throws(ProblemAnswer) -> Reply {
        let (node, caller) = (node, question.caller)
        switch match.operation {
        case .changeMembers:
            let request: MemberChangeRequest = try body(question)
            guard let verb = MemberChange.Verb(rawValue: request.verb) else {
                let verbs = MemberChange.Verb.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid("verb is \(request.verb).", remedy: "One of \(verbs).", field: "verb")
            }
            let change = MemberChange(
                verb: verb, nodes: request.nodes, isDryRun: request.isDryRun, force: request.force)
            let outcome = try await asked { () async throws(NodeError) in
                try await node.change(change, caller: caller)
            }
            return .json(
                MemberChangeAnswer(
                    before: outcome.before.answer, after: outcome.after.answer, isDone: outcome.isDone,
                    warning: outcome.warning))
        case .transferLead:
            let request: TransferRequest = try body(question)
            let outcome = try await asked { () async throws(NodeError) in
                try await node.transferLead(to: request.node, isDryRun: request.isDryRun, caller: caller)
            }
            return .json(
                TransferAnswer(
                    leader: outcome.leader, before: outcome.before, quorum: UInt64(outcome.group.quorum),
                    tolerated: UInt64(outcome.group.tolerated), isDone: outcome.isDone,
                    milliseconds: outcome.milliseconds))
        case .checkCluster:
            let wanted = question[query: "node"]
            let check = try await asked { () async throws(NodeError) in try await node.checkCluster(node: wanted) }
            return .json(check.answer)
        default:
            let members = try await asked { () async throws(NodeError) in try await node.members() }
            return .list(members.map(\.answer))
        }
    }
}

extension MemberView {
    fileprivate var answer: GroupMemberAnswer {
        GroupMemberAnswer(
            name: name, number: number, address: address, role: role, state: state, applied: applied, behind: behind)
    }
}

extension GroupView {
    fileprivate var answer: GroupAnswer {
        GroupAnswer(
            voters: voters, learners: learners, quorum: UInt64(quorum), tolerated: UInt64(tolerated),
            live: UInt64(live))
    }
}

extension ClusterCheck {
    fileprivate var answer: ClusterCheckAnswer {
        ClusterCheckAnswer(
            leader: leader, quorum: UInt64(quorum), tolerated: UInt64(tolerated), live: UInt64(live),
            verdicts: verdicts.map { .init(node: $0.node, isSafe: $0.isSafe, why: $0.why) })
    }
}

extension NodeError {
    static let movedLead = NodeError(
        .noLeader, "The lead of the centre has moved on while the question was under way.",
        remedy: "Ask again in a moment.")
}
