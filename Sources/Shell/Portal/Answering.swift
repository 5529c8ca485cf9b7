import Contract
package import Law
package import Node

/// Answers questions by asking the node: every operation but the documents' hot route, whoever carries the question.
package struct Answering: Sendable {
    let node: any NodeService
    let today: @Sendable () -> Day

    /// - Parameter today: the day in UTC+5, for "the edition in force".
    package init(node: any NodeService, today: @escaping @Sendable () -> Day) {
        self.node = node
        self.today = today
    }

    /// By the editions in force now.
    private var rendering: Rendering { Rendering(catalogue: node.catalogue) }

    /// - Parameter isForwarded: another node has passed it on already: it is answered here or not at all.
    package func answer(_ question: Question, isForwarded: Bool = false) async -> Reply {
        do throws(ProblemAnswer) {
            let match = try find(question)
            if match.operation.scope.isOperators, !question.isOperator { throw .operatorOnly }
            if match.operation == .showStatus, !isForwarded, await node.asksLeader() {
                // The leader knows more of everyone; without one this node tells what it knows itself.
                do throws(ProblemAnswer) { return try await forward(question) } catch {}
            }
            if match.operation.needsLeader, await node.asksLeader() {
                guard !isForwarded else { throw NodeError.movedLead.problem }
                return try await forward(question)
            }
            if match.operation.scope == .centre, case .territory = node.identity.role {
                return try await forward(question)
            }
            return try await answerHere(match, question)
        } catch {
            return .problem(error)
        }
    }

    private func find(_ question: Question) throws(ProblemAnswer) -> OperationMatch {
        switch OperationMatch.find(method: question.method, segments: question.segments) {
        case .success(let match): return match
        case .failure(.noSuchPath): throw .noSuchPath("/" + question.segments.joined(separator: "/"))
        case .failure(.otherMethods(let methods)): throw .otherMethod(question.method, methods)
        }
    }

    private func forward(_ question: Question) async throws(ProblemAnswer) -> Reply {
        let answer = try await asked { () async throws(NodeError) in try await node.forward(Forwarding.bytes(question))
        }
        guard let reply = Forwarding.reply(answer) else {
            throw NodeError(.inner, "The centre's answer could not be read.", remedy: "Compare the versions.").problem
        }
        return reply
    }

    /// What a territory does not hold itself, the centre may: asked there, and refused as not found when there is no
    /// line.
    private func hereOrAtCentre(
        _ question: Question, _ answer: () async throws(NodeError) -> Reply
    ) async throws(ProblemAnswer) -> Reply {
        do throws(NodeError) {
            return try await answer()
        } catch {
            guard error.code == .notFound, case .territory = node.identity.role else { throw error.problem }
            do throws(ProblemAnswer) {
                return try await forward(question)
            } catch let line {
                guard line.code == NodeError.Code.noLine.rawValue else { throw line }
                var problem = error.problem
                problem.remedy = "This node does not hold it and there is no line to the centre: ask again with a line."
                throw problem
            }
        }
    }

    func asked<Value>(
        _ ask: () async throws(NodeError) -> Value
    ) async throws(ProblemAnswer) -> Value {
        do throws(NodeError) { return try await ask() } catch { throw error.problem }
    }

    // MARK: Operations

    private func answerHere(
        _ match: OperationMatch, _ question: Question
    ) async throws(ProblemAnswer) -> Reply {
        switch match.operation {
        case .submitDocuments: return try await submit(question)
        case .listRecords: return try await listRecords(question)
        case .showRecord, .showHistory, .correctRecord, .cancelRecord:
            return try await answerRecord(match, question)
        case .listDiscrepancies, .showDiscrepancy, .resolveDiscrepancy:
            return try await answerDiscrepancy(match, question)
        case .listFindings, .listReconciliation: return try await listFindings(match.operation, question)
        case .findPersons, .listAccounts, .countAccounts, .showAccount:
            return try await answerNation(match, question)
        case .listConflicts, .decidePersons, .listCandidates, .reviewCandidate, .startAccountsCheck,
            .showAccountsCheck:
            return try await answerSubjects(match, question)
        case .listReports, .listDueReports, .runReport: return try await answerReport(match, question)
        case .listCatalogue, .showKind, .showSchema, .showExample: return try answerCatalogue(match, question)
        case .listSenders, .registerSender, .revokeSender, .listMissing, .listEditions, .enactEdition, .showEdition,
            .placeReport:
            return try await answerActs(match, question)
        case .listTerritories, .showStatus, .showNode, .showJournal, .issueToken, .stopNode, .showContract:
            return try await answerNode(match, question)
        case .listMembers, .changeMembers, .transferLead, .checkCluster:
            return try await answerGroup(match, question)
        case .changeBody, .transferRecords: return try await answerBodies(match, question)
        case .exportBundle, .importBundle, .receiptOfBundle, .rekeyBundles, .listBundles:
            return try await answerBundles(match, question)
        }
    }

    /// One document, whole. Streams are the upload's.
    private func submit(_ question: Question) async throws(ProblemAnswer) -> Reply {
        let outcome = try await asked { () async throws(NodeError) in
            try await node.submit(question.body, kind: question[query: "kind"], caller: question.caller)
        }
        return Self.acknowledgement(outcome)
    }

    package static func acknowledgement(_ outcome: SubmissionOutcome) -> Reply {
        var body: [UInt8] = []
        switch outcome {
        case .registered(let number):
            AcknowledgementAnswer.append(number: number, isRepeat: false, to: &body)
            return Reply(status: 201, contentType: "application/json", body: body)
        case .repeated(let number):
            AcknowledgementAnswer.append(number: number, isRepeat: true, to: &body)
            return Reply(status: 200, contentType: "application/json", body: body)
        case .refused(let problems):
            return .problem(.refused(problems))
        case .sound:
            return .json(.members(["sound": .bool(true)]))
        }
    }

    private func listRecords(_ question: Question) async throws(ProblemAnswer) -> Reply {
        let filter = RecordFilter(
            territory: question[query: "territory"], kind: question[query: "kind"], after: question[query: "after"],
            limit: try limit(question))
        let page = try await asked { () async throws(NodeError) in try await node.records(filter) }
        let lines = page.lines.map { line in
            RecordListAnswer.Line(
                number: line.number, provisional: line.provisional, kind: line.kind, territory: line.territory,
                state: line.state.rawValue)
        }
        return .json(RecordListAnswer(records: lines, next: page.next))
    }

    private func answerRecord(
        _ match: OperationMatch, _ question: Question
    ) async throws(ProblemAnswer) -> Reply {
        let number = match.names["number"] ?? ""
        let caller = question.caller
        switch match.operation {
        case .correctRecord:
            let request: CorrectionRequest = try body(question)
            let changes = try Nesting.document(request.fields)
            let correction = Correction(number: number, reason: request.reason, changes: changes.bytes())
            return Self.acknowledgement(
                try await asked { () async throws(NodeError) in try await node.correct(correction, caller: caller) })
        case .cancelRecord:
            let request: CancelRequest = try body(question)
            return Self.acknowledgement(
                try await asked { () async throws(NodeError) in
                    try await node.cancel(number: number, reason: request.reason, caller: caller)
                })
        case .showHistory:
            return try await hereOrAtCentre(question) { () async throws(NodeError) in
                let lines = try await node.history(number, caller: caller)
                return .list(lines.map { rendering.history($0, kind: Self.kind(ofNumber: $0.provisional)) })
            }
        default:
            return try await hereOrAtCentre(question) { () async throws(NodeError) in
                .json(rendering.record(try await node.record(number, caller: caller)))
            }
        }
    }

    /// The card kind stands third in a provisional number.
    private static func kind(ofNumber provisional: String) -> String {
        let parts = provisional.split(separator: "/")
        return parts.count > 2 ? String(parts[2]) : ""
    }

    private func answerDiscrepancy(
        _ match: OperationMatch, _ question: Question
    ) async throws(ProblemAnswer) -> Reply {
        let number = match.names["number"] ?? ""
        let caller = question.caller
        switch match.operation {
        case .showDiscrepancy:
            guard let field = question[query: "field"] else { throw .missing("field", "the field's dotted path") }
            return try await hereOrAtCentre(question) { () async throws(NodeError) in
                .json(
                    rendering.discrepancy(
                        try await node.discrepancy(number: number, field: field, caller: caller)))
            }
        case .resolveDiscrepancy:
            let request: ResolveRequest = try body(question)
            let choice: Resolution.Choice =
                if let value = request.value { .value(value.bytes()) } else { .candidate(Int(request.candidate ?? 0)) }
            let resolution = Resolution(number: number, field: request.field, choice: choice, reason: request.reason)
            return Self.acknowledgement(
                try await asked { () async throws(NodeError) in try await node.resolve(resolution, caller: caller) })
        default:
            let filter = DiscrepancyFilter(
                territory: question[query: "territory"], kind: question[query: "kind"], limit: try limit(question))
            let found = try await asked { () async throws(NodeError) in
                try await node.discrepancies(filter, caller: caller)
            }
            return .json(DiscrepancyListAnswer(discrepancies: found.map(rendering.discrepancy)))
        }
    }

    private func listFindings(_ operation: Operation, _ question: Question) async throws(ProblemAnswer) -> Reply {
        let filter = FindingFilter(
            territory: question[query: "territory"], body: question[query: "body"], code: question[query: "code"],
            kind: question[query: "kind"], isOpen: question[query: "open"] == "true",
            isReconciliation: operation == .listReconciliation, limit: try limit(question))
        let found = try await asked { () async throws(NodeError) in try await node.findings(filter) }
        return .list(
            found.map { finding in
                FindingAnswer(
                    code: finding.code, severity: finding.isError ? "error" : "warning", message: finding.message,
                    territory: finding.territory, body: finding.body, kind: finding.kind, number: finding.number,
                    field: finding.field, other: finding.other, raised: finding.raised.text,
                    withdrawn: finding.withdrawn?.text, days: UInt64(max(0, finding.days)))
            })
    }

    private func answerNation(
        _ match: OperationMatch, _ question: Question
    ) async throws(ProblemAnswer) -> Reply {
        let node = node
        switch match.operation {
        case .findPersons:
            let request: PersonFindRequest = try body(question)
            let query = try PersonQuery(request)
            var caller = question.caller
            caller.basis = request.basis
            caller.purpose = request.purpose
            let journaled = caller
            let found = try await asked { () async throws(NodeError) in
                try await node.findPersons(query, caller: journaled)
            }
            return .json(found.answer)
        case .countAccounts:
            let counts = try await asked { () async throws(NodeError) in try await node.accountCounts() }
            return .json(AccountCountAnswer(counts: counts.map { .init(type: $0.type, count: $0.count) }))
        case .showAccount:
            let (type, number) = (match.names["type"] ?? "", match.names["number"] ?? "")
            let account = try await asked { () async throws(NodeError) in
                try await node.account(type: type, number: number, caller: question.caller)
            }
            return .json(account.answer)
        default:
            let filter = AccountFilter(
                type: question[query: "type"], state: question[query: "state"], limit: try limit(question))
            let found = try await asked { () async throws(NodeError) in
                try await node.accounts(filter, caller: question.caller)
            }
            return .list(found.map(\.answer))
        }
    }

    private func answerReport(
        _ match: OperationMatch, _ question: Question
    ) async throws(ProblemAnswer) -> Reply {
        switch match.operation {
        case .runReport:
            guard let period = question[query: "period"] else {
                throw .missing("period", "a period: 2026-03, 2026-Q1, 2026-H1 or 2026")
            }
            let (form, territory) = (match.names["form"] ?? "", question[query: "territory"])
            guard let language = Language(rawValue: question[query: "language"] ?? "en") else {
                throw .invalid("A language is en, kk or ru.", field: "language")
            }
            let report = try await asked { () async throws(NodeError) in
                try await node.runReport(
                    form: form, period: period, territory: territory,
                    whenComplete: question[query: "complete"] == "true", language: language)
            }
            return .json(report.answer)
        case .listDueReports:
            let (from, to) = (try day(question, "from"), try day(question, "to"))
            let due = try await asked { () async throws(NodeError) in try await node.reportsDue(from: from, to: to) }
            return .list(due.map(\.answer))
        default:
            let forms = try await asked { () async throws(NodeError) in try await node.reportForms() }
            return .list(
                forms.map { form in
                    ReportFormAnswer(
                        form: form.form, name: form.name, frequency: form.frequency,
                        dueDay: form.dueDay.map { UInt64($0) }, lacks: form.lacks)
                })
        }
    }

    private func answerCatalogue(_ match: OperationMatch, _ question: Question) throws(ProblemAnswer) -> Reply {
        let edition = node.catalogue.edition(on: try day(question, "at") ?? today())
        if match.operation == .listCatalogue { return .json(CatalogueViews.list(edition)) }
        let code = match.names["kind"] ?? ""
        guard let kind = edition.kind(code) else {
            let known = edition.kinds.map(\.code).joined(separator: ", ")
            throw NodeError(
                .notFound, "The edition of \(edition.from.text) has no card kind \(code).", remedy: "It has \(known).",
                field: "kind"
            ).problem
        }
        return switch match.operation {
        case .showSchema:
            Reply(
                status: 200, contentType: "application/schema+json",
                body: Array(edition.schema(of: kind).utf8) + [0x0A])
        case .showExample: Reply(status: 200, contentType: "application/json", body: Array(kind.example.utf8) + [0x0A])
        default: .json(CatalogueViews.kind(kind, in: edition))
        }
    }

    private func answerNode(
        _ match: OperationMatch, _ question: Question
    ) async throws(ProblemAnswer) -> Reply {
        let node = node
        switch match.operation {
        case .listTerritories:
            return .list(
                try await asked { () async throws(NodeError) in try await node.territories() }.map(\.answer))
        case .showNode:
            let status = try await asked { () async throws(NodeError) in try await node.nodeStatus() }
            return .json(status.answer(of: node.identity))
        case .showJournal:
            let filter = JournalFilter(
                officer: question[query: "officer"], action: question[query: "action"], iin: question[query: "iin"],
                limit: try limit(question))
            let lines = try await asked { () async throws(NodeError) in
                try await node.journal(filter, caller: question.caller)
            }
            return .list(lines.map(\.answer))
        case .issueToken:
            let request: TokenIssueRequest = try body(question)
            let wanted = TokenRequest(role: request.role, territory: request.territory, ttlSeconds: request.ttlSeconds)
            let issued = try await asked { () async throws(NodeError) in
                try await node.issueToken(wanted, caller: question.caller)
            }
            return .json(
                TokenAnswer(token: issued.token, expires: Moments.text(milliseconds: issued.expiresMilliseconds)))
        case .stopNode:
            await node.stop()
            return .json(.members(["stopping": .bool(true)]), status: 202)
        case .showContract:
            return Reply(status: 200, contentType: "application/json", body: OpenAPI.bytes)
        default:
            return .json(try await asked { () async throws(NodeError) in try await node.clusterStatus() }.answer)
        }
    }

    // MARK: What a question carries

    func body<Request: ContractValue>(_ question: Question) throws(ProblemAnswer) -> Request {
        do throws(ContractError) { return try Request(bytes: question.body) } catch { throw .invalid(error) }
    }

    func limit(_ question: Question) throws(ProblemAnswer) -> Int {
        guard let text = question[query: "limit"] else { return Limits.listLines }
        guard let limit = Int(text), (1...Limits.listLinesMost).contains(limit) else {
            throw .invalid(
                "limit is \(text).", remedy: "A whole number from 1 to \(Limits.listLinesMost).", field: "limit")
        }
        return limit
    }

    func day(_ question: Question, _ name: String) throws(ProblemAnswer) -> Day? {
        guard let text = question[query: name] else { return nil }
        guard let day = Day(text: text) else {
            throw .invalid("\(name) is \(text).", remedy: "A date like 2026-03-31.", field: name)
        }
        return day
    }
}

extension ProblemAnswer {
    static func missing(_ name: String, _ what: String) -> ProblemAnswer {
        .invalid("\(name) is missing.", remedy: "Give \(what).", field: name)
    }
}

extension PersonQuery {
    /// - Throws: unless exactly one way to name the person is taken, with basis and purpose.
    init(_ request: PersonFindRequest) throws(ProblemAnswer) {
        for (name, text) in [("basis", request.basis), ("purpose", request.purpose)]
        where text.allSatisfy(\.isWhitespace) {
            throw .invalid("\(name) is empty.", remedy: "Say why it is asked: it is journaled.", field: name)
        }
        let byName = request.surname != nil || request.name != nil || request.birth != nil
        guard [request.iin != nil, request.bin != nil, byName].count(where: { $0 }) == 1 else {
            throw .invalid(
                "The person is named in no way, or in several.", remedy: "Give iin, or bin, or surname and name.",
                field: "iin")
        }
        if let iin = request.iin {
            self = .iin(try Self.twelveDigits(iin, "iin"))
        } else if let bin = request.bin {
            self = .bin(try Self.twelveDigits(bin, "bin"))
        } else {
            guard let surname = request.surname, let name = request.name, !surname.isEmpty, !name.isEmpty else {
                throw .invalid("Surname or name is missing.", remedy: "Give both.", field: "surname")
            }
            var birth: Day?
            if let text = request.birth {
                birth = Day(text: text)
                guard birth != nil else {
                    throw .invalid("birth is \(text).", remedy: "A date like 1990-05-31.", field: "birth")
                }
            }
            self = .name(surname: surname, name: name, birth: birth)
        }
    }

    private static func twelveDigits(_ text: String, _ name: String) throws(ProblemAnswer) -> String {
        guard text.utf8.count == 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .invalid("\(name) has not twelve digits.", remedy: "Twelve digits without spaces.", field: name)
        }
        return text
    }
}
