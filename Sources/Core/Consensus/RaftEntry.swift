/// One line of the Raft log. What a proposal means is unknown here.
package struct RaftEntry: Hashable, Sendable {
    package enum Payload: Hashable, Sendable {
        /// The first entry of each term: it lets the leader commit what earlier terms left (thesis §6.4, §3.6.2).
        case nothing
        case proposal([UInt8])
        case membership(Membership)
    }

    package var index: LogIndex
    package var term: Term
    package var payload: Payload

    package init(index: LogIndex, term: Term, payload: Payload) {
        self.index = index
        self.term = term
        self.payload = payload
    }

    package var mark: Mark { Mark(index: index, term: term) }

    /// Bytes counted against limits. A no-op costs nothing, so that a new leader can always write its first entry.
    package var cost: Int {
        switch payload {
        case .nothing: 0
        case .proposal(let bytes): bytes.count + RaftEntry.overhead
        case .membership(let membership): membership.members.count * 9 + RaftEntry.overhead
        }
    }

    /// What an entry costs beside its bytes: index, term, kind and length.
    package static let overhead = 24
}

// MARK: - Row form

/// How a payload lies in a row: `kind` and `bytes`, beside the index and the term.
///
///     kind 0  nothing      bytes empty
///     kind 1  proposal     bytes as proposed
///     kind 2  membership   u8 zero (form of the lists), u64 highest number ever seated,
///                          then four lists (voters, outgoing, learners, demoted): u8 count, count × u64
///
/// Integers are big-endian. Lists are sorted and without repetition; anything else is refused.
extension RaftEntry.Payload {
    package var kind: UInt8 {
        switch self {
        case .nothing: 0
        case .proposal: 1
        case .membership: 2
        }
    }

    package var bytes: [UInt8] {
        switch self {
        case .nothing: []
        case .proposal(let bytes): bytes
        case .membership(let membership): membership.bytes
        }
    }

    /// Nil if the row is not one that `kind` and `bytes` give.
    package init?(kind: UInt8, bytes: [UInt8]) {
        switch kind {
        case 0 where bytes.isEmpty: self = .nothing
        case 1: self = .proposal(bytes)
        case 2:
            guard let membership = Membership(bytes: bytes) else { return nil }
            self = .membership(membership)
        default: return nil
        }
    }
}
