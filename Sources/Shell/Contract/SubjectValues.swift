/// `POST /v1/persons/decisions`: whether two subjects are one person, and on what basis that is decided.
package struct PersonDecisionRequest: ContractValue {
    package var first: UInt64
    package var second: UInt64
    /// `link`: one person. `unlink`: two.
    package var decision: String
    package var basis: String

    package init(first: UInt64, second: UInt64, decision: String, basis: String) {
        self.first = first
        self.second = second
        self.decision = decision
        self.basis = basis
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "first", "second", "decision", "basis")
        first = try fields.count("first")
        second = try fields.count("second")
        decision = try fields.text("decision")
        basis = try fields.text("basis")
        guard ["link", "unlink"].contains(decision) else {
            throw ContractError(field: "decision", "link or unlink is expected.")
        }
        guard !basis.allSatisfy(\.isWhitespace) else {
            throw ContractError(field: "basis", "The act's basis is expected: it is journaled.")
        }
    }

    package var json: JSONValue {
        .members([
            "first": .count(first), "second": .count(second), "decision": .string(decision),
            "basis": .string(basis),
        ])
    }
}

/// What an act of the centre answers once it is committed.
package struct DecisionAnswer: ContractValue {
    package init() {}

    package init(json: JSONValue) throws(ContractError) {
        _ = try JSONFields(json).flag("recorded")
    }

    package var json: JSONValue { .members(["recorded": .bool(true)]) }
}

/// An element of `GET /v1/persons/conflicts`.
package struct ConflictAnswer: ContractValue {
    package struct Side: ContractValue {
        package var subject: String
        package var name: String

        package init(subject: String, name: String) {
            self.subject = subject
            self.name = name
        }

        package init(json: JSONValue) throws(ContractError) {
            let members = try JSONFields(json)
            subject = try members.text("subject")
            name = try members.text("name")
        }

        package var json: JSONValue { .members(["subject": .string(subject), "name": .string(name)]) }
    }

    package var code: String
    /// Two.
    package var sides: [Side]
    package var record: String
    package var day: String

    package init(code: String, sides: [Side], record: String, day: String) {
        self.code = code
        self.sides = sides
        self.record = record
        self.day = day
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        code = try members.text("code")
        sides = try members.values("sides")
        record = try members.text("record")
        day = try members.text("day")
        guard sides.count == 2 else { throw ContractError(field: "sides", "Two are expected.") }
    }

    package var json: JSONValue {
        .members([
            "code": .string(code), "sides": .values(sides), "record": .string(record), "day": .string(day),
        ])
    }
}

/// `GET` and `POST /v1/accounts/check`.
package struct AccountsCheckAnswer: ContractValue {
    /// `none`, `running`, `agree`, `differ`, `cut`.
    package var state: String
    package var done: UInt64
    package var total: UInt64
    package var compared: UInt64
    package var differences: [String]
    package var seconds: UInt64

    package init(
        state: String, done: UInt64, total: UInt64, compared: UInt64, differences: [String], seconds: UInt64
    ) {
        self.state = state
        self.done = done
        self.total = total
        self.compared = compared
        self.differences = differences
        self.seconds = seconds
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        state = try members.text("state")
        done = try members.count("done")
        total = try members.count("total")
        compared = try members.count("compared")
        differences = try members.texts("differences")
        seconds = try members.count("seconds")
    }

    package var json: JSONValue {
        .members([
            "state": .string(state), "done": .count(done), "total": .count(total), "compared": .count(compared),
            "differences": .texts(differences), "seconds": .count(seconds),
        ])
    }
}

/// `POST /v1/persons/reviews`: what an official says of two records proposed as alike.
package struct CandidateReviewRequest: ContractValue {
    package var first: String
    package var second: String
    /// `reviewed` or `rejected`.
    package var verdict: String
    package var basis: String

    package init(first: String, second: String, verdict: String, basis: String) {
        self.first = first
        self.second = second
        self.verdict = verdict
        self.basis = basis
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "first", "second", "verdict", "basis")
        first = try fields.text("first")
        second = try fields.text("second")
        verdict = try fields.text("verdict")
        basis = try fields.text("basis")
        guard ["reviewed", "rejected"].contains(verdict) else {
            throw ContractError(field: "verdict", "reviewed or rejected is expected.")
        }
        guard !basis.allSatisfy(\.isWhitespace) else {
            throw ContractError(field: "basis", "The act's basis is expected: it is journaled.")
        }
    }

    package var json: JSONValue {
        .members([
            "first": .string(first), "second": .string(second), "verdict": .string(verdict),
            "basis": .string(basis),
        ])
    }
}

/// An element of `GET /v1/persons/candidates`.
package struct CandidateAnswer: ContractValue {
    package struct Side: ContractValue {
        package var number: String
        package var kind: String

        package init(number: String, kind: String) {
            self.number = number
            self.kind = kind
        }

        package init(json: JSONValue) throws(ContractError) {
            let members = try JSONFields(json)
            number = try members.text("number")
            kind = try members.text("kind")
        }

        package var json: JSONValue { .members(["number": .string(number), "kind": .string(kind)]) }
    }

    /// Two.
    package var sides: [Side]
    /// Hundredths.
    package var likeness: UInt64
    package var day: String
    package var isReviewed: Bool

    package init(sides: [Side], likeness: UInt64, day: String, isReviewed: Bool) {
        self.sides = sides
        self.likeness = likeness
        self.day = day
        self.isReviewed = isReviewed
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        sides = try members.values("sides")
        likeness = try members.count("likeness")
        day = try members.text("day")
        isReviewed = try members.flag("reviewed")
        guard sides.count == 2 else { throw ContractError(field: "sides", "Two are expected.") }
    }

    package var json: JSONValue {
        .members([
            "sides": .values(sides), "likeness": .count(likeness), "day": .string(day),
            "reviewed": .bool(isReviewed),
        ])
    }
}
