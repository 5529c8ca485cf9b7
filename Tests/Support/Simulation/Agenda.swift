/// What happens when, in virtual microseconds. Of two things due at once, the one noted first happens first.
///
/// The heap holds a number each; what is due lies beside it in slots that are used again, so that sorting moves no
/// message and nothing is allocated in the steady state.
package struct Agenda<Item> {
    private struct Due {
        /// Time above, order below: one comparison.
        var key: UInt64
        var slot: Int32
    }

    private static var orderBits: UInt64 { 24 }

    private var heap: [Due] = []
    private var slots: [Item?] = []
    private var free: [Int32] = []
    private var order: UInt64 = 0
    package private(set) var now: UInt64 = 0

    package init() {}

    package mutating func add(_ item: Item, after delay: Int) {
        order += 1
        let time = now + UInt64(max(0, delay))
        // Orders wrap after 16 million, which is further apart than any two things due at one time.
        let key = time << Self.orderBits | order & (1 << Self.orderBits - 1)
        let slot: Int32
        if let held = free.popLast() {
            slot = held
            slots[Int(held)] = item
        } else {
            slot = Int32(slots.count)
            slots.append(item)
        }
        heap.append(Due(key: key, slot: slot))
        rise(from: heap.count - 1)
    }

    /// Takes the next thing due and moves the time to it.
    package mutating func next() -> Item? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            sink(last)
        }
        now = first.key >> Self.orderBits
        free.append(first.slot)
        var item: Item?
        swap(&item, &slots[Int(first.slot)])
        return item
    }

    private mutating func rise(from start: Int) {
        heap.withUnsafeMutableBufferPointer { heap in
            var place = start
            let due = heap[place]
            while place > 0, due.key < heap[(place - 1) / 2].key {
                heap[place] = heap[(place - 1) / 2]
                place = (place - 1) / 2
            }
            heap[place] = due
        }
    }

    private mutating func sink(_ due: Due) {
        heap.withUnsafeMutableBufferPointer { heap in
            var place = 0
            while true {
                var child = 2 * place + 1
                guard child < heap.count else { break }
                if child + 1 < heap.count, heap[child + 1].key < heap[child].key { child += 1 }
                guard heap[child].key < due.key else { break }
                heap[place] = heap[child]
                place = child
            }
            heap[place] = due
        }
    }
}
