import Consensus
import Records
import Uplink
import Vault
import Wire

/// A batch that its session has checked, or a piece of a log that came in a bundle.
struct QueuedBatch: Sendable {
    var origin: Proposed.Origin
    var batch: Batch
    var previous: Digest
    var bytes: Int

    /// Whose batches stand in order among each other: a line's, or one bundle's.
    enum Source: Hashable, Sendable {
        case line(Session)
        case other(Ticket)
    }

    var source: Source? {
        switch origin {
        case .batch(let session): .line(session)
        case .carried(let ticket): .other(ticket)
        case .own, .opening, .time, .told: nil
        }
    }

    /// Nil for what came over no line; its line may be gone.
    var session: Session? {
        if case .line(let session) = source { session } else { nil }
    }

    var last: BatchEnd {
        BatchEnd(author: AuthorNumber(batch.author), index: batch.first &+ UInt64(batch.entries.count) &- 1)
    }
}

/// Where a batch ends that is under way.
struct BatchEnd: Sendable {
    var author: AuthorNumber
    var index: EntryIndex
}

/// A hello that waits until what came of its log before it is applied.
struct HeldHello: Sendable {
    var session: Session
    var hello: Hello
    var through: EntryIndex
}

/// Batches on their way into the log.
///
/// 1. While there is room for all that wait they are proposed in the order they came.
/// 2. Where there is not, the one goes first whose line has had least (start-time fair queueing): a territory that came
///    a moment earlier, and whose batches have grown meanwhile, does not keep twenty others waiting for its backlog.
/// 3. While somebody asks the centre something, batches go in pieces, and few at a time: his act is applied after all
///    that was proposed before it.
extension Centre {
    mutating func enqueue(_ batch: Batch, previous: Digest, of session: Session) {
        let bytes = batch.entries.reduce(0) { $0 + $1.count }
        // Who had nothing to send for a while has saved up nothing.
        if let share = links[session]?.share { links[session]?.share = max(share, shareServed) }
        queue.append(QueuedBatch(origin: .batch(session), batch: batch, previous: previous, bytes: bytes))
    }

    /// Proposes what waits while there is room.
    mutating func proposeQueued(_ events: inout [Replica.Event], _ moment: Moment) {
        guard isLeader, !queue.isEmpty, !hasPassedOver else { return }
        let isAsked = isAsked(moment)
        let room = isAsked ? CentreTurnLimits.proposedBytesWhileAsked : CentreTurnLimits.proposedBytes
        var held: Set<QueuedBatch.Source> = []
        while let place = nextPlace(room: room, except: held) {
            let queued = queue[place]
            var count = proposable(queued.batch)
            guard count > 0 else {
                if let source = queued.source { held.insert(source) }
                continue
            }
            if isAsked, queued.session != nil {
                count = min(count, queued.entries(within: CentreTurnLimits.pieceBytes))
            }
            let isWhole = count == queued.batch.entries.count
            let (first, rest) = isWhole ? (queued, nil) : queued.parted(after: count)
            guard proposedBytes == 0 || proposedBytes + first.bytes <= room else { return }
            if let rest { queue[place] = rest } else { queue.remove(at: place) }
            propose(first, &events, moment)
        }
    }

    /// Whether somebody has asked something a moment ago, and more is expected.
    private func isAsked(_ moment: Moment) -> Bool {
        askedAt.map { moment.steadyMilliseconds < $0 + CentreTurnLimits.askedMilliseconds } ?? false
    }

    /// Says what the turn applies at the most.
    mutating func sizeApplying(_ turn: inout CentreTurn, _ inputs: [CentreInput], _ moment: Moment) {
        unapplied += turn.apply.reduce(0) { $0 + $1.cost }
        turn.applyBytes = isLeader ? leadersShare(turn, inputs, moment) : followersShare(&turn, inputs)
        unapplied = max(0, unapplied - turn.applyBytes)
    }

    /// Where much is under way and somebody wants something written, the turn only stores that: to apply, or to store
    /// more of a backlog, takes longer, many times as long. Never two turns in a row, so that it goes on.
    mutating func passOver() {
        guard isLeader else { return }
        let isMuch = proposedBytes > CentreTurnLimits.passedOverBytes || !queue.isEmpty
        hasPassedOver = isMuch && !hasPassedOver && !turnActs.shares.isEmpty
    }

    /// While somebody asks, a turn that stores pieces of a backlog applies none: each is as long as he can wait. There
    /// is room to store more only after some were applied, so that neither keeps the other waiting for ever.
    private func leadersShare(_ turn: CentreTurn, _ inputs: [CentreInput], _ moment: Moment) -> Int {
        if hasPassedOver { return 0 }
        guard inputs.contains(where: \.isSubmitted) || isAsked(moment) else { return CentreTurnLimits.appliedBytes }
        let stored = turn.persist.reduce(0) { $0 + $1.entries.reduce(0) { $0 + $1.cost } }
        return stored > CentreTurnLimits.passedOverBytes ? 0 : CentreTurnLimits.appliedBytesWhileAsked
    }

    /// A leader waits for the word that a follower has stored its entries, and nobody for what it applies: it stores
    /// first, and applies what has come together, at a tick at the latest.
    private mutating func followersShare(_ turn: inout CentreTurn, _ inputs: [CentreInput]) -> Int {
        let isTick = inputs.contains { if case .tick = $0 { true } else { false } }
        let isMuch = unapplied >= CentreTurnLimits.gatheredBytes
        turn.appliesOn = isMuch || isTick || hasPassedOver || !readable.isEmpty
        let isStoring = turn.persist.contains { !$0.entries.isEmpty }
        hasPassedOver = turn.appliesOn && isStoring && !hasPassedOver
        return turn.appliesOn && !hasPassedOver ? CentreTurnLimits.appliedBytes : 0
    }

    /// The next in the queue that may go: the oldest, or the oldest of the line that has had least.
    private func nextPlace(room: Int, except held: Set<QueuedBatch.Source>) -> Int? {
        let isRoomForAll = queue.reduce(proposedBytes) { $0 + $1.bytes } <= room
        var seen = held
        var best: (place: Int, share: UInt64)?
        for (place, queued) in queue.enumerated() {
            guard let source = queued.source, seen.insert(source).inserted else { continue }
            if isRoomForAll { return place }
            let share = queued.session.flatMap { links[$0]?.share } ?? shareServed
            if best.map({ share < $0.share }) ?? true { best = (place, share) }
        }
        return best?.place
    }

    private mutating func propose(_ queued: QueuedBatch, _ events: inout [Replica.Event], _ moment: Moment) {
        if let session = queued.session, let share = links[session]?.share {
            shareServed = max(shareServed, share)
            links[session]?.share = share + UInt64(queued.bytes)
        }
        let batch = Proposal.Batch(
            author: AuthorNumber(queued.batch.author), first: queued.batch.first, previous: queued.previous,
            entries: queued.batch.entries, digest: queued.batch.digest)
        let proposal = Proposal(leaderMilliseconds: moment.wallMilliseconds, payload: .batch(batch))
        propose(Proposed(origin: queued.origin, last: queued.last, payload: proposal.encoded()), &events)
    }
}

extension Centre {
    /// Acts whose entries are committed now: who only looks is answered. An entry that memory holds no more counts so
    /// when it is applied.
    mutating func noteCommitted(_ application: Replica.Application, _ turn: inout CentreTurn) {
        for entry in application.entries {
            guard let held = committed[entry.index], held.term == entry.term,
                case .own(let shares) = held.proposed.origin
            else { continue }
            for share in shares where share.isLook { turn.deeds.append(.committed(share.ticket)) }
            ticketsUnderWay -= held.proposed.tickets
            committed[entry.index]?.proposed.isCommitted = true
        }
    }
}

extension Replica.Application {
    /// Bytes; of entries that memory no longer holds all that one turn may wait for.
    fileprivate var cost: Int {
        entries.isEmpty ? CentreTurnLimits.gatheredBytes : entries.reduce(0) { $0 + $1.cost }
    }
}

extension QueuedBatch {
    /// How many entries from the first on have so many bytes together; at least one.
    fileprivate func entries(within limit: Int) -> Int {
        var bytes = 0
        let fitting = batch.entries.prefix { entry in
            bytes += entry.count
            return bytes <= limit
        }
        return max(1, fitting.count)
    }

    /// Parts it after so many entries, fewer than it has.
    fileprivate func parted(after count: Int) -> (QueuedBatch, QueuedBatch?) {
        let first = Array(batch.entries.prefix(count))
        let digest = first.reduce(previous) { LogChain.digest(after: $0, $1) }
        let bytes = first.reduce(0) { $0 + $1.count }
        let head = Batch(author: batch.author, first: batch.first, entries: first, digest: digest)
        let tail = Batch(
            author: batch.author, first: batch.first + UInt64(count), entries: Array(batch.entries.dropFirst(count)),
            digest: batch.digest)
        return (
            QueuedBatch(origin: origin, batch: head, previous: previous, bytes: bytes),
            QueuedBatch(origin: origin, batch: tail, previous: digest, bytes: self.bytes - bytes)
        )
    }
}
