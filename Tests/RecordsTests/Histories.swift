import Law
import Records

/// A small seeded generator (SplitMix64): one seed, one history, in every process.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &self)
    }
}

/// Fields 1…3 are registers, 4 and 5 are sets.
func isSet(_ field: FieldNumber) -> Bool { field >= 4 }

/// A history of one record over several authors, each of whom corrects what it sees and hears the others at random.
struct History {
    var arrivals: [Arrival] = []

    init(seed: UInt64) {
        var dice = Dice(seed: seed)
        let authors = 2 + dice.below(3)
        var states = Array(repeating: RecordState(), count: authors)
        var heard = Array(repeating: Set<Int>(), count: authors)
        var last = Array(repeating: UInt64(0), count: authors)
        let openings = dice.below(4) == 0 ? 2 : 1
        let opening = History.openingWrites(&dice)
        let length = 3 + dice.below(8)
        for step in 0..<length {
            let author = step < openings ? step : dice.below(authors)
            for earlier in arrivals.indices where !heard[author].contains(earlier) && dice.below(2) == 0 {
                heard[author].insert(earlier)
                states[author].fold(arrivals[earlier])
            }
            last[author] += 1 + UInt64(dice.below(3))
            let address = LogAddress(author: AuthorNumber(UInt32(author + 1)), index: last[author])
            var source = RecordState.Source(
                at: address, act: .correct, stamp: Stamp(milliseconds: UInt64(1000 + dice.below(6))),
                suspect: dice.below(5) == 0)
            let writes: [Write]
            if step < openings {
                source.act = .register
                writes = opening
            } else if dice.below(10) == 0 {
                source.act = .cancel
                writes = []
            } else {
                writes = History.correction(of: states[author].view(isSet: isSet), &dice)
            }
            let arrival = Arrival(source: source, writes: writes)
            heard[author].insert(arrivals.count)
            arrivals.append(arrival)
            states[author].fold(arrival)
        }
    }

    private static func openingWrites(_ dice: inout Dice) -> [Write] {
        var writes: [Write] = []
        for field: FieldNumber in 1...5 {
            for _ in 0..<(isSet(field) ? dice.below(3) : 1) {
                writes.append(Write(field: field, place: UInt16(writes.count), value: value(&dice)))
            }
        }
        return writes
    }

    private static func correction(of view: RecordView, _ dice: inout Dice) -> [Write] {
        var changes: [Change] = []
        for field: FieldNumber in 1...5 where dice.below(3) == 0 {
            if !isSet(field) {
                changes.append(.set(field, dice.below(8) == 0 ? nil : value(&dice)))
            } else if let some = view.elements(of: field).randomElement(using: &dice), dice.below(2) == 0 {
                changes.append(.remove(field, some))
            } else {
                changes.append(.add(field, value(&dice)))
            }
        }
        if view.isCancelled, dice.below(2) == 0 { changes.append(.restore) }
        do {
            return try view.correction(changes)
        } catch {
            preconditionFailure("a change made from the view was refused: \(error)")
        }
    }

    private static func value(_ dice: inout Dice) -> Value {
        switch dice.below(6) {
        case 0: .text("Әсел")
        case 1: .integer(Int64(dice.below(3)))
        case 2: .decimal(unscaled: Int64(dice.below(3)), scale: 2)
        case 3: .day(Day(20_000 + Int32(dice.below(3))))
        case 4: .group([.init(field: 1, value: .flag(dice.below(2) == 0))])
        default: .unknown
        }
    }
}

extension RecordState {
    mutating func fold(_ arrival: Arrival) {
        apply(arrival.source, clear: arrival.writes, opened: [])
    }

    static func folding(_ arrivals: some Sequence<Arrival>) -> RecordState {
        var state = RecordState()
        for arrival in arrivals { state.fold(arrival) }
        return state
    }
}
