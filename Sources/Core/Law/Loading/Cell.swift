import JSON

/// One catalogue file while it is read.
package final class SourceFile {
    let name: String
    let bytes: UnsafeBufferPointer<UInt8>
    let tape: Tape

    /// - Throws: a defect naming the byte where the JSON is wrong.
    init(name: String, bytes: UnsafeBufferPointer<UInt8>) throws(CatalogueDefect) {
        self.name = name
        self.bytes = bytes
        var tape = Tape()
        do {
            try tape.scan(bytes, sizeLimit: .max)
        } catch {
            throw CatalogueDefect(file: name, place: "byte \(error.offset)", reason: "\(error.code)")
        }
        self.tape = tape
    }

    package var root: Cell { Cell(file: self, index: 0) }
}

/// A value in a catalogue file, read with complaints that name the place.
package struct Cell {
    let file: SourceFile
    let index: Int

    var node: Tape.Node { file.tape.nodes[index] }

    package func member(_ name: StaticString) -> Cell? {
        file.tape.member(name, of: index, in: file.bytes).map { Cell(file: file, index: $0) }
    }

    package func required(_ name: StaticString) throws(CatalogueDefect) -> Cell {
        guard let cell = member(name) else { throw defect("\(name) is missing") }
        return cell
    }

    /// The elements of an array.
    package func elements() throws(CatalogueDefect) -> [Cell] {
        guard node.kind == .array else { throw defect("an array is expected") }
        var cells: [Cell] = []
        cells.reserveCapacity(Int(node.count))
        var at = index + 1
        for _ in 0..<Int(node.count) {
            cells.append(Cell(file: file, index: at))
            at = Int(file.tape.nodes[at].next)
        }
        return cells
    }

    /// The elements of an optional array: none where it is missing.
    package func elements(_ name: StaticString) throws(CatalogueDefect) -> [Cell] {
        try member(name)?.elements() ?? []
    }

    /// Names and values of an object, in the file's order.
    package func members() throws(CatalogueDefect) -> [(name: String, value: Cell)] {
        guard node.kind == .object else { throw defect("an object is expected") }
        var found: [(name: String, value: Cell)] = []
        var at = index + 1
        for _ in 0..<Int(node.count) {
            found.append((Tape.string(file.tape.nodes[at], in: file.bytes), Cell(file: file, index: at + 1)))
            at = Int(file.tape.nodes[at + 1].next)
        }
        return found
    }

    package func text() throws(CatalogueDefect) -> String {
        guard node.kind == .string else { throw defect("a string is expected") }
        return Tape.string(node, in: file.bytes)
    }

    package func text(_ name: StaticString) throws(CatalogueDefect) -> String { try required(name).text() }

    package func integer() throws(CatalogueDefect) -> Int64 {
        guard node.kind == .number, let integer = Tape.integer(node, in: file.bytes) else {
            throw defect("an integer is expected")
        }
        return integer
    }

    var isNumber: Bool { node.kind == .number }

    /// A number with a fraction, as the nearest binary one.
    func number() throws(CatalogueDefect) -> Double {
        guard node.kind == .number, let number = Double(raw) else { throw defect("a number is expected") }
        return number
    }

    package var isArray: Bool { node.kind == .array }

    /// Nil where it is neither true nor false.
    package var flag: Bool? {
        switch node.kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// The value as JSON, just as it stands.
    package var written: String { node.kind == .string ? "\"\(raw)\"" : raw }

    /// - Throws: where the object has a member of another name.
    package func allow(_ names: StaticString...) throws(CatalogueDefect) {
        for (name, value) in try members() where !names.contains(where: { $0.description == name }) {
            throw value.defect("there is no member \(name) here")
        }
    }

    func flag(_ name: StaticString) -> Bool { member(name)?.node.kind == .true }

    func day() throws(CatalogueDefect) -> Day {
        guard let day = Day(text: try text()) else { throw defect("a day is expected") }
        return day
    }

    func day(_ name: StaticString) throws(CatalogueDefect) -> Day? {
        guard let cell = member(name) else { return nil }
        return try cell.day()
    }

    func labels() throws(CatalogueDefect) -> Labels {
        let texts = try elements()
        guard texts.count == 3 else { throw defect("labels are three: en, kk, ru") }
        let labels = Labels(en: try texts[0].text(), kk: try texts[1].text(), ru: try texts[2].text())
        guard !labels.en.isEmpty, !labels.kk.isEmpty, !labels.ru.isEmpty else { throw defect("a label is empty") }
        return labels
    }

    func labels(_ name: StaticString) throws(CatalogueDefect) -> Labels { try required(name).labels() }

    /// The value's own bytes as they stand in the file.
    package var raw: String { String(decoding: Tape.slice(node, in: file.bytes), as: UTF8.self) }

    /// It names something that the edition does not have.
    package func unresolved(_ reason: String) -> CatalogueDefect {
        var defect = defect(reason)
        defect.remedy = CatalogueDefect.naming
        return defect
    }

    package func defect(_ reason: String) -> CatalogueDefect {
        var line = 1
        for byte in file.bytes.prefix(Int(node.start)) where byte == 0x0A { line += 1 }
        return CatalogueDefect(file: file.name, place: "line \(line)", reason: reason)
    }
}
