package import Law
package import Records

/// A line of one of Art. 12.3's registers, derived at the centre and nowhere else.
package struct AccountEntry: Hashable, Sendable {
    package var scope: AccountScope
    /// Nil where the account is of events or things.
    package var subject: SubjectNumber?
    package var number: AccountNumber
    package var state: String
    package var isEnded: Bool
    package var opened: Day
    package var ended: Day?
    /// The last day of an entry that ends by itself; a reader counts it as ended from the day after.
    package var until: Day?
    /// Its documents disagree: two different ends, or a document that would put it back after its end.
    package var isConflict: Bool
    /// What its documents say, by rising day.
    package var history: [Step]

    package struct Step: Hashable, Sendable {
        package var day: Day
        package var state: String
        package var basis: Serial
        /// Whether it moved the entry; what did not is still shown.
        package var moved: Bool

        package init(day: Day, state: String, basis: Serial, moved: Bool) {
            self.day = day
            self.state = state
            self.basis = basis
            self.moved = moved
        }
    }

    /// The state of an entry all of whose opening documents were cancelled.
    package static let cancelledState = "CANCELLED"

    /// Confirmed numbers of the documents it rests on, ascending, each once.
    package var basis: [Serial] {
        Set(history.map(\.basis)).sorted { ($0.year, $0.serial) < ($1.year, $1.serial) }
    }

    package func isEnded(on day: Day) -> Bool {
        isEnded || until.map { $0 < day } ?? false
    }
}

extension AccountType {
    /// The state an entry shows on a day: one whose term has passed shows the type's word for that. The day is the
    /// log's, so that every voter shows the same.
    package func state(_ state: String, isEnded: Bool, until: Day?, on day: Day) -> String {
        guard !isEnded, let until, until < day else { return state }
        return termState ?? state
    }
}

/// The number of an account entry: its type, the confirmed number of the first document that opened it, and which of
/// that document's entries it is. Derived again it is the same.
package struct AccountNumber: Hashable, Sendable {
    package var type: String
    package var serial: Serial
    package var part: UInt16

    package init(type: String, serial: Serial, part: UInt16) {
        self.type = type
        self.serial = serial
        self.part = part
    }

    /// `3/2026/00000123`, from the second entry of one document on `3/2026/00000123-2`.
    package var text: String {
        let digits = String(serial.serial)
        let padded = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
        return "\(type)/\(serial.year)/\(padded)" + (part > 1 ? "-\(part)" : "")
    }

    /// Nil unless the text is such a number.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, let year = UInt16(parts[1]) else { return nil }
        let tail = parts[2].split(separator: "-", omittingEmptySubsequences: false)
        guard let first = tail.first, tail.count <= 2, let serial = UInt32(first),
            let part = tail.count == 1 ? 1 : UInt16(tail[1])
        else { return nil }
        self.init(type: String(parts[0]), serial: Serial(year: year, serial: serial), part: part)
    }
}

/// The entries of one scope, from all its events in whatever order they are given. In words:
///
/// 1. An entry stands for each subject that some event opens (or for the event or thing itself). A change or an end
///    without an opening waits.
/// 2. An event for everyone in the scope is an event of each entry.
/// 3. Events are walked by day, then rank of state, stamp and basis. A state of lower rank does not move an entry back.
/// 4. An end ends, whatever else says otherwise and whenever it was written: found beats wanted. Of several ends the
///    first by day is shown.
/// 5. A different second end, or a document that is dated or was written after the end and would put the entry back,
///    is a conflict: shown, not followed.
/// 6. Documents that were cancelled move nothing. An entry all of whose openings were cancelled is itself cancelled.
package func accountEntries(of events: [AccountEvent], type: AccountType) -> [AccountEntry] {
    let walked = events.sorted { $0.isBefore($1, type: type) }
    var subjects: [SubjectNumber?] = []
    for event in walked where event.effect == .open {
        let subject: SubjectNumber?
        switch event.concerns {
        case .subject(let number): subject = number
        case .nobody: subject = nil
        case .everyone: continue
        }
        if !subjects.contains(subject) { subjects.append(subject) }
    }
    let ascending = subjects.sorted { ($0?.number ?? 0) < ($1?.number ?? 0) }
    return ascending.map { subject in
        let own = walked.filter { $0.concerns(subject) }
        return entry(of: subject, events: own, type: type)
    }
}

/// - Precondition: `events` hold an opening.
private func entry(of subject: SubjectNumber?, events: [AccountEvent], type: AccountType) -> AccountEntry {
    let openings = events.filter { $0.effect == .open }
    let first = openings.min { ($0.basis.year, $0.basis.serial, $0.part) < ($1.basis.year, $1.basis.serial, $1.part) }
    guard let first else { preconditionFailure("an account entry without an opening in \(events)") }
    let standing = openings.filter { !$0.isCancelled }
    let openedBy = standing.isEmpty ? openings : standing
    var walk = Walk(type: type)
    for event in events { walk.take(event) }
    let number = AccountNumber(type: first.scope.type, serial: first.basis, part: first.part)
    var entry = AccountEntry(
        scope: first.scope, subject: subject, number: number, state: walk.state ?? AccountEntry.cancelledState,
        isEnded: walk.end != nil, opened: openedBy.map(\.day).min() ?? first.day, ended: walk.end?.day,
        until: walk.until, isConflict: walk.isConflict, history: walk.history)
    if standing.isEmpty {
        entry.state = AccountEntry.cancelledState
        entry.isEnded = true
        entry.isConflict = false
    }
    return entry
}

/// The way of one entry through its events.
private struct Walk {
    let type: AccountType
    var state: String?
    var rank = Int.min
    var end: AccountEvent?
    var until: Day?
    var isConflict = false
    var history: [AccountEntry.Step] = []
    private var lastOpening: Stamp?

    init(type: AccountType) {
        self.type = type
    }

    mutating func take(_ event: AccountEvent) {
        let moved = !event.isCancelled && moves(event)
        history.append(AccountEntry.Step(day: event.day, state: event.state, basis: event.basis, moved: moved))
        guard moved else { return }
        state = event.state
        rank = max(rank, type.rank(of: event.state))
        if event.ends(type) {
            end = event
            // Written after the end by somebody who, offline, had not heard of it: the case the law book names.
            if let lastOpening, lastOpening > event.stamp { isConflict = true }
        } else {
            lastOpening = max(lastOpening ?? event.stamp, event.stamp)
            if let day = event.until { until = max(until ?? day, day) }
        }
    }

    private mutating func moves(_ event: AccountEvent) -> Bool {
        if let end {
            let other = event.ends(type) ? event.state != end.state : event.day > end.day || event.stamp > end.stamp
            if other { isConflict = true }
            return false
        }
        return event.ends(type) || type.rank(of: event.state) >= rank
    }
}

extension AccountEvent {
    fileprivate func concerns(_ subject: SubjectNumber?) -> Bool {
        switch concerns {
        case .everyone: true
        case .nobody: subject == nil
        case .subject(let number): number == subject
        }
    }

    fileprivate func ends(_ type: AccountType) -> Bool {
        effect == .end || type.states.contains { $0.code == state && $0.isEnd }
    }

    /// A total order over different events: the result never depends on how they were given.
    fileprivate func isBefore(_ other: AccountEvent, type: AccountType) -> Bool {
        if day != other.day { return day < other.day }
        let (left, right) = (type.rank(of: state), type.rank(of: other.state))
        if left != right { return left < right }
        if stamp != other.stamp { return stamp < other.stamp }
        if basis != other.basis { return (basis.year, basis.serial) < (other.basis.year, other.basis.serial) }
        if part != other.part { return part < other.part }
        return effect.rawValue < other.effect.rawValue
    }
}

extension AccountType {
    /// A state the type does not know ranks below all it knows: it shows, and gives way.
    fileprivate func rank(of state: String) -> Int {
        states.first { $0.code == state }?.rank ?? -1
    }
}
