package import Law

/// Everything that is known of one record: a join-semilattice of growing sets (design §6).
///
/// 1. What an entry wrote is a set of triples (dot, field, value).
/// 2. What an entry replaced is a set of dots.
/// 3. A field's values are its triples whose dots are not replaced, whichever of the two arrived first.
///
/// Two states join by the union of each set, so order, grouping and repetition of arrival change nothing. The three
/// arrays are kept ascending and free of repeats: equal knowledge is equal in memory, too.
package struct RecordState: Hashable, Sendable {
    /// The entries folded in, ascending by address.
    package private(set) var sources: [Source] = []
    /// What they wrote, ascending by dot.
    package private(set) var written: [Written] = []
    /// The dots they replaced, ascending. A dot may stand here before its value has arrived.
    package private(set) var replaced: [Dot] = []

    /// One document entry of the record.
    package struct Source: Hashable, Sendable {
        package var at: LogAddress
        package var act: DocumentAct
        package var stamp: Stamp
        /// The author's clock was known to be wrong: its stamp yields in what is shown and decides nothing that is
        /// kept.
        package var suspect: Bool

        package init(at: LogAddress, act: DocumentAct, stamp: Stamp, suspect: Bool) {
            self.at = at
            self.act = act
            self.stamp = stamp
            self.suspect = suspect
        }

        /// Whether it opens the record. The same document through two territories has two such entries.
        package var opens: Bool { act == .register || act == .zero }
    }

    package struct Written: Hashable, Sendable {
        package var dot: Dot
        package var field: FieldNumber
        package var value: Value

        package init(dot: Dot, field: FieldNumber, value: Value) {
            self.dot = dot
            self.field = field
            self.value = value
        }
    }

    package init() {}

    package var isEmpty: Bool { sources.isEmpty }

    /// Folds one document entry in, with what its blocks held when opened.
    ///
    /// Blocks that did not open are left out; folding the entry again once they do adds what was missing.
    package mutating func apply(
        _ entry: DocumentEntry, at address: LogAddress, stamp: Stamp, suspect: Bool = false, opened: [Write] = []
    ) {
        let source = Source(at: address, act: entry.act, stamp: stamp, suspect: suspect)
        apply(source, clear: entry.writes, opened: opened)
    }

    /// As above, for a caller that holds the parts.
    package mutating func apply(_ source: Source, clear: [Write], opened: [Write]) {
        insert(source)
        written.reserveCapacity(written.count + clear.count + opened.count)
        for write in clear { take(write, at: source.at) }
        for write in opened { take(write, at: source.at) }
        if source.act == .cancel {
            insert(Written(dot: Dot(at: source.at, place: .max), field: RecordField.cancelled, value: .flag(true)))
        }
    }

    /// The join: what either side knows.
    package mutating func merge(_ other: RecordState) {
        for source in other.sources { insert(source) }
        for value in other.written { insert(value) }
        for dot in other.replaced { insert(dot) }
    }

    package func merged(with other: RecordState) -> RecordState {
        var state = self
        state.merge(other)
        return state
    }

    private mutating func take(_ write: Write, at address: LogAddress) {
        if let value = write.value {
            insert(Written(dot: Dot(at: address, place: write.place), field: write.field, value: value))
        }
        for dot in write.replaces {
            if has(.replacedDotForgotten), !written.contains(where: { $0.dot == dot }) { continue }
            insert(dot)
        }
    }

    private mutating func insert(_ source: Source) {
        let place = sources.insertionPoint { $0.at < source.at }
        guard place < sources.count, sources[place].at == source.at else {
            sources.insert(source, at: place)
            return
        }
        // The same entry again. Suspicion only grows, so a mark that came later joins with the row that came before.
        sources[place].suspect = sources[place].suspect || source.suspect
    }

    private mutating func insert(_ value: Written) {
        let place = written.insertionPoint { $0.isBefore(value) }
        if place < written.count, written[place] == value { return }
        written.insert(value, at: place)
    }

    private mutating func insert(_ dot: Dot) {
        let place = replaced.insertionPoint { $0 < dot }
        if place < replaced.count, replaced[place] == dot { return }
        replaced.insert(dot, at: place)
    }
}

extension RecordState.Written {
    /// By dot; a dot is given once, so the rest only keeps the order total should damage ever give one twice.
    fileprivate func isBefore(_ other: Self) -> Bool {
        if dot != other.dot { return dot < other.dot }
        if field != other.field { return field < other.field }
        if value == other.value { return false }
        return value.canonicalBytes.lexicographicallyPrecedes(other.value.canonicalBytes)
    }
}

extension Array {
    /// The first place whose element is not before the one sought, in an ascending array. Appending is found at once.
    fileprivate func insertionPoint(isBefore: (Element) -> Bool) -> Int {
        guard let last, !isBefore(last) else { return count }
        var low = 0
        var high = count - 1
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Field numbers that no catalogue gives.
package enum RecordField {
    /// Holds one value for each cancellation that stands. A restoring correction names those dots and writes nothing.
    package static let cancelled: FieldNumber = 0
}
