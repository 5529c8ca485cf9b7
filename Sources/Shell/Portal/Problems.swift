package import Contract
package import Node

extension NodeError {
    /// The problem a caller over HTTP sees.
    package var problem: ProblemAnswer {
        let (status, title) = code.answer
        return ProblemAnswer(
            code: code.rawValue, status: status, title: title, detail: sentence, remedy: remedy, field: field,
            isDefinite: isDefinite)
    }
}

extension NodeError.Code {
    fileprivate var answer: (status: Int, title: String) {
        switch self {
        case .invalid: (400, "The request is wrong.")
        case .notFound: (404, "Not known here.")
        case .refused: (422, "The rules forbid it.")
        case .wrongRole: (409, "Not this node's work.")
        case .conflict: (409, "Two things cannot both be.")
        case .forbidden: (403, "Not allowed.")
        case .busy: (503, "More waits than the node takes at a time.")
        case .readOnly: (507, "The node serves reads only.")
        case .noLine: (502, "There is no line to the centre.")
        case .noLeader: (503, "The centre has no leader just now.")
        case .timedOut: (504, "It took too long.")
        case .starting: (503, "The node is about to serve.")
        case .stopping: (503, "The node is going down.")
        case .damaged: (500, "A file of the node is damaged.")
        case .inner: (500, "The program failed.")
        }
    }
}

extension ProblemAnswer {
    package static func invalid(_ detail: String, remedy: String = "", field: String = "") -> ProblemAnswer {
        NodeError(.invalid, detail, remedy: remedy, field: field).problem
    }

    package static func invalid(_ error: ContractError) -> ProblemAnswer {
        invalid(error.sentence, remedy: "The request's form stands at /v1/openapi.json.", field: error.field)
    }

    static func noSuchPath(_ path: String) -> ProblemAnswer {
        ProblemAnswer(
            code: "no-such-path", status: 404, title: "No such path.", detail: "There is no \(path).",
            remedy: "All paths stand at /v1/openapi.json.")
    }

    static func otherMethod(_ method: String, _ allowed: [String]) -> ProblemAnswer {
        ProblemAnswer(
            code: "other-method", status: 405, title: "Not with this method.",
            detail: "\(method) is not known for this path.", remedy: "Use \(allowed.joined(separator: " or ")).")
    }

    static func tooLarge(_ what: String, limit: Int) -> ProblemAnswer {
        ProblemAnswer(
            code: "too-large", status: 413, title: "Too large.", detail: "\(what) has more than \(limit) bytes.",
            remedy: "Hand in many documents as a stream, application/x-ndjson; one document may have \(limit) bytes.")
    }

    static func tooSlow(seconds: Int) -> ProblemAnswer {
        ProblemAnswer(
            code: "too-slow", status: 408, title: "Too slow.",
            detail: "The body did not arrive whole within \(seconds) seconds.", remedy: "Send it again.")
    }

    static let unsupportedType = ProblemAnswer(
        code: "unsupported-type", status: 415, title: "This content type is not taken.",
        detail: "Documents come as application/json (one) or application/x-ndjson (a stream).",
        remedy: "Name one of the two in Content-Type.")

    static let operatorOnly = ProblemAnswer(
        code: "operator-only", status: 403, title: "The operator's alone.",
        detail: "This is answered on the node's own socket only.",
        remedy: "Run the command on the node's machine with --data DIR.")

    /// A single document that was refused.
    package static func refused(_ problems: [DocumentProblem]) -> ProblemAnswer {
        ProblemAnswer(
            code: "document-refused", status: 422, title: "The document was refused.",
            detail: "\(problems.count) problem(s); nothing was stored.",
            remedy: "Mend what is named and hand it in again.",
            problems: problems.map(\.answer))
    }
}

extension DocumentProblem {
    package var answer: DocumentProblemAnswer {
        DocumentProblemAnswer(code: code, field: field, message: message, remedy: remedy)
    }

    /// A document that is longer than any may be: it was not read.
    static let tooLong = DocumentProblem(
        code: "J002", field: "", message: "The document has more than \(Limits.documentBytes) bytes.",
        remedy: "Hand in files and images elsewhere and refer to them.")
}
