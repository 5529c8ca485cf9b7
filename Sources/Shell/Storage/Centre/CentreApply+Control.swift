import Consensus
import Law
import Records
import Roles
import Vault
import Wire

extension CentreApply {
    // MARK: Downlink

    /// An entry on a record goes to every territory that holds it and did not write it; a territory that now opens the
    /// record, too, is sent what others wrote on it before.
    func hand(
        _ document: CentreDocument, opens: Bool, author: CentreAuthor, to record: CentreReading.Record
    ) throws {
        var known = try CentreStore.transferred(record.anchor, connection)
        for one in record.documents where one.entry.act == .register || one.entry.act == .zero {
            if has(.holderSetOverwritten) { known = RecordHolders() }
            if let territory = authors[one.at.author]?.territory { known.add(territory, dot: one.at) }
        }
        let holders = Set(known.territories)
        for holder in holders.sorted() where holder != author.territory && hasDownlink(holder) {
            try send(entry: document.at, to: holder)
        }
        guard opens, !holders.contains(author.territory) else { return }
        for one in record.documents where authors[one.at.author]?.territory != author.territory {
            try send(entry: one.at, to: author.territory)
        }
    }

    /// Whether somebody listens there: the centre has no downlink to itself, and a closed body has none.
    func hasDownlink(_ territory: String) -> Bool {
        territory != authors[.centre]?.territory && !retired.contains(territory)
    }

    func send(_ bytes: [UInt8], to territory: String) throws {
        try insertDownlink(territory, at: nil, bytes: bytes)
    }

    /// Only where the entry stands: the keys of its blocks are added when it is sent, and never lie in this file.
    func send(entry at: LogAddress, to territory: String) throws {
        try insertDownlink(territory, at: at, bytes: nil)
    }

    private func insertDownlink(_ territory: String, at: LogAddress?, bytes: [UInt8]?) throws {
        let position = try downlinkEnd(territory) + 1
        downlinkEnds[territory] = position
        let insert = try statements[.insertDownlink]
        insert.bind(1, territory)
        insert.bind(2, Int64(position))
        insert.bind(3, at?.packed)
        if let bytes { insert.bind(4, bytes) } else { insert.bindNull(4) }
        try insert.run()
        let end = try statements[.updateDownlinkEnd]
        end.bind(1, territory)
        end.bind(2, Int64(position))
        try end.run()
    }

    private func downlinkEnd(_ territory: String) throws -> UInt64 {
        if let held = downlinkEnds[territory] { return held }
        let select = try connection.statement("SELECT last FROM downlink_end WHERE territory = ?")
        select.bind(1, territory)
        defer { select.reset() }
        return try select.next() ? UInt64(select.integer(0)) : 0
    }

    // MARK: Journal

    func journal(_ access: AccessEntry, at entry: PreparedEntry) throws {
        try journal(entry, officer: access.officer, action: access.action)
        for subject in Set(access.subjects).sorted() {
            let insert = try statements[.insertJournalSubject]
            insert.bind(1, Int64(bitPattern: subject))
            insert.bind(2, entry.at.packed)
            try insert.run()
        }
    }

    func journal(_ control: ControlEntry, at entry: PreparedEntry) throws {
        switch control {
        case .started: try journal(entry, officer: "", action: "node.started")
        case .tokenIssued(_, _, _, _, let officer): try journal(entry, officer: officer, action: "token.issued")
        case .seated(_, let name, _, _, _, _): try journal(entry, officer: name, action: "node.seated")
        case .reseated(_, let name, _, _, let cause, _, _):
            try journal(entry, officer: name, action: "node.reseated.\(cause)")
        case .member(let action, _, _, _, let officer):
            try journal(entry, officer: officer, action: "member." + action)
        case .decision(let decision):
            try journal(entry, officer: decision.act.officer, action: decision.matter.action)
        case .recovered(let recovery): try journal(entry, officer: recovery.officer, action: "centre.recovered")
        case .territory(let act): try journal(entry, officer: act.act.officer, action: act.verb.action)
        case .transferred(let transfer): try journal(entry, officer: transfer.act.officer, action: "record.transferred")
        case .bundleEpoch(let epoch): try journal(entry, officer: epoch.officer, action: "bundle.rekeyed")
        }
    }

    private func journal(_ entry: PreparedEntry, officer: String, action: String) throws {
        let insert = try statements[.insertJournal]
        insert.bind(1, entry.at.packed)
        insert.bind(2, Int64(bitPattern: entry.stamp.bits))
        insert.bind(3, officer)
        insert.bind(4, action)
        try insert.run()
    }

    // MARK: Control

    /// What any author may say: that it started. Tokens and seats are the centre's alone.
    func take(_ control: ControlEntry, at: LogAddress) throws {
        guard case .started(let salt, _) = control else { return }
        let insert = try statements[.insertSalt]
        insert.bind(1, at.packed)
        insert.bind(2, Int64(bitPattern: salt))
        try insert.run()
        authors[at.author]?.salt = salt
    }

    func takeOwn(_ control: ControlEntry, at: LogAddress, index: LogIndex) throws -> OwnOutcome {
        switch control {
        case .started:
            try take(control, at: at)
        case .tokenIssued(let hash, let role, let territory, let expires, _):
            let insert = try connection.statement(
                "INSERT OR IGNORE INTO token(hash, role, territory, expires, used_by) VALUES(?, ?, ?, ?, NULL)")
            insert.bind(1, hash)
            insert.bind(2, role)
            insert.bind(3, territory)
            insert.bind(4, Int64(bitPattern: expires))
            try insert.run()
        case .seated(let hash, let name, let role, let territory, _, _):
            return try seat(name, role: role, territory: territory, token: hash, at: at)
        case .reseated(let hash, let name, let territory, let former, let cause, _, _):
            return try reseat(name, territory: territory, former: former, cause: cause, secret: hash, at: at)
        case .member(let action, let number, let name, let address, _):
            if action == MemberAction.goesOn { try waiveGathering() }
            guard action == "listens" else { break }
            let insert = try connection.statement(
                "INSERT OR REPLACE INTO member(number, name, address) VALUES(?, ?, ?)")
            insert.bind(1, Int64(clamping: number))
            insert.bind(2, name)
            insert.bind(3, address)
            try insert.run()
        case .decision(let decision):
            return try decide(decision, at: at, index: index)
        case .recovered(let recovery):
            try takeRecovery(recovery, at: at)
        case .bundleEpoch(let epoch):
            return try begin(epoch, at: at, index: index)
        case .territory(let act):
            return try take(act, at: at, index: index)
        case .transferred(let transfer):
            return try self.transfer(transfer, at: at, index: index)
        }
        return .recorded(at: at, index: index)
    }

    /// A new author of a territory, alike on every voter.
    func newAuthor(_ name: String, role: String, territory: String) throws -> (author: AuthorNumber, seat: UInt32) {
        let number = AuthorNumber((authors.keys.max() ?? .centre).number + 1)
        let seat = try seats(of: territory) + 1
        let genesis = LogChain.genesis(cluster: store.cluster, author: number.number)
        let insert = try connection.statement(
            "INSERT INTO author(number, role, territory, name, seat, last, digest) VALUES(?, ?, ?, ?, ?, 0, ?)")
        insert.bind(1, Int64(number.number))
        insert.bind(2, role)
        insert.bind(3, territory)
        insert.bind(4, name)
        insert.bind(5, Int64(seat))
        insert.bind(6, genesis.digest.bytes)
        try insert.run()
        seated(CentreAuthor(number: number, territory: territory, last: 0, digest: genesis.digest, salt: nil))
        return (number, seat)
    }

    /// Spends a token. The author's number and the seat are counted here, alike on every voter.
    private func seat(
        _ name: String, role: String, territory: String, token hash: [UInt8], at: LogAddress
    ) throws -> OwnOutcome {
        let select = try connection.statement("SELECT role, territory, expires, used_by FROM token WHERE hash = ?")
        select.bind(1, hash)
        defer { select.reset() }
        guard try select.next() else {
            return .refused(code: "token-unknown", reason: "the centre gave out no such token")
        }
        guard select.isNull(3) else {
            return .refused(code: "token-used", reason: "the token has been used: issue another one")
        }
        guard UInt64(bitPattern: select.integer(2)) >= leaderMilliseconds else {
            return .refused(code: "token-expired", reason: "the token has expired: issue another one")
        }
        guard select.text(0) == role, select.text(1) == territory else {
            return .refused(
                code: "token-role",
                reason: "the token is for \(select.text(0)) \(select.text(1)), not for \(role) \(territory)")
        }
        guard !retired.contains(territory) else {
            return .refused(code: "territory-closed", reason: "\(territory) was closed: no node of it can join")
        }
        let (number, seat) = try newAuthor(name, role: role, territory: territory)
        let use = try connection.statement("UPDATE token SET used_by = ? WHERE hash = ?")
        use.bind(1, Int64(number.number))
        use.bind(2, hash)
        try use.run()
        if seat == 1, hasDownlink(territory) { try sendDecisions(to: territory) }
        return .seated(at: at, author: number, seat: seat)
    }

    private func seats(of territory: String) throws -> UInt32 {
        let select = try connection.statement("SELECT COUNT(*) FROM author WHERE territory = ?")
        select.bind(1, territory)
        defer { select.reset() }
        return try select.next() ? UInt32(select.integer(0)) : 0
    }
}
