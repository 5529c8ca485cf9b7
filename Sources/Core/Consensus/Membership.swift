/// Who belongs to the group. A value: changing it gives another, which is written to the log as an entry, and the
/// newest in the log is in force from the moment it is there, committed or not (thesis §4.1).
///
/// `outgoing` is empty except in a joint phase (thesis §4.3): then elections and commits need a majority of `voters`
/// *and* one of `outgoing`. All lists are sorted.
package struct Membership: Hashable, Sendable {
    /// The voters, or in a joint phase the new voters.
    package private(set) var voters: [ReplicaID]
    /// The old voters of a joint phase.
    package private(set) var outgoing: [ReplicaID]
    /// Those who receive the log and do not count.
    package private(set) var learners: [ReplicaID]
    /// Old voters who become learners when the joint phase ends. They still count among `outgoing` until then.
    package private(set) var demoted: [ReplicaID]
    /// The highest number ever seated. A number at or below it that is no member was removed, and does not return.
    package private(set) var highest: ReplicaID

    /// Sorts and joins doubles. `highest` is raised to the highest member.
    package init(
        voters: [ReplicaID], outgoing: [ReplicaID] = [], learners: [ReplicaID] = [], demoted: [ReplicaID] = [],
        highest: ReplicaID = 0
    ) {
        self.voters = Membership.sorted(voters)
        self.outgoing = Membership.sorted(outgoing)
        self.learners = Membership.sorted(learners)
        self.demoted = Membership.sorted(demoted)
        self.highest = highest
        self.highest = max(highest, members.last ?? 0)
    }

    /// Nobody: what a replica knows before its first entry or snapshot. It neither votes nor stands.
    package static let empty = Membership(voters: [])

    package var isEmpty: Bool { voters.isEmpty }

    package var isJoint: Bool { !outgoing.isEmpty }

    /// Everyone who receives the log, sorted.
    package var members: [ReplicaID] { Membership.sorted(voters + outgoing + learners + demoted) }

    /// Whether `id` counts in a quorum.
    package func isVoter(_ id: ReplicaID) -> Bool { voters.contains(id) || outgoing.contains(id) }

    package func isMember(_ id: ReplicaID) -> Bool {
        isVoter(id) || learners.contains(id) || demoted.contains(id)
    }

    /// Whether `id` was a member once and is none now.
    package func isRetired(_ id: ReplicaID) -> Bool { !isEmpty && id <= highest && !isMember(id) }

    /// Whether `id` decides alone.
    package func isSoleVoter(_ id: ReplicaID) -> Bool { voters == [id] && outgoing.isEmpty }

    static func sorted(_ ids: [ReplicaID]) -> [ReplicaID] {
        var result: [ReplicaID] = []
        for id in ids.sorted() where result.last != id {
            result.append(id)
        }
        return result
    }
}

// MARK: - Bytes (form: see `RaftEntry.Payload`)

extension Membership {
    package var bytes: [UInt8] {
        var result: [UInt8] = [0]
        Membership.put(highest.number, into: &result)
        for list in [voters, outgoing, learners, demoted] {
            result.append(UInt8(list.count))
            for id in list {
                Membership.put(id.number, into: &result)
            }
        }
        return result
    }

    package init?(bytes: [UInt8]) {
        var rest = bytes[...]
        guard rest.popFirst() == 0, let highest = Membership.take(&rest) else { return nil }
        var lists: [[ReplicaID]] = []
        for _ in 0..<4 {
            guard let count = rest.popFirst() else { return nil }
            var list: [ReplicaID] = []
            for _ in 0..<count {
                guard let number = Membership.take(&rest) else { return nil }
                list.append(ReplicaID(number))
            }
            lists.append(list)
        }
        guard rest.isEmpty else { return nil }
        self.init(
            voters: lists[0], outgoing: lists[1], learners: lists[2], demoted: lists[3], highest: ReplicaID(highest))
        guard self.bytes == bytes else { return nil }
    }

    private static func put(_ number: UInt64, into bytes: inout [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
    }

    private static func take(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        guard bytes.count >= 8 else { return nil }
        let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        bytes = bytes.dropFirst(8)
        return number
    }
}
