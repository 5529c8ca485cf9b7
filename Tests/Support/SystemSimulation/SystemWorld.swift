import Consensus
import Law
import Records
import Roles
package import Simulation
import Storage
import Uplink

/// The system rung: the real roles over the real stores, one turn after another as the nodes run them, on simulated
/// lines and in virtual time. Territories register documents, correct them and ship them; the centre of 1, 3 or 5
/// voters archives, merges and accounts. A phase under faults, then a phase of healing that must end with everything
/// everywhere.
package final class SystemWorld {
    enum Item {
        case tickCentre(CentreHost, run: Int)
        case tickTerritory(TerritoryHost, run: Int)
        case turnCentre(CentreHost, run: Int)
        case turnTerritory(TerritoryHost, run: Int)
        /// A deed that reads the store beside the turns.
        case readCentre(CentreHost, run: Int, CentreDeed)
        case readTerritory(TerritoryHost, run: Int, TerritoryPromise)
        case giveCentre(CentreHost, run: Int, CentreInput)
        case copyArrives(CentreHost, run: Int, to: ReplicaID)
        case copyEnds(CentreHost, run: Int, to: ReplicaID, tries: Int)
        case peer(RaftMessage)
        case toCentre(Line, UplinkMessage)
        case toTerritory(Line, UplinkMessage)
        case lineDown(Line)
        case dial(TerritoryHost, run: Int)
        case seatNext
        case startCentre(CentreHost)
        case startTerritory(TerritoryHost)
        case reopen(TerritoryHost, run: Int)
        case frame(Frame)
        case receipt(CentreHost, UInt32)
        case receiptArrives(CarriedReceipt)
        case work(TerritoryHost)
        case operate
        case compare
        case mendLine(Int, Int)
        case cutLine(TerritoryHost, Int)
        case closing(Int, SplitMix)
        case fault
        case heal
    }

    /// One connection of a territory: what is sent on it arrives in order, or not at all.
    final class Line {
        let session: Session
        let territory: TerritoryHost
        let centre: CentreHost
        let runs: (territory: Int, centre: Int)
        var isUp = true
        var arrival: (up: UInt64, down: UInt64) = (0, 0)
        /// Sent while the line was cut.
        var held: [(UplinkMessage, isUpward: Bool)] = []
        /// Half open: nothing passes any more, and neither end is told.
        var isStuck = false

        init(_ session: Session, _ territory: TerritoryHost, _ centre: CentreHost) {
            self.session = session
            self.territory = territory
            self.centre = centre
            runs = (territory.run, centre.run)
        }
    }

    package let seed: UInt64
    package let mix: SystemMix
    package var tell: ((String) -> Void)?
    let planted: PlantedSystemBug?
    let reduction: Reduction
    var chance: SplitMix
    package let faults: [SystemFault]
    /// How long a node takes at most to begin anew, virtual microseconds.
    let reopenPause: Int
    var nextFault = 0
    var agenda = Agenda<Item>()
    let keys = SimulatedKeys()
    var centres: [CentreHost] = []
    var territories: [TerritoryHost] = []
    var lines: [Session: Line] = [:]
    var nextSession: UInt64 = 1
    /// Voters between which nothing passes, and territories whose line to a voter is cut: pairs of places.
    var cutPeers: Set<Int> = []
    var cutLines: Set<Int> = []
    var isHealing = false
    var healingSince: UInt64 = 0
    var alike = AppliedAlike()
    var downlinks = DownlinkInOrder()
    var oracle = ClientOracle()
    var written = WrittenLogs()
    var archive = Archive()
    var given = NumbersGiven()
    package internal(set) var trace = SystemTrace()
    package internal(set) var turns = 0
    /// Numbers of the blocks that the centre's nodes seal, over all of them.
    let centreLeaves = Leaves(after: 0)
    var acts: UInt64 = 0
    /// Territories that have been seated, and machines that have been given to them.
    var places = 0
    var nextMachine = 0
    var seating: Seating?
    var nextSeating = SystemWorld.firstSeating
    var questions: [UInt64: SeatQuestion] = [:]
    /// Territories whose closing was asked for, by place: with how they end.
    var closings: [Int: SystemFault.Kind] = [:]
    /// Bundles that are carried: exports, tickets of pieces, and whose they are.
    var nextExport: UInt64 = 0
    var nextTicket = SystemWorld.firstCarried
    var carried: [UInt64: UInt32] = [:]
    static let firstCarried: UInt64 = 1 << 42
    static let firstSeating: UInt64 = 1 << 40
    static let firstChange: UInt64 = 1 << 41
    var nextChange = SystemWorld.firstChange

    package init(seed: UInt64, reduction: Reduction = .none, planted: PlantedSystemBug? = nil) {
        self.seed = seed
        self.planted = planted
        self.reduction = reduction
        var dice = SplitMix(seed: seed ^ 0x5e5)
        chance = SplitMix(seed: dice.next())
        mix = SystemMix(&dice, reduction)
        faults = mix.drawFaults(&dice).sorted { ($0.time, $0.number) < ($1.time, $1.number) }
        reopenPause = dice.pick([200_000, 200_000, 3_000_000])
    }

    package var now: UInt64 { agenda.now }
    package var virtualSeconds: Double { Double(agenda.now) / 1_000_000 }

    func say(_ sentence: @autoclosure () -> String) {
        guard let tell else { return }
        let milliseconds = agenda.now / 1000
        let fraction = String(1000 + milliseconds % 1000).dropFirst()
        tell("\(milliseconds / 1000).\(fraction) s  \(sentence())")
    }

    func story() -> Violation? {
        defer { clean() }
        do {
            try found()
            while let item = agenda.next() {
                try happen(item)
                if isHealing, try isHealed() { break }
            }
            try checkAtRest()
            return nil
        } catch let violation as Violation {
            say("\(violation)")
            return violation
        } catch {
            say("\(error)")
            return Violation("storage", "\(error)")
        }
    }

    private func found() throws {
        let voters = (1...mix.voters).map { ReplicaID(UInt64($0)) }
        for id in voters {
            let host = try CentreHost(id, founding: .founding(voters: voters), keys: keys, mix: mix)
            host.skew = Int64(chance.next(in: -mix.skew...mix.skew))
            centres.append(host)
            agenda.add(.startCentre(host), after: 0)
        }
        say(
            """
            \(mix.voters) voters, \(mix.territories) territories with \(mix.documents) documents each, \
            \(mix.wallRate == 1 ? "a short" : "a long") horizon
            """)
        agenda.add(.seatNext, after: 1_000_000)
        agenda.add(.operate, after: mix.operatorInterval)
        agenda.add(.compare, after: 5_000_000)
        agenda.add(.heal, after: mix.duration)
        scheduleFault()
    }

    private func clean() {
        for host in centres {
            try? host.close()
            host.removeDisk()
        }
        for host in territories where !host.isRetired {
            try? host.close()
            host.removeDisk()
        }
    }

    private func happen(_ item: Item) throws {
        switch item {
        case .tickCentre(let host, let run):
            guard host.run == run, host.isUp else { return }
            give(.tick, to: host)
            agenda.add(item, after: mix.centreTick)
        case .tickTerritory(let host, let run):
            guard host.run == run, host.isUp else { return }
            give(.tick, to: host)
            agenda.add(item, after: 1_000_000)
        case .turnCentre(let host, let run): try turn(host, run)
        case .turnTerritory(let host, let run): try turn(host, run)
        case .readCentre(let host, let run, let deed): if host.run == run, host.isUp { try read(deed, host) }
        case .readTerritory(let host, let run, let promise): if host.run == run, host.isUp { try read(promise, host) }
        case .giveCentre(let host, let run, let input): if host.run == run { give(input, to: host) }
        case .copyArrives(let host, let run, let peer):
            if host.run == run, host.isUp { try copyArrives(from: host, to: peer) }
        case .copyEnds(let host, let run, let peer, let tries):
            if host.run == run, host.isUp { copyEnds(host, to: peer, tries) }
        case .peer(let message): arrives(message)
        case .toCentre(let line, let message):
            if carries(line) { give(.received(line.session, message), to: line.centre) }
        case .toTerritory(let line, let message):
            if carries(line) { give(.received(line.session, message), to: line.territory) }
        case .lineDown(let line): lineDown(line)
        case .dial(let host, let run): dial(host, run)
        case .seatNext: seatNext()
        case .startCentre(let host): try start(host)
        case .startTerritory(let host): try start(host)
        case .reopen(let host, let run): try reopens(host, run)
        case .frame(let frame): try arrives(frame)
        case .receipt(let host, let author): try writeReceipt(author, at: host)
        case .receiptArrives(let receipt): try arrives(receipt)
        case .work(let host): try work(host)
        case .operate: try operate()
        case .compare: try compare()
        case .mendLine(let territory, let centre):
            if territory < 0 {
                cutPeers.remove(centre)
            } else {
                cutLines.remove(Self.line(territory, centre))
                mend { $0.territory.number == territory && Int($0.centre.id.number) == centre }
            }
        case .closing(let place, var dice): if !isHealing { askClosing(of: place, .retireBody, &dice) }
        case .cutLine(let host, let pause): for centre in centres { cutOff(host, from: centre, for: pause) }
        case .fault: try fault()
        case .heal: try heal()
        }
    }

    static func line(_ territory: Int, _ centre: Int) -> Int { territory * 64 + centre }

    // MARK: - Starts

    func start(_ host: CentreHost) throws {
        guard !host.isUp, !host.isRetired else { return }
        guard agenda.now >= host.fullUntil else {
            return agenda.add(.startCentre(host), after: Int(host.fullUntil - agenda.now))
        }
        do {
            try host.start()
        } catch {
            throw Violation("restart", "centre-\(host.id) does not start: \(error)")
        }
        alike.starts(host)
        say("centre-\(host.id) starts at \(host.role?.applied ?? 0)")
        give(.electionTicks(chance.next(in: 10...19)), to: host)
        agenda.add(.tickCentre(host, run: host.run), after: chance.next(in: 1...mix.centreTick))
    }

    func start(_ host: TerritoryHost) throws {
        guard !host.isUp, !host.isRetired else { return }
        do {
            try host.start(completesIndex: nodeBug != .indexNotCompleted)
        } catch let violation as Violation {
            throw violation
        } catch {
            throw Violation("restart", "\(host.label) does not start: \(error)")
        }
        say("\(host.label) starts at \(host.last)")
        give(.started(nonceSalt: host.sealer.salt, software: "simulated"), to: host)
        agenda.add(.tickTerritory(host, run: host.run), after: chance.next(in: 1...1_000_000))
    }

    /// Whoever leads the newest term.
    var leader: CentreHost? {
        var best: CentreHost?
        for host in centres where host.role?.isLeader == true {
            if best.map({ $0.role?.standing.term ?? 0 < host.role?.standing.term ?? 0 }) ?? true { best = host }
        }
        return best
    }

    /// Who belongs to the group.
    var members: [CentreHost] { centres.filter { !$0.isRetired } }

    // MARK: - Inputs and time

    func give(_ input: CentreInput, to host: CentreHost) {
        guard host.isUp else { return }
        host.inbox.append(input)
        schedule(host)
    }

    func give(_ input: TerritoryInput, to host: TerritoryHost) {
        guard host.isUp else { return }
        host.inbox.append(input)
        schedule(host)
    }

    func schedule(_ host: CentreHost) {
        guard !host.hasTurn else { return }
        host.hasTurn = true
        agenda.add(.turnCentre(host, run: host.run), after: chance.next(in: 100...mix.turn))
    }

    func schedule(_ host: TerritoryHost) {
        guard !host.hasTurn else { return }
        host.hasTurn = true
        agenda.add(.turnTerritory(host, run: host.run), after: chance.next(in: 100...mix.turn))
    }

    func moment(_ skew: Int64) -> Moment {
        let passed = agenda.now / 1000
        let wall = Int64(Papers.noon + agenda.now * UInt64(mix.wallRate) / 1000) + skew
        return Moment(wallMilliseconds: UInt64(wall), steadyMilliseconds: passed + 1_000)
    }
}
