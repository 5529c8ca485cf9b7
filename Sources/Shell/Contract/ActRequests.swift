/// The act that a decision of the nation rests on.
package struct ActFields: Hashable, Sendable {
    package var number: String
    /// `2026-03-31`.
    package var date: String
    package var basis: String

    package init(number: String, date: String, basis: String) {
        self.number = number
        self.date = date
        self.basis = basis
    }

    init(_ fields: JSONFields) throws(ContractError) {
        number = try fields.text("act")
        date = try fields.text("date")
        basis = try fields.text("basis")
    }

    var members: [JSONValue.Member] {
        [.init("act", .string(number)), .init("date", .string(date)), .init("basis", .string(basis))]
    }
}

/// `POST /v1/senders`: makes a sender known, gives it a certificate, says which cards it owes.
package struct SenderRegisterRequest: ContractValue {
    package var code: String
    package var name: String?
    /// An X.509 certificate in PEM.
    package var certificate: String?
    /// `2026-03-31`.
    package var from: String?
    package var to: String?
    /// Card kinds owed every month; absent: as before.
    package var owes: [String]?
    /// The territory where they are owed, for figures by territory.
    package var territory: String?
    package var act: ActFields

    package init(
        code: String, name: String? = nil, certificate: String? = nil, from: String? = nil, to: String? = nil,
        owes: [String]? = nil, territory: String? = nil, act: ActFields
    ) {
        self.territory = territory
        self.code = code
        self.name = name
        self.certificate = certificate
        self.from = from
        self.to = to
        self.owes = owes
        self.act = act
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(
            than: "code", "name", "certificate", "from", "to", "owes", "territory", "act", "date", "basis")
        code = try fields.text("code")
        name = try fields.optionalText("name")
        certificate = try fields.optionalText("certificate")
        from = try fields.optionalText("from")
        to = try fields.optionalText("to")
        owes = fields.value("owes") == nil ? nil : try fields.texts("owes")
        territory = try fields.optionalText("territory")
        act = try ActFields(fields)
    }

    package var json: JSONValue {
        var members: [JSONValue.Member] = [.init("code", .string(code))]
        let texts = [
            ("name", name), ("certificate", certificate), ("from", from), ("to", to), ("territory", territory),
        ]
        for (name, text) in texts {
            if let text { members.append(.init(name, .string(text))) }
        }
        if let owes { members.append(.init("owes", .texts(owes))) }
        return .object(members + act.members)
    }
}

/// `POST /v1/senders/{code}/revoke`.
package struct SenderRevokeRequest: ContractValue {
    /// Absent: every certificate of the sender.
    package var certificateID: String?
    package var act: ActFields

    package init(certificateID: String?, act: ActFields) {
        self.certificateID = certificateID
        self.act = act
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "cert_id", "act", "date", "basis")
        certificateID = try fields.optionalText("cert_id")
        act = try ActFields(fields)
    }

    package var json: JSONValue {
        .object((certificateID.map { [.init("cert_id", .string($0))] } ?? []) + act.members)
    }
}

/// `POST /v1/editions`: a whole edition of the catalogue.
package struct EditionEnactRequest: ContractValue {
    package var from: String
    package var files: [EditionFile]
    package var act: ActFields

    package init(from: String, files: [EditionFile], act: ActFields) {
        self.from = from
        self.files = files
        self.act = act
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "from", "files", "act", "date", "basis")
        from = try fields.text("from")
        files = try fields.values("files")
        act = try ActFields(fields)
    }

    package var json: JSONValue {
        .object([.init("from", .string(from)), .init("files", .values(files))] + act.members)
    }
}

/// One file of an edition, as it is.
package struct EditionFile: ContractValue {
    package var name: String
    package var text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "name", "text")
        name = try fields.text("name")
        text = try fields.text("text")
    }

    package var json: JSONValue { .members(["name": .string(name), "text": .string(text)]) }
}

/// `POST /v1/reports/{form}/place`.
package struct ReportPlaceRequest: ContractValue {
    /// `2026-03`.
    package var period: String
    /// Why the figures are other than those placed before; empty the first time.
    package var note: String
    package var act: ActFields

    package init(period: String, note: String, act: ActFields) {
        self.period = period
        self.note = note
        self.act = act
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "period", "note", "act", "date", "basis")
        period = try fields.text("period")
        note = try fields.optionalText("note") ?? ""
        act = try ActFields(fields)
    }

    package var json: JSONValue {
        .object([.init("period", .string(period)), .init("note", .string(note))] + act.members)
    }
}
