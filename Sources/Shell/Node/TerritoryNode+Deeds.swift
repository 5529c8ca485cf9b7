import Foundation
import Records
import Roles
import Uplink

/// The deeds and promises of a turn, one line each: what to do was decided in `Roles`.
extension TerritoryNode {
    /// Free space below which a full disk is not tried again.
    static let spaceNeeded: UInt64 = 32 << 20

    func perform(_ deed: TerritoryDeed) {
        switch deed {
        case .send(let session, let message): lines.send(message, to: session)
        case .readLog(let session, let first, let maximumBytes):
            readLog(session, first: first, maximumBytes: maximumBytes)
        case .readDigest(let session, let index): readDigest(session, index)
        case .answered(let question, let bytes): questions.give(question, bytes)
        case .close(let session, let reason): lines.close(session, reason: reason)
        case .dial(let pause): dialer.dial(after: UInt64.random(in: pause))
        case .probeSpace: probeSpace()
        }
    }

    func keep(_ promise: TerritoryPromise) {
        switch promise {
        case .answer(let ticket, let outcomes): submissions.give(ticket.number, outcomes)
        case .recorded(let ticket, let address): recordings.give(ticket.number, address)
        case .send(let session, let message): lines.send(message, to: session)
        }
    }

    /// The log is read beside the turns, from a snapshot: what is sent is stored, and never changes.
    private func readLog(_ session: Session, first: EntryIndex, maximumBytes: Int) {
        Task { [store, reading] in
            await reading.run {
                self.read { self.give(.logRead(session, first: first, entries: try store.log(from: first, maximumBytes: maximumBytes))) }
            }
        }
    }
}
