package import Consensus
import Uplink

/// The centre's own group: who belongs to it, who leads, how much of the log is kept for whom.
extension Centre {
    /// A message of a node that the group has retired is refused before the log hears of it: by what is committed, for
    /// what is not may yet be undone by the very node it removes.
    mutating func takePeer(_ message: RaftMessage, _ events: inout [Replica.Event], _ turn: inout CentreTurn) {
        guard !replica.committedMembership.isRetired(message.from) else {
            refusedMessages += 1
            turn.deeds.append(.refusedPeer(message.from, reason: "its number is no member any more, or not yet one"))
            return
        }
        guard !isUnknown(message.from) else {
            refusedMessages += 1
            turn.deeds.append(.refusedPeer(message.from, reason: "its number is none that this group ever had"))
            return
        }
        events.append(.received(message))
    }

    /// A number that the group never had, while it has a leader that is heard. Without one it may be a later leader's,
    /// whom this node has not learnt of yet: then it is listened to.
    package func isUnknown(_ peer: ReplicaID) -> Bool {
        let membership = replica.membership
        guard !membership.isEmpty, peer > membership.highest, replica.hearsLeader else { return false }
        return standing.leader != peer
    }

    mutating func takeGroup(_ input: CentreInput, _ events: inout [Replica.Event]) {
        switch input {
        case .unreachable(let peer): events.append(.unreachable(peer))
        case .change(let ticket, let steps):
            events.append(.change(context: ask(ticket), steps: steps))
        case .transfer(let ticket, let target):
            let context = ask(ticket)
            group.transfers.append(context)
            events.append(.transfer(context: context, to: target))
        case .snapshotReady(let peer, let head): events.append(.snapshotReady(to: peer, head))
        case .snapshotFailed(let peer): events.append(.snapshotFailed(to: peer))
        case .holdLog(let holds): cutting.heldFrom = holds ? cutting.heldFrom ?? applied : nil
        default: return
        }
    }

    private mutating func ask(_ ticket: Ticket) -> UInt64 {
        defer { nextContext += 1 }
        group.asked[nextContext] = ticket
        return nextContext
    }

    /// Cuts the log each time so many bytes of it are applied, in place of the usual step.
    package mutating func cutLog(every bytes: Int) { cutting.step = max(1, bytes) }

    /// An entry that is no proposal of a territory or of the centre is applied: perhaps a change that somebody waits
    /// for.
    mutating func answerChange(_ mark: Mark, _ turn: inout CentreTurn) {
        guard let (term, ticket) = group.underWay.removeValue(forKey: mark.index) else { return }
        turn.promises.append(.changed(ticket, term == mark.term ? .done(mark.index) : .indefinite))
    }

    mutating func tickGroup(_ turn: inout CentreTurn) {
        group.lastAtTicks.append(replica.lastMark.index)
        if group.lastAtTicks.count > replica.limits.electionTicks { group.lastAtTicks.removeFirst() }
        // The replica gives a transfer up by itself; whoever asked for it is told.
        if isLeader, replica.transferTarget == nil { group.endTransfers(.indefinite, &turn) }
    }

    /// Whether a member lacks no more of the log than what came in one election's time.
    package func isCaughtUp(_ id: ReplicaID) -> Bool {
        guard let oldest = group.lastAtTicks.first, isLeader,
            let follower = replica.followers.first(where: { $0.id == id }), follower.mode == .replicate
        else { return false }
        return follower.match >= oldest
    }

    /// In place of a pass: another leader has drawn passes since, and the next hello is let in with whatever it shows.
    static let unknownPass: [UInt8] = [0]

    /// Passes are the leader's own. Whoever comes to lead after another does not know the latest, and a node that shows
    /// one must not be fenced for it; a copy of its directory is recognised again from the next hello on.
    mutating func forgetPasses(_ turn: inout CentreTurn) {
        for author in seats.keys.sorted() {
            guard var seat = seats[author], seat.pass != Self.unknownPass else { continue }
            seat.pass = Self.unknownPass
            seat.previousPass = []
            seat.passUsed = true
            save(seat, &turn)
        }
    }

    /// What is remembered of the passes drawn for a seat, as the judge of this hello needs it.
    func passes(of seat: CentreSeat, shown: [UInt8]) -> PassRecord? {
        if seat.pass.isEmpty { return nil }
        if seat.pass == Self.unknownPass { return PassRecord(current: shown, previous: [], isCurrentUsed: true) }
        return PassRecord(current: seat.pass, previous: seat.previousPass, isCurrentUsed: seat.passUsed)
    }
}

/// Changes of the group that somebody waits for.
struct GroupWork: Sendable {
    /// By context, until the log has taken or refused them.
    var asked: [UInt64: Ticket] = [:]
    /// By index, until they are applied.
    var underWay: [LogIndex: (term: Term, ticket: Ticket)] = [:]
    /// Contexts of transfers: they are not entries.
    var transfers: [UInt64] = []
    /// The log's last index at each of the latest ticks, oldest first: one election's time.
    var lastAtTicks: [LogIndex] = []

    /// False where the proposal is none of the group's.
    mutating func proposed(_ context: UInt64, _ mark: Mark) -> Bool {
        guard let ticket = asked.removeValue(forKey: context) else { return false }
        underWay[mark.index] = (mark.term, ticket)
        return true
    }

    mutating func endTransfers(_ outcome: GroupOutcome, _ turn: inout CentreTurn) {
        for context in transfers {
            if let ticket = asked.removeValue(forKey: context) { turn.promises.append(.changed(ticket, outcome)) }
        }
        transfers = []
    }

    mutating func leadMoved(_ applied: LogIndex, _ turn: inout CentreTurn) {
        endTransfers(.done(applied), &turn)
        for context in asked.keys.sorted() {
            if let ticket = asked[context] { turn.promises.append(.changed(ticket, .indefinite)) }
        }
        asked = [:]
    }
}

/// How much of the Raft log is kept, in steps of `CentreTurnLimits.logBytes`.
struct LogCutting: Sendable {
    /// Bytes of applied proposals from one step to the next.
    var step = CentreTurnLimits.logBytes
    private var bytes = 0
    /// What was applied at each step, oldest first.
    private var steps: [LogIndex] = []
    /// A copy is being made or sent: the log must go on from here.
    var heldFrom: LogIndex?

    private static let stepsForFollowers = CentreTurnLimits.logBytesForFollowers / CentreTurnLimits.logBytes
    private static let stepsForCopies = CentreTurnLimits.logBytesForCopies / CentreTurnLimits.logBytes

    mutating func add(_ cost: Int) { bytes += cost }

    /// How far to cut now; nil: not yet. Behind the slowest follower that is heard, but no more than a stated size; who
    /// does not lead keeps a step or two, for it may lead next.
    mutating func point(applied: LogIndex, _ replica: Replica) -> LogIndex? {
        guard bytes > step else { return nil }
        bytes = 0
        steps.append(applied)
        if steps.count > Self.stepsForCopies { steps.removeFirst() }
        var point = applied
        if replica.membership.members.count > 1 {
            let floor = steps.count > Self.stepsForFollowers ? steps[steps.count - 1 - Self.stepsForFollowers] : 0
            let recent = steps.count > 1 ? steps[steps.count - 2] : 0
            let slowest = replica.compactionPoint(entriesMax: floor.distance(to: replica.handedOutIndex))
            point = min(slowest, recent)
        }
        if let heldFrom, steps.count < Self.stepsForCopies || heldFrom >= steps[0] { point = min(point, heldFrom) }
        point = min(point, applied)
        return point > replica.baseMark.index ? point : nil
    }
}
