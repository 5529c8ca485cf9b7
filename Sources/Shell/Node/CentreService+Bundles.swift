import Consensus
import Logging
import Records
import Roles
import Storage
import Transport
import Uplink
import Vault
import Wire

/// Logs that come as files: proven, staged, and taken by the same proposals as a line's batches.
extension CentreService {
    func importBundle(_ bytes: [UInt8], isCheck: Bool, caller: Caller) async throws(NodeError) -> BundleImport {
        let frame = try BundleSealing.frame(bytes)
        let (body, seat) = try await open(frame)
        try compare(frame, body, seat)
        var view = BundleImport(
            author: frame.author, territory: seat.territory, first: frame.first, last: frame.last, outcome: .sound,
            frontier: seat.frontier)
        if isCheck { return view }
        var caller = caller
        caller.purpose = "entries \(frame.first) to \(frame.last) of \(seat.territory), author \(frame.author)"
        try await journal("bundle.import", [], at: frame.last, terms: "", caller)
        try await desk.enter()
        do throws(NodeError) {
            try await desk.keep(frame)
            if frame.last > seat.frontier {
                try await desk.stage(bytes, author: frame.author, first: frame.first, last: frame.last)
            }
            // What the node has of its downlink is told even where it brings no entry.
            let word = Batch(author: frame.author, first: frame.first, entries: [], digest: body.previous)
            _ = await carry(word, previous: body.previous, downlinkTaken: frame.reply.downlink)
            try await advance(frame.author)
            view.frontier = try seated(frame.author).frontier
            view.missing = try await desk.staging(of: frame.author).missing(after: view.frontier)
            await desk.leave()
        } catch {
            await desk.leave()
            throw error
        }
        view.outcome = view.frontier >= frame.last ? .taken : .waits
        return view
    }

    /// Takes of what lies staged all that continues the frontier. Whoever calls has entered the desk.
    private func advance(_ author: UInt32) async throws(NodeError) {
        while true {
            let seat = try seated(author)
            switch try await desk.staging(of: author).next(frontier: seat.frontier) {
            case nil, .wait?: return
            case .drop(let piece)?: try await desk.drop(piece, of: author)
            case .take(let piece)?:
                do throws(NodeError) {
                    guard try await take(piece, seat) else { return }
                } catch {
                    // It will never be taken: what lacks is named anew.
                    try await desk.drop(piece, of: author)
                    throw error
                }
            }
        }
    }

    /// - Returns: whether to go on: false where this node does not lead just now.
    private func take(_ piece: BundleStaging.Piece, _ seat: CentreSeat) async throws(NodeError) -> Bool {
        let frame = try BundleSealing.frame(try await desk.read(piece))
        let body = try await open(frame).0
        // The frontier may have passed its beginning: what was taken is left out, and must be the same.
        let frontier = Frontier(author: frame.author, index: seat.frontier, digest: seat.digest)
        let (batch, previous): (Batch, Digest)
        switch body.piece(of: frame).rest(after: frontier) {
        case .passed: return true
        case .diverges: throw Self.diverged(frame, at: seat.frontier)
        case .continues(let rest, let before): (batch, previous) = (rest, before)
        }
        switch await carry(batch, previous: previous, downlinkTaken: frame.reply.downlink) {
        case .taken, .repeated: return true
        case .notNow: return false
        case .rejected(let reason):
            throw NodeError(
                .refused, "Entries \(batch.first) to \(frame.last) cannot be taken: \(reason).",
                remedy: "Compare the versions of this program at both ends.", field: "bundle")
        }
    }

    private func carry(_ batch: Batch, previous: Digest, downlinkTaken: UInt64) async -> CarriedOutcome {
        let (ticket, reply) = node.carried.open()
        node.give(.carried(Ticket(ticket), batch, previous: previous, downlinkTaken: downlinkTaken))
        return await reply.value()
    }

    private func seated(_ author: UInt32) throws(NodeError) -> CentreSeat {
        let seat = try NodeError.translating { () throws(StorageError) in try store.seat(of: AuthorNumber(author)) }
        guard let seat else { throw .foreignBundle("the centre never seated author \(author)") }
        return seat
    }

    // MARK: Looking at a frame

    /// Everything about a frame that can be said without the log: who wrote it, for whom, and that nothing was changed.
    private func open(_ frame: BundleFrame) async throws(NodeError) -> (BundleEntries, CentreSeat) {
        guard frame.what == .entries else {
            throw NodeError(
                .wrongRole, "This bundle is a receipt of the centre.", remedy: "Carry it to the territory's node.",
                field: "bundle")
        }
        guard frame.cluster == files.configuration.clusterBytes else {
            throw .foreignBundle("it is of another cluster")
        }
        let seat = try seated(frame.author)
        guard seat.closed.isEmpty else { throw NodeError(.refused, "\(seat.closed).", field: "bundle") }
        let certificate: CarriedCertificate
        do throws(TransportError) {
            certificate = try CarriedCertificate(
                der: frame.certificate, cluster: frame.cluster, authorities: self.certificate.authorities)
        } catch {
            throw .changedBundle("\(error)")
        }
        guard certificate.name.role == .territory, certificate.name.place == seat.territory,
            certificate.name.name == seat.name
        else {
            throw .foreignBundle(
                "author \(frame.author) is \(seat.name) of \(seat.territory), but \(certificate.name) has signed it")
        }
        guard certificate.key.verifies(frame.signature, over: frame.signed) else {
            throw .changedBundle("\(certificate.name) has not signed these bytes")
        }
        let body = try BundleSealing.body(of: frame, with: try await secret(for: frame, seat))
        guard let entries = try? BundleEntries(decoding: body) else {
            throw .changedBundle("its body is not a log's")
        }
        let piece = entries.piece(of: frame)
        guard piece.last == frame.last, piece.isWhole else {
            throw .changedBundle("entries \(frame.first) to \(frame.last) do not match their digest")
        }
        // A node without a line cannot renew: what it wrote while its certificate was good stays good.
        guard
            certificate.isValid(atSeconds: frame.wallMilliseconds / 1000)
                || certificate.isValid(atSeconds: now() / 1000)
        else {
            throw NodeError(
                .forbidden, "The certificate of \(certificate.name) had ended when it wrote this bundle.",
                remedy: "Join the node again, or renew its certificate.", field: "bundle")
        }
        guard !entries.isFenced else {
            throw NodeError(
                .refused, "The centre has refused the log of \(certificate.name): it is fenced.",
                remedy: "See why with `esep node status` there; what it holds alone is adopted, not continued.",
                field: "bundle")
        }
        return (entries, seat)
    }

    /// What opens this frame, which its node has signed; or a sentence that says why nothing does. What a receipt is
    /// sealed to is kept all the same: it brings the node the newer key.
    private func secret(for frame: BundleFrame, _ seat: CentreSeat) async throws(NodeError) -> Secret {
        let epochs = try NodeError.translating { () throws(StorageError) in try store.bundleEpochs() }
        guard let found = epochs.first(where: { $0.number == frame.keyNumber }) else {
            throw .foreignBundle("it is sealed to epoch \(frame.keyNumber), which this centre never had")
        }
        let openFrom = epochs.last?.openFrom ?? 0
        let held = try NodeError.translating { () throws(StorageError) in try keys.bundleSecret(found) }
        guard frame.keyNumber >= openFrom, let held else {
            try await desk.keep(frame)
            throw NodeError(
                .refused,
                "The bundle is sealed to epoch \(frame.keyNumber), which was closed: bundles from epoch \(openFrom) "
                    + "on are opened.",
                remedy: "Carry the territory the newer key, `esep bundle receipt --territory \(seat.territory) --to "
                    + "FILE`, and export again.", field: "bundle")
        }
        return held
    }

    /// Where the frame and the archive speak of the same entries, they must be the same.
    private func compare(_ frame: BundleFrame, _ body: BundleEntries, _ seat: CentreSeat) throws(NodeError) {
        let differs = try NodeError.translating { () throws(StorageError) in
            try body.piece(of: frame).disagreement(upTo: seat.frontier) { index throws(StorageError) in
                try store.digest(of: seat.author, at: index)
            }
        }
        if let differs { throw Self.diverged(frame, at: differs) }
    }

    private static func diverged(_ frame: BundleFrame, at index: UInt64) -> NodeError {
        NodeError(
            .refused,
            "The centre holds author \(frame.author)'s log with other contents up to entry \(index): another copy of "
                + "the node's directory has spoken, or it was restored and then written to.",
            remedy: "Let the node hear the centre on a line: what only it holds is set aside and sent anew.",
            field: "bundle")
    }

    // MARK: Receipts

    func bundleReceipt(
        territory: String, author: UInt32?, _ request: BundlePartRequest, caller: Caller
    ) async throws(NodeError) -> BundlePart {
        let asked = author
        let author: UInt32
        if let asked { author = asked } else { author = try newest(of: territory) }
        let seat = try seated(author)
        guard let reply = try await desk.reply(to: author) else {
            throw NodeError(
                .notFound, "No bundle of author \(author) of \(seat.territory) came to this node.",
                remedy: "Import one: it says what the receipt is sealed to.", field: "territory")
        }
        if request.after == nil {
            var caller = caller
            caller.purpose = "for \(seat.territory), author \(author), up to entry \(seat.frontier)"
            try await journal("bundle.receipt", [], at: seat.frontier, terms: "", caller)
        }
        let after = request.after ?? min(reply.word.downlink, seat.downlinkLast)
        let until = request.until ?? seat.downlinkLast
        var items: [[UInt8]] = []
        if after < until {
            items = try NodeError.translating { () throws(StorageError) in
                try store.downlink(of: seat.territory, from: after + 1, maximumBytes: UplinkLimits.downlinkBytes)
            }
            items = Array(items.prefix(Int(clamping: until - after)))
        }
        let receipt = BundleReceipt(frontier: seat.frontier, digest: seat.digest, items: items)
        let last = after + UInt64(items.count)
        let head = BundleSealing.Head(
            what: .receipt, cluster: files.configuration.clusterBytes, author: author, first: after + 1, last: last,
            keyNumber: reply.word.number, wallMilliseconds: now())
        let frame = try BundleSealing.sealed(head, receipt.encoded(), to: reply.word.key) {
            bytes throws(TransportError) in
            try authority.signature(over: bytes)
        }
        return BundlePart(
            author: author, first: after + 1, last: last, until: items.isEmpty ? last : until, frame: frame.bytes)
    }

    private func newest(of territory: String) throws(NodeError) -> UInt32 {
        let seats = try NodeError.translating { () throws(StorageError) in try store.seats() }
        guard let seat = seats.last(where: { $0.territory == territory }) else {
            throw NodeError(
                .notFound, "No node of \(territory) was ever seated.", remedy: "See `esep territory list`.",
                field: "territory")
        }
        return seat.author.number
    }

    // MARK: Epochs

    /// The epoch in force; the first is begun when one is asked for.
    func bundleEpoch() async throws(NodeError) -> BundleEpoch {
        let held = try NodeError.translating { () throws(StorageError) in try store.bundleEpochs() }
        if let newest = held.last { return newest }
        return try await beginEpoch(after: nil, closing: false, officer: files.configuration.name)
    }

    private func beginEpoch(
        after last: BundleEpoch?, closing: Bool, officer: String
    ) async throws(NodeError) -> BundleEpoch {
        let secret = SystemRandom.secret()
        let number = (last?.number ?? 0) + 1
        let epoch = BundleEpoch(
            number: number, key: Envelope.publicKey(of: secret), openFrom: closing ? number : last?.openFrom ?? 1,
            officer: officer)
        let isKept: Bool
        do throws(StorageError) {
            isKept = try await keys.spread(
                secret, named: CentreKeys.bundleName(epoch), to: node.said.membership ?? .empty, own: replica,
                by: peers)
        } catch {
            throw NodeError(error)
        }
        guard isKept else {
            throw NodeError(
                .noLeader, "Too few nodes of the centre are heard to keep the new key.", remedy: "Try again.")
        }
        switch try await act([.control(.bundleEpoch(epoch))])[0] {
        case .recorded: break
        case .refused(_, let reason): throw NodeError(.conflict, "\(reason).", remedy: "Ask again.")
        case .indefinite(let reason): throw NodeError(.noLeader, reason, isDefinite: false)
        case .document, .seated: throw NodeError(.inner, "An epoch was answered as an act of another kind.")
        }
        return epoch
    }

    func rekeyBundles(closing: Bool, caller: Caller) async throws(NodeError) -> BundlesView {
        let held = try NodeError.translating { () throws(StorageError) in try store.bundleEpochs() }
        _ = try await beginEpoch(after: held.last, closing: closing, officer: caller.officer)
        try NodeError.translating { () throws(StorageError) in try keys.dropClosed(store.bundleEpochs()) }
        return try await bundles()
    }

    func bundles() async throws(NodeError) -> BundlesView {
        let epochs = try NodeError.translating { () throws(StorageError) in try store.bundleEpochs() }
        var view = BundlesView(epoch: epochs.last?.number ?? 0, openFrom: epochs.last?.openFrom ?? 0, staged: [])
        for author in try await desk.authors() {
            let staging = try await desk.staging(of: author)
            guard let last = staging.pieces.map(\.last).max() else { continue }
            let seat = try seated(author)
            view.staged.append(
                .init(
                    author: author, territory: seat.territory, frontier: seat.frontier, pieces: staging.pieces.count,
                    bytes: UInt64(staging.bytes), last: last, missing: staging.missing(after: seat.frontier)))
        }
        return view
    }

    /// Now and then: hands over what closed bodies hold, takes what waits staged when a line has brought what lacked,
    /// and drops keys that were closed.
    func tendBundles() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: .seconds(1))
                try keys.dropClosed(store.bundleEpochs())
                try await handOverClosed()
                for author in try await desk.authors() where node.said.standing?.role == .leader {
                    try await desk.enter()
                    do throws(NodeError) { try await advance(author) } catch {
                        logger.error("a staged bundle of author \(author) is dropped: \(error)")
                    }
                    await desk.leave()
                }
            } catch is CancellationError {
                return
            } catch {
                logger.error("staged bundles cannot be looked after: \(error)")
            }
        }
    }
}

extension BundleEntries {
    /// The piece of a log that these are, by the head of their frame.
    fileprivate func piece(of frame: BundleFrame) -> CarriedPiece {
        CarriedPiece(author: frame.author, first: frame.first, previous: previous, digest: digest, entries: entries)
    }
}
