/// What happens when, in virtual microseconds. Of two things due at once, the one noted first happens first.
struct Agenda<Item> {
    private struct Due {
        var time: UInt64
        var order: UInt64
        var item: Item

        func isBefore(_ other: Due) -> Bool { time < other.time || (time == other.time && order < other.order) }
    }

    private var heap: [Due] = []
    private var order: UInt64 = 0
    private(set) var now: UInt64 = 0

    mutating func add(_ item: Item, after delay: Int) {
        order += 1
        heap.append(Due(time: now + UInt64(max(0, delay)), order: order, item: item))
        var place = heap.count - 1
        while place > 0, heap[place].isBefore(heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Takes the next thing due and moves the time to it.
    mutating func next() -> Item? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        now = first.time
        return first.item
    }

    private mutating func sink() {
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            if least == place { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
