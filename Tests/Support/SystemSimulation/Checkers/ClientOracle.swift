import Records
import Roles
import Simulation
import Storage
import Uplink
import Vault

/// What clients handed in and what they were told. Acknowledged: it is there, for ever and everywhere. Refused: it is
/// not. Not answered, or answered as indefinite: it may be either.
struct ClientOracle {
    /// A document as its writer meant it.
    struct Meant {
        var act: DocumentAct
        var writes: [Write]
    }

    struct Told {
        var at: LogAddress
        var number: Serial
        /// The chain's digest after the entry: names the branch of the log that it was written to.
        var digest: Digest
        /// Counts the answers of all nodes.
        var answer: UInt64
        /// The disk of the machine that told it was put back to before.
        var isGone = false
        /// So were all that held it, perhaps.
        var mayBeLost = false
    }

    /// The number that a document was last told here, and the entry that it stands for.
    private struct Said {
        var at: LogAddress
        var number: Serial
        var bytes: [UInt8]
        var answer: UInt64
    }

    /// What the centre answered.
    struct Stands {
        var at: LogAddress
        var number: Serial
    }

    /// By the document's identity. A document that two territories hand in means the same at both.
    private(set) var meant: [RecordID: Meant] = [:]
    /// By the machine that answered, and identity.
    private(set) var told: [Int: [RecordID: Told]] = [:]
    /// What a machine promised for a document before it promised again, under another seat.
    private var earlier: [Int: [(identity: RecordID, told: Told)]] = [:]
    /// By machine and identity: registered or repeated.
    private var said: [Int: [RecordID: Said]] = [:]
    private(set) var answers: UInt64 = 0
    /// Documents of the centre, by identity: where they stand, as was answered.
    private(set) var centre: [RecordID: Stands] = [:]
    private(set) var refused: Set<RecordID> = []
    private var waiting: [UInt64: [Draft]] = [:]
    private var nextTicket: UInt64 = 1

    var acknowledged: Int { told.values.reduce(0) { $0 + $1.count } }

    mutating func hands(_ drafts: [Draft], meaning meant: [Meant]) -> Ticket {
        for (draft, meant) in zip(drafts, meant) { self.meant[draft.identity] = meant }
        defer { nextTicket += 1 }
        waiting[nextTicket] = drafts
        return Ticket(nextTicket)
    }

    /// I2: what a clerk is told stands in the log when he is told, and a repeat gets the number it had.
    mutating func answered(_ ticket: Ticket, _ outcomes: [SubmitOutcome], by host: TerritoryHost) throws {
        guard let drafts = waiting.removeValue(forKey: ticket.number) else { return }
        guard drafts.count == outcomes.count else {
            throw Violation("intake", "\(host.label) answers \(outcomes.count) of \(drafts.count) documents")
        }
        for (draft, outcome) in zip(drafts, outcomes) {
            answers += 1
            let known = told[host.number]?[draft.identity]
            switch outcome {
            case .registered(let at, let number):
                guard at.author == host.seat.author, at.index <= host.last,
                    case .document(let entry) = host.shard.appended[Int(at.index) - 1].entry.body,
                    SimulatedKeys.identity(entry) == draft.identity
                else { throw Violation("I2", "\(host.label) acknowledges entry \(at.index), which it has not stored") }
                // A node that was seated anew has not all of its former logs back at once; a machine that was put back
                // as a whole cannot know what it told, and registers without the centre's word where it has no line.
                if let known, known.at.author == at.author, !(known.isGone && host.isExcused) {
                    throw Violation("I4", "\(host.label) registers \(draft.document) twice")
                }
                if let known, !known.mayBeLost { earlier[host.number, default: []].append((draft.identity, known)) }
                told[host.number, default: [:]][draft.identity] = Told(
                    at: at, number: number, digest: host.shard.chain[Int(at.index)], answer: answers)
                try keep(draft, at, number, by: host)
            case .repeated(let at, let number): try repeated(draft, at, number, by: host)
            case .refused(let code, let field):
                throw Violation("intake", "\(host.label) refuses \(draft.document): \(code) \(field)")
            case .unavailable(.diskFull), .unavailable(.starting): break
            case .unavailable(.fenced(let why)):
                guard host.isSuspect || host.seat.seat > 1 || host.identity.seat != host.seat else {
                    throw Violation("intake", "\(host.label) takes nothing: \(why)")
                }
            case .unavailable(.exhausted(let why)):
                throw Violation("intake", "\(host.label) takes nothing: \(why)")
            }
        }
    }

    /// A number that was told stands where it was told: as long as that entry is in a log here, a repeat is told of
    /// it and of no other. Where it was set aside, for the centre holds others in its place, a repeat is told of the
    /// entry that the document has here now.
    private mutating func repeated(_ draft: Draft, _ at: LogAddress, _ number: Serial, by host: TerritoryHost) throws {
        if let said = said[host.number]?[draft.identity], said.at != at || said.number != number,
            try host.store?.entry(said.at)?.bytes == said.bytes
        {
            let before = "\(draft.document) was told \(said.number) of entry \(said.at)"
            throw Violation("I2", "\(host.label): \(before), and a repeat is told \(number) of \(at)")
        }
        try keep(draft, at, number, by: host)
    }

    private mutating func keep(_ draft: Draft, _ at: LogAddress, _ number: Serial, by host: TerritoryHost) throws {
        guard let bytes = try host.store?.entry(at)?.bytes, let entry = ReadEntry(at, bytes: bytes)?.document,
            SimulatedKeys.identity(entry) == draft.identity, entry.number == number
        else { throw Violation("I2", "\(host.label) tells \(draft.document) \(number), which is not its own") }
        said[host.number, default: [:]][draft.identity] = Said(at: at, number: number, bytes: bytes, answer: answers)
    }

    // MARK: Disks

    /// A machine's disk is as it was when it had given so many answers: what it said since is nowhere, unless the
    /// centre has it.
    mutating func wentBack(_ number: Int, to answer: UInt64, _ archive: Archive) {
        func after(_ one: Told) -> Told {
            var one = one
            guard one.answer > answer else { return one }
            one.isGone = true
            if !archive.holds(one.at, one.digest) { one.mayBeLost = true }
            return one
        }
        told[number] = told[number]?.mapValues(after)
        earlier[number] = earlier[number]?.map { ($0.identity, after($0.told)) }
        said[number] = said[number]?.filter { $0.value.answer <= answer }
    }

    /// A second machine has what the first had then.
    mutating func copied(_ number: Int, to other: Int, upTo answer: UInt64) {
        told[other] = told[number]?.filter { $0.value.answer <= answer }
        said[other] = said[number]?.filter { $0.value.answer <= answer }
        earlier[other] = earlier[number]?.filter { $0.told.answer <= answer }
    }

    /// One machine has taken over what another's directory held.
    mutating func adopted(_ number: Int, by other: Int) {
        answers += 1
        let all = (told.removeValue(forKey: number) ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        earlier[other, default: []] += (all + (earlier.removeValue(forKey: number) ?? [])).map { identity, one in
            var one = one
            one.answer = answers
            return (identity, one)
        }
    }

    /// Everything that was ever promised by a node that still goes on, or may have been lost.
    var promises: [(identity: RecordID, told: Told)] {
        told.sorted { $0.key < $1.key }.flatMap { one in one.value.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
            + earlier.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    mutating func answered(_ ticket: Ticket, _ outcomes: [OwnOutcome]) throws {
        guard let drafts = waiting.removeValue(forKey: ticket.number) else { return }
        for (draft, outcome) in zip(drafts, outcomes) {
            switch outcome {
            case .document(let at, let provisional, _):
                centre[draft.identity] = Stands(at: at, number: provisional)
            case .refused: refused.insert(draft.identity)
            case .recorded, .seated, .indefinite: break
            }
        }
    }
}
