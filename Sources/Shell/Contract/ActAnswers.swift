/// An element of `GET /v1/senders`.
package struct SenderAnswer: ContractValue {
    package struct Certificate: ContractValue {
        package var id: String
        package var from: String
        package var to: String
        /// The number of the act that revoked it.
        package var revoked: String?

        package init(id: String, from: String, to: String, revoked: String?) {
            self.id = id
            self.from = from
            self.to = to
            self.revoked = revoked
        }

        package init(json: JSONValue) throws(ContractError) {
            let fields = try JSONFields(json)
            id = try fields.text("id")
            from = try fields.text("from")
            to = try fields.text("to")
            revoked = try fields.optionalText("revoked")
        }

        package var json: JSONValue {
            .members([
                "id": .string(id), "from": .string(from), "to": .string(to), "revoked": .text(revoked),
            ])
        }
    }

    package var code: String
    package var name: String
    package var certificates: [Certificate]
    package var owes: [String]
    /// Where it owes them; empty where no act says so.
    package var territory: String
    package var act: String
    package var date: String
    package var basis: String

    package init(
        code: String, name: String, certificates: [Certificate], owes: [String], territory: String, act: String,
        date: String, basis: String
    ) {
        self.territory = territory
        self.code = code
        self.name = name
        self.certificates = certificates
        self.owes = owes
        self.act = act
        self.date = date
        self.basis = basis
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        code = try fields.text("code")
        name = try fields.text("name")
        certificates = try fields.values("certificates")
        owes = try fields.texts("owes")
        territory = try fields.text("territory")
        act = try fields.text("act")
        date = try fields.text("date")
        basis = try fields.text("basis")
    }

    package var json: JSONValue {
        .members([
            "code": .string(code), "name": .string(name), "certificates": .values(certificates),
            "owes": .texts(owes), "territory": .string(territory), "act": .string(act), "date": .string(date),
            "basis": .string(basis),
        ])
    }
}

/// An element of `GET /v1/senders/missing`.
package struct MissingAnswer: ContractValue {
    package var sender: String
    package var name: String
    package var kind: String
    package var period: String
    package var code: String
    package var severity: String
    package var message: String
    package var remedy: String

    package init(
        sender: String, name: String, kind: String, period: String, code: String, severity: String, message: String,
        remedy: String
    ) {
        self.sender = sender
        self.name = name
        self.kind = kind
        self.period = period
        self.code = code
        self.severity = severity
        self.message = message
        self.remedy = remedy
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        sender = try fields.text("sender")
        name = try fields.text("name")
        kind = try fields.text("kind")
        period = try fields.text("period")
        code = try fields.text("code")
        severity = try fields.text("severity")
        message = try fields.text("message")
        remedy = try fields.text("remedy")
    }

    package var json: JSONValue {
        .members([
            "sender": .string(sender), "name": .string(name), "kind": .string(kind), "period": .string(period),
            "code": .string(code), "severity": .string(severity), "message": .string(message),
            "remedy": .string(remedy),
        ])
    }
}

/// An element of `GET /v1/editions`.
package struct EditionAnswer: ContractValue {
    package var from: String
    package var kinds: UInt64
    package var rules: UInt64
    /// The act that enacted it; null for what the program carries.
    package var act: String?
    package var date: String?

    package init(from: String, kinds: UInt64, rules: UInt64, act: String?, date: String?) {
        self.from = from
        self.kinds = kinds
        self.rules = rules
        self.act = act
        self.date = date
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        from = try fields.text("from")
        kinds = try fields.count("kinds")
        rules = try fields.count("rules")
        act = try fields.optionalText("act")
        date = try fields.optionalText("date")
    }

    package var json: JSONValue {
        .members([
            "from": .string(from), "kinds": .count(kinds), "rules": .count(rules), "act": .text(act),
            "date": .text(date),
        ])
    }
}

/// `GET /v1/editions/files`: an edition as its files.
package struct EditionFilesAnswer: ContractValue {
    package var from: String
    package var files: [EditionFile]

    package init(from: String, files: [EditionFile]) {
        self.from = from
        self.files = files
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        from = try fields.text("from")
        files = try fields.values("files")
    }

    package var json: JSONValue { .members(["from": .string(from), "files": .values(files)]) }
}
