/// `POST /v1/territories`: a body is opened, closed, given another node, or its line is capped.
package struct BodyChangeRequest: ContractValue {
    /// `add`, `retire`, `reseat` or `cap`.
    package var verb: String
    package var territory: String
    package var successor: String?
    package var name: String?
    /// Of a cap: bytes a second, 0 for none, and minutes of the day (UTC+5) between which data flows.
    package var rate: UInt64?
    package var from: UInt64?
    package var to: UInt64?
    package var isDryRun: Bool
    package var act: ActFields

    package init(
        verb: String, territory: String, successor: String? = nil, name: String? = nil, rate: UInt64? = nil,
        from: UInt64? = nil, to: UInt64? = nil, isDryRun: Bool, act: ActFields
    ) {
        self.rate = rate
        self.from = from
        self.to = to
        self.verb = verb
        self.territory = territory
        self.successor = successor
        self.name = name
        self.isDryRun = isDryRun
        self.act = act
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(
            than: "verb", "territory", "successor", "name", "rate", "from", "to", "dry_run", "act", "date", "basis")
        rate = try fields.optionalCount("rate")
        from = try fields.optionalCount("from")
        to = try fields.optionalCount("to")
        verb = try fields.text("verb")
        territory = try fields.text("territory")
        successor = try fields.optionalText("successor")
        name = try fields.optionalText("name")
        isDryRun = fields.value("dry_run") == nil ? false : try fields.flag("dry_run")
        act = try ActFields(fields)
    }

    package var json: JSONValue {
        var members: [JSONValue.Member] = [.init("verb", .string(verb)), .init("territory", .string(territory))]
        for (name, text) in [("successor", successor), ("name", name)] {
            if let text { members.append(.init(name, .string(text))) }
        }
        for (name, count) in [("rate", rate), ("from", from), ("to", to)] {
            if let count { members.append(.init(name, .count(count))) }
        }
        return .object(members + [.init("dry_run", .bool(isDryRun))] + act.members)
    }
}

/// What it came to, or would.
package struct BodyAnswer: ContractValue {
    package struct Node: ContractValue {
        package var name: String
        package var author: UInt64
        package var frontier: UInt64
        package var backlog: UInt64?

        package init(name: String, author: UInt64, frontier: UInt64, backlog: UInt64?) {
            self.name = name
            self.author = author
            self.frontier = frontier
            self.backlog = backlog
        }

        package init(json: JSONValue) throws(ContractError) {
            let fields = try JSONFields(json)
            name = try fields.text("name")
            author = try fields.count("author")
            frontier = try fields.count("frontier")
            backlog = try fields.optionalCount("backlog")
        }

        package var json: JSONValue {
            .members([
                "name": .string(name), "author": .count(author), "frontier": .count(frontier),
                "backlog": .count(backlog),
            ])
        }
    }

    package var territory: String
    package var isDone: Bool
    package var closes: [Node]
    package var records: UInt64
    package var warning: String
    package var token: String?

    package init(
        territory: String, isDone: Bool, closes: [Node], records: UInt64, warning: String, token: String?
    ) {
        self.territory = territory
        self.isDone = isDone
        self.closes = closes
        self.records = records
        self.warning = warning
        self.token = token
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        territory = try fields.text("territory")
        isDone = try fields.flag("done")
        closes = try fields.values("closes")
        records = try fields.count("records")
        warning = try fields.text("warning")
        token = try fields.optionalText("token")
    }

    package var json: JSONValue {
        .members([
            "territory": .string(territory), "done": .bool(isDone), "closes": .values(closes),
            "records": .count(records), "warning": .string(warning),
            "token": token.map { .string($0) } ?? .null,
        ])
    }
}

/// `POST /v1/transfers`: records handed over by jurisdiction.
package struct RecordTransferRequest: ContractValue {
    package var numbers: [String]
    package var to: String
    /// Those who hold them now get nothing more of them.
    package var isReleasing: Bool
    package var isDryRun: Bool
    package var act: ActFields

    package init(numbers: [String], to: String, isReleasing: Bool, isDryRun: Bool, act: ActFields) {
        self.numbers = numbers
        self.to = to
        self.isReleasing = isReleasing
        self.isDryRun = isDryRun
        self.act = act
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "numbers", "to", "release", "dry_run", "act", "date", "basis")
        numbers = try fields.texts("numbers")
        to = try fields.text("to")
        isReleasing = fields.value("release") == nil ? false : try fields.flag("release")
        isDryRun = fields.value("dry_run") == nil ? false : try fields.flag("dry_run")
        act = try ActFields(fields)
    }

    package var json: JSONValue {
        .object(
            [
                .init("numbers", .texts(numbers)), .init("to", .string(to)), .init("release", .bool(isReleasing)),
                .init("dry_run", .bool(isDryRun)),
            ] + act.members)
    }
}

/// An element of its answer.
package struct RecordTransferAnswer: ContractValue {
    package var number: String
    /// Territories that held it, and that hold it now.
    package var before: [String]
    package var after: [String]

    package init(number: String, before: [String], after: [String]) {
        self.number = number
        self.before = before
        self.after = after
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        number = try fields.text("number")
        before = try fields.texts("before")
        after = try fields.texts("after")
    }

    package var json: JSONValue {
        .members(["number": .string(number), "before": .texts(before), "after": .texts(after)])
    }
}
