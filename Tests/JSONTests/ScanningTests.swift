import JSON
import Testing

/// What the scanner says of a text: nil where it is taken.
private func problem(_ text: [UInt8]) -> ScanProblem? {
    var tape = Tape()
    do throws(ScanProblem) {
        try text.withUnsafeBufferPointer { buffer throws(ScanProblem) in try tape.scan(buffer) }
        return nil
    } catch {
        return error
    }
}

private func problem(_ text: String) -> ScanProblem? { problem(Array(text.utf8)) }

@Suite struct ScanningTests {
    @Test(arguments: [
        "{}", "[]", " { \"a\" : [ 1 , -0.5e+10 , true , false , null , \"\" ] } \r\n", "\"ә қ ң 𐍈\"",
        "{\"a\":{\"b\":{\"a\":1}}}", "\"\\u04d9\\ud800\\udf48\\n\\t\\\"\\\\\\/\"", "0", "-0", "1e5", "0.10",
    ])
    func takesWhatTheStandardAllows(text: String) {
        #expect(problem(text) == nil)
    }

    @Test(arguments: [
        ("", ScanProblem.Code.empty, 0), ("  ", .empty, 2), ("{", .unfinished, 1), ("{\"a\"", .unfinished, 4),
        ("[1,", .unfinished, 3), ("[1,]", .unexpectedByte, 3), ("{\"a\":1,}", .unexpectedByte, 7),
        ("{a:1}", .unexpectedByte, 1), ("{\"a\" 1}", .unexpectedByte, 5), ("[1 2]", .unexpectedByte, 3),
        ("tru", .unfinished, 3), ("trua", .unexpectedByte, 3), ("'a'", .unexpectedByte, 0),
        ("{} {}", .trailingBytes, 3), ("{}\u{0}", .trailingBytes, 2), ("\u{0}{}", .nul, 0),
        ("\"a\u{0}\"", .nul, 2), ("\"\\u0000\"", .nul, 1), ("\"a\u{1}\"", .controlCharacter, 2),
        ("\"a\nb\"", .controlCharacter, 2), ("\"\\u0007\"", .controlCharacter, 1), ("\"\u{85}\"", .controlCharacter, 1),
        ("\"\\x\"", .badEscape, 1), ("\"\\u12g4\"", .badEscape, 1), ("\"\\ud800\"", .loneSurrogate, 1),
        ("\"\\udc00\"", .loneSurrogate, 1), ("\"\\ud800\\u0041\"", .loneSurrogate, 1), ("\"abc", .unfinished, 4),
        ("01", .badNumber, 0), ("-", .badNumber, 0), ("1.", .badNumber, 0), ("1e", .badNumber, 0),
        ("+1", .unexpectedByte, 0), (".5", .unexpectedByte, 0), ("NaN", .unexpectedByte, 0),
        ("{\"a\":1,\"a\":2}", .duplicateName, 7), ("{\"a\":1,\"\\u0061\":2}", .duplicateName, 7),
        ("{\"x\":{\"a\":1,\"b\":2,\"a\":3}}", .duplicateName, 18),
    ])
    func refusesAndNamesTheByte(text: String, code: ScanProblem.Code, offset: Int) {
        #expect(problem(text) == ScanProblem(code, at: offset))
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xD3], [0xE4, 0xBD], [0xF0, 0x9D, 0x84],
        ] as [[UInt8]])
    func refusesWhatIsNotUTF8(bytes: [UInt8]) {
        #expect(problem([0x22] + bytes + [0x22]) == ScanProblem(.invalidUTF8, at: 1))
    }

    @Test func aMarkOfByteOrderIsRefused() {
        #expect(problem([0xEF, 0xBB, 0xBF, 0x7B, 0x7D]) == ScanProblem(.unexpectedByte, at: 0))
    }

    @Test func nestingEndsAtItsLimit() {
        let deep = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        #expect(problem(deep) == nil)
        #expect(problem("[" + deep + "]") == ScanProblem(.tooDeep, at: 32))
        #expect(problem(String(repeating: "{\"a\":", count: 10_000))?.code == .tooDeep)
    }

    @Test func sizeEndsAtItsLimit() {
        let text = "\"" + String(repeating: "a", count: Tape.sizeLimit - 2) + "\""
        #expect(problem(text) == nil)
        #expect(problem(text + " ") == ScanProblem(.tooLarge, at: Tape.sizeLimit))
    }

    @Test func aDoubledNameIsFoundInAWideObject() {
        let members = (0..<5000).map { "\"n\($0)\":\($0)" }
        #expect(problem("{" + members.joined(separator: ",") + "}") == nil)
        #expect(problem("{" + members.joined(separator: ",") + ",\"n77\":1}")?.code == .duplicateName)
    }

    @Test func everyPrefixOfADocumentIsRefused() {
        let text = Array("{\"a\":[1,{\"b\":\"қ\\u0041\"},true],\"c\":-1.5e3}".utf8)
        for length in 0..<text.count { #expect(problem(Array(text[..<length])) != nil, "\(length)") }
        #expect(problem(text) == nil)
    }

    @Test func aTapeIsUsedAgainAfterARefusal() throws {
        var tape = Tape()
        let bad = Array("{\"a\":".utf8)
        let good = Array("{\"a\":7}".utf8)
        #expect(throws: ScanProblem.self) { try bad.withUnsafeBufferPointer { try tape.scan($0) } }
        try good.withUnsafeBufferPointer { buffer in
            try tape.scan(buffer)
            let member = try #require(tape.member("a", of: 0, in: buffer))
            #expect(Tape.integer(tape.nodes[member], in: buffer) == 7)
        }
    }
}

@Suite struct ReadingTests {
    private func canonical(_ text: String, omitting omitted: StaticString? = nil) throws -> String {
        var tape = Tape()
        var bytes: [UInt8] = []
        try Array(text.utf8).withUnsafeBufferPointer { buffer in
            try tape.scan(buffer)
            tape.appendCanonical(0, in: buffer, omitting: omitted, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func canonicalFormForgetsSpaceOrderAndNeedlessEscapes() throws {
        let one = try canonical("{\"b\": [1, {\"z\":null,\"y\":\"\\u0041\\/\"}], \"a\":\"x\\ny\"}")
        let two = try canonical("{\"a\":\"x\\u000ay\",\"b\":[1,{\"y\":\"A/\",\"z\":null}]}")
        #expect(one == "{\"a\":\"x\\ny\",\"b\":[1,{\"y\":\"A/\",\"z\":null}]}")
        #expect(one == two)
    }

    @Test func canonicalFormLeavesOutTheNamedMemberOfTheOutermostObjectOnly() throws {
        #expect(
            try canonical("{\"s\":1,\"a\":{\"s\":2}}", omitting: "s") == "{\"a\":{\"s\":2}}")
    }

    @Test(
        arguments: [
            ("0", 0), ("-1", -1), ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1.0", nil), ("1e3", nil),
        ] as [(String, Int64?)])
    func integersAreReadOnlyWhereTheyFit(text: String, expected: Int64?) throws {
        var tape = Tape()
        try Array(text.utf8).withUnsafeBufferPointer { buffer in
            try tape.scan(buffer)
            #expect(Tape.integer(tape.nodes[0], in: buffer) == expected)
        }
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let text = "тырнақша \" кері \\ жол\n таб\t 𐍈 \u{1}"
        #expect(JSONWriting.quoted(text).hasSuffix("\\u0001\""))
        let plain = String(text.dropLast(2))
        var tape = Tape()
        try Array(JSONWriting.quoted(plain).utf8).withUnsafeBufferPointer { buffer in
            try tape.scan(buffer)
            #expect(Tape.string(tape.nodes[0], in: buffer) == plain)
        }
    }
}
