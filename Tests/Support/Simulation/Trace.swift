import Consensus

/// A run as one number: the same seed must give the same in every process.
package struct Trace: Sendable {
    enum Moment: UInt64 {
        case start = 1
        case crash
        case step
    }

    package private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    package private(set) var steps = 0

    mutating func note(_ moment: Moment, _ id: ReplicaID, _ time: UInt64) {
        steps += 1
        mix(moment.rawValue)
        mix(id.number)
        mix(time)
    }

    mutating func note(_ effect: Replica.Effect) {
        switch effect {
        case .send(let message):
            mix(message.to.number)
            mix(message.term.number)
        case .persist(let write): mix(write.token.number << 32 | UInt64(write.entries.count))
        case .apply(let application): mix(application.last.number)
        case .became(let standing): mix(standing.term.number)
        default: mix(7)
        }
    }

    private mutating func mix(_ number: UInt64) {
        digest = (digest ^ number) &* 0x0000_0100_0000_01b3
        digest ^= digest >> 31
    }
}
