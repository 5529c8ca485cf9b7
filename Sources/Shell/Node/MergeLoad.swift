import Foundation
import Law
import Records
import Roles
import Storage
import Uplink
import Wire

/// Corrections that others wrote on a territory's records, half of their fields in ignorance of what stands there: what
/// a benchmark of the merge hands in.
package protocol MergeLoad: Sendable {
    /// Merges corrections into records of this shard by `Records` alone, on one core and in memory: several corrections
    /// a record, then its view.
    func mergeInMemory(corrections: Int) async throws(NodeError) -> MergeRate

    /// Takes corrections as the centre sends them down, one for each record: read, linked to its record, stored durably
    /// and indexed. Then every record that was corrected is read back, and must hold each value that nobody replaced.
    func mergeStored(corrections: Int) async throws(NodeError) -> MergeRate
}

package struct MergeRate: Sendable {
    package var corrections: Int
    /// Fields that they wrote.
    package var fields: Int
    package var seconds: Double

    package var fieldsPerSecond: Double { Double(fields) / seconds }
}

extension TerritoryService: MergeLoad {
    private static let correctionsOfOneRecord = 4

    package func mergeInMemory(corrections: Int) async throws(NodeError) -> MergeRate {
        let each = Self.correctionsOfOneRecord
        let openings = try await openings(corrections / each)
        var rate = MergeRate(corrections: 0, fields: 0, seconds: 0)
        let all = openings.enumerated().map { place, opening in
            (0..<each).map { number in
                opening.correction(number, by: AuthorNumber(UInt32(number + 1)), index: EntryIndex(place + 1))
            }
        }
        let begun = LawFigures.processorSeconds()
        var values = 0
        for (opening, written) in zip(openings, all) {
            var state = RecordState()
            state.apply(opening.document, at: opening.at, stamp: opening.stamp)
            for one in written { state.apply(one.document, at: one.at, stamp: one.stamp) }
            let view = state.view { opening.sets.contains($0) }
            values += view.fields.reduce(0) { $0 + $1.versions.count }
        }
        rate.seconds = LawFigures.processorSeconds() - begun
        rate.corrections = all.reduce(0) { $0 + $1.count }
        rate.fields = all.joined().reduce(0) { $0 + $1.document.writes.count }
        // What replaced a value left as many; what replaced none added one.
        let added = all.joined().reduce(0) { $0 + $1.document.writes.count { $0.replaces.isEmpty } }
        let known = zip(openings, all).reduce(0) { sum, pair in
            sum + pair.0.document.writes.count { $0.value != nil }
                + pair.1.dropFirst().reduce(0) { $0 + $1.document.writes.count { !$0.replaces.isEmpty } }
        }
        guard values == known + added else { throw .valuesLost("\(values) of \(known + added) values stand") }
        return rate
    }

    package func mergeStored(corrections: Int) async throws(NodeError) -> MergeRate {
        let openings = try await openings(corrections)
        let state = await node.standing.state
        var items: [[UInt8]] = []
        var rate = MergeRate(corrections: openings.count, fields: 0, seconds: 0)
        items.reserveCapacity(openings.count)
        for (place, opening) in openings.enumerated() {
            // Far above what the centre has written here.
            let correction = opening.correction(0, by: .centre, index: 1 << 32 + EntryIndex(place))
            rate.fields += correction.document.writes.count
            let entry = Entry(stamp: correction.stamp, seen: 0, body: .document(correction.document))
            let foreign = ForeignEntry(
                at: correction.at, bytes: EntryCodec.encode(entry), nonceSalt: 1, granted: [])
            items.append(DownlinkItem.entry(foreign).encoded())
        }
        let frontier = Frontier(author: node.seat.author.number, index: 0, digest: state.digest)
        let begun = ContinuousClock.now
        var under: [Reply<String??>] = []
        var first = state.downlink + 1
        var rest = items[...]
        while !rest.isEmpty || !under.isEmpty {
            if !rest.isEmpty, under.count < 2 {
                var bytes = 0
                let part = rest.prefix(UplinkLimits.downlinkItems).prefix { item in
                    bytes += item.count
                    return bytes <= UplinkLimits.downlinkBytes
                }
                rest = rest.dropFirst(part.count)
                let (ticket, reply) = node.receipts.open()
                node.give(.carried(Ticket(ticket), frontier, Downlink(first: first, items: Array(part))))
                first += UInt64(part.count)
                under.append(reply)
                continue
            }
            switch await under.removeFirst().value() {
            case .some(.none): continue
            case .some(.some(let why)): throw .valuesLost(why)
            case .none: throw .valuesLost("the node ended meanwhile")
            }
        }
        rate.seconds = (ContinuousClock.now - begun) / .seconds(1)
        for opening in openings { try checkThatAllStand(opening) }
        return rate
    }

    /// Documents of the own log, spread over all of it, in an order that is not the log's.
    private func openings(_ count: Int) async throws(NodeError) -> [MergeOpening] {
        let last = await node.standing.state.last
        var found: [MergeOpening] = []
        var taken: Set<EntryIndex> = []
        var place: UInt64 = 0
        while found.count < count {
            place += 1
            guard place < 4 * last else { throw .valuesLost("the shard holds fewer than \(count) records") }
            let index = 1 + place &* 2_654_435_761 % last
            guard taken.insert(index).inserted else { continue }
            let at = LogAddress(author: node.seat.author, index: index)
            let stored = try NodeError.translating { () throws(StorageError) in try node.store.entry(at) }
            guard let stored, let entry = try? EntryCodec.decode(stored.bytes),
                case .document(let document) = entry.body, document.act == .register,
                let kind = catalogue.edition(on: document.edition).kind(document.kind),
                let opening = MergeOpening(at: at, stamp: entry.stamp, document: document, kind: kind)
            else { continue }
            found.append(opening)
        }
        return found
    }

    private func checkThatAllStand(_ opening: MergeOpening) throws(NodeError) {
        guard let merged = try read(opening: opening.at)?.merged else { throw .valuesLost("a record is gone") }
        for write in opening.correction(0, by: .centre, index: 1).document.writes {
            let values = Set(merged[write.field]?.versions.map(\.value) ?? [])
            let before = opening.document.writes.first { $0.field == write.field }?.value
            let expected = write.replaces.isEmpty ? [before, write.value] : [write.value]
            guard values == Set(expected.compactMap { $0 }) else {
                throw .valuesLost("field \(write.field) of the record at \(opening.at) holds \(values.count) values")
            }
        }
    }
}

/// A record as it was opened, and corrections of it.
private struct MergeOpening {
    let at: LogAddress
    let stamp: Stamp
    let document: DocumentEntry
    let sets: Set<FieldNumber>
    private let registers: [Write]

    static let fieldsMost = 8

    /// Nil where it has no field that a correction could change.
    init?(at: LogAddress, stamp: Stamp, document: DocumentEntry, kind: CardKind) {
        self.at = at
        self.stamp = stamp
        self.document = document
        sets = Set(document.writes.map(\.field).filter { kind.field($0)?.accumulates ?? false })
        registers = Array(
            document.writes.filter { [sets] in !sets.contains($0.field) && $0.value?.changed(by: 1) != nil }
                .prefix(Self.fieldsMost))
        guard !registers.isEmpty else { return nil }
    }

    /// Every second field is written in sight of the opening's value; the others by somebody who had not seen it.
    func correction(
        _ number: Int, by author: AuthorNumber, index: EntryIndex
    ) -> (at: LogAddress, stamp: Stamp, document: DocumentEntry) {
        let writes = registers.enumerated().map { place, register in
            Write(
                field: register.field, place: UInt16(place), value: register.value?.changed(by: Int64(number + 1)),
                replaces: place.isMultiple(of: 2) ? [Dot(at: at, place: register.place)] : [])
        }
        let amending = DocumentEntry(
            act: .correct, record: document.record, kind: document.kind, edition: document.edition,
            number: Serial(year: document.number.year, serial: UInt32(truncatingIfNeeded: index)), sender: "bench",
            document: "correction-\(author.number)-\(index)", writes: writes, blocks: [])
        return (LogAddress(author: author, index: index), stamp.next(now: stamp.milliseconds + 1), amending)
    }
}

extension Value {
    /// Another value of the same type; nil for those that are not changed here.
    fileprivate func changed(by number: Int64) -> Value? {
        switch self {
        case .text(let text): .text(text + " \(number)")
        case .integer(let integer): .integer(integer &+ number)
        case .decimal(let unscaled, let scale): .decimal(unscaled: unscaled &+ number, scale: scale)
        case .day(let day): .day(Day(day.number &+ Int32(number)))
        case .time(let time): .time(time &+ number)
        case .flag, .group, .unknown: nil
        }
    }
}

extension NodeError {
    fileprivate static func valuesLost(_ what: String) -> NodeError {
        NodeError(.damaged, "The merge did not keep what it was given: \(what).")
    }
}
