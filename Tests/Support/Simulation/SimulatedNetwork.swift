import Consensus

/// Which lines are cut. A line has two directions, each of its own.
struct SimulatedNetwork {
    private struct Line: Hashable {
        var from: ReplicaID
        var to: ReplicaID
    }

    private var cut: Set<Line> = []

    func carries(from: ReplicaID, to: ReplicaID) -> Bool { !cut.contains(Line(from: from, to: to)) }

    mutating func heal() {
        cut.removeAll()
    }

    /// Cuts in one of the known shapes: two halves, one alone (both ways or one), a ring, a bridge between two halves.
    mutating func part(_ ids: [ReplicaID], _ chance: inout SplitMix) {
        cut.removeAll()
        var order = ids
        order.shuffle(using: &chance)
        guard order.count > 1 else { return }
        switch chance.next(below: 5) {
        case 0: sever(Array(order.prefix(chance.next(in: 1...order.count - 1))), order)
        case 1: sever([order[0]], order)
        case 2:
            for other in order.dropFirst() {
                cut.insert(
                    chance.next(below: 2) == 0 ? Line(from: order[0], to: other) : Line(from: other, to: order[0]))
            }
        case 3:
            for (place, from) in order.enumerated() {
                for (other, to) in order.enumerated()
                where from != to && (place - other + order.count) % order.count != 1
                    && (other - place + order.count) % order.count != 1
                {
                    cut.insert(Line(from: from, to: to))
                }
            }
        default:
            let half = order.count / 2
            sever(Array(order[..<half]), Array(order[..<half] + order[(half + 1)...]))
        }
    }

    private mutating func sever(_ group: [ReplicaID], _ all: [ReplicaID]) {
        for inside in group {
            for outside in all where !group.contains(outside) {
                cut.insert(Line(from: inside, to: outside))
                cut.insert(Line(from: outside, to: inside))
            }
        }
    }
}
