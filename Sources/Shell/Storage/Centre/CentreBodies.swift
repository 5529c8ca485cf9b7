import Consensus
import Law
import Records
import Roles
import Uplink

/// A territorial body as acts have made it; one that merely has a node has no row.
package struct TerritoryBody: Hashable, Sendable {
    package var code: String
    package var name: String
    /// The act that closed it, and the day; nil while it stands.
    package var closedBy: String?
    package var successor: String
    /// The last record handed to the successor; nil where none is to be.
    package var handed: Int64?
}

extension CentreApply {
    func take(_ act: TerritoryAct, at: LogAddress, index: LogIndex) throws -> OwnOutcome {
        let bodies = try CentreStore.bodies(connection)
        let isKnown =
            bodies.contains { $0.code == act.territory }
            || authors.values.contains { $0.territory == act.territory && $0.number != .centre }
        switch act.verb {
        case .added:
            guard !isKnown else { return .refused(code: "territory-known", reason: "\(act.territory) is known") }
            try save(TerritoryBody(code: act.territory, name: act.name, closedBy: nil, successor: "", handed: nil))
        case .retired:
            guard isKnown else { return .refused(code: "territory-unknown", reason: "nobody knows \(act.territory)") }
            guard !retired.contains(act.territory) else {
                return .refused(code: "territory-closed", reason: "\(act.territory) was closed already")
            }
            if !act.successor.isEmpty {
                guard act.successor != act.territory else {
                    return .refused(code: "successor", reason: "\(act.territory) cannot succeed itself")
                }
                if let reason = try notAHolder(act.successor) { return .refused(code: "successor", reason: reason) }
            }
            let name = bodies.first { $0.code == act.territory }?.name ?? ""
            let words = "act \(act.act.number) of \(act.act.date.text)"
            try save(
                TerritoryBody(
                    code: act.territory, name: name, closedBy: words, successor: act.successor, handed: 0))
            retired.insert(act.territory)
            let whose = act.successor.isEmpty ? "" : "; \(act.successor) holds its records"
            try close(act.territory, "\(act.territory) was closed by \(words)\(whose)")
        case .reseated:
            guard isKnown, !retired.contains(act.territory) else {
                return .refused(code: "territory-unknown", reason: "\(act.territory) is not known, or was closed")
            }
            try close(
                act.territory,
                "\(act.territory) goes on with another node by act \(act.act.number) of \(act.act.date.text)")
        case .handed: return try handOver(act, at: at, index: index)
        case .capped:
            let cap = LineCap(bytesPerSecond: act.rate, from: act.from, to: act.to)
            guard isKnown, cap.isWellFormed else {
                return .refused(code: "cap", reason: "\(act.territory) is not known, or the cap makes no sense")
            }
            try save(cap, of: act.territory)
        }
        return .recorded(at: at, index: index)
    }

    /// Its nodes are heard no more: neither their sessions nor what is under way of them.
    private func close(_ territory: String, _ reason: String) throws {
        for (number, author) in authors.sorted(by: { $0.key < $1.key })
        where author.territory == territory && author.closed == nil && number != .centre {
            let update = try connection.statement("UPDATE author SET closed = ? WHERE number = ?")
            update.bind(1, reason)
            update.bind(2, Int64(number.number))
            try update.run()
            var closed = author
            closed.closed = reason
            seated(closed)
        }
    }

    private func save(_ cap: LineCap, of territory: String) throws {
        let insert = try connection.statement(
            "INSERT OR REPLACE INTO line_cap(territory, rate, open_from, open_to) VALUES(?, ?, ?, ?)")
        insert.bind(1, territory)
        insert.bind(2, Int64(cap.bytesPerSecond))
        insert.bind(3, Int64(cap.from))
        insert.bind(4, Int64(cap.to))
        try insert.run()
        for (_, author) in authors.sorted(by: { $0.key < $1.key }) where author.territory == territory {
            seated(author)
        }
    }

    private func save(_ body: TerritoryBody) throws {
        let insert = try connection.statement(
            "INSERT OR REPLACE INTO body(code, name, closed_by, successor, handed) VALUES(?, ?, ?, ?, ?)")
        insert.bind(1, body.code)
        insert.bind(2, body.name)
        insert.bind(3, body.closedBy)
        insert.bind(4, body.successor)
        insert.bind(5, body.handed)
        try insert.run()
    }
}

extension CentreStore {
    /// Ascending by code.
    package func bodies() throws(StorageError) -> [TerritoryBody] { try file.read { try Self.bodies($0) } }

    static func bodies(_ connection: Connection) throws -> [TerritoryBody] {
        let select = try connection.statement("SELECT code, name, closed_by, successor, handed FROM body ORDER BY code")
        var bodies: [TerritoryBody] = []
        while try select.next() {
            bodies.append(
                TerritoryBody(
                    code: select.text(0), name: select.text(1), closedBy: select.isNull(2) ? nil : select.text(2),
                    successor: select.text(3), handed: select.optionalInteger(4)))
        }
        return bodies
    }
}
