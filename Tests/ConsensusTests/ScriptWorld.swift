import Consensus
import Simulation

/// What a golden script acts on: replicas with their stores, and the messages between them, delivered by hand.
struct ScriptWorld {
    struct Node {
        var replica: Replica?
        var store: SimulatedStore
    }

    private(set) var nodes: [ReplicaID: Node] = [:]
    private(set) var wire: [RaftMessage] = []
    private var cut: Set<ReplicaID> = []
    private(set) var lines: [String] = []
    private var limits = ReplicaLimits()

    var ids: [ReplicaID] { nodes.keys.sorted() }

    mutating func takeLines() -> [String] {
        defer { lines = [] }
        return lines
    }

    mutating func say(_ line: String) {
        lines.append(line)
    }

    mutating func set(_ limits: ReplicaLimits) {
        self.limits = limits
    }

    var currentLimits: ReplicaLimits { limits }

    // MARK: - Nodes

    mutating func found(_ voters: [ReplicaID]) {
        for id in voters {
            add(id, SimulatedStore.Image(founding: voters))
        }
    }

    mutating func join(_ id: ReplicaID) {
        add(id, SimulatedStore.Image(founding: []))
    }

    private mutating func add(_ id: ReplicaID, _ image: SimulatedStore.Image) {
        nodes[id] = Node(replica: nil, store: SimulatedStore(image))
        restart(id)
    }

    mutating func restart(_ id: ReplicaID) {
        guard let node = nodes[id] else { return say("no node \(id)") }
        do throws(Replica.Damage) {
            nodes[id]?.replica = try Replica(id: id, limits: limits, stored: node.store.current.stored)
        } catch {
            say("\(id) refuses to start: \(error)")
        }
    }

    mutating func crash(_ id: ReplicaID, kept: Int) {
        nodes[id]?.replica = nil
        onDisk(id) { store throws(Violation) in try store.crash(kept: kept) }
    }

    mutating func cut(_ ids: [ReplicaID]) {
        cut = Set(ids)
    }

    // MARK: - Events

    mutating func step(_ id: ReplicaID, _ events: [Replica.Event]) {
        guard var replica = nodes[id]?.replica else { return say("\(id) is down") }
        let effects = replica.step(events)
        if let sentence = replica.brokenInvariant() { say("\(id) is broken: \(sentence)") }
        nodes[id]?.replica = replica
        for effect in effects {
            carryOut(effect, of: id)
        }
    }

    private mutating func carryOut(_ effect: Replica.Effect, of id: ReplicaID) {
        if let line = Printed.effect(effect) {
            say("\(id) \(line)")
        }
        switch effect {
        case .persist(let write):
            let state = installed(write.install)
            onDisk(id) { store throws(Violation) in try store.perform(.write(write, installed: state)) }
        case .apply(let application):
            onDisk(id) { store throws(Violation) in
                try store.perform(.apply(first: application.first, last: application.last))
            }
        case .send(let message): wire.append(message)
        case .drawElectionTicks(let range):
            step(id, [.electionTicks(min(range.lowerBound + Int(id.number), range.upperBound))])
        case .load(let load):
            let rows = nodes[id]?.store.current.rows(
                from: load.first, through: load.last, costLimit: load.costLimit)
            step(id, [.loaded(to: load.to, entries: rows.map { Array($0) } ?? [])])
        case .snapshotNeeded, .proposed, .refused, .readReady, .became, .membership, .dropped, .damaged: break
        }
    }

    /// The state a snapshot stands for, taken from whichever store has applied exactly that.
    private func installed(_ head: SnapshotHead?) -> AppliedState? {
        guard let head else { return nil }
        return ids.compactMap { nodes[$0]?.store.current.state }.first { $0.index == head.mark.index }
    }

    /// Makes the oldest unsynced operations durable (all of them for nil) and reports the writes among them.
    mutating func store(_ id: ReplicaID, count: Int?) {
        guard let pending = nodes[id]?.store.unsynced.count, nodes[id]?.replica != nil else { return }
        var token: WriteToken?
        onDisk(id) { store throws(Violation) in token = try store.sync(count ?? pending) }
        if let token { step(id, [.stored(token)]) }
    }

    /// What the store refuses is printed, and so no script goes on over it unseen.
    private mutating func onDisk(_ id: ReplicaID, _ act: (inout SimulatedStore) throws(Violation) -> Void) {
        guard var store = nodes[id]?.store else { return }
        do throws(Violation) {
            try act(&store)
        } catch {
            say("\(id): \(error)")
        }
        nodes[id]?.store = store
    }

    // MARK: - Wire

    /// Delivers the messages that are on the wire now, in order, and match.
    mutating func deliver(from: ReplicaID?, to: ReplicaID?) {
        let (taken, left) = split(from: from, to: to)
        wire = left
        for message in taken {
            hand(message)
        }
    }

    mutating func drop(from: ReplicaID?, to: ReplicaID?) {
        wire = split(from: from, to: to).left
    }

    /// Delivers the first matching message and leaves a copy on the wire.
    mutating func duplicate(from: ReplicaID?, to: ReplicaID?) {
        if let message = split(from: from, to: to).taken.first {
            hand(message)
        }
    }

    private func split(from: ReplicaID?, to: ReplicaID?) -> (taken: [RaftMessage], left: [RaftMessage]) {
        var taken: [RaftMessage] = []
        var left: [RaftMessage] = []
        for message in wire {
            if from.map({ $0 == message.from }) ?? true, to.map({ $0 == message.to }) ?? true {
                taken.append(message)
            } else {
                left.append(message)
            }
        }
        return (taken, left)
    }

    private mutating func hand(_ message: RaftMessage) {
        guard cut.contains(message.from) == cut.contains(message.to), nodes[message.to]?.replica != nil else { return }
        step(message.to, [.received(message)])
    }

    /// Stores and delivers until nothing is left to do.
    mutating func stabilize() {
        for _ in 0..<1000 {
            for id in ids {
                store(id, count: nil)
            }
            if wire.isEmpty, ids.allSatisfy({ nodes[$0]?.store.unsynced.isEmpty ?? true }) { return }
            deliver(from: nil, to: nil)
        }
        say("does not come to rest")
    }
}
