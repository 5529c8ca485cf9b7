import Records
import Roles
import Simulation
import Uplink

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
    }

    /// By the document's identity. A document that two territories hand in means the same at both.
    private(set) var meant: [RecordID: Meant] = [:]
    /// By territory and identity.
    private(set) var told: [String: [RecordID: Told]] = [:]
    /// Documents of the centre, by identity: where they stand, as was answered.
    private(set) var centre: [RecordID: Told] = [:]
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
            throw Violation("intake", "\(host.name) answers \(outcomes.count) of \(drafts.count) documents")
        }
        for (draft, outcome) in zip(drafts, outcomes) {
            let known = told[host.name]?[draft.identity]
            switch outcome {
            case .registered(let at, let number):
                guard at.index <= host.last, case .document(let entry) = host.appended[Int(at.index) - 1].entry.body,
                    SimulatedKeys.identity(entry) == draft.identity
                else { throw Violation("I2", "\(host.name) acknowledges entry \(at.index), which it has not stored") }
                guard known == nil else { throw Violation("I4", "\(host.name) registers \(draft.document) twice") }
                told[host.name, default: [:]][draft.identity] = Told(at: at, number: number)
            case .repeated(let at, let number):
                if let known, known.at != at || known.number != number {
                    throw Violation("I2", "\(host.name) gives a repeat of \(draft.document) another number")
                }
                told[host.name, default: [:]][draft.identity] = Told(at: at, number: number)
            case .refused(let code, let field):
                throw Violation("intake", "\(host.name) refuses \(draft.document): \(code) \(field)")
            case .unavailable(let why):
                guard case .diskFull = why else {
                    throw Violation("intake", "\(host.name) takes nothing: \(why)")
                }
            }
        }
    }

    mutating func answered(_ ticket: Ticket, _ outcomes: [OwnOutcome]) throws {
        guard let drafts = waiting.removeValue(forKey: ticket.number) else { return }
        for (draft, outcome) in zip(drafts, outcomes) {
            switch outcome {
            case .document(let at, let provisional, _):
                centre[draft.identity] = Told(at: at, number: provisional)
            case .refused: refused.insert(draft.identity)
            case .recorded, .seated, .indefinite: break
            }
        }
    }
}
