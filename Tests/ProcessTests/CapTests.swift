import Foundation
import TestSupport
import Testing

extension ProcessTests {
    /// What an operator says of a line: how much of it data may take, and at which hours.
    @Suite(.serialized) struct Caps {
        private static let grounds = ["--act", "4-o", "--basis", "tariff"]

        /// A territory over a line of its own, under a cap it was told when it dialled.
        private struct Bench {
            let cluster: TestCluster
            let line: Line
            let seat: Seat

            init(_ cap: [String]) throws {
                cluster = try TestCluster()
                line = try Line(to: Int(cluster.centreAddress.split(separator: ":")[1]) ?? 0)
                seat = try cluster.join("KZ-75", peer: line.address, starting: false)
                try config(cap)
                try seat.start()
            }

            func config(_ cap: [String]) throws {
                _ = try cluster.centre.done(["cluster", "config", "--territory", "KZ-75"] + cap + Caps.grounds)
            }
        }

        /// Only that it takes so long at the least: a busy machine can make it longer, nothing can make it shorter.
        @Test func aCappedLineCarriesNoMoreThanItsBytesASecond() throws {
            let rate = 4_096
            let bench = try Bench(["--bandwidth", "4K"])
            try bench.seat.waitForEmptyBacklog()
            let file = try bench.cluster.generate("KZ-75", count: 250, seed: 9)
            let before = bench.line.carried
            let begin = ContinuousClock.now
            #expect(try bench.seat.register(file)["accepted"].integer == 250)
            try bench.seat.waitForEmptyBacklog(tries: 4_000)
            let seconds = Double((ContinuousClock.now - begin).components.seconds + 1)
            let carried = bench.line.carried - before
            // Frontiers, keep-alives and the frames of TLS are not capped; a second's worth is there at the beginning,
            // and one batch of two seconds may be overdrawn.
            let data = Double(carried) / 1.05 - 8_192
            #expect(data > 3 * Double(rate), "too little went over to tell: \(carried) bytes")
            #expect(data / Double(rate) <= seconds + 3, "\(carried) bytes in \(seconds) s at \(rate) bytes/s")
            try untilTrue("all are confirmed") { try bench.cluster.centre.confirmed().count == 250 }
            print("cap: \(carried) bytes over a line of \(rate) bytes/s in \(seconds) s")
        }

        @Test func outsideItsHoursALineCarriesControlAlone() throws {
            let bench = try Bench(["--hours", Self.hoursFromNow(2)])
            try untilTrue("the line stands") { try bench.seat.status()["centre"]["connected"].flag == true }
            let file = try bench.cluster.generate("KZ-75", count: 300, seed: 9)
            let before = bench.line.carried
            #expect(try bench.seat.register(file)["accepted"].integer == 300)
            let backlog = try #require(try bench.seat.backlog())
            #expect(backlog >= 300)
            // The node's own keep-alive tells the centre what waits: control goes through, and nothing else has.
            try untilTrue("the centre hears what waits", tries: 2_000) {
                try bench.cluster.centre.status()["territories"][0]["backlog"].integer == backlog
            }
            #expect(try bench.seat.backlog() == backlog)
            #expect(try bench.cluster.centre.confirmed().isEmpty)
            let control = bench.line.carried - before
            #expect(control < 16_384, "\(control) bytes of control")
            try bench.config([])
            try bench.seat.waitForEmptyBacklog()
            try untilTrue("all are confirmed") { try bench.cluster.centre.confirmed().count == 300 }
            #expect(bench.line.carried - before > 2 * 16_384, "what waited is more than what control takes")
        }

        /// An hour of the day that begins so many hours from now, in UTC+5.
        private static func hoursFromNow(_ hours: Int) -> String {
            let minute = (Int(Date().timeIntervalSince1970) / 60 + 5 * 60) % 1_440
            func text(_ minute: Int) -> String {
                let (hour, rest) = (minute / 60 % 24, minute % 60)
                return "\(hour < 10 ? "0" : "")\(hour):\(rest < 10 ? "0" : "")\(rest)"
            }
            return "\(text(minute + hours * 60))-\(text(minute + hours * 60 + 60))"
        }
    }
}
