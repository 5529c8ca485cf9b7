/// What a national rule says of a record: an element of `GET /v1/findings` and `GET /v1/reconciliation`.
package struct FindingAnswer: ContractValue {
    package var code: String
    /// `error` or `warning`.
    package var severity: String
    package var message: String
    package var territory: String
    /// The sender whose card it is.
    package var body: String
    package var kind: String
    /// The record's confirmed number.
    package var number: String
    /// The dotted path of the field blamed.
    package var field: String
    /// The other record it speaks of, `SENDER/DOCUMENT`; empty where there is none.
    package var other: String
    /// Days as `2026-03-03`; `withdrawn` is null while the finding is open.
    package var raised: String
    package var withdrawn: String?
    /// Days it has stood, or stood until it was withdrawn.
    package var days: UInt64

    package init(
        code: String, severity: String, message: String, territory: String, body: String, kind: String, number: String,
        field: String, other: String, raised: String, withdrawn: String?, days: UInt64
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.territory = territory
        self.body = body
        self.kind = kind
        self.number = number
        self.field = field
        self.other = other
        self.raised = raised
        self.withdrawn = withdrawn
        self.days = days
    }

    package var state: String { withdrawn == nil ? "open" : "withdrawn" }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        code = try members.text("code")
        severity = try members.text("severity")
        message = try members.text("message")
        territory = try members.text("territory")
        body = try members.text("body")
        kind = try members.text("kind")
        number = try members.text("number")
        field = try members.text("field")
        other = try members.text("other")
        raised = try members.text("raised")
        withdrawn = try members.optionalText("withdrawn")
        days = try members.count("days")
    }

    package var json: JSONValue {
        .members([
            "code": .string(code), "severity": .string(severity), "message": .string(message),
            "territory": .string(territory), "body": .string(body), "kind": .string(kind), "number": .string(number),
            "field": .string(field), "other": .string(other), "state": .string(state), "raised": .string(raised),
            "withdrawn": withdrawn.map { .string($0) } ?? .null, "days": .count(days),
        ])
    }
}
