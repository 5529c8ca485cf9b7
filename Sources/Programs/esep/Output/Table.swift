/// A table for people: columns as wide as their widest cell on a screen, numbers to the right.
package struct Table {
    package struct Column {
        var title: String
        var isNumber: Bool

        package static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }
        package static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    package init(_ columns: Column...) {
        self.columns = columns
    }

    /// - Precondition: a cell for each column.
    package mutating func add(_ cells: String...) {
        precondition(cells.count == columns.count, "a row has \(cells.count) cells for \(columns.count) columns")
        rows.append(cells.map(DisplayText.printable))
    }

    package var isEmpty: Bool { rows.isEmpty }

    package var text: String {
        let titles = columns.map(\.title)
        let widths = columns.indices.map { index in
            ([titles] + rows).reduce(0) { max($0, DisplayText.width($1[index])) }
        }
        return ([titles] + rows).map { line($0, widths) }.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            if index > 0 { line += "  " }
            let space = String(repeating: " ", count: widths[index] - DisplayText.width(cell))
            line += columns[index].isNumber ? space + cell : cell + space
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}

/// How text stands on a screen.
package enum DisplayText {
    /// Columns it takes: one for a letter of any alphabet, none for a mark that combines, two for wide East Asian ones.
    package static func width(_ text: String) -> Int {
        text.reduce(0) { width, character in
            guard let scalar = character.unicodeScalars.first else { return width }
            return width + (isWide(scalar) ? 2 : 1)
        }
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }

    /// The same text without characters that would steer the terminal: what senders write must not.
    package static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: "\u{FFFD}"
                    default: scalar
                    }
                }))
    }

    /// `1 234 567`.
    package static func grouped(_ number: UInt64) -> String {
        var digits = Array(String(number))
        var index = digits.count - 3
        while index > 0 {
            digits.insert("\u{A0}", at: index)
            index -= 3
        }
        return String(digits)
    }

    /// `1.4 MiB`.
    package static func bytes(_ count: UInt64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(count)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        let tenths = (value * 10).rounded() / 10
        return unit == 0 ? "\(count) B" : "\(tenths) \(units[unit])"
    }

    /// `12 s`, `3 min`, `5 h`, `2 d`; `never` where there is none.
    package static func age(_ seconds: UInt64?) -> String {
        guard let seconds else { return "never" }
        return switch seconds {
        case 0..<120: "\(seconds) s"
        case 120..<7200: "\(seconds / 60) min"
        case 7200..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
