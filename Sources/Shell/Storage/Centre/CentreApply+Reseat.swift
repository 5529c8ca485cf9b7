import Law
import Records
import Roles
import Vault

/// Seats in place of others, and the entries that were moved with them.
extension CentreApply {
    /// Seats a territory's node anew. The former log is over from here on: what comes for it later is rejected. Asked
    /// again with the same secret the answer is the same, so an answer that was lost costs no author.
    func reseat(
        _ name: String, territory: String, former: AuthorNumber, cause: ReseatCause, secret hash: [UInt8],
        at: LogAddress
    ) throws -> OwnOutcome {
        let select = try connection.statement("SELECT territory, expires, used_by FROM token WHERE hash = ?")
        select.bind(1, hash)
        defer { select.reset() }
        let isKnown = try select.next()
        if isKnown, select.text(0) != territory {
            return .refused(code: "token-role", reason: "the token is for \(select.text(0)), not for \(territory)")
        }
        if isKnown, let used = select.optionalInteger(2) {
            return try seatedBefore(AuthorNumber(UInt32(used)), cause: cause, at: at)
        }
        guard !retired.contains(territory) || has(.closedSeatedAnew) else {
            return .refused(code: "closed", reason: "\(territory) was closed: no node of it is seated")
        }
        let own = authors.filter { $0.value.territory == territory }
        if cause == .rebuilt {
            guard isKnown else {
                return .refused(code: "token-unknown", reason: "the centre gave out no such token")
            }
            guard UInt64(bitPattern: select.integer(1)) >= leaderMilliseconds else {
                return .refused(code: "token-expired", reason: "the token has expired: issue another one")
            }
            guard !own.isEmpty else {
                return .refused(
                    code: "nothing-to-rebuild", reason: "\(territory) was never seated: join without --rebuild")
            }
        } else {
            guard let log = own[former], log.successor == nil, own.keys.max() == former else {
                let newest = own.keys.max().map { "author \($0.number)" } ?? "nobody"
                return .refused(
                    code: "succeeded", reason: "\(territory) goes on under \(newest): this copy of its node is fenced")
            }
            if let closed = log.closed, !has(.closedSeatedAnew) { return .refused(code: "closed", reason: closed) }
        }
        let (number, seat) = try newAuthor(name, role: "territory", territory: territory)
        for (author, _) in own.sorted(by: { $0.key < $1.key }) where authors[author]?.successor == nil {
            try succeed(author, by: number)
        }
        let token = try connection.statement(
            "INSERT OR REPLACE INTO token(hash, role, territory, expires, used_by) VALUES(?, 'territory', ?, ?, ?)")
        token.bind(1, hash)
        token.bind(2, territory)
        token.bind(3, Int64(bitPattern: leaderMilliseconds))
        token.bind(4, Int64(number.number))
        try token.run()
        let reason = try connection.statement("INSERT INTO reseat(author, former, cause) VALUES(?, ?, ?)")
        reason.bind(1, Int64(number.number))
        reason.bind(2, Int64(former.number))
        reason.bind(3, Int64(cause.rawValue))
        try reason.run()
        return .seated(at: at, author: number, seat: seat)
    }

    /// The secret has made a seat before. That of a seed may ask again, a token is good once.
    private func seatedBefore(_ author: AuthorNumber, cause: ReseatCause, at: LogAddress) throws -> OwnOutcome {
        guard cause != .rebuilt, authors[author]?.successor == nil,
            let seat = try CentreSeats(connection: connection).seat(of: author)
        else { return .refused(code: "token-used", reason: "the token has been used: issue another one") }
        return .seated(at: at, author: author, seat: seat.seat)
    }

    private func succeed(_ author: AuthorNumber, by successor: AuthorNumber) throws {
        guard var known = authors[author], !has(.formerGoesOn) else { return }
        known.successor = successor
        seated(known)
        let update = try connection.statement("UPDATE author SET successor = ? WHERE number = ?")
        update.bind(1, Int64(successor.number))
        update.bind(2, Int64(author.number))
        try update.run()
    }

    // MARK: Moved entries

    /// Whether an entry with this origin was taken before; it is remembered now.
    func isTaken(_ origin: Origin, at: LogAddress) throws -> Bool {
        let insert = try connection.statement(
            "INSERT OR IGNORE INTO origin(author, idx, digest, at) VALUES(?, ?, ?, ?)")
        insert.bind(1, Int64(origin.at.author.number))
        insert.bind(2, Int64(origin.at.index))
        insert.bind(3, origin.digest)
        insert.bind(4, at.packed)
        try insert.run()
        return connection.changes == 0
    }

    /// What a moved entry gets that was moved and taken before: its number leads to the same record, and nothing of it
    /// counts again.
    func repeatOfMoved(_ entry: PreparedEntry, author: CentreAuthor) throws -> DocumentReceipt? {
        guard case .document(let document) = entry.body, let known = try known(document.entry.record) else {
            return nil
        }
        let number = try statements[.insertProvisional]
        number.bind(1, Int64(author.number.number))
        number.bind(2, document.entry.kind)
        number.bind(3, Int64(document.entry.number.year))
        number.bind(4, Int64(document.entry.number.serial))
        number.bind(5, known.opening.packed)
        try number.run()
        let serial = try CentreReading(store: store, connection: connection).record(known.opening.packed)?.number
        return serial.map { DocumentReceipt(confirmed: $0, findings: []) }
    }
}
