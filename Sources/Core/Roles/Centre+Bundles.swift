import Records
import Uplink
import Vault

extension Centre {
    /// A piece of a log that came in a bundle goes the way of a line's batch from here on: it waits in the same queue,
    /// and the frontier is compared when it is applied. No pass is drawn and no session ended for it.
    mutating func takeCarried(
        _ ticket: Ticket, _ batch: Batch, previous: Digest, downlinkTaken: DownlinkPosition,
        _ turn: inout CentreTurn
    ) {
        guard isLeader else {
            turn.promises.append(.carried(ticket, .notNow))
            return
        }
        guard var seat = seats[AuthorNumber(batch.author)] else {
            turn.promises.append(.carried(ticket, .rejected("the centre never seated author \(batch.author)")))
            return
        }
        if downlinkTaken > seat.downlinkTaken, downlinkTaken <= seat.downlinkLast {
            seat.downlinkTaken = downlinkTaken
            save(seat, &turn)
        }
        guard !batch.entries.isEmpty else {
            let frontier = Frontier(author: batch.author, index: seat.frontier, digest: seat.digest)
            turn.promises.append(.carried(ticket, .repeated(frontier)))
            return
        }
        guard !isGathering, seat.gathering.map({ $0.told != nil }) ?? true else {
            turn.promises.append(.carried(ticket, .notNow))
            return
        }
        let bytes = batch.entries.reduce(0) { $0 + $1.count }
        queue.append(QueuedBatch(origin: .carried(ticket), batch: batch, previous: previous, bytes: bytes))
    }
}
