import Contract
import Law
import Node
import Portal
import Testing

/// Routing and mapping, without HTTP.
@Suite struct AnsweringTests {
    private let today: @Sendable () -> Day = { Day(year: 2026, month: 3, day: 3) }

    private func ask(
        _ node: FakeNode, _ method: String, _ target: String, _ body: String = "", isOperator: Bool = true
    ) async throws -> (reply: Reply, json: JSONValue) {
        let question = try #require(
            Question(
                method: method, target: target, body: Array(body.utf8), caller: Caller(officer: "system:root"),
                isOperator: isOperator))
        let reply = await Answering(node: node, today: today).answer(question)
        return (reply, try JSONReader.read(reply.body))
    }

    @Test(arguments: [
        "/v1/records/KZ-75/2026/CR-1/000001-P", "/v1/records/KZ-75%2F2026%2FCR-1%2F000001-P",
        "/v1/records/2026/00000001",
    ])
    func aRecordIsFoundByEitherNumberWithPlainOrEscapedSlashes(target: String) async throws {
        let (reply, json) = try await ask(FakeNode(), "GET", target)
        #expect(reply.status == 200)
        #expect(try RecordAnswer(json: json).provisional == "KZ-75/2026/CR-1/000001-P")
    }

    @Test func theHistoryOfARecordIsNotTakenForItsNumber() async throws {
        let (reply, json) = try await ask(FakeNode(), "GET", "/v1/records/KZ-75/2026/CR-1/000001-P/history")
        #expect(reply.status == 200)
        #expect(try HistoryAnswer.list(json).first?.at == "2026-03-03T08:15:00.250Z")
    }

    @Test func anUnknownNumberIsAProblemThatNamesItsField() async throws {
        let (reply, json) = try await ask(FakeNode(), "GET", "/v1/records/2026/00000009")
        #expect(reply.status == 404)
        #expect(reply.contentType == "application/problem+json")
        let problem = try ProblemAnswer(json: json)
        #expect(problem.code == "not-found")
        #expect(problem.field == "number")
    }

    @Test func aReportIsAskedForInOneOfTheThreeLanguages() async throws {
        let (_, refused) = try await ask(FakeNode(), "GET", "/v1/reports/1-M?period=2026-03&language=fr")
        #expect(try ProblemAnswer(json: refused).field == "language")
        let (_, taken) = try await ask(FakeNode(), "GET", "/v1/reports/1-M?period=2026-03&language=kk")
        #expect(try ProblemAnswer(json: taken).detail.contains("kk"), "the node is asked in that language")
    }

    @Test func anUnknownPathAndAWrongMethodAreToldApart() async throws {
        #expect(try await ask(FakeNode(), "GET", "/v1/nothing").reply.status == 404)
        let (reply, json) = try await ask(FakeNode(), "GET", "/v1/persons/find")
        #expect(reply.status == 405)
        #expect(try ProblemAnswer(json: json).remedy == "Use POST.")
    }

    @Test func aPersonIsAskedForWithBasisAndPurposeOrNotAtAll() async throws {
        let node = try FakeNode()
        let (reply, _) = try await ask(
            node, "POST", "/v1/persons/find", #"{"iin":"850707100017","basis":"case 1","purpose":"check"}"#)
        #expect(reply.status == 200)
        #expect(node.asked == [.iin("850707100017")])
        #expect(node.callers == [Caller(officer: "system:root", basis: "case 1", purpose: "check")])
        let (refused, json) = try await ask(
            node, "POST", "/v1/persons/find", #"{"iin":"850707100017","basis":" ","purpose":"check"}"#)
        #expect(refused.status == 400)
        #expect(try ProblemAnswer(json: json).field == "basis")
        #expect(node.asked.count == 1)
    }

    @Test(arguments: [
        #"{"basis":"b","purpose":"p"}"#, #"{"iin":"850707100017","bin":"850707100017","basis":"b","purpose":"p"}"#,
        #"{"iin":"85070710001","basis":"b","purpose":"p"}"#, #"{"surname":"A","basis":"b","purpose":"p"}"#,
        #"{"surname":"A","name":"B","birth":"1985-02-30","basis":"b","purpose":"p"}"#,
        #"{"iin":"850707100017","iin":"850707100017","basis":"b","purpose":"p"}"#,
        #"{"iin":"850707100017","basis":"b","purpose":"p","who":"me"}"#, "{", "[]", "",
    ])
    func aWrongQuestionForAPersonIsRefusedAndNotAsked(body: String) async throws {
        let node = try FakeNode()
        #expect(try await ask(node, "POST", "/v1/persons/find", body).reply.status == 400)
        #expect(node.asked.isEmpty)
    }

    @Test func aCorrectionsDottedPathsBecomeADocumentsGroups() async throws {
        let node = try FakeNode()
        let (reply, _) = try await ask(
            node, "POST", "/v1/records/2026/00000001/corrections",
            #"{"reason":"ERR","fields":{"person.surname":"Б","victims_count":3,"person.name":"В"}}"#)
        #expect(reply.status == 201)
        let changes = try #require(node.corrections.first?.changes)
        #expect(String(decoding: changes, as: UTF8.self) == #"{"person":{"surname":"Б","name":"В"},"victims_count":3}"#)
    }

    @Test func accountCountsKeepTheCataloguesOrder() async throws {
        let (reply, _) = try await ask(FakeNode(), "GET", "/v1/accounts/count")
        #expect(String(decoding: reply.body, as: UTF8.self) == "{\"1\":2,\"16-1\":0,\"3\":5}\n")
    }

    @Test func theOperatorsOperationsAreRefusedFromTheNetwork() async throws {
        let node = try FakeNode()
        for (method, target) in [("POST", "/v1/stop"), ("GET", "/v1/journal"), ("POST", "/v1/tokens")] {
            let (reply, _) = try await ask(node, method, target, "{}", isOperator: false)
            #expect(reply.status == 403, "\(target)")
        }
        #expect(!node.isStopped)
        #expect(try await ask(node, "POST", "/v1/stop").reply.status == 202)
        #expect(node.isStopped)
    }

    @Test func aTerritoryPassesANationalQuestionToTheCentreAndItsAnswerBack() async throws {
        let centre = try FakeNode()
        let answering = Answering(node: centre, today: today)
        let territory = try FakeNode(role: .territory("KZ-75")) { question in
            await Forwarding.answer(question, from: .territory("KZ-75"), by: answering)
        }
        let (reply, json) = try await ask(
            territory, "POST", "/v1/persons/find", #"{"bin":"850707100017","basis":"b","purpose":"p"}"#)
        #expect(reply.status == 200)
        #expect(try PersonFindAnswer(json: json).freshness.first?.frontier == 7)
        #expect(territory.asked.isEmpty)
        #expect(centre.callers.first?.territory == "KZ-75")
        #expect(centre.callers.first?.basis == "b")
    }

    @Test func aTerritoryWithoutALineSaysSo() async throws {
        let territory = try FakeNode(role: .territory("KZ-75"))
        let (reply, json) = try await ask(territory, "GET", "/v1/accounts/count")
        #expect(reply.status == 502)
        #expect(try ProblemAnswer(json: json).code == "no-line")
    }

    @Test func aForwardedQuestionCannotChangeAnything() async throws {
        let centre = try FakeNode()
        let question = try #require(
            Question(
                method: "POST", target: "/v1/stop", body: [], caller: Caller(officer: "x"), isOperator: true))
        let answer = await Forwarding.answer(
            Forwarding.bytes(question), from: .territory("KZ-75"), by: Answering(node: centre, today: today))
        #expect(Forwarding.reply(answer)?.status == 403)
        #expect(!centre.isStopped)
    }

    @Test func aKindsFieldsRulesAndExampleComeFromTheCatalogue() async throws {
        let (reply, json) = try await ask(FakeNode(), "GET", "/v1/catalogue/CR-1?at=2026-03-03")
        #expect(reply.status == 200)
        guard case .array(let fields)? = json["fields"] else { throw ContractError("no fields") }
        #expect(fields.contains { $0["path"] == .string("victims_count") })
        #expect(try await ask(FakeNode(), "GET", "/v1/catalogue/XX-9").reply.status == 404)
        let (_, example) = try await ask(FakeNode(), "GET", "/v1/catalogue/CR-1/example")
        #expect(example["form_code"] == .string("CR-1"))
    }

    @Test func limitsOutOfRangeAreRefused() async throws {
        for limit in ["0", "-1", "x", "10001"] {
            #expect(try await ask(FakeNode(), "GET", "/v1/accounts?limit=\(limit)").reply.status == 400)
        }
    }
}
