package import Consensus

/// A store of one replica with two images: what a reader sees, and what a crash leaves. An operation reaches the second
/// only when it is synced; operations are synced in order, and a crash may fall between any two.
package struct SimulatedStore: Sendable {
    /// One consistent content: the log's rows and the applied state, as one transaction leaves them.
    package struct Image: Hashable, Sendable {
        package var hardState = HardState.zero
        package var base: SnapshotHead
        /// The entries after the base, consecutive.
        package var entries: [RaftEntry] = []
        package var state = AppliedState()

        package init(founding voters: [ReplicaID]) {
            base = SnapshotHead(mark: .zero, membership: Membership(voters: voters))
        }

        package var last: LogIndex { entries.last?.index ?? base.mark.index }

        /// Rows from `first` within a cost, at least one if there is any.
        package func rows(from first: LogIndex, through last: LogIndex, costLimit: Int) -> [RaftEntry] {
            guard first > base.mark.index, first <= self.last else { return [] }
            var result: [RaftEntry] = []
            var cost = 0
            for entry in entries[base.mark.index.next.distance(to: first)...] where entry.index <= last {
                cost += entry.cost
                if !result.isEmpty, cost > costLimit { break }
                result.append(entry)
            }
            return result
        }

        /// What a replica is told at a start.
        package var stored: StoredState {
            var terms: [Mark] = []
            var memberships: [StoredState.MembershipAt] = []
            var term = base.mark.term
            for entry in entries {
                if entry.term != term {
                    terms.append(entry.mark)
                    term = entry.term
                }
                if case .membership(let membership) = entry.payload {
                    memberships.append(StoredState.MembershipAt(index: entry.index, membership: membership))
                }
            }
            return StoredState(
                hardState: hardState, base: base, last: last, terms: terms, memberships: memberships,
                applied: state.index)
        }
    }

    package enum Operation: Sendable {
        /// A write of the log; with the state of the snapshot it installs, if it installs one.
        case write(LogWrite, installed: AppliedState?)
        case apply(Replica.Application)
    }

    package private(set) var current: Image
    package private(set) var durable: Image
    package private(set) var unsynced: [Operation] = []

    package init(_ image: Image) {
        current = image
        durable = image
    }

    package mutating func perform(_ operation: Operation) {
        current.perform(operation)
        unsynced.append(operation)
    }

    /// Makes the oldest operations durable. Returns the token of the last write among them.
    @discardableResult
    package mutating func sync(_ count: Int) -> WriteToken? {
        var token: WriteToken?
        for operation in unsynced.prefix(count) {
            durable.perform(operation)
            if case .write(let write, _) = operation { token = write.token }
        }
        unsynced.removeFirst(min(count, unsynced.count))
        return token
    }

    /// The machine stops. The oldest `kept` of the unsynced operations happen to have reached the disk.
    package mutating func crash(kept: Int = 0) {
        sync(min(kept, unsynced.count))
        unsynced.removeAll()
        current = durable
    }
}

extension SimulatedStore.Image {
    package mutating func perform(_ operation: SimulatedStore.Operation) {
        switch operation {
        case .write(let write, let installed):
            if let head = write.install, let installed {
                base = head
                entries = []
                state = installed
            }
            if let first = write.truncateFrom {
                entries.removeLast(max(0, first.distance(to: last) + 1))
            }
            for entry in write.entries {
                precondition(entry.index == last.next, "row \(entry.index) after row \(last)")
                entries.append(entry)
            }
            hardState = write.hardState
            if let head = write.compact {
                entries.removeFirst(base.mark.index.distance(to: head.mark.index))
                base = head
            }
        case .apply(let application):
            for entry in rows(from: application.first, through: application.last, costLimit: .max) {
                state.apply(entry)
            }
            precondition(state.index == application.last, "applied \(state.index) of \(application.last)")
        }
    }
}

/// What the log makes of a state: here its history, as one number.
package struct AppliedState: Hashable, Sendable {
    package private(set) var index: LogIndex = 0
    /// Two states are equal at an index if, and only if, they applied the same entries (but for chance).
    package private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    /// The last proposed value: what a read answers.
    package private(set) var value: UInt64 = 0

    package init() {}

    package mutating func apply(_ entry: RaftEntry) {
        precondition(entry.index == index.next, "entry \(entry.index) applied after \(index)")
        index = entry.index
        mix(entry.term.number)
        mix(UInt64(entry.payload.kind))
        for byte in entry.payload.bytes {
            mix(UInt64(byte))
        }
        if case .proposal(let bytes) = entry.payload {
            value = bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    private mutating func mix(_ number: UInt64) {
        digest = (digest ^ number) &* 0x0000_0100_0000_01b3
        digest ^= digest >> 29
    }
}
