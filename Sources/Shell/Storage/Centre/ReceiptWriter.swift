import Law
import Records
import Wire

/// What became of one document: its confirmed number, and what the national rules found.
struct DocumentReceipt {
    var confirmed: Serial
    var findings: [Law.Finding]
}

/// Packs the receipts of a batch: one item for a stretch of entries whose confirmed numbers are of one year.
struct ReceiptWriter {
    private let author: AuthorNumber
    private let first: EntryIndex
    private var next: EntryIndex
    private var stretches: [Receipts] = []
    /// Items stay far below what one downlink message carries.
    private static let longest = 4096

    init(author: AuthorNumber, first: EntryIndex) {
        self.author = author
        self.first = first
        next = first
    }

    /// An access or control entry: taken, without a number.
    mutating func addNothing() {
        append(0, year: stretches.last?.year ?? 0)
    }

    /// A moved entry that was taken before, at another place: the number it got there, where it got one.
    mutating func addRepeated(_ receipt: DocumentReceipt?) {
        if let receipt { add(receipt) } else { addNothing() }
    }

    mutating func add(_ receipt: DocumentReceipt) {
        append(receipt.confirmed.serial, year: receipt.confirmed.year)
        guard let last = stretches.indices.last else { return }
        let offset = UInt32(stretches[last].confirmed.count - 1)
        for finding in receipt.findings {
            stretches[last].findings.append(Wire.Finding(finding, offset: offset))
        }
    }

    /// A finding made after the entry was taken. False where the entry is not of these receipts.
    mutating func add(_ told: ToldFinding) -> Bool {
        guard told.at.author == author else { return false }
        let place = stretches.firstIndex { stretch in
            told.at.index >= stretch.first && told.at.index < stretch.first + EntryIndex(stretch.confirmed.count)
        }
        guard let place else { return false }
        let offset = UInt32(told.at.index - stretches[place].first)
        if told.isWithdrawn {
            // Nobody has heard of it yet.
            stretches[place].findings.removeAll {
                $0.offset == offset && $0.code == told.finding.code && $0.field == told.finding.path
            }
        } else {
            stretches[place].findings.append(Wire.Finding(told.finding, offset: offset))
        }
        return true
    }

    /// Findings about entries whose receipts have gone before.
    static func findings(_ told: [ToldFinding], of author: AuthorNumber) -> [DownlinkItem] {
        var items: [DownlinkItem] = []
        for start in stride(from: 0, to: told.count, by: longest) {
            let part = told[start..<min(start + longest, told.count)]
            guard let first = part.map(\.at.index).min(), let last = part.map(\.at.index).max() else { continue }
            guard last - first <= UInt64(UInt32.max) else {
                // Too far apart for one item's offsets.
                items += part.flatMap { findings([$0], of: author) }
                continue
            }
            let entries = part.map {
                Wire.Finding($0.finding, offset: UInt32($0.at.index - first), isWithdrawn: $0.isWithdrawn)
            }
            items.append(.receipts(Receipts(author: author, first: first, year: 0, confirmed: [], findings: entries)))
        }
        return items
    }

    private mutating func append(_ serial: UInt32, year: UInt16) {
        if let last = stretches.indices.last, stretches[last].confirmed.count < Self.longest,
            stretches[last].year == year || serial == 0 || stretches[last].confirmed.allSatisfy({ $0 == 0 })
        {
            if serial != 0 { stretches[last].year = year }
            stretches[last].confirmed.append(serial)
        } else {
            stretches.append(Receipts(author: author, first: next, year: year, confirmed: [serial], findings: []))
        }
        next += 1
    }

    var items: [DownlinkItem] { stretches.map { .receipts($0) } }
}

extension Wire.Finding {
    fileprivate init(_ finding: Law.Finding, offset: UInt32, isWithdrawn: Bool = false) {
        self.init(
            offset: offset, code: finding.code, field: finding.path,
            severity: finding.severity == .error ? .error : .warning, isWithdrawn: isWithdrawn)
    }
}
