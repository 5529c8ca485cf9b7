/// The follower's side of the log (§3.5). In words:
///
/// 1. Entries are taken only after an entry that both hold: index and term of the one before must be here.
/// 2. Entries already here stay; the first that differs goes, with all after it. A committed one never goes.
/// 3. Committed is what the leader says, but no further than this message proves to be the leader's (pitfall R7).
/// 4. The acknowledgement names the last entry this message proves, and leaves when it is stored.
/// 5. A heartbeat commits only what an append of this term, in this run, has proven: a disk put back to an older day
///    may hold other entries at the places that were acknowledged. Who cannot follow a heartbeat asks for the proof.
/// 6. Who does not hold what it told this leader has lost data, and says so.
extension Replica {
    mutating func receive(_ append: RaftMessage.Append, from message: RaftMessage) {
        guard isWellFormed(append, term: message.term) else {
            return drop(message, .impossibleEntries)
        }
        var previous = append.previous
        var entries = append.entries[...]
        // What is committed here is in every leader's log: skip it, for its bytes and terms may be compacted.
        while let entry = entries.first, entry.index <= commit {
            previous = entry.mark
            entries.removeFirst()
        }
        if previous.index < commit {
            return promise(.appended(match: commit), to: message.from)
        }
        guard log.holds(previous) else {
            guard previous.index > commit else { return drop(message, .contradictsCommitted) }
            guard previous.index > append.told else { return fail(.logNotAsTold(at: previous)) }
            let hint = log.furthestAgreement(index: previous.index.previous, term: previous.term)
            return promise(.appendRefused(at: previous.index, hint: hint), to: message.from)
        }
        take(entries)
        let proven = entries.last?.index ?? previous.index
        self.proven = max(self.proven, proven)
        learn(commit: has(.commitPastProven) ? min(append.commit, log.last) : min(append.commit, proven))
        promise(.appended(match: has(.acknowledgesWholeLog) ? log.last : proven), to: message.from)
    }

    private func isWellFormed(_ append: RaftMessage.Append, term: Term) -> Bool {
        var previous = append.previous
        for entry in append.entries {
            guard entry.index == previous.index.next, entry.term >= previous.term, entry.term <= term else {
                return false
            }
            previous = entry.mark
        }
        return append.previous.term <= term
    }

    /// Rule 2. The entries are consecutive and follow one that is here.
    private mutating func take(_ entries: ArraySlice<RaftEntry>) {
        if has(.truncatesAlways), let first = entries.first, first.index <= log.last {
            truncate(from: first.index)
        }
        for entry in entries where !log.holds(entry.mark) {
            if entry.index <= log.last {
                truncate(from: entry.index)
            }
            append(entry)
        }
    }

    /// Rule 3, at the follower.
    mutating func learn(commit index: LogIndex) {
        commit = max(commit, min(index, log.last))
    }

    mutating func receive(_ heartbeat: RaftMessage.Heartbeat, from leader: ReplicaID) {
        let trusts = has(.heartbeatCommitsUnproven) || has(.heartbeatCommitsUnbounded)
        learn(commit: trusts ? heartbeat.commit : min(heartbeat.commit, proven))
        promise(.heartbeatHeard(round: heartbeat.round), to: leader)
        if heartbeat.commit > commit, heartbeat.told > proven, heartbeat.told > log.base.index {
            let hint = log.furthestAgreement(index: heartbeat.told.previous, term: term)
            promise(.appendRefused(at: heartbeat.told, hint: hint), to: leader)
        }
    }

    /// A snapshot (§5). One that tells nothing new is acknowledged with what is here; if the log already holds its last
    /// entry, that entry is known to be committed and the log stays.
    mutating func receive(_ head: SnapshotHead, from leader: ReplicaID) {
        if head.mark.index > commit {
            if log.holds(head.mark) {
                commit = head.mark.index
                proven = max(proven, commit)
            } else {
                install(head)
            }
        }
        if has(.snapshotAcknowledgedBeforeStored) {
            return send(.appended(match: commit), to: leader)
        }
        promise(.appended(match: commit), to: leader)
    }

    private mutating func install(_ head: SnapshotHead) {
        unwritten.install = head
        unwritten.truncateFrom = nil
        unwritten.appendFrom = nil
        unwritten.compact = nil
        log.reset(to: head.mark)
        memberships.reset(to: head)
        commit = head.mark.index
        proven = head.mark.index
        handedOut = head.mark.index
        stable = 0
    }
}
