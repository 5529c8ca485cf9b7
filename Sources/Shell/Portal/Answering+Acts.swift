import Contract
import Law
import Node

/// Acts of the nation over the API: senders and editions.
extension Answering {
    func answerActs(_ match: OperationMatch, _ question: Question) async throws(ProblemAnswer) -> Reply {
        let node = node
        switch match.operation {
        case .registerSender:
            let request: SenderRegisterRequest = try body(question)
            let act = try ActRequest(request.act)
            let wanted = SenderRequest(
                code: request.code, name: request.name ?? "", certificatePEM: request.certificate,
                from: try request.from.map { text throws(ProblemAnswer) in try Day(text, of: "from") },
                to: try request.to.map { text throws(ProblemAnswer) in try Day(text, of: "to") }, owes: request.owes,
                territory: request.territory)
            return .json(
                try await asked { () async throws(NodeError) in
                    try await node.registerSender(wanted, act: act, caller: question.caller)
                }.answer, status: 201)
        case .revokeSender:
            let request: SenderRevokeRequest = try body(question)
            let act = try ActRequest(request.act)
            let code = match.names["code"] ?? ""
            return .json(
                try await asked { () async throws(NodeError) in
                    try await node.revokeSender(
                        code, certificateID: request.certificateID, act: act, caller: question.caller)
                }.answer)
        case .listMissing:
            guard let period = question[query: "period"] else {
                throw .missing("period", "a period: 2026-03, 2026-Q1, 2026-H1 or 2026")
            }
            return .list(
                try await asked { () async throws(NodeError) in try await node.missing(period: period) }.map(\.answer))
        case .enactEdition:
            let request: EditionEnactRequest = try body(question)
            let act = try ActRequest(request.act)
            let wanted = EditionRequest(
                from: try Day(request.from, of: "from"),
                files: request.files.map { EditionRequest.File(name: $0.name, bytes: Array($0.text.utf8)) })
            return .json(
                try await asked { () async throws(NodeError) in
                    try await node.enactEdition(wanted, act: act, caller: question.caller)
                }.answer, status: 201)
        case .placeReport:
            let request: ReportPlaceRequest = try body(question)
            let act = try ActRequest(request.act)
            let form = match.names["form"] ?? ""
            return .json(
                try await asked { () async throws(NodeError) in
                    try await node.placeReport(
                        form: form, period: request.period, note: request.note, act: act, caller: question.caller)
                }.answer, status: 201)
        case .showEdition:
            let day = try day(question, "at") ?? today()
            let edition = try await asked { () async throws(NodeError) in try await node.editionFiles(on: day) }
            return .json(
                EditionFilesAnswer(
                    from: edition.from.text,
                    files: edition.files.map {
                        EditionFile(name: $0.name, text: String(decoding: $0.bytes, as: UTF8.self))
                    }))
        case .listEditions:
            return .list(
                try await asked { () async throws(NodeError) in try await node.editions() }.map(\.answer))
        default:
            return .list(try await asked { () async throws(NodeError) in try await node.senders() }.map(\.answer))
        }
    }
}

extension ActRequest {
    init(_ fields: ActFields) throws(ProblemAnswer) {
        self.init(number: fields.number, date: try Day(fields.date, of: "date"), basis: fields.basis)
    }
}

extension Day {
    fileprivate init(_ text: String, of field: String) throws(ProblemAnswer) {
        guard let day = Day(text: text) else {
            throw .invalid("\(field) is \(text).", remedy: "A date like 2026-03-31.", field: field)
        }
        self = day
    }
}

extension SenderView {
    fileprivate var answer: SenderAnswer {
        SenderAnswer(
            code: code, name: name,
            certificates: certificates.map {
                .init(id: $0.id, from: $0.from.text, to: $0.to.text, revoked: $0.revoked)
            }, owes: owes, territory: territory, act: act, date: actDate.text, basis: basis)
    }
}

extension MissingView {
    fileprivate var answer: MissingAnswer {
        MissingAnswer(
            sender: sender, name: name, kind: kind, period: period, code: problem.code, severity: "warning",
            message: problem.message, remedy: problem.remedy)
    }
}

extension EditionView {
    fileprivate var answer: EditionAnswer {
        EditionAnswer(
            from: from.text, kinds: UInt64(kinds), rules: UInt64(rules), act: act, date: actDate?.text)
    }
}
