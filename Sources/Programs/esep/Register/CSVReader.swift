/// CSV after RFC 4180, in whatever pieces it comes: pieces in, rows out. Pure.
///
/// Cells stand between commas, semicolons or tabs (the first of them in the header decides); a cell in quotes may hold
/// separators, line ends and doubled quotes. A byte order mark at the start is skipped.
package struct CSVReader {
    package struct Row: Hashable, Sendable {
        /// The line of the file it begins at, from 1.
        package var line: Int
        package var cells: [String]

        package init(line: Int, cells: [String]) {
            self.line = line
            self.cells = cells
        }
    }

    package struct Broken: Error, Hashable, Sendable {
        package var line: Int
        package var reason: String
    }

    /// The bytes of one row at most: a document with room for its quotes.
    private static let rowBytesMost = 1024 * 1024

    private enum Place {
        case cellStart
        case plain
        case quoted
        /// Behind a quote within a quoted cell: its end, or the first of two.
        case afterQuote
    }

    private var place = Place.cellStart
    private var cell: [UInt8] = []
    private var cells: [String] = []
    private var rowBytes = 0
    private var line = 1
    private var rowLine = 1
    private var separator: UInt8?
    private var isFirstRow = true
    private var skippedMark = 0

    package init() {}

    /// - Throws: `Broken` where quotes stand wrongly, or a row is too long. Nothing can be read after it.
    package mutating func add(_ bytes: [UInt8]) throws(Broken) -> [Row] {
        var rows: [Row] = []
        for byte in bytes {
            if isMark(byte) { continue }
            rowBytes += 1
            guard rowBytes <= Self.rowBytesMost else { throw broken("a row has more than 1 MiB: is a quote missing?") }
            if let row = try take(byte) { rows.append(row) }
        }
        return rows
    }

    /// The last row, where no line end follows it.
    package mutating func finish() throws(Broken) -> Row? {
        guard place != .quoted else { throw broken("a quoted cell does not end") }
        guard !cells.isEmpty || !cell.isEmpty || place == .afterQuote else { return nil }
        return endRow()
    }

    private mutating func isMark(_ byte: UInt8) -> Bool {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        guard skippedMark < 3 else { return false }
        if byte == mark[skippedMark], rowBytes == 0 {
            skippedMark += 1
            return true
        }
        skippedMark = 3
        return false
    }

    private func broken(_ reason: String) -> Broken { Broken(line: rowLine, reason: reason) }

    private mutating func take(_ byte: UInt8) throws(Broken) -> Row? {
        if byte == UInt8(ascii: "\n") { line += 1 }
        switch place {
        case .quoted:
            if byte == UInt8(ascii: "\"") { place = .afterQuote } else { cell.append(byte) }
            return nil
        case .afterQuote where byte == UInt8(ascii: "\""):
            cell.append(byte)
            place = .quoted
            return nil
        case .cellStart where byte == UInt8(ascii: "\""):
            place = .quoted
            return nil
        default: break
        }
        if byte == UInt8(ascii: "\n") { return endRow() }
        if byte == UInt8(ascii: "\r") { return nil }
        if isSeparator(byte) {
            endCell()
            return nil
        }
        guard place != .afterQuote else { throw broken("text follows a closing quote") }
        guard byte != UInt8(ascii: "\"") else { throw broken("a quote stands inside a cell that is not quoted") }
        cell.append(byte)
        place = .plain
        return nil
    }

    private mutating func isSeparator(_ byte: UInt8) -> Bool {
        if let separator { return byte == separator }
        guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "\t") else { return false }
        separator = byte
        return true
    }

    private mutating func endCell() {
        cells.append(String(decoding: cell, as: UTF8.self))
        cell.removeAll(keepingCapacity: true)
        place = .cellStart
    }

    private mutating func endRow() -> Row? {
        let isBlank = cells.isEmpty && cell.isEmpty && place == .cellStart
        endCell()
        let row = Row(line: rowLine, cells: cells)
        cells = []
        rowBytes = 0
        rowLine = line
        if isFirstRow, !isBlank {
            isFirstRow = false
            separator = separator ?? UInt8(ascii: ",")
        }
        return isBlank ? nil : row
    }
}

/// CSV out.
package enum CSVText {
    /// In quotes where it must be.
    package static func cell(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r;".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
