import Contract
import Portal
import Testing

/// The contract's bytes, as design's section 10 and the README tell them.
@Suite struct ContractJSONTests {
    /// Reads the golden bytes as the type and writes them again.
    private func roundTrip<Value: ContractValue>(_ type: Value.Type, _ golden: String) throws {
        let value = try Value(bytes: Array(golden.utf8))
        #expect(String(decoding: value.bytes, as: UTF8.self) == golden)
    }

    @Test func answersKeepTheirNamesAndOrder() throws {
        try roundTrip(
            ClusterStatusAnswer.self,
            #"{"leader":"centre-1","term":3,"members":[{"name":"centre-1","role":"voter","state":"leader","applied":12}],"territories":[{"territory":"KZ-75","node":"kz-75-1","state":"away","frontier":8,"backlog":null,"last_contact_seconds":40}]}"#
        )
        try roundTrip(
            ClusterStatusAnswer.self,
            #"{"territory":"KZ-75","log":{"last":9,"frontier":4,"backlog":5},"centre":{"connected":false,"address":"127.0.0.1:7510"}}"#
        )
        try roundTrip(
            PersonFindAnswer.self,
            #"{"freshness":[{"territory":"KZ-75","frontier":7,"age_seconds":null}],"subjects":[{"subject":"17","linked":[],"iin":"850707100017","bin":null,"names":["Ахметов Ержан"],"birth":"1985-07-07","records":[{"number":"2026/00000001","kind":"CR-2","territory":"KZ-75"}],"accounts":[{"type":"1","number":"1/7","state":"OPEN"}]}]}"#
        )
        try roundTrip(
            RecordAnswer.self,
            #"{"number":null,"provisional":"KZ-75/2026/CR-1/000001-P","kind":"CR-1","territory":"KZ-75","state":"registered","fields":{"victims_count":2,"articles":["CC-188"]},"discrepancies":[],"findings":[]}"#
        )
        try roundTrip(
            ReportRunAnswer.self,
            #"{"form":"1-M","name":"N","period":"2026-03","edition":"2024-01-01","position":12,"moment":"","freshness":[],"figures":[{"indicator":"01","label":"L","unit":"record","territory":"KZ-75","value":12.50}],"parts":[{"indicator":"01","label":"L","unit":"record","territory":"KZ-75","cut":"severity","code":"GRAVE","code_label":"grave crime","value":3}],"checks":[],"placed":[]}"#
        )
        try roundTrip(AccountCountAnswer.self, #"{"1":2,"16-1":0,"3":5}"#)
        try roundTrip(
            AccountAnswer.self,
            #"{"type":"3","number":"3/1","state":"WANTED","subject":"A","basis":["2026/00000001"],"history":[]}"#)
    }

    @Test(arguments: [
        DocumentAnswer.registered(line: 1, number: "KZ-75/2026/CR-1/000123-P"),
        .repeated(line: 1_000_000, number: "KZ-75/2026/CR-1/000123-P2"),
        .refused(line: 3, problems: [.init(code: "V009", field: "region", message: "\"М\"\n", remedy: "")]),
        .stopped(line: 4, .invalid("cut")),
    ])
    func aStreamsAnswerIsReadAsItWasWritten(answer: DocumentAnswer) throws {
        var bytes: [UInt8] = []
        answer.append(to: &bytes)
        #expect(bytes.last == UInt8(ascii: "\n"))
        #expect(bytes.filter { $0 == UInt8(ascii: "\n") }.count == 1)
        #expect(try DocumentAnswer(line: Array(bytes.dropLast())) == answer)
    }

    @Test func anAcknowledgementIsTheSameBytesByBothWays() {
        var bytes: [UInt8] = []
        AcknowledgementAnswer.append(number: "KZ-75/2026/CR-1/000123-P", isRepeat: true, to: &bytes)
        #expect(bytes == AcknowledgementAnswer(number: "KZ-75/2026/CR-1/000123-P", isRepeat: true).bytes)
    }

    @Test func aProblemHasTheStandardsMembers() throws {
        let problem = ProblemAnswer.invalid("It is wrong.", remedy: "Mend it.", field: "birth")
        let json = try JSONReader.read(problem.bytes)
        #expect(json["type"] == .string("urn:esep:problem:invalid"))
        #expect(json["status"] == .integer(400))
        #expect(json["detail"] == .string("It is wrong."))
        #expect(json["field"] == .string("birth"))
        #expect(try ProblemAnswer(json: json) == problem)
    }

    @Test(arguments: [
        "{\"a\":1,\"a\":2}", "{\"a\":1}x", "\"\\u0000\"", "[1,]", "01", "1.", "\"\u{01}\"", "nul", "\"\\ud800\"",
        "{\"a\"}",
        "", String(repeating: "[", count: 10_000),
    ])
    func brokenJSONIsRefused(text: String) {
        #expect(throws: ContractError.self) { try JSONReader.read(Array(text.utf8)) }
    }

    @Test func invalidUTF8IsRefused() {
        #expect(throws: ContractError.self) { try JSONReader.read([0x22, 0xFF, 0x22]) }
    }

    @Test func jsonKeepsOrderDigitsAndEscapes() throws {
        let text = #"{"b":[1,-2.50,1e9,true,null],"a":"қ\"\\\n","c":{}}"#
        #expect(try JSONReader.read(Array(text.utf8)).line == text)
        #expect(try JSONReader.read(Array(#""\ud83d\ude00\u041a""#.utf8)) == .string("😀К"))
    }

    @Test func theDescriptionKnowsEveryOperationAndResolvesEveryReference() throws {
        let document = try JSONReader.read(OpenAPI.bytes)
        #expect(document["openapi"] == .string("3.1.0"))
        for operation in Operation.allCases {
            let described = document["paths"]?[operation.path]?[operation.method.lowercased()]
            #expect(described?["operationId"] == .string(operation.rawValue))
        }
        let text = String(decoding: OpenAPI.bytes, as: UTF8.self)
        for part in text.components(separatedBy: "#/components/schemas/").dropFirst() {
            let name = String(part.prefix { $0.isLetter })
            #expect(document["components"]?["schemas"]?[name] != nil, "\(name)")
        }
    }

    @Test func decimalsKeepTheirDigits() {
        #expect(Decimals.text(unscaled: 120_000, scale: 2) == "1200.00")
        #expect(Decimals.text(unscaled: -5, scale: 2) == "-0.05")
        #expect(Decimals.text(unscaled: 7, scale: 0) == "7")
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
