import Contract
package import Node

/// Questions and answers as bytes between territory and centre: a line of JSON, then the body as it is.
///
///     {"method":"POST","segments":["v1","persons","find"],"query":[],"officer":"root"}\n{"iin":…}
///     {"status":200,"type":"application/json"}\n{"freshness":…}
package enum Forwarding {
    package static func bytes(_ question: Question) -> [UInt8] {
        let head = JSONValue.members([
            "method": .string(question.method), "segments": .texts(question.segments),
            "query": .array(question.query.map { .texts([$0.name, $0.value]) }),
            "officer": .string(question.caller.officer), "operator": .bool(question.isOperator),
        ])
        return head.bytes() + [UInt8(ascii: "\n")] + question.body
    }

    /// - Parameter asker: what the session's certificate says, not what the question says. Another node of the centre
    ///   is believed in who its operator is: it has looked at his account as this one would.
    package static func question(_ bytes: [UInt8], from asker: Asker) -> Question? {
        guard let (head, body) = parts(bytes), let fields = try? JSONFields(head),
            let method = try? fields.text("method"), let segments = try? fields.texts("segments"),
            let officer = try? fields.text("officer"), let pairs = try? fields.list("query")
        else { return nil }
        var query: [Question.Parameter] = []
        for pair in pairs {
            guard case .array(let sides) = pair, sides.count == 2, case .string(let name) = sides[0],
                case .string(let value) = sides[1]
            else { return nil }
            query.append(.init(name, value))
        }
        switch asker {
        case .territory(let territory):
            return Question(
                method: method, segments: segments, query: query, body: body,
                caller: Caller(officer: officer, territory: territory), isOperator: false)
        case .centre:
            return Question(
                method: method, segments: segments, query: query, body: body, caller: Caller(officer: officer),
                isOperator: (try? fields.flag("operator")) ?? false)
        }
    }

    package static func bytes(_ reply: Reply) -> [UInt8] {
        let head = JSONValue.members([
            "status": .integer(Int64(reply.status)), "type": .string(reply.contentType),
        ])
        return head.bytes() + [UInt8(ascii: "\n")] + reply.body
    }

    package static func reply(_ bytes: [UInt8]) -> Reply? {
        guard let (head, body) = parts(bytes), let fields = try? JSONFields(head),
            let status = try? fields.count("status"), (100..<600).contains(status),
            let type = try? fields.text("type")
        else { return nil }
        return Reply(status: Int(status), contentType: type, body: body)
    }

    private static func parts(_ bytes: [UInt8]) -> (head: JSONValue, body: [UInt8])? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")), let head = try? JSONReader.read(Array(bytes[..<end]))
        else { return nil }
        return (head, Array(bytes[(end + 1)...]))
    }

    /// The centre's side. A territory may ask what any node may ask, and records; it hands in its documents by its log.
    /// Another node of the centre may ask whatever its own operators and callers may.
    package static func answer(_ bytes: [UInt8], from asker: Asker, by answering: Answering) async -> [UInt8] {
        guard let question = question(bytes, from: asker) else {
            return Self.bytes(.problem(.invalid("The forwarded question could not be read.")))
        }
        var isCentre = false
        if case .centre = asker { isCentre = true }
        guard isCentre || question.method == "GET" || question.segments == ["v1", "persons", "find"] else {
            return Self.bytes(.problem(.operatorOnly))
        }
        let answer = Self.bytes(await answering.answer(question, isForwarded: true))
        guard answer.count <= Limits.forwardedBytes else {
            return Self.bytes(
                .problem(
                    NodeError(
                        .refused, "The answer is too large for the line.", remedy: "Ask for less: a smaller limit."
                    ).problem))
        }
        return answer
    }
}
