import Foundation
import TestSupport
import Testing

extension ProcessTests {
    @Suite(.serialized) struct Kills {
        /// A kill for each round; the issue asks for at least thirty a run.
        static let rounds = 36
        static let cardsARound = 150

        /// The victim dies while both territories take documents and send them up: of intake, uplink and apply,
        /// whichever the moment hits. Which it was is chance; the seed is printed.
        @Test func everyAcknowledgedNumberOutlivesThirtySixKills() throws {
            var dice = Dice.announced("kills")
            let cluster = try TestCluster()
            let codes = ["KZ-75", "KZ-10"]
            let seats = try codes.map { try cluster.join($0) }
            var clerks = codes.map { Clerk(territory: $0) }
            // The longest a round takes undisturbed: moments are drawn over it, so every phase is hit.
            let roundMilliseconds = try Self.warmUp(cluster, seats, &clerks)
            var killed: [String: Int] = [:]

            for round in 1...Self.rounds {
                let files = try codes.map { try cluster.generate($0, count: Self.cardsARound, seed: round) }
                let running = try zip(seats, files).map { seat, file in
                    try Program.start(Clerk.arguments(seat, file, attempt: 0))
                }
                let victim = round.isMultiple(of: 2) ? cluster.centre : seats[dice.below(seats.count)]
                Moment.pass(milliseconds: dice.below(roundMilliseconds))
                victim.kill()
                killed[victim.name, default: 0] += 1
                let ends = try running.map { try $0.finish() }
                try victim.start()
                for index in seats.indices {
                    try clerks[index].take(files[index], attempt: 0)
                    let wasCut = ends[index].status != 0
                    #expect(!wasCut || victim === seats[index], "seed \(dice.seed), round \(round): \(ends[index])")
                    guard wasCut else { continue }
                    let again = try seats[index].run(Clerk.words(files[index], attempt: 1))
                    #expect(again.status == 0, "seed \(dice.seed), round \(round): \(again)")
                    try clerks[index].take(files[index], attempt: 1)
                }
            }
            print("kills: \(killed.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
            #expect(killed.values.reduce(0, +) >= 30)
            for index in seats.indices {
                try Self.settle(cluster.centre, seats[index], clerks[index], seed: dice.seed)
            }
            try Self.nationalNumbersHaveNoGap(cluster.centre, documents: clerks.map(\.numbers.count).reduce(0, +))
        }

        /// One undisturbed round.
        /// - Returns: its length in milliseconds.
        static func warmUp(_ cluster: TestCluster, _ seats: [Seat], _ clerks: inout [Clerk]) throws -> Int {
            let begun = ContinuousClock.now
            for index in seats.indices {
                let file = try cluster.generate(clerks[index].territory, count: cardsARound, seed: 0)
                let result = try seats[index].run(Clerk.words(file, attempt: 0))
                #expect(result.status == 0, "\(result)")
                try clerks[index].take(file, attempt: 0)
            }
            let spent = ContinuousClock.now - begun
            return max(40, Int(spent / .milliseconds(1)))
        }

        static func settle(_ centre: Seat, _ seat: Seat, _ clerk: Clerk, seed: UInt64) throws {
            try seat.waitForEmptyBacklog()
            try untilTrue("\(seat.name) hears all confirmed numbers") {
                try seat.confirmed().count >= clerk.acknowledged.count
            }
            let comparison = try Confirmed(centre: centre, seat: seat, territory: clerk.territory)
            #expect(comparison.missing(from: clerk.acknowledged) == [], "seed \(seed)")
            #expect(comparison.faults == [], "seed \(seed)")
            #expect(clerk.faults == [], "seed \(seed)")
            // Nothing is there that nobody handed in, and nothing was registered twice under two numbers.
            #expect(Set(comparison.atCentre.keys) == Set(clerk.numbers.values), "seed \(seed)")
            #expect(Series.gaps(comparison.atCentre.keys) == [], "seed \(seed)")
        }

        static func nationalNumbersHaveNoGap(_ centre: Seat, documents: Int) throws {
            let serials = try centre.confirmed().compactMap { $0.number.split(separator: "/").last.flatMap { Int($0) } }
            #expect(serials.sorted() == Array(1...max(1, documents)), "confirmed numbers are gapless in a year")
        }
    }
}

/// One who hands in files and keeps every receipt, those of interrupted runs too.
struct Clerk {
    let territory: String
    /// File and line → number.
    private(set) var numbers: [String: String] = [:]
    private(set) var faults: [String] = []

    init(territory: String) {
        self.territory = territory
    }

    var acknowledged: Set<String> { Set(numbers.values) }

    static func words(_ file: String, attempt: Int) -> [String] {
        ["register", "--kind", "auto", "--file", file, "--receipts", "\(file).receipts\(attempt)", "--json"]
    }

    static func arguments(_ seat: Seat, _ file: String, attempt: Int) -> [String] {
        words(file, attempt: attempt) + ["--data", seat.directory]
    }

    /// Files the receipts of one run. A document that was acknowledged before must have the same number now.
    mutating func take(_ file: String, attempt: Int) throws {
        for (line, number) in try Receipts.byLine("\(file).receipts\(attempt)") {
            let place = "\(file):\(line)"
            if let before = numbers.updateValue(number, forKey: place), before != number {
                faults.append("\(place) was acknowledged as \(before), later as \(number)")
            }
        }
    }
}

/// The moment of a fault. The only place in these tests where time passes by the clock.
enum Moment {
    static func pass(milliseconds: Int) {
        _ = poll(nil, 0, Int32(milliseconds))
    }
}

/// Provisional numbers are gapless per territory, year, kind and seat.
enum Series {
    static func gaps(_ numbers: some Collection<String>) -> [String] {
        var series: [String: Set<Int>] = [:]
        for number in numbers {
            guard let slash = number.lastIndex(of: "/"), let dash = number.lastIndex(of: "-"), slash < dash,
                let serial = Int(number[number.index(after: slash)..<dash])
            else { return ["\(number) has no serial"] }
            series["\(number[..<slash])\(number[dash...])", default: []].insert(serial)
        }
        return series.sorted { $0.key < $1.key }.compactMap { name, serials in
            serials == Set(1...serials.count) ? nil : "\(name): \(serials.count) numbers up to \(serials.max() ?? 0)"
        }
    }
}
