import Accounts
import Law
import Records
import Testing

struct AccountFoldTests {
    private let scope = AccountScope(type: "3", key: "=MVD/1")
    private let person = SubjectNumber(1)

    private func label(_ text: String) -> Labels { Labels(en: text, kk: text, ru: text) }

    private var search: AccountType {
        let states = [("WANTED", false, 1), ("LOCATED", false, 2), ("FOUND", true, 9), ("STOPPED", true, 9)]
        return AccountType(
            code: "3", labels: label("wanted"), lawReference: "12(3)3", status: .active, from: nil, to: nil,
            subject: .person,
            states: states.map { .init(code: $0.0, labels: label($0.0), isEnd: $0.1, rank: $0.2) }, rules: [])
    }

    private func event(
        _ effect: AccountEvent.Effect, _ state: String, day: Int32, basis: UInt32, stamp: UInt64? = nil,
        concerns: AccountEvent.Concerns? = nil, cancelled: Bool = false
    ) -> AccountEvent {
        AccountEvent(
            scope: scope, effect: effect, state: state, concerns: concerns ?? .subject(person), day: Day(day),
            until: nil, basis: Serial(year: 2026, serial: basis), part: 1,
            stamp: Stamp(milliseconds: stamp ?? UInt64(basis)), isCancelled: cancelled)
    }

    @Test func anEntryIsOpenedChangedAndEnded() {
        let open = event(.open, "WANTED", day: 10, basis: 1)
        let change = event(.change, "LOCATED", day: 11, basis: 2)
        let end = event(.end, "FOUND", day: 12, basis: 3)
        #expect(accountEntries(of: [open], type: search).map(\.state) == ["WANTED"])
        #expect(accountEntries(of: [open, change], type: search).map(\.state) == ["LOCATED"])
        let entries = accountEntries(of: [end, open, change], type: search)
        #expect(entries.map(\.state) == ["FOUND"])
        #expect(entries[0].isEnded && !entries[0].isConflict)
        #expect(entries[0].opened == Day(10) && entries[0].ended == Day(12))
        #expect(entries[0].basis.map(\.serial) == [1, 2, 3])
        #expect(entries[0].number.text == "3/2026/00000001")
    }

    @Test func aChangeOrAnEndWithoutAnOpeningWaits() {
        let end = event(.end, "FOUND", day: 12, basis: 3)
        #expect(accountEntries(of: [end], type: search).isEmpty)
    }

    @Test func foundBeatsWantedAndTheConflictIsShown() {
        let open = event(.open, "WANTED", day: 10, basis: 1)
        let end = event(.end, "FOUND", day: 12, basis: 3)
        let late = event(.change, "LOCATED", day: 15, basis: 4)
        let entry = accountEntries(of: [late, end, open], type: search)[0]
        #expect(entry.state == "FOUND" && entry.isEnded && entry.isConflict)
        #expect(entry.history.map(\.moved) == [true, true, false])
    }

    @Test func acorrectionOfTheSearchWrittenAfterTheEndDoesNotUndoIt() {
        let open = event(.open, "WANTED", day: 10, basis: 1, stamp: 900)
        let end = event(.end, "FOUND", day: 12, basis: 3, stamp: 500)
        let entry = accountEntries(of: [open, end], type: search)[0]
        #expect(entry.state == "FOUND" && entry.isEnded && entry.isConflict)
    }

    @Test func twoDifferentEndsAreAConflictAndTheFirstIsShown() {
        let open = event(.open, "WANTED", day: 10, basis: 1)
        let first = event(.end, "FOUND", day: 12, basis: 3)
        let second = event(.end, "STOPPED", day: 13, basis: 2)
        let entry = accountEntries(of: [second, first, open], type: search)[0]
        #expect(entry.state == "FOUND" && entry.isConflict)
    }

    @Test func aLowerStateDoesNotMoveAnEntryBack() {
        let open = event(.open, "LOCATED", day: 10, basis: 1)
        let lower = event(.change, "WANTED", day: 11, basis: 2)
        let entry = accountEntries(of: [lower, open], type: search)[0]
        #expect(entry.state == "LOCATED" && !entry.isConflict)
        #expect(entry.history.map(\.moved) == [true, false])
    }

    @Test func anEventForEveryoneMovesEachEntryOfTheScope() {
        let one = event(.open, "WANTED", day: 10, basis: 1)
        let two = event(.open, "WANTED", day: 10, basis: 2, concerns: .subject(SubjectNumber(7)))
        let end = event(.end, "STOPPED", day: 12, basis: 3, concerns: .everyone)
        let entries = accountEntries(of: [end, two, one], type: search)
        #expect(entries.map(\.subject) == [SubjectNumber(1), SubjectNumber(7)])
        #expect(entries.map(\.state) == ["STOPPED", "STOPPED"])
    }

    @Test func aCancelledEndLetsTheSearchStandAndACancelledOpeningEndsIt() {
        let open = event(.open, "WANTED", day: 10, basis: 1)
        let end = event(.end, "FOUND", day: 12, basis: 3, cancelled: true)
        #expect(accountEntries(of: [open, end], type: search)[0].state == "WANTED")
        let cancelled = event(.open, "WANTED", day: 10, basis: 1, cancelled: true)
        let entry = accountEntries(of: [cancelled], type: search)[0]
        #expect(entry.state == AccountEntry.cancelledState && entry.isEnded)
    }

    @Test func derivingAgainInAnyOrderGivesTheSameEntries() {
        let states = ["WANTED", "LOCATED", "FOUND", "STOPPED", "OTHER"]
        for seed: UInt64 in 0..<10_000 {
            var dice = Dice(seed: seed)
            var events: [AccountEvent] = []
            for basis in 1...UInt32(2 + dice.below(6)) {
                let effect = AccountEvent.Effect.allCases[dice.below(3)]
                let concerns: AccountEvent.Concerns =
                    dice.below(4) == 0 ? .everyone : .subject(SubjectNumber(UInt64(1 + dice.below(2))))
                events.append(
                    event(
                        effect, states[dice.below(states.count)], day: Int32(dice.below(4)), basis: basis,
                        stamp: UInt64(dice.below(4)), concerns: concerns, cancelled: dice.below(6) == 0))
            }
            let derived = accountEntries(of: events, type: search)
            #expect(accountEntries(of: events.shuffled(using: &dice), type: search) == derived, "seed \(seed)")
            for entry in derived {
                let ended = events.contains {
                    !$0.isCancelled && ($0.effect == .end || ["FOUND", "STOPPED"].contains($0.state))
                        && ($0.concerns == .everyone || $0.concerns == .subject(entry.subject!))
                }
                #expect(!ended || entry.isEnded, "an end was undone in seed \(seed)")
            }
        }
    }
}

/// SplitMix64: one seed, one history.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
