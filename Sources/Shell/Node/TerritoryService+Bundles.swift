import Records
import Roles
import Storage
import Transport
import Uplink
import Vault
import Wire

/// The log as a file, and the receipt that comes back.
extension TerritoryService {
    private var keys: BundleKeys { BundleKeys(keyring: files.keyring) }

    func exportBundle(_ request: BundlePartRequest, caller: Caller) async throws(NodeError) -> BundlePart {
        guard let epoch = try NodeError.translating({ () throws(StorageError) in try keys.epoch() }) else {
            throw NodeError(
                .refused, "This node knows no key of the centre to seal a bundle to.",
                remedy: "Draw one at the centre with `esep bundle rekey`; it comes with the next line.")
        }
        let before = await node.standing.state
        if request.after == nil, before.fence == nil {
            try await journal("bundle.export", "after entry \(before.frontier)", at: before.last, caller)
        }
        let state = await node.standing.state
        let after = request.after ?? state.frontier
        let until = request.until ?? state.last
        guard after <= until, until <= state.last else {
            throw NodeError(
                .invalid, "The log ends at entry \(state.last); entries \(after + 1) to \(until) are asked for.",
                remedy: "Begin the export anew.", field: "after")
        }
        let most = min(max(request.bytes ?? UplinkLimits.batchBytes, 1), UplinkLimits.batchBytes)
        let (start, entries) = try NodeError.translating { () throws(StorageError) in
            guard let start = try node.store.digest(at: after) else {
                throw StorageError.damaged(file: files.directory.store, what: "entry \(after) is missing")
            }
            guard after < until else { return (start, [[UInt8]]()) }
            let entries = try node.store.readLog(
                from: after + 1, maximumBytes: most,
                maximumEntries: Int(min(until - after, UInt64(UplinkLimits.batchEntries))))
            return (start, entries)
        }
        let reply = try NodeError.translating { () throws(StorageError) in try keys.replyForExport() }
        let body = BundleEntries(
            previous: start.digest, digest: entries.reduce(start.digest) { LogChain.digest(after: $0, $1) },
            isFenced: state.fence != nil, entries: entries)
        let last = after + UInt64(entries.count)
        let head = BundleSealing.Head(
            what: .entries, cluster: node.seat.cluster, author: node.seat.author.number, first: after + 1, last: last,
            keyNumber: epoch.number, wallMilliseconds: now(),
            reply: BundleFrame.Reply(
                downlink: state.downlink, number: reply.number, key: Envelope.publicKey(of: reply.secret)),
            certificate: certificate.certificates[0])
        let frame = try BundleSealing.sealed(head, body.encoded(), to: epoch.key) { bytes throws(TransportError) in
            try certificate.signature(over: bytes)
        }
        return BundlePart(
            author: node.seat.author.number, first: after + 1, last: last, until: until, frame: frame.bytes)
    }

    // MARK: Receipts

    func importBundle(
        _ bytes: [UInt8], isCheck: Bool, caller: Caller
    ) async throws(NodeError) -> BundleImport {
        let frame = try BundleSealing.frame(bytes)
        let receipt = try await read(frame)
        let state = await node.standing.state
        var taken = BundleImport(
            author: frame.author, territory: node.seat.territory, first: frame.first, last: frame.last,
            outcome: .sound, frontier: state.frontier, downlink: state.downlink)
        if isCheck { return taken }
        guard frame.first <= state.downlink + 1 else {
            throw NodeError(
                .refused,
                "The receipt brings the downlink from position \(frame.first) on; this node has it up to "
                    + "\(state.downlink).",
                remedy: "Import the receipts before it, or export again and carry the receipt of that.",
                field: "bundle")
        }
        if state.fence == nil {
            try await journal("bundle.import", "receipt up to entry \(receipt.frontier)", at: receipt.frontier, caller)
        }
        let (ticket, reply) = node.receipts.open()
        let frontier = Frontier(author: frame.author, index: receipt.frontier, digest: receipt.digest)
        node.give(.carried(Ticket(ticket), frontier, Downlink(first: frame.first, items: receipt.items)))
        guard let answer = await reply.value() else { throw .stopping }
        if let refusal = answer { throw .changedBundle(refusal) }
        try NodeError.translating { () throws(StorageError) in try keys.used(frame.keyNumber) }
        let after = await node.standing.state
        (taken.outcome, taken.frontier, taken.downlink) = (.taken, after.frontier, after.downlink)
        return taken
    }

    /// The receipt in a frame, once everything about it has been looked at.
    private func read(_ frame: BundleFrame) async throws(NodeError) -> BundleReceipt {
        guard frame.what == .receipt else {
            throw NodeError(
                .wrongRole, "This bundle holds a territory's log; a territory takes receipts.",
                remedy: "Import it at the centre.", field: "bundle")
        }
        guard frame.cluster == node.seat.cluster else { throw .foreignBundle("it is of another cluster") }
        guard frame.author == node.seat.author.number else {
            throw .foreignBundle(
                "it is the receipt of author \(frame.author), this is author \(node.seat.author.number)")
        }
        let authorities = try NodeCertificates.authorityKeys(of: certificate)
        guard authorities.contains(where: { $0.verifies(frame.signature, over: frame.signed) }) else {
            throw .changedBundle("the centre's authority has not signed these bytes")
        }
        guard
            let reply = try NodeError.translating({ () throws(StorageError) in try keys.reply(frame.keyNumber) })
        else {
            throw NodeError(
                .refused, "The receipt is sealed to key \(frame.keyNumber) of this node, which it has dropped.",
                remedy: "Export again, import that at the centre, and carry its receipt here.", field: "bundle")
        }
        let body = try BundleSealing.body(of: frame, with: reply.secret)
        guard let receipt = try? BundleReceipt(decoding: body),
            frame.last == frame.first - 1 + UInt64(receipt.items.count)
        else { throw .changedBundle("its body is not a receipt's") }
        try await compare(receipt)
        return receipt
    }

    /// The centre's log and this one must agree where the receipt's frontier stands.
    private func compare(_ receipt: BundleReceipt) async throws(NodeError) {
        let last = await node.standing.state.last
        let own = try NodeError.translating { () throws(StorageError) in
            try node.store.digest(at: min(receipt.frontier, last))
        }
        let frontier = Frontier(author: node.seat.author.number, index: receipt.frontier, digest: receipt.digest)
        switch CarriedFrontier(frontier, last: last, own: own?.digest) {
        case .agrees: return
        case .isAhead:
            throw NodeError(
                .refused,
                "The centre holds this log up to entry \(receipt.frontier), this node only up to \(last): it was "
                    + "restored from an older copy.",
                remedy: "Let it hear the centre on a line, or join it anew.", field: "bundle")
        case .differs:
            throw NodeError(
                .refused, "This node and the centre hold different logs up to entry \(receipt.frontier).",
                remedy: "Let it hear the centre on a line: what only this node holds is then set aside and sent anew.",
                field: "bundle")
        }
    }

    func bundles() async throws(NodeError) -> BundlesView {
        let epoch = try NodeError.translating { () throws(StorageError) in try keys.epoch()?.number ?? 0 }
        return BundlesView(epoch: epoch, openFrom: 0, staged: [])
    }
}
