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

    mutating func add(_ receipt: DocumentReceipt) {
        append(receipt.confirmed.serial, year: receipt.confirmed.year)
        guard let last = stretches.indices.last else { return }
        let offset = UInt32(stretches[last].confirmed.count - 1)
        for finding in receipt.findings {
            stretches[last].findings.append(
                Wire.Finding(
                    offset: offset, code: finding.code, field: finding.path,
                    severity: finding.severity == .error ? .error : .warning))
        }
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
