/// An element of `GET /v1/members`.
package struct GroupMemberAnswer: ContractValue {
    package var name: String
    package var number: UInt64
    package var address: String
    package var role: String
    package var state: String
    package var applied: UInt64
    package var behind: UInt64?

    package init(
        name: String, number: UInt64, address: String, role: String, state: String, applied: UInt64, behind: UInt64?
    ) {
        self.name = name
        self.number = number
        self.address = address
        self.role = role
        self.state = state
        self.applied = applied
        self.behind = behind
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        name = try fields.text("name")
        number = try fields.count("number")
        address = try fields.text("address")
        role = try fields.text("role")
        state = try fields.text("state")
        applied = try fields.count("applied")
        behind = try fields.optionalCount("behind")
    }

    package var json: JSONValue {
        .members([
            "name": .string(name), "number": .count(number), "address": .string(address), "role": .string(role),
            "state": .string(state), "applied": .count(applied), "behind": .count(behind),
        ])
    }
}

/// `POST /v1/members`.
package struct MemberChangeRequest: ContractValue {
    /// `add`, `promote`, `demote`, `remove` or `replace`.
    package var verb: String
    package var nodes: [String]
    package var isDryRun: Bool
    package var force: String

    package init(verb: String, nodes: [String], isDryRun: Bool, force: String) {
        self.verb = verb
        self.nodes = nodes
        self.isDryRun = isDryRun
        self.force = force
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "verb", "nodes", "dry_run", "force")
        verb = try fields.text("verb")
        nodes = try fields.texts("nodes")
        isDryRun = fields.value("dry_run") == nil ? false : try fields.flag("dry_run")
        force = try fields.optionalText("force") ?? ""
    }

    package var json: JSONValue {
        .members([
            "verb": .string(verb), "nodes": .texts(nodes), "dry_run": .bool(isDryRun), "force": .string(force),
        ])
    }
}

/// The group before or after a change.
package struct GroupAnswer: ContractValue {
    package var voters: [String]
    package var learners: [String]
    package var quorum: UInt64
    package var tolerated: UInt64
    package var live: UInt64

    package init(voters: [String], learners: [String], quorum: UInt64, tolerated: UInt64, live: UInt64) {
        self.voters = voters
        self.learners = learners
        self.quorum = quorum
        self.tolerated = tolerated
        self.live = live
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        voters = try fields.texts("voters")
        learners = try fields.texts("learners")
        quorum = try fields.count("quorum")
        tolerated = try fields.count("failures_tolerated")
        live = try fields.count("live")
    }

    package var json: JSONValue {
        .members([
            "voters": .texts(voters), "learners": .texts(learners), "quorum": .count(quorum),
            "failures_tolerated": .count(tolerated), "live": .count(live),
        ])
    }
}

/// What a change of the group came to, or would come to.
package struct MemberChangeAnswer: ContractValue {
    package var before: GroupAnswer
    package var after: GroupAnswer
    package var isDone: Bool
    /// Why it would be refused; empty where it would not.
    package var warning: String

    package init(before: GroupAnswer, after: GroupAnswer, isDone: Bool, warning: String) {
        self.before = before
        self.after = after
        self.isDone = isDone
        self.warning = warning
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        before = try GroupAnswer(json: fields.value("before") ?? .null)
        after = try GroupAnswer(json: fields.value("after") ?? .null)
        isDone = try fields.flag("done")
        warning = try fields.text("warning")
    }

    package var json: JSONValue {
        .members([
            "before": before.json, "after": after.json, "done": .bool(isDone), "warning": .string(warning),
        ])
    }
}

/// `POST /v1/members/transfer`: to whom, and who leads then, or would.
package struct TransferRequest: ContractValue {
    package var node: String?
    package var isDryRun: Bool

    package init(node: String?, isDryRun: Bool) {
        self.node = node
        self.isDryRun = isDryRun
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "node", "dry_run")
        node = try fields.optionalText("node")
        isDryRun = fields.value("dry_run") == nil ? false : try fields.flag("dry_run")
    }

    package var json: JSONValue { .members(["node": .text(node), "dry_run": .bool(isDryRun)]) }
}

package struct TransferAnswer: ContractValue {
    /// Who leads, or would.
    package var leader: String
    /// Who leads before.
    package var before: String
    /// The group, which a transfer leaves as it is.
    package var quorum: UInt64
    package var tolerated: UInt64
    package var isDone: Bool
    /// From the leader's word to the time it knew the next one.
    package var milliseconds: UInt64

    package init(
        leader: String, before: String, quorum: UInt64, tolerated: UInt64, isDone: Bool, milliseconds: UInt64
    ) {
        self.milliseconds = milliseconds
        self.leader = leader
        self.before = before
        self.quorum = quorum
        self.tolerated = tolerated
        self.isDone = isDone
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        leader = try fields.text("leader")
        before = try fields.text("before")
        quorum = try fields.count("quorum")
        tolerated = try fields.count("tolerated")
        isDone = try fields.flag("done")
        milliseconds = try fields.count("milliseconds")
    }

    package var json: JSONValue {
        .members([
            "leader": .string(leader), "before": .string(before), "quorum": .count(quorum),
            "tolerated": .count(tolerated), "done": .bool(isDone), "milliseconds": .count(milliseconds),
        ])
    }
}

/// `GET /v1/check`.
package struct ClusterCheckAnswer: ContractValue {
    package struct Verdict: ContractValue {
        package var node: String
        package var isSafe: Bool
        package var why: String

        package init(node: String, isSafe: Bool, why: String) {
            self.node = node
            self.isSafe = isSafe
            self.why = why
        }

        package init(json: JSONValue) throws(ContractError) {
            let fields = try JSONFields(json)
            node = try fields.text("node")
            isSafe = try fields.flag("restart_is_safe")
            why = try fields.text("why")
        }

        package var json: JSONValue {
            .members(["node": .string(node), "restart_is_safe": .bool(isSafe), "why": .string(why)])
        }
    }

    package var leader: String
    package var quorum: UInt64
    package var tolerated: UInt64
    package var live: UInt64
    package var verdicts: [Verdict]

    package init(leader: String, quorum: UInt64, tolerated: UInt64, live: UInt64, verdicts: [Verdict]) {
        self.leader = leader
        self.quorum = quorum
        self.tolerated = tolerated
        self.live = live
        self.verdicts = verdicts
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        leader = try fields.text("leader")
        quorum = try fields.count("quorum")
        tolerated = try fields.count("failures_tolerated")
        live = try fields.count("live")
        verdicts = try fields.values("nodes")
    }

    package var json: JSONValue {
        .members([
            "leader": .string(leader), "quorum": .count(quorum), "failures_tolerated": .count(tolerated),
            "live": .count(live), "nodes": .values(verdicts),
        ])
    }
}
