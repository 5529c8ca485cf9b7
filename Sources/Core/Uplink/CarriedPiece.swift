package import Vault

/// A piece of one author's log that came in a bundle, by what the chain alone says of it: who signed it and for whom it
/// was sealed, the shell has looked at.
package struct CarriedPiece: Hashable, Sendable {
    package var author: UInt32
    package var first: UInt64
    /// The chain's digests before the first entry and after the last.
    package var previous: Digest
    package var digest: Digest
    package var entries: [[UInt8]]

    package init(author: UInt32, first: UInt64, previous: Digest, digest: Digest, entries: [[UInt8]]) {
        self.author = author
        self.first = first
        self.previous = previous
        self.digest = digest
        self.entries = entries
    }

    /// The one before `first` where it brings no entry.
    package var last: UInt64 { first - 1 + UInt64(entries.count) }

    /// Its entries are those between its ends.
    package var isWhole: Bool {
        has(.pieceNotProven) || entries.reduce(previous) { LogChain.digest(after: $0, $1) } == digest
    }

    /// The first place at which an archive with this frontier holds another log, by its digests; nil where both agree
    /// as far as both speak.
    package func disagreement<Failure>(
        upTo frontier: UInt64, archived: (UInt64) throws(Failure) -> Digest?
    ) throws(Failure) -> UInt64? {
        for (index, digest) in [(first - 1, previous), (last, digest)] where index <= frontier {
            guard try archived(index) == digest else { return index }
        }
        return nil
    }

    package enum Rest: Hashable, Sendable {
        /// The frontier stands at its end, or past it.
        case passed
        /// To be proposed; it continues the digest `previous`.
        case continues(Batch, previous: Digest)
        /// It does not fit the log that the frontier ends.
        case diverges
    }

    /// What of it is new to an archive that it reaches: what the frontier has passed is left out, and must be the same.
    package func rest(after frontier: Frontier) -> Rest {
        let passed = Int(clamping: frontier.index + 1 - min(frontier.index + 1, first))
        guard passed < entries.count else { return .passed }
        let previous = entries[..<passed].reduce(previous) { LogChain.digest(after: $0, $1) }
        guard previous == frontier.digest else { return .diverges }
        let batch = Batch(
            author: author, first: first + UInt64(passed), entries: Array(entries[passed...]), digest: digest)
        return .continues(batch, previous: previous)
    }
}

/// What a territory makes of the frontier that a receipt tells.
package enum CarriedFrontier: Hashable, Sendable {
    case agrees
    /// The log here ends before: it was put back to an older copy.
    case isAhead
    /// The log here is another up to there.
    case differs

    /// - Parameter own: the chain's digest at that entry as this log has it; nil where it ends before.
    package init(_ frontier: Frontier, last: UInt64, own: Digest?) {
        if has(.receiptTrusted) {
            self = frontier.index <= last ? .agrees : .isAhead
        } else if frontier.index > last {
            self = .isAhead
        } else {
            self = own == frontier.digest ? .agrees : .differs
        }
    }
}
