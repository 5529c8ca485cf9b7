package import Vault

/// What the centre knows of the author a hello names: looked up by the role before it is judged.
package struct AuthorKnowledge: Hashable, Sendable {
    /// The territory the author was seated for.
    package var territory: String
    /// What the centre holds of its log, applied and on a quorum.
    package var frontier: Frontier
    /// The centre's digest after the entry the hello names as its last; nil where the centre does not hold that entry.
    package var digestAtLast: Digest?
    package var pass: PassRecord?
    /// The last downlink position there is for the territory.
    package var downlinkLast: UInt64
    /// The seat that goes on in this author's place; nil while it may go on itself.
    package var successor: UInt32?
    /// Why the author is heard no more; nil while it is.
    package var closed: String?
    /// What the node is to be asked for first; nil where the centre has not lost what it told it.
    package var recovered: Recovered?
    /// Nothing goes down yet: the centre gathers what it told.
    package var downlinkWaits = false
    package var cap = LineCap.none
    /// Bytes of entries that the node may have under way.
    package var windowBytes = UplinkLimits.windowBytes

    package init(
        territory: String, frontier: Frontier, digestAtLast: Digest?, pass: PassRecord?, downlinkLast: UInt64,
        successor: UInt32? = nil, closed: String? = nil
    ) {
        self.successor = successor
        self.closed = closed
        self.territory = territory
        self.frontier = frontier
        self.digestAtLast = digestAtLast
        self.pass = pass
        self.downlinkLast = downlinkLast
    }
}

/// The centre's end of one session with one territory.
///
/// 1. Nothing is heard before a hello, and the hello is judged against what the centre knows: cluster, version, author,
///    the name in the certificate, the digests at the shorter end, the pass.
/// 2. A batch must continue what was received in this session, byte for byte by its digest. It is then *staged*: the
///    role proposes it. Nothing is said of it yet.
/// 3. Only `applied` moves the frontier that the territory hears: the role calls it when the entries are applied and
///    on a quorum.
/// 4. The downlink goes the other way under a window of its own, from the position the territory said it has taken.
package struct UplinkReceiver: Sendable {
    package enum State: Hashable, Sendable {
        case awaitingHello
        /// The role looks up what it knows of the author.
        case judging(Hello)
        /// A log that cannot go on: the role gives its node a new seat.
        case reseating(Reseat)
        case streaming
        case refused(Refusal)
    }

    package enum Action: Hashable, Sendable {
        /// Look up the author of this hello and call `judge`.
        case judge(Hello)
        /// Tells the node, before its welcome, what is asked of it.
        case ask(Recovered)
        /// Propose what the node was told.
        case told(Told)
        /// Store the passes of the author, on a quorum; only then let the welcome leave.
        case welcome(Welcome, storing: PassRecord)
        /// The pass drawn last was used: store this when convenient.
        case passUsed(PassRecord)
        /// Propose this; `previous` is the digest it continues.
        case stage(Batch, previous: Digest)
        case send(UplinkMessage)
        case readDownlink(first: UInt64, maximumBytes: Int)
        /// The territory has stored its downlink up to here.
        case downlinkTaken(UInt64)
        /// The territory spoke: its clock and its backlog, where it said them.
        case heard(wallMilliseconds: UInt64, backlog: UInt64)
        case question(number: UInt64, bytes: [UInt8])
        /// Seat the node anew, or call `refuseSeat`.
        case reseat(Reseat)
        /// Read entries of a former log of the same territory and call `formerRead`.
        case readFormer(FormerAsk)
        /// To be shown to the operator, and the session to be closed once what was sent has left.
        case refused(Refusal)
        case close(reason: String)
    }

    package private(set) var state = State.awaitingHello
    /// The author of the hello that was let in; nil before.
    package private(set) var author: UInt32?
    /// The author that a hello, or the question for a new seat, named: let in or not.
    package private(set) var named: UInt32?
    /// What the territory has last been told is safe.
    package private(set) var told: Frontier?

    private let cluster: [UInt8]
    private let territory: String
    private var received: Frontier?
    private var staged: [(end: UInt64, bytes: Int)] = []
    private var stagedBytes = 0
    private var pass: PassRecord?
    private var downlink = DownlinkWindow()
    private var isReadingFormer = false
    private var lastHeard: UInt64
    private var lastSent: UInt64

    /// - Parameters:
    ///   - cluster: the centre's own.
    ///   - territory: as the peer's certificate names it.
    package init(cluster: [UInt8], territory: String, now: UInt64) {
        self.cluster = cluster
        self.territory = territory
        lastHeard = now
        lastSent = now
    }

    // MARK: Hello

    /// Lets the hello in or refuses it. `drawn` is a fresh pass of `UplinkLimits.passBytes`; nil knowledge is an author
    /// the centre never seated.
    package mutating func judge(
        _ knowledge: AuthorKnowledge?, drawn: [UInt8], wallMilliseconds: UInt64, now: UInt64
    ) -> [Action] {
        guard case .judging(let hello) = state else { return [] }
        guard let knowledge else {
            return refuse(.unknownAuthor, "the centre never seated author \(hello.author): join the node again")
        }
        if let successor = knowledge.successor, knowledge.territory == territory {
            return refuse(
                .cloned,
                """
                \(territory) goes on under author \(successor), seated from a copy of this directory: this one is \
                fenced. Stop it, and bring over what only it has: `esep node adopt` at the node that goes on
                """)
        }
        if let refusal = refusal(of: hello, knowledge) { return refuse(refusal.code, refusal.reason) }
        guard let record = PassRecord.admit(knowledge.pass, shown: hello.pass, drawn: drawn) else {
            return refuse(
                .cloned,
                """
                another copy of this data directory has spoken to the centre since: this one is fenced. \
                Stop one of the two, and bring over what only it has: `esep node adopt` at the node that goes on
                """)
        }
        state = .streaming
        author = hello.author
        received = knowledge.frontier
        told = knowledge.frontier
        pass = record
        lastSent = now
        var taken = hello.downlink
        if let recovered = knowledge.recovered, taken != UplinkLimits.noDownlink {
            taken = min(taken, recovered.downlink)
        }
        downlink.begin(taken: taken)
        downlink.capped(knowledge.cap)
        _ = downlink.pass(now: now, wallMilliseconds: wallMilliseconds)
        let welcome = Welcome(
            frontier: knowledge.frontier, pass: record.current, wallMilliseconds: wallMilliseconds,
            windowBytes: knowledge.windowBytes, downlinkLast: knowledge.downlinkLast, takesSlimBatches: true)
        let asked = knowledge.recovered.map { [Action.ask($0)] } ?? []
        return asked
            + [.welcome(welcome, storing: record), .heard(wallMilliseconds: hello.wallMilliseconds, backlog: 0)]
            + (knowledge.downlinkWaits ? [] : downlinkGrew(to: knowledge.downlinkLast))
    }

    private mutating func received(_ reseat: Reseat) -> [Action] {
        guard reseat.cluster == cluster else {
            return refuse(.wrongCluster, "the node belongs to another cluster")
        }
        guard reseat.version == UplinkLimits.version else {
            return refuse(
                .wrongVersion,
                "the node speaks version \(reseat.version) of the link, the centre \(UplinkLimits.version)")
        }
        state = .reseating(reseat)
        named = reseat.author
        return [.reseat(reseat)]
    }

    /// No new seat is given.
    package mutating func refuseSeat(_ code: Refusal.Code, _ reason: String) -> [Action] {
        guard case .reseating = state else { return [] }
        return refuse(code, reason)
    }

    /// The node is seated anew: it hears so, and comes back under its new author.
    package mutating func reseated(_ answer: Reseated) -> [Action] {
        guard case .reseating = state else { return [] }
        return [.send(.reseated(answer)), .close(reason: "the node is seated anew, as author \(answer.author)")]
    }

    /// Entries of a former log as they were asked for by `readFormer`; nil where there are none to give.
    package mutating func formerRead(_ batch: Batch?, now: UInt64) -> [Action] {
        guard case .streaming = state, isReadingFormer else { return [] }
        isReadingFormer = false
        guard let batch else {
            return refuse(.badMessage, "the node asks for entries of a log that is not of its territory")
        }
        lastSent = now
        return [.send(.former(batch))]
    }

    private func refusal(of hello: Hello, _ knowledge: AuthorKnowledge) -> Refusal? {
        guard knowledge.territory == territory else {
            return Refusal(
                code: .wrongName,
                reason: "author \(hello.author) is \(knowledge.territory), but the certificate names \(territory)")
        }
        if let closed = knowledge.closed { return Refusal(code: .retired, reason: closed) }
        let frontier = knowledge.frontier
        if hello.last == frontier.index, hello.digest != frontier.digest {
            return Refusal(
                code: .diverged, reason: "both logs have entry \(hello.last), with different contents up to it")
        }
        guard hello.last < frontier.index else { return nil }
        guard knowledge.digestAtLast == hello.digest else {
            return Refusal(
                code: .diverged,
                reason: """
                    the node's log ends at entry \(hello.last), the centre's at \(frontier.index), and they differ \
                    before that: the node was restored from an older copy and then written to
                    """)
        }
        return Refusal(
            code: .behind,
            reason: """
                the centre holds entries up to \(frontier.index), the node only up to \(hello.last): \
                it was restored from an older copy
                """)
    }

    private mutating func refuse(_ code: Refusal.Code, _ reason: String) -> [Action] {
        let refusal = Refusal(code: code, reason: reason)
        state = .refused(refusal)
        return [.send(.refused(refusal)), .refused(refusal), .close(reason: reason)]
    }

    /// Part of a message has come: it may be long and the line slow, but the node lives.
    package mutating func stirred(now: UInt64) {
        lastHeard = now
    }

    // MARK: Messages

    package mutating func received(_ message: UplinkMessage, now: UInt64) -> [Action] {
        lastHeard = now
        switch (state, message) {
        case (.refused, _):
            return []
        case (.awaitingHello, .hello(let hello)):
            return received(hello)
        case (.awaitingHello, .reseat(let reseat)):
            return received(reseat)
        case (.streaming, .reseat(let reseat)) where reseat.author == author:
            // From here on this session speaks for nobody: the log it spoke for is about to be succeeded.
            author = nil
            return received(reseat)
        case (.streaming, .formerAsked(let ask)) where !isReadingFormer:
            isReadingFormer = true
            return usePass() + [.readFormer(ask)]
        case (.streaming, .told(let told)) where told.author == author:
            return usePass() + [.told(told)]
        case (.streaming, .batch(let batch)):
            return usePass() + received(batch)
        case (.streaming, .downlinkTaken(let position)):
            return usePass() + taken(position, now: now)
        case (.streaming, .keepAlive(let wall, let backlog)):
            return usePass() + [.heard(wallMilliseconds: wall, backlog: backlog)]
        case (.streaming, .question(let number, let bytes)):
            return usePass() + [.question(number: number, bytes: bytes)]
        case (.streaming, .refused(let refusal)):
            state = .refused(refusal)
            return [.refused(refusal), .close(reason: refusal.reason)]
        case (.awaitingHello, _), (.judging, _), (.reseating, _), (.streaming, _):
            return refuse(.badMessage, "the node sent a message that may not stand here")
        }
    }

    private mutating func received(_ hello: Hello) -> [Action] {
        guard hello.cluster == cluster else {
            return refuse(.wrongCluster, "the node belongs to another cluster")
        }
        guard hello.version == UplinkLimits.version else {
            return refuse(
                .wrongVersion,
                "the node speaks version \(hello.version) of the link, the centre \(UplinkLimits.version)")
        }
        state = .judging(hello)
        named = hello.author
        return [.judge(hello)]
    }

    private mutating func received(_ batch: Batch) -> [Action] {
        guard let end = received else { return [] }
        let bytes = batch.entries.reduce(0) { $0 + $1.count }
        guard batch.author == end.author, batch.first == end.index + 1, !batch.entries.isEmpty else {
            return refuse(
                .badBatch,
                "the batch begins at entry \(batch.first) of author \(batch.author), not at \(end.index + 1)")
        }
        guard batch.entries.count <= UplinkLimits.batchEntries,
            stagedBytes + bytes <= Int(UplinkLimits.windowBytes) + UplinkLimits.batchBytes
        else {
            return refuse(.badBatch, "the batch is larger than what was agreed")
        }
        let digest = batch.entries.reduce(end.digest) { LogChain.digest(after: $0, $1) }
        guard digest == batch.digest else {
            return refuse(.badBatch, "the batch from entry \(batch.first) does not match its digest")
        }
        let last = end.index + UInt64(batch.entries.count)
        received = Frontier(author: batch.author, index: last, digest: digest)
        staged.append((last, bytes))
        stagedBytes += bytes
        if has(.frontierToldBeforeQuorum), let frontier = received {
            return [.stage(batch, previous: end.digest), .send(.frontier(frontier))]
        }
        return [.stage(batch, previous: end.digest)]
    }

    private mutating func usePass() -> [Action] {
        guard var record = pass, !record.isCurrentUsed else { return [] }
        record.isCurrentUsed = true
        pass = record
        return [.passUsed(record)]
    }

    // MARK: What the role tells

    /// The author's log is applied, and on a quorum, up to here: the territory hears so.
    package mutating func applied(_ frontier: Frontier, now: UInt64) -> [Action] {
        guard case .streaming = state, frontier.author == author, let before = told,
            frontier.index > before.index
        else { return [] }
        told = frontier
        while let first = staged.first, first.end <= frontier.index {
            stagedBytes -= first.bytes
            staged.removeFirst()
        }
        lastSent = now
        return [.send(.frontier(frontier))]
    }

    /// Entries of this author's log were applied that came another way, in a bundle: of this log, or of another copy of
    /// the node's directory that has diverged. Where this session has brought as much, digests tell; otherwise the
    /// session ends, and the next hello compares both logs before anything is told of what is safe.
    package mutating func appliedElsewhere(_ frontier: Frontier, now: UInt64) -> [Action] {
        if received == frontier || has(.frontierOfAnotherTold) { return applied(frontier, now: now) }
        return dropped("entries of this log up to \(frontier.index) came in a bundle: say hello again")
    }

    /// A staged batch was dropped (the leader changed, or its place was taken): the session ends, and the territory
    /// goes on from the frontier.
    package mutating func dropped(_ reason: String) -> [Action] {
        guard case .streaming = state else { return [] }
        return refuse(.overloaded, reason)
    }

    /// The author is heard no more, from now on.
    package mutating func retire(_ reason: String) -> [Action] {
        guard case .streaming = state else { return [] }
        return refuse(.retired, reason)
    }

    package mutating func tick(now: UInt64, wallMilliseconds: UInt64) -> [Action] {
        if case .refused = state { return [] }
        if now >= lastHeard + UplinkLimits.deadMilliseconds {
            return [.close(reason: "the node has not been heard for \(now - lastHeard) ms")]
        }
        guard case .streaming = state else { return [] }
        let held = downlink.pass(now: now, wallMilliseconds: wallMilliseconds)
        guard now >= lastSent + UplinkLimits.keepAliveMilliseconds else { return held }
        lastSent = now
        return [.send(.keepAlive(wallMilliseconds: wallMilliseconds, backlog: 0))] + held
    }

    // MARK: Downlink

    /// There are items for this territory up to here.
    package mutating func downlinkGrew(to last: UInt64) -> [Action] {
        guard case .streaming = state else { return [] }
        downlink.last = max(downlink.last, last)
        return downlink.next()
    }

    /// Items as they were asked for by `readDownlink`.
    package mutating func downlinkRead(first: UInt64, items: [[UInt8]], now: UInt64) -> [Action] {
        guard case .streaming = state else { return [] }
        let actions = downlink.read(first: first, items: items, now: now)
        if !actions.isEmpty { lastSent = now }
        return actions
    }

    private mutating func taken(_ position: UInt64, now: UInt64) -> [Action] {
        guard downlink.taken(position, now: now) else {
            return refuse(.badMessage, "the node says it took downlink position \(position), which was not sent")
        }
        return [.downlinkTaken(position)] + downlink.next()
    }
}
