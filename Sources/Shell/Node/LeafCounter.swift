import Storage
import Synchronization

/// Gives out the running numbers of an author's blocks: never one twice, gaps allowed (design §3).
///
/// A mark in the keyring says up to where numbers may have been given; it is moved, durably, before any number beyond
/// it is used. A start goes on from the mark, so a crash wastes at most one reservation of the 2^40 numbers there are.
final class LeafCounter: Sendable {
    static let reservation: UInt64 = 1 << 22
    private static let markName = "leaves"

    private struct State {
        var next: UInt64
        var end: UInt64
    }

    private let keyring: Keyring
    private let state: Mutex<State>

    init(keyring: Keyring) throws(StorageError) {
        self.keyring = keyring
        let mark = try keyring.secret(Self.markName).map(Self.number) ?? 0
        state = Mutex(State(next: mark, end: mark))
    }

    func draw() throws(StorageError) -> UInt64 {
        try state.withLock { state throws(StorageError) in
            if state.next == state.end {
                try keyring.store(Self.bytes(state.end + Self.reservation), name: Self.markName)
                state.end += Self.reservation
            }
            defer { state.next += 1 }
            return state.next
        }
    }

    /// Goes on from this number at least: others have given those before it.
    func advance(to number: UInt64) {
        state.withLock { state in
            guard number > state.next else { return }
            state.next = number
            // What was reserved lies behind: the next draw reserves anew, from here.
            state.end = number
        }
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }

    private static func number(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
