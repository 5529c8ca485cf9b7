import Uplink
import Vault

/// Both ends of a link with a log, an archive and a line between them, moved one step at a time.
struct Link {
    static let cluster = [UInt8](repeating: 7, count: 16)
    static let author: UInt32 = 5

    var log: [[UInt8]] { didSet { logEnds.follow(log) } }
    var archive: [[UInt8]] = [] { didSet { archiveEnds.follow(archive) } }
    private var logEnds = Ends()
    private var archiveEnds = Ends()
    /// Proposals wait and are not applied.
    var holdsProposals = false
    var sender: UplinkSender
    var receiver: UplinkReceiver?
    /// What the centre keeps of the author's passes, and the territory of the last one.
    var passes: PassRecord?
    var pass: [UInt8] = []
    var downlinkItems: [[UInt8]] = []
    var downlinkTaken: UInt64 = 0
    var takenItems: [[UInt8]] = []

    var toCentre: [UplinkMessage] = []
    var toTerritory: [UplinkMessage] = []
    var reads: [(first: UInt64, maximumBytes: Int)] = []
    var digestReads: [UInt64] = []
    var downlinkReads: [(first: UInt64, maximumBytes: Int)] = []
    var staged: [(batch: Batch, previous: Digest)] = []
    /// Entries that left the territory, however often.
    var shipped: [UInt64: Int] = [:]
    var shippedAcknowledged = 0
    var fences: [Refusal] = []
    var refusals: [Refusal] = []
    var isUp = false
    var now: UInt64 = 1_000
    private var drawn: UInt8 = 0

    init(entries: Int, bytes: Int = 100) {
        log = (0..<entries).map { Link.entry($0, bytes: bytes) }
        sender = UplinkSender(held: Link.end(of: []), acknowledged: Link.end(of: []))
        logEnds.follow(log)
        sender = UplinkSender(held: held, acknowledged: Link.end(of: []))
    }

    static func entry(_ number: Int, bytes: Int = 100, filled: UInt8 = 0) -> [UInt8] {
        var entry = [UInt8](repeating: filled, count: bytes)
        for byte in 0..<4 { entry[byte] = UInt8(truncatingIfNeeded: number >> (8 * byte)) }
        return entry
    }

    static func end(of entries: ArraySlice<[UInt8]>) -> Frontier {
        var chain = LogChain.genesis(cluster: cluster, author: author)
        for entry in entries { chain.extend(entry) }
        return Frontier(author: author, index: chain.index, digest: chain.digest)
    }

    var held: Frontier { logEnds.last }
    var frontier: Frontier { archiveEnds.last }
    /// The centre holds the log, entry for entry.
    var isWhole: Bool { archive == log }

    /// The digests along a list that mostly grows.
    private struct Ends {
        private var entries: [[UInt8]] = []
        private var ends = [Link.end(of: [])]
        var last: Frontier { ends[ends.count - 1] }

        subscript(index: Int) -> Frontier { ends[index] }

        mutating func follow(_ list: [[UInt8]]) {
            var common = min(list.count, entries.count)
            while common > 0, list[common - 1] != entries[common - 1] { common -= 1 }
            if common < entries.count { common = zip(list, entries).prefix { $0 == $1 }.count }
            ends.removeLast(ends.count - 1 - common)
            for entry in list[common...] {
                ends.append(
                    Frontier(
                        author: Link.author, index: last.index + 1,
                        digest: LogChain.digest(after: last.digest, entry)))
            }
            entries = list
        }
    }

    // MARK: The line

    mutating func connect() {
        isUp = true
        receiver = UplinkReceiver(cluster: Link.cluster, territory: "KZ-75", now: now)
        let hello = Hello(
            cluster: Link.cluster, version: UplinkLimits.version, author: Link.author, last: held.index,
            digest: held.digest, pass: pass, downlink: downlinkTaken, wallMilliseconds: 0)
        perform(sender.connected(hello, now: now))
    }

    /// The line is gone with all that was on it. What was proposed stays proposed.
    mutating func cut() {
        guard isUp else { return }
        isUp = false
        receiver = nil
        toCentre = []
        toTerritory = []
        reads = []
        digestReads = []
        downlinkReads = []
        _ = sender.disconnected()
    }

    /// One step of whatever waits; false when nothing does.
    mutating func step() -> Bool {
        now += 1
        if !digestReads.isEmpty {
            let index = digestReads.removeFirst()
            perform(sender.digestRead(logEnds[Int(index)]))
        } else if !reads.isEmpty {
            let read = reads.removeFirst()
            perform(sender.read(first: read.first, entries: range(of: log, read), now: now))
        } else if !toCentre.isEmpty {
            let message = toCentre.removeFirst()
            if let actions = receiver?.received(message, now: now) { perform(actions) }
        } else if !toTerritory.isEmpty {
            perform(sender.received(toTerritory.removeFirst(), now: now))
        } else if !downlinkReads.isEmpty {
            let read = downlinkReads.removeFirst()
            let items = range(of: downlinkItems, read)
            let actions = receiver?.downlinkRead(first: read.first, items: items, now: now)
            perform(actions ?? [])
        } else if !staged.isEmpty, !holdsProposals {
            apply()
        } else {
            return false
        }
        return true
    }

    mutating func settle(limit: Int = 10_000) {
        for _ in 0..<limit where !step() { return }
    }

    /// The first proposal is applied: what the archive has already counts once, what does not continue it not at all.
    mutating func apply() {
        let (batch, previous) = staged.removeFirst()
        let before = frontier
        if batch.first <= before.index + 1 {
            let known = Int(before.index + 1 - batch.first)
            let start = archiveEnds[Int(batch.first) - 1].digest
            if previous == start, known < batch.entries.count { archive += batch.entries[known...] }
        }
        let end = frontier
        let actions = receiver?.applied(end, now: now)
        perform(actions ?? [])
    }

    mutating func append(_ entry: [UInt8]) {
        log.append(entry)
        perform(sender.appended(to: held))
    }

    private func range(of list: [[UInt8]], _ read: (first: UInt64, maximumBytes: Int)) -> [[UInt8]] {
        var taken: [[UInt8]] = []
        var bytes = 0
        for entry in list.dropFirst(Int(read.first) - 1) {
            bytes += entry.count
            if !taken.isEmpty, bytes > read.maximumBytes { break }
            taken.append(entry)
        }
        return taken
    }

    // MARK: Actions

    mutating func perform(_ actions: [UplinkSender.Action]) {
        for action in actions {
            switch action {
            case .send(let message):
                if case .batch(let batch) = message { count(batch) }
                toCentre.append(message)
            case .readLog(let first, let maximumBytes): reads.append((first, maximumBytes))
            case .readDigest(let index): digestReads.append(index)
            case .keepPass(let drawn): pass = drawn
            case .fenced(let refusal): fences.append(refusal)
            case .downlink(let downlink):
                takenItems += downlink.items
                downlinkTaken += UInt64(downlink.items.count)
                toCentre.append(.downlinkTaken(position: downlinkTaken))
            case .close:
                // What was sent before the close still arrives.
                while let message = toCentre.first {
                    toCentre.removeFirst()
                    if let actions = receiver?.received(message, now: now) { perform(actions) }
                }
                cut()
                return
            case .acknowledged, .welcomed, .answered, .reseated, .former, .recovered: continue
            }
        }
    }

    mutating func perform(_ actions: [UplinkReceiver.Action]) {
        for action in actions {
            switch action {
            case .judge(let hello):
                drawn += 1
                let pass = [UInt8](repeating: drawn, count: UplinkLimits.passBytes)
                let known = knowledge(of: hello)
                let actions = receiver?.judge(known, drawn: pass, wallMilliseconds: 9, now: now)
                perform(actions ?? [])
            case .welcome(let welcome, let record):
                passes = record
                toTerritory.append(.welcome(welcome))
            case .passUsed(let record): passes = record
            case .stage(let batch, let previous): staged.append((batch, previous))
            case .send(let message): toTerritory.append(message)
            case .readDownlink(let first, let maximumBytes): downlinkReads.append((first, maximumBytes))
            case .refused(let refusal): refusals.append(refusal)
            case .downlinkTaken, .heard, .question, .close, .reseat, .readFormer, .ask, .told: continue
            }
        }
    }

    func knowledge(of hello: Hello) -> AuthorKnowledge? {
        guard hello.author == Link.author else { return nil }
        let last = Int(hello.last)
        return AuthorKnowledge(
            territory: "KZ-75", frontier: frontier,
            digestAtLast: last <= archive.count ? archiveEnds[last].digest : nil, pass: passes,
            downlinkLast: UInt64(downlinkItems.count))
    }

    private mutating func count(_ batch: Batch) {
        for offset in 0..<UInt64(batch.entries.count) {
            shipped[batch.first + offset, default: 0] += 1
            if batch.first + offset <= sender.acknowledged.index { shippedAcknowledged += 1 }
        }
    }
}
