import Records
import Roles
import TestSupport
import Testing
import Uplink
import Vault

/// What is sent again after a line broke: a territory's end of the link and the centre's role with a line between them
/// that breaks at any moment.
struct CentreResumeTests {
    /// The line: messages arrive whole and in order. A break takes all that is on its way, and tears the next of it.
    private struct Broken {
        var house: CentreHouse
        let log: [[UInt8]]
        private let ends: [Frontier]
        private var sender: UplinkSender
        private var toCentre: [UplinkMessage] = []
        private var toTerritory: [UplinkMessage] = []
        private var reads: [(first: UInt64, maximumBytes: Int)] = []
        private var digests: [UInt64] = []
        private var pass: [UInt8] = []
        private var session: Session?
        private var sessions: UInt64 = 0
        private var deedsSeen = 0
        private var promisesSeen = 0
        private(set) var breaks = 0
        /// How often each entry came to the centre whole, and how often it was given to a line.
        private(set) var arrived: [Int]
        private(set) var given: [Int]
        private(set) var batchesGiven = 0
        /// Batches given to a line of which the centre has entries already.
        private(set) var givenInVain = 0

        init(entries: Int, bytes: Int) throws {
            log = (0..<entries).map { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: bytes) }
            var chain = LogChain.genesis(cluster: CentreHouse.cluster, author: CentreHouse.territory.number)
            let author = CentreHouse.territory.number
            var ends = [Frontier(author: author, index: 0, digest: chain.digest)]
            for entry in log {
                chain.extend(entry)
                ends.append(Frontier(author: author, index: chain.index, digest: chain.digest))
            }
            self.ends = ends
            sender = UplinkSender(held: ends[entries], acknowledged: ends[0])
            arrived = [Int](repeating: 0, count: entries)
            given = arrived
            house = try CentreHouse()
            house.give(.tick)
            house.appliesAtOnce = false
        }

        var isDone: Bool { sender.acknowledged == ends[log.count] }

        mutating func connect() {
            sessions += 1
            let next = Session(sessions)
            session = next
            let drawn = withUnsafeBytes(of: sessions.littleEndian) { Array($0) } + [UInt8](repeating: 0, count: 8)
            house.give(.linkUp(next, CentrePeer(name: "kz-75-1", territory: "KZ-75"), pass: drawn))
            let last = ends[log.count]
            let hello = Hello(
                cluster: CentreHouse.cluster, version: UplinkLimits.version, author: last.author, last: last.index,
                digest: last.digest, pass: pass, downlink: 0, wallMilliseconds: 0)
            perform(sender.connected(hello, now: house.now))
        }

        /// - Parameter noticed: the centre hears of it at once; else when the node dials again.
        mutating func cut(noticed: Bool) {
            guard let lost = session else { return }
            breaks += 1
            session = nil
            (toCentre, toTerritory, reads, digests) = ([], [], [], [])
            _ = sender.disconnected()
            if noticed { house.give(.linkDown(lost)) }
            look()
        }

        /// One thing that may happen next.
        mutating func step(_ dice: inout Dice) {
            house.now += 1
            switch dice.below(5) {
            case 0 where !reads.isEmpty:
                let read = reads.removeFirst()
                var taken: [[UInt8]] = []
                var bytes = 0
                for entry in log[(Int(read.first) - 1)...] {
                    bytes += entry.count
                    if !taken.isEmpty, bytes > read.maximumBytes { break }
                    taken.append(entry)
                }
                perform(sender.read(first: read.first, entries: taken, now: house.now))
            case 1 where !digests.isEmpty: perform(sender.digestRead(ends[Int(digests.removeFirst())]))
            case 2 where !toCentre.isEmpty:
                guard let session else { return }
                let message = toCentre.removeFirst()
                if case .batch(let batch) = message {
                    for index in 0..<batch.entries.count { arrived[Int(batch.first) - 1 + index] += 1 }
                }
                house.give(.received(session, message))
            case 3 where !toTerritory.isEmpty:
                perform(sender.received(toTerritory.removeFirst(), now: house.now))
            case 4 where !house.toApply.isEmpty: house.give(.applied(house.applyHeld()))
            default: return
            }
            look()
        }

        /// Carries out what the role let out.
        private mutating func look() {
            while deedsSeen < house.deeds.count || promisesSeen < house.promises.count {
                let deeds = house.deeds[deedsSeen...]
                let promises = house.promises[promisesSeen...]
                (deedsSeen, promisesSeen) = (house.deeds.count, house.promises.count)
                for promise in promises {
                    if case .send(let to, let message) = promise, to == session { toTerritory.append(message) }
                }
                for deed in deeds {
                    switch deed {
                    case .send(let to, let message) where to == session: toTerritory.append(message)
                    case .readDigest(let to, let author, let index):
                        house.give(.digestRead(to, author: author, index: index, digest: ends[Int(index)].digest))
                    default: continue
                    }
                }
            }
        }

        private mutating func perform(_ actions: [UplinkSender.Action]) {
            for action in actions {
                switch action {
                case .send(let message):
                    if case .batch(let batch) = message { count(batch) }
                    toCentre.append(message)
                case .readLog(let first, let maximumBytes): reads.append((first, maximumBytes))
                case .readDigest(let index): digests.append(index)
                case .keepPass(let drawn): pass = drawn
                default: continue
                }
            }
        }

        private mutating func count(_ batch: Batch) {
            batchesGiven += 1
            let places = (0..<batch.entries.count).map { Int(batch.first) - 1 + $0 }
            if places.contains(where: { arrived[$0] > 0 }) { givenInVain += 1 }
            for place in places { given[place] += 1 }
        }
    }

    /// The line breaks again and again while the log goes over it; whether the centre hears of it is drawn, too.
    @Test func whatCameWholeOverABrokenLineIsNeverSentAgain() throws {
        var breaks = 0
        var batches = 0
        var again = 0
        for seed in UInt64(1)...90 {
            var dice = Dice(seed: seed)
            var line = try Broken(entries: 400, bytes: 4_000)
            var steps = 0
            while !line.isDone, steps < 200_000 {
                line.connect()
                for _ in 0..<10 + dice.below(90) where !line.isDone {
                    line.step(&dice)
                    steps += 1
                }
                if !line.isDone { line.cut(noticed: dice.below(2) == 0) }
            }
            #expect(line.isDone, "seed \(seed): not all came over in \(steps) steps")
            #expect(line.arrived.allSatisfy { $0 == 1 }, "seed \(seed): entries came twice: \(line.arrived)")
            #expect(line.givenInVain == 0, "seed \(seed)")
            // What a break took on its way is given to the next line: the window's batches at the most.
            let most = 1 + line.breaks
            #expect(line.given.allSatisfy { $0 <= most }, "seed \(seed)")
            breaks += line.breaks
            batches += line.batchesGiven
            again += line.given.reduce(0) { $0 + $1 - 1 }
        }
        #expect(breaks > 100)
        print(
            "resume: \(breaks) breaks, \(batches) batches given to lines, \(again) entries given again, none came twice"
        )
    }
}
