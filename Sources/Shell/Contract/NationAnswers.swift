/// How much of one territory's log an answer rests on.
package struct FreshnessAnswer: ContractValue {
    package var territory: String
    package var frontier: UInt64
    /// Null: the centre has never heard it.
    package var ageSeconds: UInt64?

    package init(territory: String, frontier: UInt64, ageSeconds: UInt64?) {
        self.territory = territory
        self.frontier = frontier
        self.ageSeconds = ageSeconds
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        territory = try members.text("territory")
        frontier = try members.count("frontier")
        ageSeconds = try members.optionalCount("age_seconds")
    }

    package var json: JSONValue {
        .members([
            "territory": .string(territory), "frontier": .count(frontier), "age_seconds": .count(ageSeconds),
        ])
    }
}

/// `POST /v1/persons/find`.
package struct PersonFindAnswer: ContractValue {
    package var freshness: [FreshnessAnswer]
    package var subjects: [SubjectAnswer]

    package init(freshness: [FreshnessAnswer], subjects: [SubjectAnswer]) {
        self.freshness = freshness
        self.subjects = subjects
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        freshness = try members.values("freshness")
        subjects = try members.values("subjects")
    }

    package var json: JSONValue {
        .members(["freshness": .values(freshness), "subjects": .values(subjects)])
    }
}

package struct SubjectAnswer: ContractValue {
    package struct Record: ContractValue {
        package var number: String
        package var kind: String
        package var territory: String

        package init(number: String, kind: String, territory: String) {
            self.number = number
            self.kind = kind
            self.territory = territory
        }

        package init(json: JSONValue) throws(ContractError) {
            let members = try JSONFields(json)
            number = try members.text("number")
            kind = try members.text("kind")
            territory = try members.text("territory")
        }

        package var json: JSONValue {
            .members(["number": .string(number), "kind": .string(kind), "territory": .string(territory)])
        }
    }

    package struct Account: ContractValue {
        package var type: String
        package var number: String
        package var state: String

        package init(type: String, number: String, state: String) {
            self.type = type
            self.number = number
            self.state = state
        }

        package init(json: JSONValue) throws(ContractError) {
            let members = try JSONFields(json)
            type = try members.text("type")
            number = try members.text("number")
            state = try members.text("state")
        }

        package var json: JSONValue {
            .members(["type": .string(type), "number": .string(number), "state": .string(state)])
        }
    }

    /// What `person link` names it by.
    package var subject: String
    /// Subjects that an act has linked with it.
    package var linked: [String]
    package var iin: String?
    package var bin: String?
    package var names: [String]
    package var birth: String?
    package var records: [Record]
    package var accounts: [Account]

    package init(
        subject: String, linked: [String] = [], iin: String?, bin: String?, names: [String], birth: String?,
        records: [Record], accounts: [Account]
    ) {
        self.subject = subject
        self.linked = linked
        self.iin = iin
        self.bin = bin
        self.names = names
        self.birth = birth
        self.records = records
        self.accounts = accounts
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        subject = try members.text("subject")
        linked = try members.texts("linked")
        iin = try members.optionalText("iin")
        bin = try members.optionalText("bin")
        names = try members.texts("names")
        birth = try members.optionalText("birth")
        records = try members.values("records")
        accounts = try members.values("accounts")
    }

    package var json: JSONValue {
        .members([
            "subject": .string(subject), "linked": .texts(linked), "iin": .text(iin), "bin": .text(bin),
            "names": .texts(names), "birth": .text(birth),
            "records": .values(records), "accounts": .values(accounts),
        ])
    }
}

/// An element of `GET /v1/accounts`; with its history under `GET /v1/accounts/{type}/{number}`.
package struct AccountAnswer: ContractValue {
    package struct Change: ContractValue {
        package var state: String
        package var day: String
        package var basis: String

        package init(state: String, day: String, basis: String) {
            self.state = state
            self.day = day
            self.basis = basis
        }

        package init(json: JSONValue) throws(ContractError) {
            let members = try JSONFields(json)
            state = try members.text("state")
            day = try members.text("day")
            basis = try members.text("basis")
        }

        package var json: JSONValue {
            .members(["state": .string(state), "day": .string(day), "basis": .string(basis)])
        }
    }

    package var type: String
    package var number: String
    package var state: String
    package var subject: String
    package var basis: [String]
    package var history: [Change]

    package init(
        type: String, number: String, state: String, subject: String, basis: [String], history: [Change] = []
    ) {
        self.type = type
        self.number = number
        self.state = state
        self.subject = subject
        self.basis = basis
        self.history = history
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        type = try members.text("type")
        number = try members.text("number")
        state = try members.text("state")
        subject = try members.text("subject")
        basis = try members.texts("basis")
        history = try members.values("history")
    }

    package var json: JSONValue {
        .members([
            "type": .string(type), "number": .string(number), "state": .string(state), "subject": .string(subject),
            "basis": .texts(basis), "history": .values(history),
        ])
    }
}

/// `GET /v1/accounts/count`: open entries by type, in the catalogue's order: `{"1":n,"3":n,…}`.
package struct AccountCountAnswer: ContractValue {
    package struct Count: Hashable, Sendable {
        package var type: String
        package var count: UInt64

        package init(type: String, count: UInt64) {
            self.type = type
            self.count = count
        }
    }

    package var counts: [Count]

    package init(counts: [Count]) {
        self.counts = counts
    }

    package init(json: JSONValue) throws(ContractError) {
        guard case .object(let members) = json else { throw ContractError("An object is expected.") }
        counts = []
        for member in members {
            guard case .integer(let count) = member.value, count >= 0 else {
                throw ContractError(field: member.name, "A whole number is expected.")
            }
            counts.append(Count(type: member.name, count: UInt64(count)))
        }
    }

    package var json: JSONValue { .object(counts.map { .init($0.type, .count($0.count)) }) }
}
