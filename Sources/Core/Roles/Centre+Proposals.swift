import Consensus
import Law
import Records
import Uplink
import Vault
import Wire

extension Centre {
    // MARK: The centre's own acts

    /// A start of its own for every lead: another leader may have sealed under another salt meanwhile. Acts are held
    /// until it has its place in the log, so that nothing sealed under this salt comes before it.
    mutating func open(_ events: inout [Replica.Event], _ moment: Moment) {
        guard case .unopened(let term) = lead, isLeader, applied >= opensAfter || has(.leadOpensAtOnce) else { return }
        lead = .proposed(term)
        counters = appliedCounters
        let bytes = EntryCodec.encode(entry(of: .control(opening), moment))
        let proposal = Proposal(leaderMilliseconds: moment.wallMilliseconds, payload: .own([bytes]))
        propose(Proposed(origin: .opening, payload: proposal.encoded()), &events)
    }

    /// Where a grace has ended by this clock and no other proposal may come for long, one is made that holds nothing
    /// but the leader's time: every voter then judges the same at the same place of the log.
    mutating func sayTime(_ events: inout [Replica.Event], _ moment: Moment) {
        guard isLeader, lead.isOpen, !saysTime, let nextDue, nextDue < Day(milliseconds: moment.wallMilliseconds) else {
            return
        }
        saysTime = true
        let proposal = Proposal(leaderMilliseconds: moment.wallMilliseconds, payload: .own([]))
        propose(Proposed(origin: .time, payload: proposal.encoded()), &events)
    }

    mutating func hold(_ ticket: Ticket, _ acts: [OwnAct], _ turn: inout CentreTurn) {
        guard isLeader else { return refuseNotLeading(ticket, acts, &turn) }
        heldActs.append((ticket, acts))
    }

    /// Acts go when as many wait as are on their way to a quorum: an entry of the log, with its write on every voter,
    /// is shared by many where many ask, and nobody waits for longer than those before him take to be committed. Who
    /// is alone waits for nobody.
    mutating func takeHeldActs(_ events: inout [Replica.Event], _ turn: inout CentreTurn, _ moment: Moment) {
        guard lead.isOpen, heldActs.count >= min(ticketsUnderWay, CentreTurnLimits.ticketsHeld) else { return }
        let held = heldActs
        heldActs = []
        for (ticket, acts) in held { submit(ticket, acts, &events, &turn, moment) }
    }

    private mutating func submit(
        _ ticket: Ticket, _ acts: [OwnAct], _ events: inout [Replica.Event], _ turn: inout CentreTurn, _ moment: Moment
    ) {
        guard proposedBytes + turnActs.bytes < CentreTurnLimits.waitingBytes else {
            let refusal = OwnOutcome.refused(code: "not-now", reason: "the centre has too much under way: ask again")
            turn.promises.append(.answer(ticket, acts.map { _ in refusal }))
            return
        }
        if isGathering, acts.contains(where: { if case .document = $0 { true } else { false } }) {
            let refusal = OwnOutcome.refused(
                code: "not-now",
                reason: """
                    the centre was recovered with loss and gives no new number before all territories have sent again \
                    what they were told: see `esep cluster status`
                    """)
            turn.promises.append(.answer(ticket, acts.map { _ in refusal }))
            return
        }
        let before = (counters, stamp)
        let entries = acts.map { EntryCodec.encode(entry(of: $0, moment)) }
        let size = entries.reduce(0) { $0 + $1.count }
        guard size <= CentreTurnLimits.ownBytes else {
            // Nothing was proposed, so the numbers drawn for it were never given.
            (counters, stamp) = before
            let refusal = OwnOutcome.refused(code: "too-large", reason: "\(size) bytes of entries at once are too many")
            turn.promises.append(.answer(ticket, acts.map { _ in refusal }))
            return
        }
        if turnActs.bytes + size > CentreTurnLimits.ownBytes { proposeActs(&events, moment) }
        let isLook = acts.allSatisfy { if case .look = $0 { true } else { false } }
        turnActs.shares.append(Proposed.Share(ticket: ticket, acts: acts.count, isLook: isLook))
        turnActs.entries += entries
        turnActs.bytes += size
        for (series, serial) in counters where serial != before.0[series] { turnActs.numbers[series] = serial }
    }

    /// Proposes the acts of this turn. Each is decided by itself where it is applied; that they share an entry saves
    /// its cost on every voter, and a turn takes what came while the one before was written.
    mutating func proposeActs(_ events: inout [Replica.Event], _ moment: Moment) {
        guard !turnActs.shares.isEmpty else { return }
        let acts = turnActs
        turnActs = TurnActs()
        let proposal = Proposal(leaderMilliseconds: moment.wallMilliseconds, payload: .own(acts.entries))
        propose(Proposed(origin: .own(acts.shares), numbers: acts.numbers, payload: proposal.encoded()), &events)
    }

    /// What a refused proposal had drawn is drawn again: the series go on after what is applied or under way.
    mutating func drawAgain() {
        lostNumbers = false
        counters = appliedCounters
        for (_, held) in committed {
            for (series, serial) in held.proposed.numbers { counters[series] = max(counters[series] ?? 0, serial) }
        }
    }

    private func refuseNotLeading(_ ticket: Ticket, _ acts: [OwnAct], _ turn: inout CentreTurn) {
        let refusal = OwnOutcome.refused(code: "not-leader", reason: "this node does not lead the centre now")
        turn.promises.append(.answer(ticket, acts.map { _ in refusal }))
    }

    private mutating func entry(of act: OwnAct, _ moment: Moment) -> Entry {
        stamp = stamp.next(now: moment.wallMilliseconds)
        let body: Entry.Body
        switch act {
        case .access(let access), .look(let access): body = .access(access)
        case .control(let control): body = .control(control)
        case .document(let draft):
            let year = UInt16(Day(milliseconds: stamp.milliseconds).civil.year)
            let series = Self.series(draft.kind, year)
            let serial = (counters[series] ?? 0) + 1
            counters[series] = serial
            body = .document(
                DocumentEntry(
                    act: draft.act, record: draft.record, kind: draft.kind, edition: draft.edition,
                    number: Serial(year: year, serial: serial), sender: draft.sender, document: draft.document,
                    writes: draft.writes, blocks: draft.blocks))
        }
        return Entry(stamp: stamp, seen: 0, body: body)
    }

    // MARK: What nodes were told

    /// What nodes were told goes before their batches.
    mutating func proposeTold(_ events: inout [Replica.Event], _ moment: Moment) {
        let all = toldQueue
        toldQueue = []
        guard isLeader else { return }
        for (session, told) in all where links[session] != nil {
            let proposal = Proposal(leaderMilliseconds: moment.wallMilliseconds, payload: .told(told))
            propose(Proposed(origin: .told(session), payload: proposal.encoded()), &events)
        }
    }

    mutating func propose(_ proposed: Proposed, _ events: inout [Replica.Event]) {
        let context = nextContext
        nextContext += 1
        proposing[context] = proposed
        proposedBytes += proposed.bytes
        ticketsUnderWay += proposed.tickets
        events.append(.propose(context: context, payloads: [proposed.payload]))
    }

    /// It is applied, or was refused.
    mutating func ended(_ proposed: Proposed) {
        proposedBytes -= proposed.bytes
        if !proposed.isCommitted { ticketsUnderWay -= proposed.tickets }
    }

    /// The log did not take it, or gave its place to another entry.
    mutating func lost(_ proposed: Proposed, _ turn: inout CentreTurn, _ moment: Moment) {
        switch proposed.origin {
        case .batch(let session), .told(let session):
            with(session, &turn, moment) { $0.dropped("the lead of the centre changed: send again") }
        case .carried(let ticket): turn.promises.append(.carried(ticket, .notNow))
        case .own(let shares):
            answer(shares, .indefinite(reason: "the lead of the centre changed while this was decided"), &turn)
        case .time: saysTime = false
        case .opening:
            // Not in the log after all: proposed again with the next turn, while this replica leads.
            if isLeader, let term = lead.term { lead = .unopened(term) }
        }
    }

    private func answer(_ shares: [Proposed.Share], _ outcome: OwnOutcome, _ turn: inout CentreTurn) {
        for share in shares {
            turn.promises.append(.answer(share.ticket, Array(repeating: outcome, count: share.acts)))
        }
    }

    // MARK: Reads

    /// Reads wait until a leader is established: the log refuses them before.
    mutating func askReads(_ events: inout [Replica.Event]) {
        guard !waitingReads.isEmpty, isLeader else { return }
        for reader in waitingReads {
            let context = nextContext
            nextContext += 1
            reading[context] = reader
            events.append(.read(context: context))
        }
        waitingReads.removeAll()
    }

    /// A hello that is not judged ends with its session: whoever follows closes all.
    private func refuse(_ reader: Reader, _ turn: inout CentreTurn) {
        guard case .ticket(let ticket) = reader else { return }
        turn.promises.append(.readable(ticket, nil))
    }

    mutating func answerReads(_ turn: inout CentreTurn) {
        readable.removeAll { waiting in
            guard waiting.index <= applied else { return false }
            turn.promises.append(.readable(waiting.ticket, waiting.index))
            return true
        }
    }

    // MARK: What the replica wants done

    mutating func carry(_ effect: Replica.Effect, _ turn: inout CentreTurn, _ moment: Moment) {
        switch effect {
        case .persist(let write):
            turn.persist.append(write)
            turn.isDurable = true
        case .apply(let application):
            turn.apply.append(application)
            noteCommitted(application, &turn)
            cutting.add(application.entries.reduce(0) { $0 + $1.cost })
        case .send(let message): turn.deeds.append(.sendPeer(message))
        case .proposed(let context, let first, _):
            if group.proposed(context, first) { return }
            guard let proposed = proposing.removeValue(forKey: context) else { return }
            // A lead of before may have lost this place: whoever waits for what stood there is told now, since it is
            // never applied.
            if let former = committed.updateValue((first.term, proposed), forKey: first.index) {
                ended(former.proposed)
                lost(former.proposed, &turn, moment)
            }
            if case .opening = proposed.origin, let term = lead.term { lead = .open(term) }
            switch proposed.origin {
            case .batch, .carried: turn.deeds.append(.prepare(first, payload: proposed.payload))
            case .own where proposed.isLong: turn.deeds.append(.prepare(first, payload: proposed.payload))
            case .own, .opening, .time, .told: break
            }
            // Whoever waits needs the ticket and the size; the bytes are the log's now.
            committed[first.index]?.proposed.release()
        case .refused(let context, let refusal): refused(context, refusal, &turn, moment)
        case .readReady(let context, let index):
            switch reading.removeValue(forKey: context) {
            case .ticket(let ticket):
                readable.append((ticket, index))
                answerReads(&turn)
            case .hello(let compared): judge(compared, &turn, moment)
            case nil: break
            }
        case .drawElectionTicks(let range): turn.deeds.append(.drawElectionTicks(range))
        case .load(let load): turn.deeds.append(.loadLog(load))
        case .snapshotNeeded(let peer): turn.deeds.append(.snapshotNeeded(to: peer))
        case .became(let standing): became(standing, &turn)
        case .membership(let membership): turn.deeds.append(.membership(membership))
        case .dropped(let peer, let fault):
            refusedMessages += 1
            turn.deeds.append(.refusedPeer(peer, reason: "\(fault)"))
        case .damaged(let damage): turn.deeds.append(.damaged(damage))
        }
    }

    private mutating func refused(
        _ context: UInt64, _ refusal: Replica.Refusal, _ turn: inout CentreTurn, _ moment: Moment
    ) {
        if let ticket = group.asked.removeValue(forKey: context) {
            turn.promises.append(.changed(ticket, .refused(refusal)))
            return
        }
        if let reader = reading.removeValue(forKey: context) {
            if refusal == .notEstablished, isLeader {
                waitingReads.append(reader)
            } else {
                refuse(reader, &turn)
            }
            return
        }
        guard let proposed = proposing.removeValue(forKey: context) else { return }
        ended(proposed)
        switch proposed.origin {
        case .own(let shares):
            if !proposed.numbers.isEmpty { lostNumbers = true }
            answer(shares, .refused(code: "not-now", reason: "the centre takes nothing now: \(refusal)"), &turn)
        case .batch, .carried, .opening, .time, .told:
            lost(proposed, &turn, moment)
        }
    }

    private mutating func became(_ standing: Replica.Standing, _ turn: inout CentreTurn) {
        turn.deeds.append(.became(standing))
        guard standing.role != .leader else {
            if lead.term != standing.term {
                lead = .unopened(standing.term)
                opensAfter = replica.lastMark.index
                if !replica.membership.isSoleVoter(replica.id), !has(.passesKeptAcrossLeads) { forgetPasses(&turn) }
            }
            return
        }
        // Whoever follows another holds passes of before that lead, or of its leader's copied store: should it ever
        // come to decide alone, they would fence those who show what was drawn since.
        if let leader = standing.leader, leader != replica.id, !has(.passesKeptAcrossLeads) { forgetPasses(&turn) }
        lead = .none
        saysTime = false
        group.leadMoved(applied, &turn)
        for (ticket, acts) in heldActs { refuseNotLeading(ticket, acts, &turn) }
        heldActs = []
        for queued in queue {
            if case .carried(let ticket) = queued.origin { turn.promises.append(.carried(ticket, .notNow)) }
        }
        queue.removeAll()
        for context in reading.keys.sorted() {
            if let reader = reading[context] { refuse(reader, &turn) }
        }
        reading.removeAll()
        waitingReads.removeAll { if case .hello = $0 { true } else { false } }
        for session in links.keys.sorted(by: { $0.number < $1.number }) {
            turn.deeds.append(.close(session, reason: "this node does not lead the centre any more"))
            drop(session)
        }
    }
}
