/// What is wrong with one document, where, and what would be right.
package struct DocumentProblemAnswer: ContractValue {
    package var code: String
    package var field: String
    package var message: String
    package var remedy: String

    package init(code: String, field: String, message: String, remedy: String) {
        self.code = code
        self.field = field
        self.message = message
        self.remedy = remedy
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        code = try fields.text("code")
        field = try fields.text("field")
        message = try fields.text("message")
        remedy = try fields.text("remedy")
    }

    package var json: JSONValue {
        .members([
            "code": .string(code), "field": .string(field), "message": .string(message), "remedy": .string(remedy),
        ])
    }
}

/// An RFC 9457 problem, `application/problem+json`, with our members behind the standard ones.
package struct ProblemAnswer: ContractValue, Error {
    /// Short and stable: what a program switches over (`not-found`, `document-refused`, …).
    package var code: String
    /// The HTTP status.
    package var status: Int
    /// What this code means, the same each time.
    package var title: String
    /// What was seen this time, in a sentence.
    package var detail: String
    /// What to do next; empty where nothing can be done by the asker.
    package var remedy: String
    /// The request's field at fault; empty where it is none.
    package var field: String
    /// The request has certainly not taken effect.
    package var isDefinite: Bool
    /// A refused document's problems.
    package var problems: [DocumentProblemAnswer]

    package init(
        code: String, status: Int, title: String, detail: String, remedy: String = "", field: String = "",
        isDefinite: Bool = true, problems: [DocumentProblemAnswer] = []
    ) {
        self.code = code
        self.status = status
        self.title = title
        self.detail = detail
        self.remedy = remedy
        self.field = field
        self.isDefinite = isDefinite
        self.problems = problems
    }

    package static let contentType = "application/problem+json"
    private static let typePrefix = "urn:esep:problem:"

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        code = try fields.text("code")
        status = Int(try fields.count("status"))
        title = try fields.text("title")
        detail = try fields.text("detail")
        remedy = try fields.optionalText("remedy") ?? ""
        field = try fields.optionalText("field") ?? ""
        isDefinite = try fields.flag("definite")
        problems = try fields.values("problems")
    }

    package var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("type", .string(Self.typePrefix + code)), .init("title", .string(title)),
            .init("status", .integer(Int64(status))), .init("detail", .string(detail)), .init("code", .string(code)),
            .init("remedy", .string(remedy)), .init("definite", .bool(isDefinite)),
        ]
        if !field.isEmpty { members.append(.init("field", .string(field))) }
        if !problems.isEmpty { members.append(.init("problems", .values(problems))) }
        return .object(members)
    }
}
