import Records
import Roles
import Simulation
import Storage
import Uplink
import Vault

/// Logs and receipts that are carried as files, in any order, twice, changed on their way or never (design §7). Sealing
/// and signing are the transport's; everything else is as `TerritoryService` and `CentreService` do it.
extension SystemWorld {
    /// One frame of an export.
    struct Frame {
        let from: TerritoryHost
        let piece: CarriedPiece
        let isFenced: Bool
        /// What of its downlink the node had then, and a number that grows with its exports.
        let downlink: DownlinkPosition
        let export: UInt64
        /// A byte of it was changed on its way.
        var isChanged = false
    }

    struct CarriedReceipt {
        let to: TerritoryHost
        let frontier: Frontier
        let downlink: Downlink
    }

    /// What lies staged at a node of the centre: files, which outlive its process.
    struct Desk {
        var staging = BundleStaging()
        var frames: [String: Frame] = [:]
        /// Of the newest export that came.
        var reply: Frame?
    }

    // MARK: - At the territory

    func export(_ host: TerritoryHost) throws {
        guard let state = host.role?.state, let store = host.store else { return }
        nextExport += 1
        var after = state.frontier
        repeat {
            let most = chance.pick([1, 3, 40])
            guard let start = try store.digest(at: after) else { return }
            let entries =
                after < state.last
                ? try store.readLog(
                    from: after + 1, maximumBytes: mix.batchBytes, maximumEntries: min(most, Int(state.last - after)))
                : []
            var piece = CarriedPiece(
                author: host.seat.author.number, first: after + 1, previous: start.digest,
                digest: entries.reduce(start.digest) { LogChain.digest(after: $0, $1) }, entries: entries)
            after = piece.last
            let isChanged = !entries.isEmpty && chance.next(below: 12) == 0
            if isChanged { piece.entries[chance.next(below: entries.count)][0] ^= 1 }
            let frame = Frame(
                from: host, piece: piece, isFenced: state.fence != nil, downlink: state.downlink, export: nextExport,
                isChanged: isChanged)
            carry(.frame(frame))
        } while after < state.last
        say("\(host.label) exports entries \(state.frontier + 1) to \(state.last)")
    }

    /// By hand: now and then twice, or never.
    private func carry(_ item: Item) {
        for _ in 0..<chance.pick([0, 1, 1, 1, 1, 2]) {
            agenda.add(item, after: chance.next(in: 100_000...6_000_000))
        }
    }

    func arrives(_ receipt: CarriedReceipt) throws {
        let host = receipt.to
        guard let state = host.role?.state, let store = host.store, host.seat.author.number == receipt.frontier.author
        else { return }
        let own = try store.digest(at: min(receipt.frontier.index, state.last))?.digest
        switch CarriedFrontier(receipt.frontier, last: state.last, own: own) {
        case .isAhead, .differs:
            // Or it has another seat already, and has not begun as that yet.
            guard host.isSuspect || host.identity.seat != host.seat else {
                throw Violation("bundles", "\(host.label) is told \(receipt.frontier), which is not of its log")
            }
        case .agrees:
            guard receipt.downlink.first <= state.downlink + 1 else { return }
            nextTicket += 1
            give(.carried(Ticket(nextTicket), receipt.frontier, receipt.downlink), to: host)
        }
    }

    // MARK: - At the centre

    func arrives(_ frame: Frame) throws {
        guard let host = leader, let store = host.store else { return }
        let piece = frame.piece
        guard piece.isWhole != frame.isChanged else {
            throw Violation(
                "bundles", "a frame of \(frame.from.label) is \(frame.isChanged ? "not " : "")seen as changed")
        }
        guard !frame.isChanged, !frame.isFenced, let seat = try store.seat(of: AuthorNumber(piece.author)),
            seat.closed.isEmpty
        else { return }
        let differs = try piece.disagreement(upTo: seat.frontier) { index in
            try store.digest(of: seat.author, at: index)
        }
        guard differs == nil else {
            // It may have another seat already, and not have begun as that yet.
            let from = frame.from
            guard from.isSuspect || from.isRetired || from.identity.seat != from.seat || from.seat.author != seat.author
            else {
                throw Violation("bundles", "the log of \(frame.from.label) is taken for another")
            }
            return
        }
        var desk = host.desks[piece.author] ?? Desk()
        if desk.reply.map({ $0.export < frame.export }) ?? true { desk.reply = frame }
        if piece.last > seat.frontier {
            nextTicket += 1
            let name = "\(piece.author)-\(piece.first)-\(piece.last)-\(nextTicket)"
            let staged = BundleStaging.Piece(
                first: piece.first, last: piece.last, name: name, bytes: piece.entries.reduce(0) { $0 + $1.count })
            if case .staged = desk.staging.admission(of: staged) {
                desk.staging.add(staged)
                desk.frames[name] = frame
            }
        }
        host.desks[piece.author] = desk
        let word = Batch(author: piece.author, first: piece.first, entries: [], digest: piece.previous)
        carry(word, previous: piece.previous, downlinkTaken: frame.downlink, to: host)
        try advance(piece.author, at: host)
        agenda.add(.receipt(host, piece.author), after: chance.next(in: 100_000...4_000_000))
    }

    private func carry(
        _ batch: Batch, previous: Digest, downlinkTaken: DownlinkPosition, to host: CentreHost
    ) {
        nextTicket += 1
        carried[nextTicket] = batch.author
        give(.carried(Ticket(nextTicket), batch, previous: previous, downlinkTaken: downlinkTaken), to: host)
    }

    /// Takes of what lies staged the next that continues the frontier.
    private func advance(_ author: UInt32, at host: CentreHost) throws {
        guard let store = host.store, let seat = try store.seat(of: AuthorNumber(author)) else { return }
        while let desk = host.desks[author], let step = desk.staging.next(frontier: seat.frontier) {
            switch step {
            case .wait: return
            case .drop(let piece): host.drop(piece, of: author)
            case .take(let piece):
                guard let frame = desk.frames[piece.name] else { return }
                let frontier = Frontier(author: author, index: seat.frontier, digest: seat.digest)
                switch frame.piece.rest(after: frontier) {
                case .passed, .diverges: host.drop(piece, of: author)
                case .continues(let batch, let previous):
                    return carry(batch, previous: previous, downlinkTaken: frame.downlink, to: host)
                }
            }
        }
    }

    func answered(_ ticket: Ticket, _ outcome: CarriedOutcome, by host: CentreHost) throws {
        guard let author = carried.removeValue(forKey: ticket.number) else { return }
        switch outcome {
        case .taken, .repeated: if host.desks[author]?.staging.pieces.isEmpty == false { try advance(author, at: host) }
        case .notNow: return
        case .rejected(let reason):
            guard let seat = try host.store?.seat(of: AuthorNumber(author)),
                seat.successor != nil || !seat.closed.isEmpty
            else {
                throw Violation("bundles", "a piece of author \(author) is rejected: \(reason)")
            }
            host.desks[author] = nil
        }
    }

    /// Now and then: takes what waits when a line, or another piece, has brought what lacked.
    func tendBundles() throws {
        guard let host = leader else { return }
        for author in host.desks.keys.sorted() { try advance(author, at: host) }
    }

    /// What is carried back: where the centre stands, and the downlink from where the node stood.
    func writeReceipt(_ author: UInt32, at host: CentreHost) throws {
        guard let store = host.store, let reply = host.desks[author]?.reply,
            let seat = try store.seat(of: AuthorNumber(author))
        else { return }
        let after = min(reply.downlink, seat.downlinkLast)
        var items: [[UInt8]] = []
        if after < seat.downlinkLast {
            items = try store.downlink(of: seat.territory, from: after + 1, maximumBytes: mix.batchBytes)
            try downlinks.read(seat.territory, first: after + 1, items)
        }
        let frontier = Frontier(author: author, index: seat.frontier, digest: seat.digest)
        carry(
            .receiptArrives(
                CarriedReceipt(to: reply.from, frontier: frontier, downlink: Downlink(first: after + 1, items: items))))
    }
}
