package import Contract
package import Node

/// A request apart from HTTP: what a route needs, and what travels from territory to centre.
package struct Question: Hashable, Sendable {
    package var method: String
    /// Decoded parts of the path between slashes.
    package var segments: [String]
    /// Query parameters in their order, decoded.
    package var query: [Parameter]
    package var body: [UInt8]
    package var caller: Caller
    /// It came over the node's own socket: whoever may open that is the operator.
    package var isOperator: Bool

    package struct Parameter: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(
        method: String, segments: [String], query: [Parameter] = [], body: [UInt8] = [], caller: Caller,
        isOperator: Bool
    ) {
        self.method = method
        self.segments = segments
        self.query = query
        self.body = body
        self.caller = caller
        self.isOperator = isOperator
    }

    /// - Parameter target: path and query as they stand in the request line.
    /// - Returns: nil where an escape is broken.
    package init?(method: String, target: String, body: [UInt8], caller: Caller, isOperator: Bool) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var segments: [String] = []
        for segment in parts[0].split(separator: "/") {
            guard let decoded = PercentCoding.decode(segment) else { return nil }
            segments.append(contentsOf: decoded.split(separator: "/").map(String.init))
        }
        var query: [Parameter] = []
        for pair in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decode(sides[0]),
                let value = PercentCoding.decode(sides.count > 1 ? sides[1] : "")
            else { return nil }
            query.append(Parameter(name, value))
        }
        self.init(
            method: method, segments: segments, query: query, body: body, caller: caller, isOperator: isOperator)
    }

    package subscript(query name: String) -> String? {
        query.first { $0.name == name }?.value
    }
}

/// An answer apart from HTTP.
package struct Reply: Hashable, Sendable {
    package var status: Int
    package var contentType: String
    package var body: [UInt8]

    package init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    static func json(_ json: JSONValue, status: Int = 200) -> Reply {
        Reply(status: status, contentType: "application/json", body: json.bytes() + [UInt8(ascii: "\n")])
    }

    static func json(_ value: some ContractValue, status: Int = 200) -> Reply {
        json(value.json, status: status)
    }

    static func list(_ values: [some ContractValue]) -> Reply {
        json(.values(values))
    }

    package static func problem(_ problem: ProblemAnswer) -> Reply {
        Reply(status: problem.status, contentType: ProblemAnswer.contentType, body: problem.bytes + [0x0A])
    }
}

/// Percent-escapes of URLs (RFC 3986).
package enum PercentCoding {
    /// - Returns: nil where an escape is broken or the bytes are not UTF-8.
    package static func decode(_ text: some StringProtocol) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(code)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Escapes all but the unreserved characters, and slashes where `keepSlashes`.
    package static func encode(_ text: String, keepSlashes: Bool = false) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "/") where keepSlashes:
                encoded.append("/")
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }
}
