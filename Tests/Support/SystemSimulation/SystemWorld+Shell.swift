import Consensus
import Records
import Roles
import Simulation
import Storage
import Uplink

/// What the shell does for the roles: deeds, promises, lines.
extension SystemWorld {
    // MARK: - Centre

    func perform(_ deed: CentreDeed, _ host: CentreHost) throws {
        switch deed {
        case .sendPeer(let message): send(message)
        case .readDownlink, .readDigest, .loadLog, .readFormer:
            agenda.add(.readCentre(host, run: host.run, deed), after: chance.next(in: 0...mix.turn))
        case .snapshotNeeded(let peer): try copyNeeded(of: host, by: peer)
        case .drawElectionTicks(let range): give(.electionTicks(chance.next(in: range)), to: host)
        case .send(let session, let message): try send(message, on: session, isUpward: false)
        case .close(let session, _): close(session)
        case .became(let standing):
            if standing.role == .leader { say("centre-\(host.id) leads term \(standing.term)") }
        case .damaged(let damage):
            throw Violation("no false alarm", "centre-\(host.id) believes its data lost: \(damage)")
        case .prepare(let mark, let payload):
            // All are prepared while they are agreed on, in their order, or all when they are applied.
            if mix.preparesEarly { host.prepare(mark, payload) }
        case .reseat(let session, let peer, let question): reseat(session, peer, question, at: host)
        case .question, .membership, .refusedPeer, .committed: break
        }
    }

    func read(_ deed: CentreDeed, _ host: CentreHost) throws {
        guard let store = host.store else { return }
        switch deed {
        case .readDownlink(let session, let territory, let first, let maximumBytes):
            let items = try store.downlink(of: territory, from: first, maximumBytes: min(maximumBytes, mix.batchBytes))
            try downlinks.read(territory, first: first, items)
            give(.downlinkRead(session, first: first, items: items), to: host)
        case .readDigest(let session, let author, let index):
            let digest = try store.digest(of: author, at: index)
            give(.digestRead(session, author: author, index: index, digest: digest), to: host)
        case .loadLog(let load):
            let entries = try store.raftEntries(from: load.first, through: load.last, costLimit: load.costLimit)
            give(.loaded(to: load.to, entries: entries), to: host)
        case .readFormer(let session, let ask): give(.formerRead(session, try store.former(ask)), to: host)
        default: break
        }
    }

    func keep(_ promise: CentrePromise, _ host: CentreHost) throws {
        switch promise {
        case .answer(let ticket, let outcomes): try answered(ticket, outcomes, by: host)
        case .send(let session, let message): try send(message, on: session, isUpward: false)
        case .carried(let ticket, let outcome): try answered(ticket, outcome, by: host)
        case .readable, .opened, .changed: break
        }
    }

    // MARK: - Copies of the store for followers

    private func copyNeeded(of host: CentreHost, by peer: ReplicaID) throws {
        guard let store = host.store else { return }
        if let held = host.copies[peer] {
            // It is on its way, or did not take: another is made.
            guard held.hasArrived else { return }
            host.copies.removeValue(forKey: peer)?.disk.remove()
        }
        give(.holdLog(true), to: host)
        let disk = try DiskImage.make("copy")
        let applied = try store.copy(to: disk.file(CentreHost.file))
        guard let head = host.role?.replica.snapshotHead(at: applied) else {
            disk.remove()
            return give(.snapshotFailed(to: peer), to: host)
        }
        host.copies[peer] = StoreCopy(disk: disk, head: head)
        say("centre-\(host.id) copies its store as of \(applied) for centre-\(peer)")
        agenda.add(.copyArrives(host, run: host.run, to: peer), after: chance.next(in: 50_000...3_000_000))
    }

    func copyArrives(from host: CentreHost, to peer: ReplicaID) throws {
        guard let copy = host.copies[peer] else { return }
        guard let follower = centres.first(where: { $0.id == peer }), follower.isUp,
            !cutPeers.contains(Self.line(Int(host.id.number), Int(peer.number)))
        else {
            give(.snapshotFailed(to: peer), to: host)
            return endCopy(host, to: peer)
        }
        try follower.stage(copy.disk, copy.head)
        host.copies[peer]?.hasArrived = true
        give(.snapshotReady(to: peer, copy.head), to: host)
        agenda.add(.copyEnds(host, run: host.run, to: peer, tries: 0), after: 1_000_000)
    }

    /// The log is held until the follower has come up to it. Who has begun anew over the copy is told its head anew, as
    /// `CopySender` does; who does not come up is sent another.
    func copyEnds(_ host: CentreHost, to peer: ReplicaID, _ tries: Int) {
        guard let copy = host.copies[peer], copy.hasArrived else { return }
        if host.role?.isCaughtUp(peer) == true { return endCopy(host, to: peer) }
        guard tries < 8 else {
            give(.snapshotFailed(to: peer), to: host)
            return endCopy(host, to: peer)
        }
        give(.snapshotReady(to: peer, copy.head), to: host)
        agenda.add(.copyEnds(host, run: host.run, to: peer, tries: tries + 1), after: 1_000_000)
    }

    private func endCopy(_ host: CentreHost, to peer: ReplicaID) {
        host.copies.removeValue(forKey: peer)?.disk.remove()
        if host.copies.isEmpty { give(.holdLog(false), to: host) }
    }

    // MARK: - Territory

    func perform(_ deed: TerritoryDeed, _ host: TerritoryHost) throws {
        switch deed {
        case .dial(let range):
            let pause = chance.next(in: Int(range.lowerBound)...Int(range.upperBound))
            agenda.add(.dial(host, run: host.run), after: pause * 1000)
        case .probeSpace: give(.space(agenda.now >= host.fullUntil), to: host)
        case .drawSeed: drawSeed(host)
        case .moveAside: try host.moveAside()
        case .answered: break
        }
    }

    func keep(_ promise: TerritoryPromise, _ host: TerritoryHost) throws {
        switch promise {
        case .answer(let ticket, let outcomes): try oracle.answered(ticket, outcomes, by: host)
        case .send(let session, let message): try send(message, on: session, isUpward: true)
        case .readLog, .readDigest:
            agenda.add(.readTerritory(host, run: host.run, promise), after: chance.next(in: 0...mix.turn))
        case .close(let session, _): close(session)
        case .reseated(let answer): try seated(host, answer)
        case .reopen: reopen(host)
        case .recorded, .carried, .settled, .readTold: break
        }
    }

    func read(_ promise: TerritoryPromise, _ host: TerritoryHost) throws {
        guard let store = host.store else { return }
        switch promise {
        case .readLog(let session, let first, let maximumBytes):
            let entries = try store.readLog(from: first, maximumBytes: min(maximumBytes, mix.batchBytes))
            give(.logRead(session, first: first, entries: entries), to: host)
        case .readDigest(let session, let index):
            if let digest = try store.digest(at: index) { give(.digestRead(session, digest), to: host) }
        default: break
        }
    }

    // MARK: - Lines of territories

    func dial(_ host: TerritoryHost, _ run: Int) {
        guard host.run == run, host.isUp else { return }
        let centre = centres[host.dials % centres.count]
        host.dials += 1
        guard centre.isUp, !cutLines.contains(Self.line(host.number, Int(centre.id.number))) else {
            return give(.dialFailed, to: host)
        }
        let line = Line(Session(nextSession), host, centre)
        nextSession += 1
        lines[line.session] = line
        let pass = withUnsafeBytes(of: (chance.next(), chance.next())) { [UInt8]($0) }
        give(.linkUp(line.session), to: host)
        let peer = CentrePeer(name: host.name.lowercased() + "-1", territory: host.name)
        give(.linkUp(line.session, peer, pass: pass), to: centre)
    }

    func carries(_ line: Line) -> Bool {
        line.isUp && line.runs.territory == line.territory.run && line.runs.centre == line.centre.run
            && line.territory.isUp && line.centre.isUp
    }

    func send(_ message: UplinkMessage, on session: Session, isUpward: Bool) throws {
        guard let line = lines[session], line.isUp else { return }
        if case .downlink(let downlink) = message { try downlinks.sent(line.territory.name, downlink) }
        if case .reseated(let answer) = message, archive.last(of: answer.author) > 0 {
            throw Violation("seats", "\(line.territory.label) is told author \(answer.author), as whom another writes")
        }
        // A line that was cut holds what is sent until it is mended, and then it comes in its order; or it is half open
        // from here on and swallows all, and whoever listens for keep-alives will notice.
        if line.isStuck { return }
        if cutLines.contains(Self.line(line.territory.number, Int(line.centre.id.number))) {
            if line.held.isEmpty, chance.next(below: 2) == 0 { line.isStuck = true }
            return line.held.append((message, isUpward))
        }
        deliver(message, on: line, isUpward: isUpward)
    }

    /// Cut lines carry again what they held.
    func mend(_ isMeant: (Line) -> Bool) {
        for line in lines.values.sorted(by: { $0.session.number < $1.session.number }) where isMeant(line) {
            let held = line.isStuck ? [] : line.held
            line.held = []
            for (message, isUpward) in held { deliver(message, on: line, isUpward: isUpward) }
        }
    }

    private func deliver(_ message: UplinkMessage, on line: Line, isUpward: Bool) {
        let arrival = agenda.now + UInt64(chance.next(in: mix.delay))
        if isUpward {
            line.arrival.up = max(line.arrival.up, arrival)
            agenda.add(.toCentre(line, message), after: Int(line.arrival.up - agenda.now))
        } else {
            line.arrival.down = max(line.arrival.down, arrival)
            agenda.add(.toTerritory(line, message), after: Int(line.arrival.down - agenda.now))
        }
    }

    func close(_ session: Session) {
        guard let line = lines[session] else { return }
        // What was sent before is still on its way; then the other end sees the close.
        let last = max(line.arrival.up, line.arrival.down, agenda.now)
        agenda.add(.lineDown(line), after: Int(last - agenda.now) + 1_000)
    }

    func lineDown(_ line: Line) {
        guard line.isUp else { return }
        line.isUp = false
        lines[line.session] = nil
        if line.runs.territory == line.territory.run { give(.linkDown(line.session), to: line.territory) }
        if line.runs.centre == line.centre.run { give(.linkDown(line.session), to: line.centre) }
    }

    /// Breaks every line that has an end here.
    func breakLines(where isMeant: (Line) -> Bool) {
        for line in lines.values.sorted(by: { $0.session.number < $1.session.number }) where isMeant(line) {
            agenda.add(.lineDown(line), after: chance.next(in: 1_000...500_000))
        }
    }

    // MARK: - Lines between the nodes of the centre

    func send(_ message: RaftMessage) {
        guard !cutPeers.contains(Self.line(Int(message.from.number), Int(message.to.number))) else { return }
        if !isHealing {
            if chance.chance(perMille: mix.lossPerMille) { return }
            if chance.chance(perMille: mix.duplicatePerMille) {
                agenda.add(.peer(message), after: chance.next(in: mix.delay) * 3)
            }
        }
        agenda.add(.peer(message), after: chance.next(in: mix.delay))
    }

    func arrives(_ message: RaftMessage) {
        guard let host = centres.first(where: { $0.id == message.to }) else { return }
        // It speaks of a copy that is not here.
        if case .snapshot(let head) = message.body, head.mark.index > host.role?.applied ?? 0, host.staged != head {
            return
        }
        give(.peer(message), to: host)
    }
}
