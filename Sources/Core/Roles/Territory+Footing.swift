import Uplink

/// How sure a node is, at its start, that its files are what it left when it ended last.
///
/// 1. Numbers of a log that was put back may stand on paper already. Files that were copied are seen by the machine
///    itself; what was put back as a whole (an image of the machine, a file system with its inodes) only the centre
///    knows of.
/// 2. So a node gives no number before the centre's first word after its start, unless the centre cannot be reached:
///    a failed dial, a line that goes down first, or `TerritoryLimits.firstWordMilliseconds`. Without a line it goes
///    on.
/// 3. A node whose files were copied gives none under its old author at all. Where the centre lets its log in, it sends
///    what it has first, since that was promised; then it asks for a new seat.
package enum Footing: Hashable, Sendable {
    case sure
    /// What the last run left, as far as this machine can tell.
    case unproved
    /// Copied here from somewhere else.
    case copied
}

extension Territory {
    static let copiedReason = """
        these files were copied here, and what was written where they came from is not known: a number of this seat \
        could be given twice. A new seat is asked for as soon as the centre is reached
        """

    mutating func beginFooting(_ work: inout TurnWork) {
        if restoring.footing == .copied, has(.copiedFilesTrusted) { restoring.footing = .unproved }
        switch restoring.footing {
        case .sure: work.turn.promises.append(.settled)
        case .unproved: restoring.waitsUntil = work.moment.steadyMilliseconds + TerritoryLimits.firstWordMilliseconds
        case .copied:
            work.turn.remarks.append(Self.copiedReason)
            work.turn.promises.append(.settled)
        }
    }

    /// The centre has spoken, or cannot be reached: from here on numbers are given, unless it said otherwise.
    ///
    /// - Parameter why: why nothing was heard of it; nil where it was heard.
    mutating func stand(without why: String?, _ work: inout TurnWork) {
        guard restoring.footing == .unproved else { return }
        restoring.footing = .sure
        if let why { work.turn.remarks.append("\(why): numbers are given without the centre's word") }
        if unavailability == nil || isMoving { appendStart(&work) }
        goOnMoving(&work)
        work.turn.promises.append(.settled)
    }

    mutating func waitNoLonger(_ work: inout TurnWork) {
        guard work.moment.steadyMilliseconds >= restoring.waitsUntil else { return }
        stand(without: "the centre has not been heard since the start", &work)
    }

    /// Files that were copied, and all they hold is at the centre: nothing else is said on this session.
    mutating func askWhereCopied(_ work: inout TurnWork) {
        guard restoring.footing == .copied, isStreaming, state.frontier == state.last, !state.isCloned else { return }
        wantSeat(.behind, &work)
        guard let reseat = reseat(work) else { return }
        work.turn.remarks.append("all that was written before the copy is at the centre: a new seat is asked for")
        perform(uplink.reseat(reseat, now: work.moment.steadyMilliseconds), &work)
    }
}
