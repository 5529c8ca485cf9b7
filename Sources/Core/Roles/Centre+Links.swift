import Consensus
import Records
import Uplink
import Vault

extension Centre {
    /// Sessions that speak for this author, ascending.
    func sessions(of author: UInt32) -> [Session] {
        links.filter { $0.value.receiver.author == author }.keys.sorted { $0.number < $1.number }
    }

    /// Lets a session's receiver act, and carries out what it wants.
    mutating func with(
        _ session: Session, _ turn: inout CentreTurn, _ moment: Moment,
        _ body: (inout UplinkReceiver) -> [UplinkReceiver.Action]
    ) {
        guard var link = links[session] else { return }
        let actions = body(&link.receiver)
        links[session] = link
        for action in actions { perform(action, session, &turn, moment) }
    }

    private mutating func perform(
        _ action: UplinkReceiver.Action, _ session: Session, _ turn: inout CentreTurn, _ moment: Moment
    ) {
        switch action {
        case .judge(let hello): judge(hello, session, &turn, moment)
        case .welcome(let welcome, let record):
            guard let author = links[session]?.receiver.author.map({ AuthorNumber($0) }) else { return }
            endOthers(than: session, of: author, &turn)
            keep(record, of: author, &turn)
            turn.isDurable = true
            turn.promises.append(.send(session, .welcome(welcome)))
        case .passUsed(let record):
            guard let author = links[session]?.receiver.author else { return }
            keep(record, of: AuthorNumber(author), &turn)
        case .stage(let batch, let previous):
            enqueue(batch, previous: previous, of: session)
        case .send(let message): turn.deeds.append(.send(session, message))
        case .ask(let recovered): turn.deeds.append(.send(session, .recovered(recovered)))
        case .told(let told): propose(told, of: session)
        case .readDownlink(let first, let maximumBytes):
            guard let peer = links[session]?.peer else { return }
            turn.deeds.append(
                .readDownlink(session, territory: peer.territory, first: first, maximumBytes: maximumBytes))
        case .downlinkTaken(let position):
            guard let author = links[session]?.receiver.author, var seat = seats[AuthorNumber(author)] else { return }
            seat.downlinkTaken = max(seat.downlinkTaken, position)
            save(seat, &turn)
        case .heard(let wallMilliseconds, let backlog):
            heard(session, moment) { contact in
                contact.clockOffsetMilliseconds = Int64(wallMilliseconds) - Int64(moment.wallMilliseconds)
                contact.backlog = backlog
                contact.refusal = nil
            }
            if let told = links[session]?.receiver.told?.index, let author = links[session]?.receiver.author {
                keepTold(told + backlog, of: AuthorNumber(author), &turn)
            }
        case .question(let number, let bytes):
            guard let peer = links[session]?.peer else { return }
            turn.deeds.append(.question(session, peer, number: number, bytes: bytes))
        case .reseat(let reseat): self.reseat(reseat, session, &turn, moment)
        case .readFormer(let ask): readFormer(ask, session, &turn, moment)
        case .refused(let refusal):
            heard(session, moment) { $0.refusal = refusal }
        case .close(let reason):
            turn.deeds.append(.close(session, reason: reason))
            drop(session)
        }
    }

    // MARK: Hello

    /// A hello waits for the batches of its log that came before it, over a line that is gone: judged by the frontier
    /// they come to, the node sends none of them again.
    private mutating func judge(
        _ hello: Hello, _ session: Session, _ turn: inout CentreTurn, _ moment: Moment
    ) {
        guard isLeader else {
            turn.deeds.append(.send(session, .refused(Self.notLeader)))
            turn.deeds.append(.close(session, reason: Self.notLeader.reason))
            return drop(session)
        }
        if let last = lastUnderWay(of: AuthorNumber(hello.author)) {
            heldHellos.append(HeldHello(session: session, hello: hello, through: last))
        } else {
            lookUp(hello, session, &turn)
        }
    }

    /// Those whose batches are applied, or came to nothing. What came after a hello, over an older line, is not waited
    /// for: one log must not keep another that claims its name from being heard.
    mutating func judgeHeld(_ turn: inout CentreTurn, _ moment: Moment) {
        guard !heldHellos.isEmpty else { return }
        let held = heldHellos
        heldHellos = []
        for one in held {
            guard let link = links[one.session], case .judging(one.hello) = link.receiver.state else { continue }
            let author = AuthorNumber(one.hello.author)
            if let frontier = seats[author]?.frontier, frontier < one.through, lastUnderWay(of: author) != nil {
                heldHellos.append(one)
            } else {
                lookUp(one.hello, one.session, &turn)
            }
        }
    }

    /// The last entry of this log that is proposed or waits to be; nil where none is.
    private func lastUnderWay(of author: AuthorNumber) -> EntryIndex? {
        guard !waitsToBeTold(author) else { return nil }
        let all = queue.map(\.last) + proposing.values.compactMap(\.last) + committed.values.compactMap(\.proposed.last)
        return all.filter { $0.author == author }.map(\.index).max()
    }

    /// Looks up what the centre knows of the author; its digest at the hello's last entry may have to be read.
    private mutating func lookUp(_ hello: Hello, _ session: Session, _ turn: inout CentreTurn) {
        let author = AuthorNumber(hello.author)
        guard let seat = seats[author], hello.last < seat.frontier else {
            let digest = seats[author].flatMap { hello.last == $0.frontier ? $0.digest : nil }
            let compared = ComparedHello(session: session, author: author, index: hello.last, digest: digest)
            return askWhoLeads(for: compared)
        }
        turn.deeds.append(.readDigest(session, author: author, index: hello.last))
    }

    mutating func askWhoLeads(for compared: ComparedHello) {
        guard links[compared.session] != nil else { return }
        waitingReads.append(.hello(compared))
    }

    /// Judged is only after a quorum has said that this replica leads: one that was deposed while it stood still would
    /// fence a node for the pass its successor drew, or draw one that the successor fences it for.
    mutating func judge(_ compared: ComparedHello, _ turn: inout CentreTurn, _ moment: Moment) {
        let session = compared.session
        let author = compared.author
        guard let link = links[session], case .judging(let hello) = link.receiver.state,
            hello.author == author.number, hello.last == compared.index
        else { return }
        let knowledge = seats[author].map { seat in
            var knowledge = AuthorKnowledge(
                territory: seat.territory,
                frontier: Frontier(author: author.number, index: seat.frontier, digest: seat.digest),
                digestAtLast: compared.digest,
                pass: passes(of: seat, shown: hello.pass),
                downlinkLast: seat.downlinkLast, successor: seat.successor?.number,
                closed: seat.closed.isEmpty ? nil : seat.closed)
            knowledge.cap = seat.cap
            knowledge.windowBytes = CentreTurnLimits.window(ofEach: links.count)
            knowledge.recovered = recovered(seat)
            knowledge.downlinkWaits = downlinkWaits(seat)
            return knowledge
        }
        with(session, &turn, moment) {
            $0.judge(
                knowledge, drawn: link.pass, wallMilliseconds: moment.wallMilliseconds, now: moment.steadyMilliseconds)
        }
    }

    private static let notLeader = Refusal(
        code: .notLeader, reason: "this node does not lead the centre now: try the others, or this one again shortly")

    /// One log has one line: a session that came later is the one whose hello showed the newest pass.
    private mutating func endOthers(than session: Session, of author: AuthorNumber, _ turn: inout CentreTurn) {
        for other in sessions(of: author.number) where other != session {
            turn.deeds.append(.close(other, reason: "the node has dialled again"))
            drop(other, keepingBatches: true)
        }
    }

    private mutating func keep(_ record: PassRecord, of author: AuthorNumber, _ turn: inout CentreTurn) {
        guard var seat = seats[author] else { return }
        seat.pass = record.current
        seat.previousPass = record.previous
        seat.passUsed = record.isCurrentUsed
        save(seat, &turn)
    }

    mutating func save(_ seat: CentreSeat, _ turn: inout CentreTurn) {
        seats[seat.author] = seat
        turn.seats.removeAll { $0.author == seat.author }
        turn.seats.append(seat)
    }

    private mutating func heard(_ session: Session, _ moment: Moment, _ change: (inout CentreContact) -> Void) {
        guard let author = links[session].flatMap({ helloAuthor($0) }) else { return }
        var contact =
            contacts[author]
            ?? CentreContact(
                isConnected: true, heardMilliseconds: 0, clockOffsetMilliseconds: 0, backlog: 0, refusal: nil)
        contact.heardMilliseconds = moment.wallMilliseconds
        change(&contact)
        contact.isConnected = contact.refusal == nil
        contacts[author] = contact
    }

    /// The author a session speaks for: let in, or the seat its certificate names.
    private func helloAuthor(_ link: CentreLink) -> AuthorNumber? {
        if let author = link.receiver.author { return AuthorNumber(author) }
        if let named = link.receiver.named.map({ AuthorNumber($0) }), seats[named]?.territory == link.peer.territory {
            return named
        }
        return seats.values.filter { $0.name == link.peer.name && $0.territory == link.peer.territory }
            .map(\.author).max()
    }

    /// - Parameter keepingBatches: the line is gone, its log is not: what came over it whole is proposed all the same.
    mutating func drop(_ session: Session, keepingBatches: Bool = false) {
        guard let link = links.removeValue(forKey: session) else { return }
        if !keepingBatches || link.receiver.author.map({ waitsToBeTold(AuthorNumber($0)) }) ?? true {
            queue.removeAll { if case .batch(session) = $0.origin { true } else { false } }
        }
        guard let author = helloAuthor(link), sessions(of: author.number).isEmpty else { return }
        contacts[author]?.isConnected = false
    }
}
