/// `GET /v1/records/{number}`.
package struct RecordAnswer: ContractValue {
    /// The confirmed number; null before it is known here.
    package var number: String?
    package var provisional: String
    package var kind: String
    package var territory: String
    /// `registered`, `accounted`, `cancelled`.
    package var state: String
    /// By dotted path; a set is an array.
    package var fields: JSONValue
    package var discrepancies: [DiscrepancyAnswer]
    package var findings: [DocumentProblemAnswer]

    package init(
        number: String?, provisional: String, kind: String, territory: String, state: String, fields: JSONValue,
        discrepancies: [DiscrepancyAnswer], findings: [DocumentProblemAnswer]
    ) {
        self.number = number
        self.provisional = provisional
        self.kind = kind
        self.territory = territory
        self.state = state
        self.fields = fields
        self.discrepancies = discrepancies
        self.findings = findings
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        number = try members.optionalText("number")
        provisional = try members.text("provisional")
        kind = try members.text("kind")
        territory = try members.text("territory")
        state = try members.text("state")
        fields = members.value("fields") ?? .object([])
        discrepancies = try members.values("discrepancies")
        findings = try members.values("findings")
    }

    package var json: JSONValue {
        .members([
            "number": .text(number), "provisional": .string(provisional), "kind": .string(kind),
            "territory": .string(territory), "state": .string(state), "fields": fields,
            "discrepancies": .values(discrepancies), "findings": .values(findings),
        ])
    }
}

/// `GET /v1/records`.
package struct RecordListAnswer: ContractValue {
    package struct Line: ContractValue {
        package var number: String?
        package var provisional: String
        package var kind: String
        package var territory: String
        package var state: String

        package init(number: String?, provisional: String, kind: String, territory: String, state: String) {
            self.number = number
            self.provisional = provisional
            self.kind = kind
            self.territory = territory
            self.state = state
        }

        package init(json: JSONValue) throws(ContractError) {
            let members = try JSONFields(json)
            number = try members.optionalText("number")
            provisional = try members.text("provisional")
            kind = try members.text("kind")
            territory = try members.text("territory")
            state = try members.text("state")
        }

        package var json: JSONValue {
            .members([
                "number": .text(number), "provisional": .string(provisional), "kind": .string(kind),
                "territory": .string(territory), "state": .string(state),
            ])
        }
    }

    package var records: [Line]
    /// What to ask the next page `after`; null after the last.
    package var next: String?

    package init(records: [Line], next: String?) {
        self.records = records
        self.next = next
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        records = try members.values("records")
        next = try members.optionalText("next")
    }

    package var json: JSONValue { .members(["records": .values(records), "next": .text(next)]) }
}

/// `GET /v1/discrepancies`.
package struct DiscrepancyListAnswer: ContractValue {
    package var discrepancies: [DiscrepancyAnswer]

    package init(discrepancies: [DiscrepancyAnswer]) {
        self.discrepancies = discrepancies
    }

    package init(json: JSONValue) throws(ContractError) {
        discrepancies = try JSONFields(json).values("discrepancies")
    }

    package var json: JSONValue { .members(["discrepancies": .values(discrepancies)]) }
}

/// Several values of one field: an element of `GET /v1/discrepancies`.
package struct DiscrepancyAnswer: ContractValue {
    package struct Candidate: ContractValue {
        package var value: JSONValue
        /// The one that answers show meanwhile.
        package var isShown: Bool
        package var author: String
        package var sender: String
        package var document: String
        /// ISO 8601, UTC, by the author's clock.
        package var at: String
        package var isClockSuspect: Bool

        package init(
            value: JSONValue, isShown: Bool, author: String, sender: String, document: String, at: String,
            isClockSuspect: Bool
        ) {
            self.value = value
            self.isShown = isShown
            self.author = author
            self.sender = sender
            self.document = document
            self.at = at
            self.isClockSuspect = isClockSuspect
        }

        package init(json: JSONValue) throws(ContractError) {
            let members = try JSONFields(json)
            value = members.value("value") ?? .null
            isShown = try members.flag("shown")
            author = try members.text("author")
            sender = try members.text("sender")
            document = try members.text("document")
            at = try members.text("at")
            isClockSuspect = try members.flag("clock_suspect")
        }

        package var json: JSONValue {
            .members([
                "value": value, "shown": .bool(isShown), "author": .string(author), "sender": .string(sender),
                "document": .string(document), "at": .string(at), "clock_suspect": .bool(isClockSuspect),
            ])
        }
    }

    package var number: String?
    package var provisional: String
    package var kind: String
    package var territory: String
    package var field: String
    package var values: [Candidate]

    package init(
        number: String?, provisional: String, kind: String, territory: String, field: String, values: [Candidate]
    ) {
        self.number = number
        self.provisional = provisional
        self.kind = kind
        self.territory = territory
        self.field = field
        self.values = values
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        number = try members.optionalText("number")
        provisional = try members.text("provisional")
        kind = try members.text("kind")
        territory = try members.text("territory")
        field = try members.text("field")
        values = try members.values("values")
    }

    package var json: JSONValue {
        .members([
            "number": .text(number), "provisional": .string(provisional), "kind": .string(kind),
            "territory": .string(territory), "field": .string(field), "values": .values(values),
        ])
    }
}

/// One document of `GET /v1/records/{number}/history`, oldest first.
package struct HistoryAnswer: ContractValue {
    package var act: String
    package var number: String
    package var author: String
    package var sender: String
    package var document: String
    package var at: String
    package var isClockSuspect: Bool
    package var reason: String
    package var written: JSONValue
    package var removed: JSONValue

    package init(
        act: String, number: String, author: String, sender: String, document: String, at: String,
        isClockSuspect: Bool, reason: String, written: JSONValue, removed: JSONValue
    ) {
        self.act = act
        self.number = number
        self.author = author
        self.sender = sender
        self.document = document
        self.at = at
        self.isClockSuspect = isClockSuspect
        self.reason = reason
        self.written = written
        self.removed = removed
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        act = try members.text("act")
        number = try members.text("number")
        author = try members.text("author")
        sender = try members.text("sender")
        document = try members.text("document")
        at = try members.text("at")
        isClockSuspect = try members.flag("clock_suspect")
        reason = try members.text("reason")
        written = members.value("written") ?? .object([])
        removed = members.value("removed") ?? .object([])
    }

    package var json: JSONValue {
        .members([
            "act": .string(act), "number": .string(number), "author": .string(author), "sender": .string(sender),
            "document": .string(document), "at": .string(at), "clock_suspect": .bool(isClockSuspect),
            "reason": .string(reason), "written": written, "removed": removed,
        ])
    }
}
