import Contract
import Node

/// Acts about territorial bodies, and about who holds a record.
extension Answering {
    func answerBodies(_ match: OperationMatch, _ question: Question) async throws(ProblemAnswer) -> Reply {
        let (node, caller) = (node, question.caller)
        guard match.operation == .changeBody else {
            let request: RecordTransferRequest = try body(question)
            let act = try ActRequest(request.act)
            let wanted = TransferOfRecords(
                numbers: request.numbers, to: request.to, releases: request.isReleasing, isDryRun: request.isDryRun)
            let outcomes = try await asked { () async throws(NodeError) in
                try await node.transfer(wanted, act: act, caller: caller)
            }
            return .list(
                outcomes.map { RecordTransferAnswer(number: $0.number, before: $0.before, after: $0.after) })
        }
        let request: BodyChangeRequest = try body(question)
        let act = try ActRequest(request.act)
        guard let verb = BodyChange.Verb(rawValue: request.verb) else {
            let verbs = BodyChange.Verb.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid("verb is \(request.verb).", remedy: "One of \(verbs).", field: "verb")
        }
        let change = BodyChange(
            verb: verb, territory: request.territory, successor: request.successor ?? "", name: request.name ?? "",
            rate: UInt32(clamping: request.rate ?? 0), from: UInt16(clamping: request.from ?? 0),
            to: UInt16(clamping: request.to ?? 0), isDryRun: request.isDryRun)
        let outcome = try await asked { () async throws(NodeError) in
            try await node.changeBody(change, act: act, caller: caller)
        }
        return .json(
            BodyAnswer(
                territory: outcome.territory, isDone: outcome.isDone,
                closes: outcome.closes.map {
                    .init(name: $0.name, author: UInt64($0.author), frontier: $0.frontier, backlog: $0.backlog)
                }, records: outcome.records, warning: outcome.warning, token: outcome.token))
    }
}
