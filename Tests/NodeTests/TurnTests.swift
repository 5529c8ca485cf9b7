import Node
import Synchronization
import Testing

/// How a node's turns and its questions share one actor.
struct TurnTests {
    /// An actor whose every turn brings the next input: its mailbox is never empty until it is told to end.
    private actor Busy: TurnTaking {
        nonisolated let executor = TurnExecutor(label: "test.turns")
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
        nonisolated let mailbox = Mailbox<Int>()
        private(set) var taken: [Int] = []
        private var mayGoOn = true

        func takeTurn() -> Bool {
            let inputs = mailbox.take(atMost: 2)
            taken += inputs
            if mayGoOn, let last = inputs.last { _ = mailbox.put(last + 1) }
            return !inputs.isEmpty
        }

        func end() { mayGoOn = false }
        var count: Int { taken.count }
    }

    @Test(.timeLimit(.minutes(1))) func aQuestionIsAnsweredWhileInputsKeepComing() async {
        let busy = Busy()
        busy.give(0)
        var seen = 0
        // Each answer comes although there is always a next turn; and turns go on between the answers.
        while seen < 100 {
            seen = await busy.count
            // Without this the loop may stay on the actor's thread from one question to the next.
            await Task.yield()
        }
        await busy.end()
        let taken = await busy.taken
        #expect(taken == Array(0..<taken.count))
    }

    @Test func whatWaitsIsTakenInOrderAndInOneGoBeforeAnActorCloses() async {
        let busy = Busy()
        await busy.end()
        for number in 0..<100 { busy.give(number) }
        await busy.drainTurns()
        #expect(await busy.taken == Array(0..<100))
        #expect(busy.mailbox.count == 0)
    }

    @Test func anInputThatComesWhileOtherWorkIsDeferredSchedulesNoSecondRunner() {
        let mailbox = Mailbox<Int>()
        #expect(mailbox.put(1))
        #expect(mailbox.take(atMost: 8) == [1])
        // The turn left something for the next: its runner goes on, so the mailbox still counts as looked after.
        #expect(mailbox.take(atMost: 8, isLast: false).isEmpty)
        #expect(!mailbox.put(2))
        #expect(mailbox.take(atMost: 8) == [2])
        #expect(mailbox.take(atMost: 8).isEmpty)
        #expect(mailbox.put(3))
    }
}
