import Foundation
import Records
import Roles
import Storage
import Uplink
import Wire

/// What became of a territory's log that could not go on, as either side tells its operator.
package struct SeatingView: Hashable, Sendable {
    package struct Moved: Hashable, Sendable {
        /// AUTHOR/INDEX.
        package var from: String
        package var to: String
        package var number: String?
    }

    /// `restored`, `restoring`, `moving`, `fenced`.
    package var state: String
    package var sentence: String
    package var next = ""
    package var missing: UInt64 = 0
    package var waiting: UInt64 = 0
    package var movedCount: UInt64 = 0
    /// At most `movedLimit`.
    package var moved: [Moved] = []
    package var discrepancies: [String] = []

    static let movedLimit = 1_000

    init(state: String, sentence: String) {
        self.state = state
        self.sentence = sentence
    }

    /// What is lost and what waits for an official, with what he does about it.
    mutating func addLosses() {
        if movedCount > 0 { sentence += " \(movedCount) entries written meanwhile were moved under it." }
        if missing > 0 {
            sentence += " At least \(missing) entries that its former node told of are neither here nor at the centre."
            next = "Ask the senders of those days to hand in again what has no number at the centre."
        }
        if !discrepancies.isEmpty {
            sentence += " \(discrepancies.count) records have discrepancies that came of it."
            next = (next.isEmpty ? "" : next + " ") + "See `esep discrepancy list`, and resolve them."
        }
    }
}

extension LogAddress {
    /// AUTHOR/INDEX.
    var text: String { "\(author.number)/\(index)" }
}

extension TerritoryService {
    func seating() async throws(NodeError) -> SeatingView? {
        let standing = await node.standing
        let state = standing.state
        if state.isCloned {
            var view = SeatingView(state: "fenced", sentence: state.fence ?? "Another copy of this directory goes on.")
            view.next = """
                Stop this copy, bring its directory to the node that goes on, and run `esep node adopt DIR` there: \
                what only this one holds is moved into that log.
                """
            return view
        }
        if case .fenced(let reason)? = standing.unavailability,
            state.fence != nil || state.formers.isEmpty || standing.footing == .copied
        {
            var view = SeatingView(state: "restoring", sentence: reason)
            view.next = "Nothing: a new seat is asked for as soon as the centre is reached."
            if standing.footing == .copied {
                view.next += """
                     Without a line for long, and only where nothing was written after the copy: stop the node, \
                    `esep node moved`.
                    """
            }
            return view
        }
        guard !state.formers.isEmpty else { return nil }
        var view: SeatingView
        if state.isUnheard {
            let (held, goal) = state.formers.reduce((UInt64(0), UInt64(0))) { ($0.0 + $1.held, $0.1 + $1.goal) }
            view = SeatingView(
                state: "restoring",
                sentence: "Seat \(node.seat.seat) goes on; \(held) of \(goal) entries of the seats before are back.")
            view.next = "Nothing: documents are taken; what is from before opens when the centre has been heard."
        } else if state.aside > 0 {
            view = SeatingView(
                state: "moving", sentence: "\(state.aside) entries that were set aside are being moved into this log.")
        } else {
            view = SeatingView(
                state: "restored",
                sentence: "Seat \(node.seat.seat) goes on, and the logs of the seats before are here.")
        }
        try fill(&view, state)
        return view
    }

    private func fill(_ view: inout SeatingView, _ state: TerritoryState) throws(NodeError) {
        let (aside, records) = try NodeError.translating { () throws(StorageError) in
            (
                try node.store.movedAside(limit: SeatingView.movedLimit),
                try node.store.movedRecords(limit: SeatingView.movedLimit)
            )
        }
        view.waiting = aside.waiting
        view.movedCount = aside.moved
        for entry in aside.entries {
            guard let to = entry.to else { continue }
            view.moved.append(SeatingView.Moved(from: entry.from.text, to: to.text, number: try number(of: to)))
        }
        if !state.isUnheard {
            for opening in records {
                guard let record = try read(opening: opening), !record.merged.discrepancies.isEmpty else { continue }
                view.discrepancies.append(record.view.number ?? record.view.provisional)
            }
        }
        // What was told of and is at neither end: less what was set aside, for those may be the ones.
        let gap = state.formers.reduce(UInt64(0)) { $0 + ($1.told - min($1.told, max($1.goal, $1.held))) }
        view.missing = gap - min(gap, aside.waiting + aside.moved)
        view.addLosses()
    }

    private func number(of at: LogAddress) throws(NodeError) -> String? {
        let stored = try NodeError.translating { () throws(StorageError) in try node.store.entry(at) }
        guard let stored, case .document(let document)? = (try? EntryCodec.decode(stored.bytes))?.body else {
            return nil
        }
        return provisional(kind: document.kind, number: document.number, by: at.author)
    }
}

extension CentreService {
    func seating(of seat: CentreSeat) throws(NodeError) -> SeatingView? {
        let stored = try NodeError.translating { () throws(StorageError) in
            try store.seating(of: seat, limit: SeatingView.movedLimit)
        }
        guard let stored else { return nil }
        let why =
            switch stored.cause {
            case .behind: "which was restored from an older copy"
            case .diverged: "which was restored from an older copy and then went on"
            case .rebuilt: "whose disk was lost"
            }
        let place = stored.former.number > 0 ? "author \(stored.former.number), \(why)" : "all seats before, \(why)"
        var view = SeatingView(
            state: "restored",
            sentence: "Seat \(seat.seat) (author \(seat.author.number)) goes on in place of \(place).")
        view.missing = stored.missing
        view.movedCount = stored.movedCount
        view.moved = stored.moved.map { .init(from: $0.from.text, to: $0.to.text, number: nil) }
        view.discrepancies = stored.discrepancies.map { ConfirmedNumber($0).text }
        view.addLosses()
        let fenced = node.said.contacts.filter { stored.formers.contains($0.key) && $0.value.refusal?.code == .cloned }
        if let clone = fenced.max(by: { $0.value.heardMilliseconds < $1.value.heardMilliseconds }) {
            let seconds = (now() - min(now(), clone.value.heardMilliseconds)) / 1_000
            view.state = "cloned"
            view.sentence += " A second copy (author \(clone.key.number)) spoke \(seconds) s ago and is fenced."
            view.next = """
                Stop the second copy, bring its directory to the node that goes on, and run `esep node adopt DIR` there.
                """
        }
        return view
    }
}
