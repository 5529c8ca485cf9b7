/// An actor that works in turns: each takes all inputs that wait, and between two turns whoever asks the actor
/// something is answered, however fast the inputs come.
package protocol TurnTaking: Actor {
    associatedtype Input: Sendable

    nonisolated var mailbox: Mailbox<Input> { get }
    /// The actor's own.
    nonisolated var executor: TurnExecutor { get }

    /// Takes one turn. False where nothing waited, or where no turn may be taken now.
    func takeTurn() -> Bool
}

extension TurnTaking {
    /// Hands an input to the next turn.
    package nonisolated func give(_ input: Input) {
        if mailbox.put(input) { schedule() }
    }

    /// One turn, then the next as a job of its own: what was asked meanwhile stands before it in the actor's line.
    package func runTurns() {
        if takeTurn() { schedule() }
    }

    /// Straight to the actor's thread: a task would first be run by the cooperative pool, only to be handed on there.
    private nonisolated func schedule() {
        executor.run { self.assumeIsolated { $0.runTurns() } }
    }

    /// All turns that wait, in one go: for a node that closes.
    package func drainTurns() {
        while takeTurn() {}
    }
}

/// How long nothing has been stored: begun anew with each turn that stores.
///
/// A checkpoint costs two syncs and the next commit a third. Whoever comes with one document at a time must not pay for
/// one in each pause between two of them, nor one voter of the centre for another's.
struct Idleness {
    private static let long = Duration.seconds(1)

    private let since = ContinuousClock.now

    var isLong: Bool { .now - since >= Self.long }
}
