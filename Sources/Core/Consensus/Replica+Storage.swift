/// What may be said only when a write is stored: "nothing answered, voted or acknowledged before its write is stored".
struct Promise: Hashable, Sendable {
    enum Deed: Hashable, Sendable {
        case send(RaftMessage)
        /// Count one's own vote, if the election of this term still goes on.
        case ownVote(Term)
    }

    var after: WriteToken
    var deed: Deed
}

/// A write handed out and not yet reported as stored.
struct WriteInFlight: Hashable, Sendable {
    var token: WriteToken
    /// The log's last index after it.
    var last: LogIndex
    /// The lowest index it removes, if it removes any.
    var removesFrom: LogIndex?
}

/// What a step has changed and not yet handed out.
struct Unwritten: Hashable, Sendable {
    var hardState = false
    var install: SnapshotHead?
    var truncateFrom: LogIndex?
    var appendFrom: LogIndex?
    var compact: SnapshotHead?

    var isDirty: Bool {
        hardState || install != nil || truncateFrom != nil || appendFrom != nil || compact != nil
    }

    /// The lowest stored index that will be gone.
    var removesFrom: LogIndex? { install == nil ? truncateFrom : 0 }
}

/// The replica's log and hard state on their way to the disk. In words:
///
/// 1. Whatever a step changes leaves as one write with the next token; writes are stored in the order of their tokens.
/// 2. Every message that promises waits for the write issued last when the step ended: votes (§3.6.1), acknowledgements
///    (§3.5), the request for votes (it names a term that must survive a crash), one's own vote.
/// 3. The log is durable up to the end of the newest stored write, less what a later write, stored or not, removes
/// again:
///    an entry removed and sent anew is durable only by the second write.
extension Replica {
    mutating func write() {
        guard unwritten.isDirty else { return }
        lastToken = WriteToken(lastToken.number + 1)
        let entries: [RaftEntry]
        if let first = unwritten.appendFrom, first <= log.last {
            guard let slice = log.cache.slice(from: first, through: log.last) else {
                preconditionFailure("entries \(first) to \(log.last) must be in memory until they are written")
            }
            entries = slice
        } else {
            entries = []
        }
        let write = LogWrite(
            token: lastToken, install: unwritten.install, truncateFrom: unwritten.truncateFrom, entries: entries,
            hardState: HardState(term: term, vote: vote, last: log.last), compact: unwritten.compact)
        writesInFlight.append(
            WriteInFlight(token: lastToken, last: log.last, removesFrom: unwritten.removesFrom))
        unwritten = Unwritten()
        effects.append(.persist(write))
    }

    /// Says `body` to `peer` when everything this step has changed is stored.
    mutating func promise(_ body: RaftMessage.Body, to peer: ReplicaID) {
        promise(.send(RaftMessage(from: id, to: peer, term: term, body: body)))
    }

    mutating func promise(_ deed: Promise.Deed) {
        if broken(deed) {
            keep(deed)
            return
        }
        promises.append(Promise(after: WriteToken(lastToken.number + (unwritten.isDirty ? 1 : 0)), deed: deed))
    }

    mutating func keepPromises() {
        let kept = promises.prefix { $0.after <= storedToken }
        promises.removeFirst(kept.count)
        for promise in kept {
            keep(promise.deed)
        }
    }

    private mutating func keep(_ deed: Promise.Deed) {
        switch deed {
        case .send(let message): effects.append(.send(message))
        case .ownVote(let term): countVote(from: id, granted: true, in: term)
        }
    }

    mutating func stored(_ token: WriteToken) {
        guard token > storedToken, token <= lastToken else { return }
        storedToken = token
        guard let newest = writesInFlight.last(where: { $0.token <= token }) else { return }
        writesInFlight.removeAll { $0.token <= token }
        var durable = newest.last
        if !has(.removedEntriesCountAsStored) {
            for removed in writesInFlight.compactMap(\.removesFrom) + [unwritten.removesFrom].compactMap({ $0 }) {
                durable = min(durable, removed.previous)
            }
        }
        stable = max(stable, min(durable, log.last))
        keepPromises()
        advanceCommit()
    }

    // MARK: - Changes of the log

    mutating func append(_ entry: RaftEntry) {
        log.append(entry)
        unwritten.appendFrom = min(unwritten.appendFrom ?? entry.index, entry.index)
        if case .membership(let membership) = entry.payload {
            memberships.append(membership, at: entry.index)
            membershipChanged()
        }
    }

    /// Removes entries that were never committed (§3.5).
    mutating func truncate(from index: LogIndex) {
        log.truncate(from: index)
        stable = min(stable, index.previous)
        unwritten.truncateFrom = min(unwritten.truncateFrom ?? index, index)
        if let first = unwritten.appendFrom, first >= index {
            unwritten.appendFrom = nil
        }
        if !has(.truncationKeepsMembership) {
            memberships.truncate(from: index)
        }
        membershipChanged()
    }

    /// Forgets the log's beginning. The store is the snapshot at its applied index, so nothing is copied (§5.1).
    mutating func compact(through index: LogIndex) {
        guard index > log.base.index, index <= handedOut, let mark = log.mark(at: index) else { return }
        let head = SnapshotHead(mark: mark, membership: memberships.membership(at: index))
        log.compact(through: index)
        memberships.compact(through: index)
        unwritten.compact = head
    }

    mutating func membershipChanged() {
        let newest = memberships.newest.membership
        let next = log.last.next
        leading?.follow(newest, except: id, next: next)
    }
}
