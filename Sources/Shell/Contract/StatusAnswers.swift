/// An element of `GET /v1/territories`, and of the centre's status.
package struct TerritoryAnswer: ContractValue {
    package var territory: String
    package var node: String
    package var state: String
    package var frontier: UInt64
    package var backlog: UInt64?
    package var lastContactSeconds: UInt64?
    package var seating: SeatingAnswer?

    package init(
        territory: String, node: String, state: String, frontier: UInt64, backlog: UInt64?,
        lastContactSeconds: UInt64?, seating: SeatingAnswer? = nil
    ) {
        self.seating = seating
        self.territory = territory
        self.node = node
        self.state = state
        self.frontier = frontier
        self.backlog = backlog
        self.lastContactSeconds = lastContactSeconds
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        territory = try members.text("territory")
        node = try members.text("node")
        state = try members.text("state")
        frontier = try members.count("frontier")
        backlog = try members.optionalCount("backlog")
        lastContactSeconds = try members.optionalCount("last_contact_seconds")
        seating = try members.seating()
    }

    package var json: JSONValue {
        .members([
            "territory": .string(territory), "node": .string(node), "state": .string(state),
            "frontier": .count(frontier), "backlog": .count(backlog),
            "last_contact_seconds": .count(lastContactSeconds),
        ]).with(seating)
    }
}

package struct MemberAnswer: ContractValue {
    package var name: String
    package var role: String
    package var state: String
    package var applied: UInt64

    package init(name: String, role: String, state: String, applied: UInt64) {
        self.name = name
        self.role = role
        self.state = state
        self.applied = applied
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        name = try members.text("name")
        role = try members.text("role")
        state = try members.text("state")
        applied = try members.count("applied")
    }

    package var json: JSONValue {
        .members([
            "name": .string(name), "role": .string(role), "state": .string(state), "applied": .count(applied),
        ])
    }
}

/// `GET /v1/status`: the cluster as this node knows it, in one of two shapes.
package enum ClusterStatusAnswer: ContractValue {
    case centre(leader: String?, term: UInt64, members: [MemberAnswer], territories: [TerritoryAnswer])
    case territory(
        String, last: UInt64, frontier: UInt64, backlog: UInt64, isConnected: Bool, centreAddress: String,
        seating: SeatingAnswer? = nil)

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        if let territory = try members.optionalText("territory") {
            let log = try JSONFields(members.value("log") ?? .null, path: "log")
            let centre = try JSONFields(members.value("centre") ?? .null, path: "centre")
            self = .territory(
                territory, last: try log.count("last"), frontier: try log.count("frontier"),
                backlog: try log.count("backlog"), isConnected: try centre.flag("connected"),
                centreAddress: try centre.text("address"), seating: try members.seating())
        } else {
            self = .centre(
                leader: try members.optionalText("leader"), term: try members.count("term"),
                members: try members.values("members"), territories: try members.values("territories"))
        }
    }

    package var json: JSONValue {
        switch self {
        case .centre(let leader, let term, let members, let territories):
            .members([
                "leader": .text(leader), "term": .count(term), "members": .values(members),
                "territories": .values(territories),
            ])
        case .territory(let territory, let last, let frontier, let backlog, let isConnected, let address, let seating):
            .members([
                "territory": .string(territory),
                "log": .members(["last": .count(last), "frontier": .count(frontier), "backlog": .count(backlog)]),
                "centre": .members(["connected": .bool(isConnected), "address": .string(address)]),
            ]).with(seating)
        }
    }
}

/// `GET /v1/node`: this node itself.
package struct NodeStatusAnswer: ContractValue {
    package var name: String
    /// `centre` or `territory`.
    package var role: String
    package var territory: String?
    package var cluster: String
    package var version: String
    package var state: String
    package var reason: String
    package var uptimeSeconds: UInt64
    package var records: UInt64
    package var entries: UInt64
    package var lineBytesRaw: UInt64
    package var lineBytesSent: UInt64
    package var residentBytes: UInt64
    package var diskFreeBytes: UInt64
    package var certificateDays: Int64
    /// Messages and connections of other nodes that were refused since the start.
    package var refusedMessages: UInt64
    package var seating: SeatingAnswer?

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        name = try members.text("name")
        role = try members.text("role")
        territory = try members.optionalText("territory")
        cluster = try members.text("cluster")
        version = try members.text("version")
        state = try members.text("state")
        reason = try members.text("reason")
        uptimeSeconds = try members.count("uptime_seconds")
        records = try members.count("records")
        entries = try members.count("entries")
        lineBytesRaw = try members.count("line_bytes_raw")
        lineBytesSent = try members.count("line_bytes_sent")
        residentBytes = try members.count("resident_bytes")
        diskFreeBytes = try members.count("disk_free_bytes")
        guard case .integer(let days) = members.value("certificate_days") else {
            throw ContractError(field: "certificate_days", "A whole number is expected.")
        }
        certificateDays = days
        refusedMessages = try members.count("refused_messages")
        seating = try members.seating()
    }

    package init(
        name: String, role: String, territory: String?, cluster: String, version: String, state: String,
        reason: String, uptimeSeconds: UInt64, records: UInt64, entries: UInt64, lineBytesRaw: UInt64,
        lineBytesSent: UInt64, residentBytes: UInt64, diskFreeBytes: UInt64, certificateDays: Int64,
        refusedMessages: UInt64, seating: SeatingAnswer? = nil
    ) {
        self.seating = seating
        self.name = name
        self.role = role
        self.territory = territory
        self.cluster = cluster
        self.version = version
        self.state = state
        self.reason = reason
        self.uptimeSeconds = uptimeSeconds
        self.records = records
        self.entries = entries
        self.lineBytesRaw = lineBytesRaw
        self.lineBytesSent = lineBytesSent
        self.residentBytes = residentBytes
        self.diskFreeBytes = diskFreeBytes
        self.certificateDays = certificateDays
        self.refusedMessages = refusedMessages
    }

    package var json: JSONValue {
        .members([
            "name": .string(name), "role": .string(role), "territory": .text(territory), "cluster": .string(cluster),
            "version": .string(version), "state": .string(state), "reason": .string(reason),
            "uptime_seconds": .count(uptimeSeconds), "records": .count(records), "entries": .count(entries),
            "line_bytes_raw": .count(lineBytesRaw), "line_bytes_sent": .count(lineBytesSent),
            "resident_bytes": .count(residentBytes), "disk_free_bytes": .count(diskFreeBytes),
            "certificate_days": .integer(certificateDays), "refused_messages": .count(refusedMessages),
        ]).with(seating)
    }
}

/// An element of `GET /v1/journal`.
package struct JournalAnswer: ContractValue {
    package var author: String
    package var index: UInt64
    package var at: String
    package var officer: String
    package var action: String
    /// Random subject numbers, 16 hexadecimal digits each.
    package var subjects: [String]
    package var basis: String
    package var purpose: String
    package var position: UInt64

    package init(
        author: String, index: UInt64, at: String, officer: String, action: String, subjects: [String],
        basis: String, purpose: String, position: UInt64
    ) {
        self.author = author
        self.index = index
        self.at = at
        self.officer = officer
        self.action = action
        self.subjects = subjects
        self.basis = basis
        self.purpose = purpose
        self.position = position
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        author = try members.text("author")
        index = try members.count("index")
        at = try members.text("at")
        officer = try members.text("officer")
        action = try members.text("action")
        subjects = try members.texts("subjects")
        basis = try members.text("basis")
        purpose = try members.text("purpose")
        position = try members.count("position")
    }

    package var json: JSONValue {
        .members([
            "author": .string(author), "index": .count(index), "at": .string(at), "officer": .string(officer),
            "action": .string(action), "subjects": .texts(subjects), "basis": .string(basis),
            "purpose": .string(purpose), "position": .count(position),
        ])
    }
}
