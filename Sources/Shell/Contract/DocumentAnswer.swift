/// What became of one document of a stream: a line of the answer.
///
///     {"line":1,"number":"KZ-75/2026/CR-1/000123-P"}
///     {"line":2,"repeat":"KZ-75/2026/CR-1/000123-P"}
///     {"line":3,"problems":[{"code":"V009","field":"region","message":"…","remedy":"…"}]}
///     {"line":0,"totals":{…}}       the last line of a stream that was to be counted
///     {"line":4,"stopped":{…}}      the problem that ended the stream before this line; nothing follows
///
/// Lines are counted from 1 over all lines of the upload; empty ones count and get no answer.
package enum DocumentAnswer: Hashable, Sendable {
    case registered(line: Int, number: String)
    case repeated(line: Int, number: String)
    case refused(line: Int, problems: [DocumentProblemAnswer])
    case stopped(line: Int, ProblemAnswer)
    case totals(BatchTotalsAnswer)

    /// Appends `{"line":N,"number":"…"}` and a line end, without a value in between.
    package static func append(line: Int, number: String, isRepeat: Bool, to output: inout [UInt8]) {
        output.append(contentsOf: "{\"line\":".utf8)
        output.append(contentsOf: String(line).utf8)
        output.append(contentsOf: (isRepeat ? ",\"repeat\":" : ",\"number\":").utf8)
        JSONText.append(number, to: &output)
        output.append(UInt8(ascii: "}"))
        output.append(UInt8(ascii: "\n"))
    }

    package func append(to output: inout [UInt8]) {
        switch self {
        case .registered(let line, let number):
            Self.append(line: line, number: number, isRepeat: false, to: &output)
        case .repeated(let line, let number):
            Self.append(line: line, number: number, isRepeat: true, to: &output)
        case .refused(let line, let problems):
            let json = JSONValue.members(["line": .integer(Int64(line)), "problems": .values(problems)])
            output.append(contentsOf: json.bytes() + [UInt8(ascii: "\n")])
        case .stopped(let line, let problem):
            let json = JSONValue.members(["line": .integer(Int64(line)), "stopped": problem.json])
            output.append(contentsOf: json.bytes() + [UInt8(ascii: "\n")])
        case .totals(let totals):
            let json = JSONValue.members(["line": .integer(0), "totals": totals.json])
            output.append(contentsOf: json.bytes() + [UInt8(ascii: "\n")])
        }
    }

    /// Reads one line of an answer, without its line end.
    package init(line bytes: [UInt8]) throws(ContractError) {
        if let quick = Self.quick(bytes) {
            self = quick
            return
        }
        let json = try JSONReader.read(bytes)
        let fields = try JSONFields(json)
        let line = Int(try fields.count("line"))
        if let number = try fields.optionalText("number") {
            self = .registered(line: line, number: number)
        } else if let number = try fields.optionalText("repeat") {
            self = .repeated(line: line, number: number)
        } else if let totals = fields.value("totals") {
            self = .totals(try BatchTotalsAnswer(json: totals))
        } else if let problem = fields.value("stopped") {
            self = .stopped(line: line, try ProblemAnswer(json: problem))
        } else {
            self = .refused(line: line, problems: try fields.values("problems"))
        }
    }

    /// The two common forms, read in place: most lines of a long stream are these.
    private static func quick(_ bytes: [UInt8]) -> DocumentAnswer? {
        let head = Array("{\"line\":".utf8)
        guard bytes.count > head.count + 12, bytes.starts(with: head), bytes.suffix(2) == [0x22, 0x7D] else {
            return nil
        }
        var position = head.count
        var line = 0
        while position < head.count + 12, case let digit = Int(bytes[position]) - 0x30, (0...9).contains(digit) {
            line = line * 10 + digit
            position += 1
        }
        let isNumber = bytes[position...].starts(with: ",\"number\":\"".utf8)
        guard isNumber || bytes[position...].starts(with: ",\"repeat\":\"".utf8) else { return nil }
        let text = bytes[(position + 11)..<(bytes.count - 2)]
        guard !text.contains(UInt8(ascii: "\\")), !text.contains(UInt8(ascii: "\"")) else { return nil }
        let number = String(decoding: text, as: UTF8.self)
        return isNumber ? .registered(line: line, number: number) : .repeated(line: line, number: number)
    }
}

/// The answer to a single document, and to a correction or cancellation: its provisional number.
package struct AcknowledgementAnswer: ContractValue {
    package var number: String
    /// The same id and content came before.
    package var isRepeat: Bool

    package init(number: String, isRepeat: Bool) {
        self.number = number
        self.isRepeat = isRepeat
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        number = try fields.text("number")
        isRepeat = try fields.flag("repeat")
    }

    package var json: JSONValue { .members(["number": .string(number), "repeat": .bool(isRepeat)]) }

    /// The same bytes as `json`, without a value in between.
    package static func append(number: String, isRepeat: Bool, to output: inout [UInt8]) {
        output.append(contentsOf: "{\"number\":".utf8)
        JSONText.append(number, to: &output)
        output.append(contentsOf: (isRepeat ? ",\"repeat\":true}" : ",\"repeat\":false}").utf8)
    }
}
