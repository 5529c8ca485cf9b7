package import Consensus

/// A store of one replica with two images: what a reader sees, and what a crash leaves. An operation reaches the second
/// only when it is synced; operations are synced in order, and a crash may fall between any two.
package struct SimulatedStore: Sendable {
    /// One consistent content: the log's rows and the applied state, as one transaction leaves them.
    package struct Image: Sendable {
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
        package func rows(from first: LogIndex, through last: LogIndex, costLimit: Int) -> ArraySlice<RaftEntry> {
            guard first > base.mark.index, first <= self.last, first <= last else { return [] }
            let start = base.mark.index.next.distance(to: first)
            let end = min(entries.count, start + first.distance(to: last) + 1)
            var cost = 0
            for place in start..<end {
                cost += entries[place].cost
                if place > start, cost > costLimit { return entries[start..<place] }
            }
            return entries[start..<end]
        }

        func mark(at index: LogIndex) -> Mark? {
            if index == base.mark.index { return base.mark }
            guard index > base.mark.index, index <= last else { return nil }
            return entries[base.mark.index.next.distance(to: index)].mark
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
        case apply(first: LogIndex, last: LogIndex)
        /// Only where a bug is planted: the two halves of `apply`.
        case applyRows(first: LogIndex, last: LogIndex)
        case applyIndex(LogIndex)
    }

    package private(set) var current: Image
    package private(set) var durable: Image
    package private(set) var unsynced: [Operation] = []
    /// The bits of these rows are not what was written.
    private var flipped: Set<LogIndex> = []
    /// An image of an earlier day, such as a backup holds.
    private(set) var older: Image?
    /// Only where a bug is planted: syncs say "done", and nothing reaches the disk.
    var isDeaf = false

    package init(_ image: Image) {
        current = image
        durable = image
    }

    package mutating func perform(_ operation: Operation) throws(Violation) {
        try current.perform(operation)
        unsynced.append(operation)
        if case .write(let write, _) = operation, !flipped.isEmpty { forgetFlips(under: write) }
    }

    /// Makes the oldest operations durable. Returns the token of the last write among them.
    @discardableResult
    package mutating func sync(_ count: Int) throws(Violation) -> WriteToken? {
        var token: WriteToken?
        let count = min(count, unsynced.count)
        for place in 0..<count {
            if !isDeaf { try durable.perform(unsynced[place]) }
            if case .write(let write, _) = unsynced[place] { token = write.token }
        }
        unsynced.removeFirst(count)
        return token
    }

    /// The machine stops. The oldest `kept` of the unsynced operations happen to have reached the disk.
    package mutating func crash(kept: Int = 0) throws(Violation) {
        try sync(kept)
        unsynced.removeAll()
        current = durable
        isDeaf = false
    }

    // MARK: Damage

    mutating func backUp() {
        older = durable
    }

    /// Puts the older image back. False where there is none.
    mutating func rollBack() -> Bool {
        guard let older else { return false }
        unsynced.removeAll()
        current = older
        durable = older
        flipped = []
        return true
    }

    /// Flips a bit in one of the rows. False where there are none.
    mutating func flip(_ dice: inout SplitMix) -> LogIndex? {
        guard !durable.entries.isEmpty else { return nil }
        let index = durable.entries[dice.next(below: durable.entries.count)].index
        flipped.insert(index)
        return index
    }

    /// Whether reading these rows meets a flipped bit: their sums are compared whenever they are read.
    func isDamaged(from first: LogIndex, through last: LogIndex) -> Bool {
        !flipped.isEmpty && flipped.contains { $0 >= first && $0 <= last }
    }

    /// Whether reading what a start needs meets one.
    var isDamagedAtStart: Bool {
        !flipped.isEmpty
            && current.entries.contains { entry in
                if case .membership = entry.payload { flipped.contains(entry.index) } else { false }
            }
    }

    private mutating func forgetFlips(under write: LogWrite) {
        if write.install != nil { flipped = [] }
        if let from = write.truncateFrom { flipped = flipped.filter { $0 < from } }
        if let compact = write.compact { flipped = flipped.filter { $0 > compact.mark.index } }
    }
}

extension SimulatedStore.Image {
    /// Throws where the operation does not fit what is there: SQLite's keys would refuse it.
    package mutating func perform(_ operation: SimulatedStore.Operation) throws(Violation) {
        switch operation {
        case .write(let write, let installed): try perform(write, installed: installed)
        case .apply(let first, let last):
            try apply(first, last)
            guard state.index == last else { throw Violation("store", "applied \(state.index) of \(last)") }
        case .applyRows(let first, let last):
            for entry in rows(from: first, through: last, costLimit: .max) { state.mix(entry) }
        case .applyIndex(let index): state.index = index
        }
    }

    private mutating func apply(_ first: LogIndex, _ last: LogIndex) throws(Violation) {
        guard state.index.next == first else {
            throw Violation("store", "entries from \(first) are applied after \(state.index)")
        }
        let slice = rows(from: first, through: last, costLimit: .max)
        for place in slice.indices { state.apply(slice[place]) }
    }

    private mutating func perform(_ write: LogWrite, installed: AppliedState?) throws(Violation) {
        if let head = write.install, let installed {
            base = head
            entries = []
            state = installed
        }
        if let first = write.truncateFrom {
            entries.removeLast(min(entries.count, max(0, first.distance(to: last) + 1)))
        }
        if let first = write.entries.first {
            guard first.index == last.next else { throw Violation("store", "row \(first.index) after row \(last)") }
            entries.append(contentsOf: write.entries)
        }
        hardState = write.hardState
        if let head = write.compact {
            guard head.mark.index <= last else { throw Violation("store", "no rows up to \(head.mark) to remove") }
            entries.removeFirst(base.mark.index.distance(to: head.mark.index))
            base = head
        }
    }
}

/// What the log makes of a state: here its history, as one number.
package struct AppliedState: Hashable, Sendable {
    package fileprivate(set) var index: LogIndex = 0
    /// Two states are equal at an index if, and only if, they applied the same entries (but for chance).
    package private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    /// The last proposed value: what a read answers.
    package private(set) var value: UInt64 = 0

    package init() {}

    package mutating func apply(_ entry: RaftEntry) {
        index = entry.index
        mix(entry)
    }

    fileprivate mutating func mix(_ entry: RaftEntry) {
        mix(entry.term.number)
        mix(entry.payload.fingerprint)
        if case .proposal = entry.payload { value = entry.payload.fingerprint }
    }

    private mutating func mix(_ number: UInt64) {
        digest = (digest ^ number) &* 0x0000_0100_0000_01b3
        digest ^= digest >> 29
    }
}

extension RaftEntry.Payload {
    /// The payload as one number: a proposal of the simulator's clients is eight bytes, and stands for itself.
    var fingerprint: UInt64 {
        switch self {
        case .nothing: return 1
        case .proposal(let bytes):
            return bytes.withUnsafeBytes { $0.count == 8 ? $0.loadUnaligned(as: UInt64.self) : 2 }
        case .membership(let membership):
            var mixed: UInt64 = 0xcbf2_9ce4_8422_2325
            for byte in membership.bytes { mixed = (mixed ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            return mixed
        }
    }

    /// A client's write as a payload.
    static func write(_ context: UInt64) -> [UInt8] { withUnsafeBytes(of: context) { [UInt8]($0) } }
}
