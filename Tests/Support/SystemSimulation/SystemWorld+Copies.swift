import Records
import Roles
import Simulation
import Storage
import Uplink

/// Directories that are copied, put back and lost, and what an operator does about it (design §7).
extension SystemWorld {
    enum PutBack: CaseIterable {
        /// The whole directory, from a copy: the machine itself can tell.
        case directory
        /// The machine, as it was: nothing on it tells.
        case machine
        /// The store alone, beside what the node has kept since.
        case store
    }

    /// What does not end a territory's work for good.
    var active: [TerritoryHost] { territories.filter { !$0.isRetired } }

    func backUp(_ host: TerritoryHost) throws {
        host.backup?.disk.remove()
        host.backup = Backup(
            disk: try host.disk.copy(as: "backup-of-\(host.name)"), shard: host.shard, identity: host.identity,
            seeds: host.seeds, placeFile: host.placeFile, answers: oracle.answers)
        say("\(host.label) is copied at entry \(host.last) of author \(host.seat.author.number)")
    }

    func putBack(_ host: TerritoryHost, _ kind: PutBack) throws {
        guard let backup = host.backup else { return }
        say(
            "\(host.label) is put back, \(kind), to entry \(backup.shard.last) of \(backup.shard.seat.author.number)"
        )
        try host.close()
        breakLines { $0.territory === host }
        oracle.wentBack(host.number, to: backup.answers, archive)
        let granted = host.shard.granted
        host.shard = backup.shard
        switch kind {
        case .store: try host.disk.replaceStore(from: backup.disk)
        case .directory, .machine:
            host.disk.remove()
            host.disk = try backup.disk.copy(as: host.name)
            (host.identity, host.seeds) = (backup.identity, backup.seeds)
        }
        switch kind {
        case .store: host.shard.granted.merge(granted) { $1 }
        case .directory: host.placeFile = unknownFile()
        case .machine:
            host.placeFile = backup.placeFile
            host.isExcused = true
        }
        host.isSuspect = true
        agenda.add(.startTerritory(host), after: chance.next(in: 1_000...2_000_000))
    }

    /// A second machine begins with what the first has, or had at its last copy.
    func clone(_ host: TerritoryHost, isMachine: Bool) throws {
        guard active.count(where: { $0.place == host.place }) < 3 else { return }
        if host.backup == nil || chance.next(below: 2) == 0 { try backUp(host) }
        guard let backup = host.backup else { return }
        let other = try TerritoryHost(
            number: nextMachine, place: host.place, identity: backup.identity, keys: keys, copyOf: backup)
        if !isMachine { other.placeFile = unknownFile() }
        other.handedIn = host.handedIn
        for one in [host, other] {
            one.isSuspect = true
            one.isExcused = one.isExcused || isMachine
        }
        oracle.copied(host.number, to: other.number, upTo: backup.answers)
        say("\(host.label) goes on as \(other.label), too")
        add(other)
    }

    /// The centre has refused the log, and the node is about to ask for a new seat: now both of two will.
    func imaged(_ host: TerritoryHost) throws {
        guard host.isImagedWhenRefused else { return }
        host.isImagedWhenRefused = false
        try backUp(host)
        let count = territories.count
        try clone(host, isMachine: true)
        guard territories.count > count, let other = territories.last else { return }
        let (late, pause) = (chance.pick([host, other]), chance.next(in: 500_000...6_000_000))
        agenda.add(.cutLine(late, pause), after: chance.next(in: 0...1_500_000))
        guard chance.next(below: 3) == 0 else { return }
        var dice = SplitMix(seed: chance.next())
        askClosing(of: host.place, dice.pick([.retireBody, .reseatBody]), &dice)
    }

    /// The line stands, and breaks again; with the last time the power may go as well.
    func flaps(_ host: TerritoryHost) throws {
        guard host.flaps > 0, host.isUp else { return }
        host.flaps -= 1
        guard host.flaps == 0, host.losesPowerAfterFlaps else { return breakLines { $0.territory === host } }
        try crash(host, restartAfter: chance.next(in: 10_000...2_000_000), losesPower: true)
    }

    private func unknownFile() -> FilePlace { FilePlace(inode: chance.next(), born: 1, written: 1) }

    func loseDisk(_ host: TerritoryHost) throws {
        say("\(host.label) loses its disk")
        try host.close()
        breakLines { $0.territory === host }
        oracle.wentBack(host.number, to: 0, archive)
        host.isRetired = true
        for other in territories where other.place == host.place { other.isSuspect = true }
        host.removeDisk()
        host.backup = nil
    }

    // MARK: - Operators

    /// A territory without a node that goes on gets a new one; of two copies the one that goes on takes over what the
    /// fenced one holds, and the node that comes after one that was closed takes over what that did not send.
    func mendCopies() throws {
        let closed = try closed()
        for place in 0..<places where closed[Papers.territories[place]] == nil {
            guard isHealing || chance.next(below: 2) == 0 else { continue }
            let hosts = active.filter { $0.place == place }
            let fenced = hosts.filter(isOver)
            if fenced.count == hosts.count {
                askSeat(of: place, isRebuild: true)
            } else if let last = fenced.last,
                let first = hosts.first(where: { $0.isUp && $0.role?.status().isConnected == true })
            {
                try adopt(last, into: first)
            }
        }
    }

    /// It is fenced for good.
    func isOver(_ host: TerritoryHost) -> Bool {
        host.isUp && (host.role?.state.isCloned == true || isClosed(host))
    }

    /// As `House.adopt` does, with both nodes stopped.
    func adopt(_ fenced: TerritoryHost, into host: TerritoryHost) throws {
        let known = [host.identity.seat.author.number] + host.identity.formers.map(\.author)
        guard known.contains(fenced.identity.seat.author.number) else {
            throw Violation("adoption", "\(host.label) does not know the author of \(fenced.label)")
        }
        for one in [fenced, host] {
            try one.close()
            breakLines { $0.territory === one }
        }
        let store = try TerritoryStore(
            path: host.disk.file(TerritoryHost.file), seat: host.identity.seat, formers: host.identity.formers)
        let other = try TerritoryStore(
            path: fenced.disk.file(TerritoryHost.file), seat: fenced.identity.seat, formers: fenced.identity.formers)
        let adoption = try store.adopt(other, isTrial: false)
        try other.close()
        try store.close()
        say("\(host.label) adopts \(adoption.count) entries of \(fenced.label)")
        oracle.adopted(fenced.number, by: host.number)
        host.handedIn = max(host.handedIn, fenced.handedIn)
        fenced.isRetired = true
        fenced.removeDisk()
        agenda.add(.startTerritory(host), after: chance.next(in: 1_000...500_000))
    }
}
