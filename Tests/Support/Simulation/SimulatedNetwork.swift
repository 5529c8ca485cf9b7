import Consensus

/// Which lines are cut, and which are slow. A line has two directions, each of its own.
struct SimulatedNetwork {
    /// More members than any run seats.
    static let width = 32

    private var cut = [Bool](repeating: false, count: width * width)
    private(set) var isWhole = true
    /// Members whose lines carry everything late: microseconds added.
    private var late = [Int](repeating: 0, count: width)

    private static func line(_ from: ReplicaID, _ to: ReplicaID) -> Int {
        Int(from.number) * width + Int(to.number)
    }

    func carries(from: ReplicaID, to: ReplicaID) -> Bool { isWhole || !cut[Self.line(from, to)] }

    func lateness(from: ReplicaID, to: ReplicaID) -> Int { late[Int(from.number)] + late[Int(to.number)] }

    mutating func heal() {
        guard !isWhole else { return }
        for line in cut.indices { cut[line] = false }
        isWhole = true
    }

    mutating func clog(_ id: ReplicaID, by lateness: Int) {
        late[Int(id.number)] = lateness
    }

    mutating func cutLine(from: ReplicaID, to: ReplicaID) {
        cut[Self.line(from, to)] = true
        isWhole = false
    }

    mutating func mendLine(from: ReplicaID, to: ReplicaID) {
        cut[Self.line(from, to)] = false
    }

    /// Cuts in one of the known shapes: two halves, one alone (both ways or one), a ring, a bridge between two halves,
    /// all apart. Says which.
    mutating func part(_ ids: [ReplicaID], _ dice: inout SplitMix) -> String {
        heal()
        var order = ids
        order.shuffle(using: &dice)
        guard order.count > 1 else { return "nothing to part" }
        switch dice.next(below: 6) {
        case 0:
            let half = Array(order.prefix(dice.next(in: 1...order.count - 1)))
            sever(half, order)
            return "\(half) apart from the others"
        case 1:
            sever([order[0]], order)
            return "\(order[0]) alone"
        case 2:
            for other in order.dropFirst() {
                if dice.next(below: 2) == 0 {
                    cutLine(from: order[0], to: other)
                } else {
                    cutLine(from: other, to: order[0])
                }
            }
            return "\(order[0]) cut off one way from each"
        case 3:
            for (place, from) in order.enumerated() {
                for (other, to) in order.enumerated()
                where from != to && (place - other + order.count) % order.count != 1
                    && (other - place + order.count) % order.count != 1
                {
                    cutLine(from: from, to: to)
                }
            }
            return "a ring \(order)"
        case 4:
            let half = order.count / 2
            sever(Array(order[..<half]), Array(order[..<half] + order[(half + 1)...]))
            return "\(order[half]) is the bridge between \(order[..<half]) and \(order[(half + 1)...])"
        default:
            for id in order { sever([id], order) }
            return "all apart"
        }
    }

    private mutating func sever(_ group: [ReplicaID], _ all: [ReplicaID]) {
        for inside in group {
            for outside in all where !group.contains(outside) {
                cutLine(from: inside, to: outside)
                cutLine(from: outside, to: inside)
            }
        }
    }
}
