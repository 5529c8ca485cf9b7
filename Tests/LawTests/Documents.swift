import JSON
import Law

/// A JSON document in tests: changed by dotted paths, printed for the checker.
indirect enum JSONValue: Sendable {
    case object([(name: String, value: JSONValue)])
    case array([JSONValue])
    case text(String)
    case number(String)
    case flag(Bool)
    case null

    /// - Precondition: valid JSON.
    init(parsing text: String) throws {
        let bytes = Array(text.utf8)
        var tape = Tape()
        self = try bytes.withUnsafeBufferPointer { buffer in
            try tape.scan(buffer)
            return Self.read(0, tape, buffer)
        }
    }

    private static func read(_ index: Int, _ tape: Tape, _ bytes: UnsafeBufferPointer<UInt8>) -> JSONValue {
        let node = tape.nodes[index]
        switch node.kind {
        case .string: return .text(Tape.string(node, in: bytes))
        case .number: return .number(Tape.string(node, in: bytes))
        case .true: return .flag(true)
        case .false: return .flag(false)
        case .null: return .null
        case .array:
            var elements: [JSONValue] = []
            var at = index + 1
            for _ in 0..<Int(node.count) {
                elements.append(read(at, tape, bytes))
                at = Int(tape.nodes[at].next)
            }
            return .array(elements)
        case .object:
            var members: [(name: String, value: JSONValue)] = []
            var at = index + 1
            for _ in 0..<Int(node.count) {
                members.append((Tape.string(tape.nodes[at], in: bytes), read(at + 1, tape, bytes)))
                at = Int(tape.nodes[at + 1].next)
            }
            return .object(members)
        }
    }

    var text: String {
        switch self {
        case .object(let members):
            "{" + members.map { JSONWriting.quoted($0.name) + ":" + $0.value.text }.joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .text(let text): JSONWriting.quoted(text)
        case .number(let digits): digits
        case .flag(let flag): flag ? "true" : "false"
        case .null: "null"
        }
    }

    /// The document with the member at a dotted path set, or removed where `value` is nil.
    func setting(_ path: String, _ value: JSONValue?) -> JSONValue {
        guard case .object(var members) = self else { return self }
        let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
        let position = members.firstIndex { $0.name == parts[0] }
        if parts.count == 2 {
            let inner = (position.map { members[$0].value } ?? .object([])).setting(parts[1], value)
            if let position { members[position].value = inner } else { members.append((parts[0], inner)) }
        } else if let value {
            if let position { members[position].value = value } else { members.append((parts[0], value)) }
        } else if let position {
            members.remove(at: position)
        }
        return .object(members)
    }
}

/// The embedded catalogue, loaded once for all tests, and examples to start from.
struct Desk {
    let catalogue: Catalogue
    var checker: Checker

    init(catalogue: Catalogue) {
        self.catalogue = catalogue
        checker = Checker(catalogue: catalogue)
    }

    init() throws {
        catalogue = try Catalogue.embedded()
        checker = Checker(catalogue: catalogue)
    }

    func example(_ kind: String) throws -> JSONValue {
        try JSONValue(parsing: catalogue.newest.kind(kind)?.example ?? "")
    }

    /// Ten in the morning (UTC+5) of the document's day, at the node of its region.
    static func context(for document: JSONValue) -> CheckContext {
        var day = Day(year: 2026, month: 6, day: 30)
        var territory: String?
        if case .object(let members) = document {
            for member in members {
                if member.name == "doc_date", case .text(let text) = member.value, let found = Day(text: text) {
                    day = found
                }
                if member.name == "region", case .text(let text) = member.value { territory = text }
            }
        }
        return CheckContext(territory: territory, receivedMilliseconds: UInt64(day.number) * 86_400_000 + 5 * 3_600_000)
    }

    mutating func check(_ document: JSONValue, in context: CheckContext? = nil) -> CheckOutcome {
        checker.check(Array(document.text.utf8), in: context ?? Self.context(for: document))
    }

    /// Codes with paths of all problems and warnings.
    mutating func codes(_ document: JSONValue, in context: CheckContext? = nil) -> [String] {
        switch check(document, in: context) {
        case .accepted(let checked): checked.warnings.map { $0.code + " " + $0.path }
        case .refused(let problems): problems.map { $0.code + " " + $0.path }
        }
    }
}
