import Law
import Records
import Roles
import Simulation
import Storage

/// Bodies that are closed or given another node, as `CentreService.changeBody` and `handOverClosed` do it, and what
/// becomes of their machines.
extension SystemWorld {
    /// Bodies that were closed by what the leader has applied, each with its successor, or nothing.
    func closed() throws -> [String: String] {
        guard let store = leader?.store else { return [:] }
        return try store.bodies().reduce(into: [:]) { closed, body in
            if body.closedBy != nil { closed[body.code] = body.successor }
        }
    }

    func isHandedOver() throws -> Bool { try leader?.store?.bodies().allSatisfy { $0.handed == nil } ?? false }

    /// Its seat is heard no more.
    func isClosed(_ host: TerritoryHost) -> Bool {
        guard let seat = leader?.role?.seats[host.identity.seat.author] else { return false }
        return !seat.closed.isEmpty
    }

    /// One act: it may be lost with the leader, and what it closes hears so late or never. One body goes on always.
    func askClosing(of place: Int, _ kind: SystemFault.Kind, _ dice: inout SplitMix) {
        let others = (0..<places).filter { $0 != place && closings[$0] != .retireBody }
        guard let leader, !others.isEmpty, closings[place] != .retireBody else { return }
        let territory = Papers.territories[place]
        let successor = kind == .retireBody && dice.next(below: 4) > 0 ? Papers.territories[dice.pick(others)] : ""
        closings[place] = kind
        for host in territories where host.place == place { host.isSuspect = true }
        if !successor.isEmpty { archive.heirs[territory, default: []].insert(successor) }
        say("\(territory) is to be \(kind == .retireBody ? "closed, for \(successor)" : "given another node")")
        decide(kind == .retireBody ? .retired : .reseated, territory, successor: successor, at: leader)
        // Now and then the successor is closed in its turn, before it was given anything.
        guard let next = Papers.territories.firstIndex(of: successor), dice.next(below: 3) == 0 else { return }
        agenda.add(.closing(next, dice), after: dice.next(in: 0...2_000_000))
    }

    private func decide(_ verb: TerritoryAct.Verb, _ territory: String, successor: String, at host: CentreHost) {
        nextSeating += 1
        let words = Decision.Act(
            number: "\(nextSeating)", date: Day(year: 2026, month: 4, day: 1), basis: "2022", officer: "operator")
        let act = TerritoryAct(verb: verb, territory: territory, successor: successor, act: words)
        give(.submit(Ticket(nextSeating), [.control(.territory(act))]), to: host)
    }

    /// Records of closed bodies are handed over, and their machines switched off one day: what those had not sent by
    /// then is nowhere any more.
    func tendBodies() throws {
        guard let leader, let store = leader.store else { return }
        for body in try store.bodies() where body.closedBy != nil {
            for host in active where host.name == body.code && (isHealing || chance.next(below: 4) == 0) {
                say("\(host.label) is switched off: its body is closed")
                try host.close()
                breakLines { $0.territory === host }
                oracle.wentBack(host.number, to: 0, archive)
                host.isRetired = true
                host.removeDisk()
            }
            if body.handed != nil { decide(.handed, body.code, successor: body.successor, at: leader) }
        }
    }
}
