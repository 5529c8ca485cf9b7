import Contract
import Law
import Node

/// What officials of the centre decide about subjects, and the accounts derived anew.
extension Answering {
    func answerSubjects(_ match: OperationMatch, _ question: Question) async throws(ProblemAnswer) -> Reply {
        let node = node
        switch match.operation {
        case .decidePersons:
            let request: PersonDecisionRequest = try body(question)
            let decision = PersonDecision(
                first: request.first, second: request.second, isOne: request.decision == "link")
            var caller = question.caller
            caller.basis = request.basis
            let journaled = caller
            try await asked { () async throws(NodeError) in try await node.decide(decision, caller: journaled) }
            return .json(DecisionAnswer())
        case .reviewCandidate:
            let request: CandidateReviewRequest = try body(question)
            var caller = question.caller
            caller.basis = request.basis
            let journaled = caller
            try await asked { () async throws(NodeError) in
                try await node.review(
                    request.first, request.second, isRejected: request.verdict == "rejected", caller: journaled)
            }
            return .json(DecisionAnswer())
        case .listCandidates:
            let (number, limit) = (question[query: "number"], try limit(question))
            let found = try await asked { () async throws(NodeError) in
                try await node.candidates(of: number, limit: limit)
            }
            return .list(found.map(\.answer))
        case .startAccountsCheck, .showAccountsCheck:
            let begin = match.operation == .startAccountsCheck
            let check = try await asked { () async throws(NodeError) in try await node.checkAccounts(begin: begin) }
            return .json(check.answer)
        default:
            let limit = try limit(question)
            let found = try await asked { () async throws(NodeError) in
                try await node.conflicts(limit: limit, caller: question.caller)
            }
            return .list(found.map(\.answer))
        }
    }
}

extension ConflictView {
    var answer: ConflictAnswer {
        ConflictAnswer(
            code: code,
            sides: [.init(subject: String(first), name: firstLine), .init(subject: String(second), name: secondLine)],
            record: record, day: day.text)
    }
}

extension CandidateView {
    var answer: CandidateAnswer {
        CandidateAnswer(
            sides: zip(numbers, kinds).map { .init(number: $0, kind: $1) }, likeness: likeness, day: day.text,
            isReviewed: isReviewed)
    }
}

extension AccountsCheckView {
    var answer: AccountsCheckAnswer {
        AccountsCheckAnswer(
            state: state.rawValue, done: done, total: total, compared: compared, differences: differences,
            seconds: seconds)
    }
}
