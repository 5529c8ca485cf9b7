package import Consensus

/// What was prepared of the log's entries and is not yet applied and stored, each with the bytes it was made from.
///
/// A turn that is undone for want of space may have begun an entry that never came into the log: when there is space,
/// another entry takes that very place in the same term. What was prepared for a place therefore holds for its bytes
/// alone. Bounded by the proposals under way, which the role bounds.
package struct PreparedBatches: Sendable {
    package typealias Held = (payload: [UInt8], batch: PreparedBatch)

    private var held: [Mark: Held] = [:]

    package init() {}

    /// Nil where nothing was prepared of these bytes at this place. They are mostly the log's own, so that comparing
    /// them costs nothing.
    package func batch(_ mark: Mark, of payload: [UInt8]) -> PreparedBatch? {
        guard let held = held[mark], held.payload == payload else { return nil }
        return held.batch
    }

    package mutating func keep(_ batch: PreparedBatch, of payload: [UInt8], at mark: Mark) {
        held[mark] = (payload, batch)
    }

    /// Of the payloads it holds.
    package var bytes: Int { held.values.reduce(0) { $0 + $1.payload.count } }

    /// Lets go of all up to an index, and gives it back: it is thousands of small pieces, to be freed where it costs
    /// least.
    package mutating func release(through index: LogIndex) -> [Mark: Held] {
        let past = held.filter { $0.key.index <= index }
        for mark in past.keys { held[mark] = nil }
        return past
    }
}
