import Records
import Roles
import Simulation
import Storage
import Uplink
import Vault

/// How territories come to their seats: the first by a token, as a join does; another where a log cannot go on, or
/// where a disk was lost and an operator gives a token for that territory.
extension SystemWorld {
    /// A seating that was asked for and not answered yet.
    struct Seating {
        var ticket: UInt64
        var place: Int
        var isRebuild: Bool
        var askedAt: UInt64
    }

    /// A node's question for a new seat, on its session.
    struct SeatQuestion {
        var host: CentreHost
        var run: Int
        var session: Session
        var peer: CentrePeer
        var former: AuthorNumber
    }

    // MARK: - By tokens

    /// Seats the next territory; asks again until it is done.
    func seatNext() {
        guard places < mix.territories else { return }
        agenda.add(.seatNext, after: 1_500_000)
        askSeat(of: places, isRebuild: false)
    }

    /// Asks again only when the answer to the question before has not come in time.
    func askSeat(of place: Int, isRebuild: Bool) {
        guard let leader else { return }
        if let seating, seating.isRebuild, seating.place == place, agenda.now < seating.askedAt + 10_000_000 { return }
        nextSeating += 1
        let territory = Papers.territories[place]
        let hash = Array("token \(territory) \(nextSeating)".utf8)
        let name = territory.lowercased() + "-1"
        let issued = ControlEntry.tokenIssued(
            hash: hash, role: "territory", territory: territory, expires: Papers.noon * 2, officer: "operator")
        let seated: ControlEntry =
            isRebuild
            ? .reseated(
                secretHash: hash, name: name, territory: territory, former: AuthorNumber(0), cause: .rebuilt,
                author: AuthorNumber(0), seat: 0)
            : .seated(
                tokenHash: hash, name: name, role: "territory", territory: territory, author: AuthorNumber(0), seat: 0)
        seating = Seating(ticket: nextSeating, place: place, isRebuild: isRebuild, askedAt: agenda.now)
        give(.submit(Ticket(nextSeating), [.control(issued), .control(seated)]), to: leader)
    }

    func answered(_ ticket: Ticket, _ outcomes: [OwnOutcome], by host: CentreHost) throws {
        guard ticket.number > Self.firstSeating else { return try oracle.answered(ticket, outcomes) }
        if let question = questions.removeValue(forKey: ticket.number) {
            return try answer(question, outcomes[0])
        }
        guard let asked = seating, asked.ticket == ticket.number else { return }
        for case .seated(_, let author, let number) in outcomes {
            seating = nil
            let territory = Papers.territories[asked.place]
            let seat = TerritorySeat(cluster: CentreHost.cluster, territory: territory, author: author, seat: number)
            let formers = asked.isRebuild ? try host.store?.formers(of: territory, before: author) ?? [] : []
            let node = try TerritoryHost(
                number: nextMachine, place: asked.place, identity: NodeIdentityFile(seat: seat, formers: formers),
                keys: keys, copyOf: nil)
            say("\(node.label) is seated as author \(author.number)\(asked.isRebuild ? ", on a bare disk" : "")")
            add(node)
            guard !asked.isRebuild else {
                // An operator may have it adopt what is left of those before, even before it starts.
                let left = active.filter { $0 !== node && $0.place == node.place && isOver($0) }
                if let one = left.last, chance.next(below: 2) == 0 { try adopt(one, into: node) }
                continue
            }
            places += 1
            agenda.add(.seatNext, after: 10_000)
        }
    }

    /// Another machine, which starts and whose clerks begin to work.
    func add(_ node: TerritoryHost) {
        nextMachine += 1
        // What was asked for may be carried out yet, and close this seat as well.
        if closings[node.place] != nil { node.isSuspect = true }
        node.skew = Int64(chance.next(in: -mix.skew...mix.skew))
        archive.territories[node.identity.seat.author.number] = node.name
        territories.append(node)
        agenda.add(.startTerritory(node), after: 1_000)
        agenda.add(.work(node), after: chance.next(in: 1_000...mix.workInterval))
    }

    // MARK: - In place of a log that cannot go on

    /// As `CentreService.reseat` does; the new author's key tree is with every voter.
    func reseat(_ session: Session, _ peer: CentrePeer, _ reseat: Reseat, at host: CentreHost) {
        nextSeating += 1
        questions[nextSeating] = SeatQuestion(
            host: host, run: host.run, session: session, peer: peer, former: AuthorNumber(reseat.author))
        let act = ControlEntry.reseated(
            secretHash: Digest.of(reseat.treeSeed.bytes).bytes, name: peer.name, territory: peer.territory,
            former: AuthorNumber(reseat.author), cause: reseat.cause == .behind ? .behind : .diverged,
            author: AuthorNumber(0), seat: 0)
        give(.submit(Ticket(nextSeating), [.control(act)]), to: host)
    }

    private func answer(_ question: SeatQuestion, _ outcome: OwnOutcome) throws {
        let host = question.host
        guard host.run == question.run, host.isUp, let store = host.store else { return }
        switch outcome {
        case .seated(_, let author, let seat):
            let formers = try store.formers(of: question.peer.territory, before: author)
            archive.territories[author.number] = question.peer.territory
            if let closed = try store.seat(of: question.former)?.closed, !closed.isEmpty,
                try store.seat(of: author)?.closed.isEmpty == true
            {
                throw Violation("seats", "a closed node of \(question.peer.territory) is seated as \(author.number)")
            }
            give(
                .reseated(question.session, Reseated(author: author.number, seat: seat, formers: formers)), to: host)
        case .refused("succeeded", let reason):
            give(.reseatRefused(question.session, Refusal(code: .cloned, reason: reason)), to: host)
        case .refused("closed", let reason):
            give(.reseatRefused(question.session, Refusal(code: .retired, reason: reason)), to: host)
        case .refused(_, let reason), .indefinite(let reason):
            give(.reseatRefused(question.session, Refusal(code: .overloaded, reason: reason)), to: host)
        case .document, .recorded: throw Violation("seats", "a seating is answered as an act of another kind")
        }
    }

    // MARK: - At the node

    /// The seed of the author who comes after this one: drawn once, and anew by a copy that knows itself to be one.
    func drawSeed(_ host: TerritoryHost) {
        let isShared = host.isInPlace || nodeBug == .seedSharedByCopies
        let name = SeedName(author: host.seat.author.number, place: isShared ? nil : host.placeFile)
        if host.seeds[name] == nil {
            host.seeds[name] = Secret((0..<32).map { _ in UInt8(truncatingIfNeeded: chance.next()) })
        }
        if let seed = host.seeds[name] { give(.seed(seed), to: host) }
    }

    /// Who the node is, is kept; then it begins anew as that.
    func seated(_ host: TerritoryHost, _ answer: Reseated) throws {
        guard host.identity.seat == host.seat else { return }
        var seat = host.seat
        (seat.author, seat.seat) = (AuthorNumber(answer.author), answer.seat)
        try host.begin(as: NodeIdentityFile(seat: seat, formers: answer.formers), planted: nodeBug)
        say("\(host.label) is seated anew as author \(answer.author), seat \(answer.seat)")
        // Whatever was copied from it before is another's from here on.
        for other in territories where other.place == host.place { other.isSuspect = other !== host }
        let twins = active.filter { $0 !== host && $0.identity.seat == seat }
        guard twins.isEmpty || host.isExcused else {
            throw Violation("seats", "\(host.label) and \(twins[0].label) are both author \(answer.author)")
        }
        // Machines that were copied as a whole, and asked before the first of them was heard: nobody could tell.
        for twin in twins { (twin.isExcused, host.isSuspect) = (true, true) }
        host.isExcused = !twins.isEmpty
        reopen(host)
    }

    /// The turns that wait are still taken.
    func reopen(_ host: TerritoryHost) {
        agenda.add(.reopen(host, run: host.run), after: chance.next(in: 0...reopenPause))
    }

    func reopens(_ host: TerritoryHost, _ run: Int) throws {
        guard host.run == run, host.isUp else { return }
        try host.close()
        breakLines { $0.territory === host }
        agenda.add(.startTerritory(host), after: chance.next(in: 1_000...100_000))
    }
}
