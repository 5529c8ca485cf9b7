/// `POST /v1/persons/find`: exactly one way to name the person, and why it is asked (Law 510 Art. 9.4).
package struct PersonFindRequest: ContractValue {
    package var iin: String?
    package var bin: String?
    package var surname: String?
    package var name: String?
    /// `2001-05-31`.
    package var birth: String?
    package var basis: String
    package var purpose: String

    package init(
        iin: String? = nil, bin: String? = nil, surname: String? = nil, name: String? = nil, birth: String? = nil,
        basis: String, purpose: String
    ) {
        self.iin = iin
        self.bin = bin
        self.surname = surname
        self.name = name
        self.birth = birth
        self.basis = basis
        self.purpose = purpose
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "iin", "bin", "surname", "name", "birth", "basis", "purpose")
        iin = try fields.optionalText("iin")
        bin = try fields.optionalText("bin")
        surname = try fields.optionalText("surname")
        name = try fields.optionalText("name")
        birth = try fields.optionalText("birth")
        basis = try fields.text("basis")
        purpose = try fields.text("purpose")
    }

    package var json: JSONValue {
        let named: [(String, String?)] = [
            ("iin", iin), ("bin", bin), ("surname", surname), ("name", name), ("birth", birth), ("basis", basis),
            ("purpose", purpose),
        ]
        return .object(named.compactMap { name, text in text.map { .init(name, .string($0)) } })
    }
}

/// `POST /v1/records/{number}/corrections`: the changed fields alone.
package struct CorrectionRequest: ContractValue {
    package var reason: String
    /// As in a document, or flat with dotted paths; a set has `{"add":[…],"remove":[…]}`, null removes a value.
    package var fields: JSONValue

    package init(reason: String, fields: JSONValue) {
        self.reason = reason
        self.fields = fields
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        try members.refuseOthers(than: "reason", "fields")
        reason = try members.text("reason")
        guard case .object(let changed) = members.value("fields"), !changed.isEmpty else {
            throw ContractError(field: "fields", "An object with at least one changed field is expected.")
        }
        fields = .object(changed)
    }

    package var json: JSONValue {
        .members(["reason": .string(reason), "fields": fields])
    }
}

/// `POST /v1/records/{number}/cancel`.
package struct CancelRequest: ContractValue {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "reason")
        reason = try fields.text("reason")
    }

    package var json: JSONValue { .members(["reason": .string(reason)]) }
}

/// `POST /v1/discrepancies/{number}/resolve`: one of the values there are, or a new one.
package struct ResolveRequest: ContractValue {
    package var field: String
    /// Counted from 1, in the order the discrepancy is told.
    package var candidate: UInt64?
    package var value: JSONValue?
    package var reason: String

    package init(field: String, candidate: UInt64? = nil, value: JSONValue? = nil, reason: String) {
        self.field = field
        self.candidate = candidate
        self.value = value
        self.reason = reason
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "field", "candidate", "value", "reason")
        field = try fields.text("field")
        candidate = try fields.optionalCount("candidate")
        value = fields.value("value")
        reason = try fields.text("reason")
        guard (candidate == nil) != (value == nil) else {
            throw ContractError(field: "candidate", "Exactly one of candidate and value is expected.")
        }
    }

    package var json: JSONValue {
        var members: [JSONValue.Member] = [.init("field", .string(field))]
        if let candidate { members.append(.init("candidate", .count(candidate))) }
        if let value { members.append(.init("value", value)) }
        members.append(.init("reason", .string(reason)))
        return .object(members)
    }
}

/// `POST /v1/tokens`: lets one node join.
package struct TokenIssueRequest: ContractValue {
    package var role: String
    package var territory: String
    package var ttlSeconds: UInt64

    package init(role: String, territory: String, ttlSeconds: UInt64) {
        self.role = role
        self.territory = territory
        self.ttlSeconds = ttlSeconds
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "role", "territory", "ttl_seconds")
        role = try fields.optionalText("role") ?? "territory"
        territory = role == "centre" ? try fields.optionalText("territory") ?? "" : try fields.text("territory")
        ttlSeconds = try fields.optionalCount("ttl_seconds") ?? Limits.tokenSeconds
        guard (1...Limits.tokenSecondsMost).contains(ttlSeconds) else {
            throw ContractError(field: "ttl_seconds", "From 1 to \(Limits.tokenSecondsMost) seconds are expected.")
        }
    }

    package var json: JSONValue {
        .members(["role": .string(role), "territory": .string(territory), "ttl_seconds": .count(ttlSeconds)])
    }
}

package struct TokenAnswer: ContractValue {
    package var token: String
    /// ISO 8601, UTC.
    package var expires: String

    package init(token: String, expires: String) {
        self.token = token
        self.expires = expires
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        token = try fields.text("token")
        expires = try fields.text("expires")
    }

    package var json: JSONValue { .members(["token": .string(token), "expires": .string(expires)]) }
}
