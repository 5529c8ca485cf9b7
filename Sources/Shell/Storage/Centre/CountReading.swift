import Law
import Reports

/// Plans answered from one reading of a table: each row is counted under what it says in the columns that each plan
/// groups by. A column's values are known by small numbers, given as they come, so that counting compares no text; sets
/// are taken apart once for each different set.
struct CountReading {
    let source: CountSource
    /// The columns of all plans, each once.
    private(set) var columns: [CountPlan.Group] = []
    private var plans: [(place: Int, columns: [Int])] = []

    init(source: CountSource) {
        self.source = source
    }

    mutating func add(_ plan: CountPlan, place: Int) {
        let own = plan.groups.map { group in
            if let held = columns.firstIndex(of: group) { return held }
            columns.append(group)
            return columns.count - 1
        }
        plans.append((place, own))
    }

    func rows(_ statement: Statement) throws -> [(place: Int, rows: [CountRow])] {
        var seen = columns.map { ColumnValues($0) }
        var measured = ColumnValues(measureGroup)
        var tallies = plans.map { CountTally(columns: $0.columns, isDistinct: isDistinct) }
        let measure = Int32(columns.count)
        var numbers = [Int](repeating: 0, count: columns.count)
        while try statement.next() {
            for column in columns.indices { numbers[column] = seen[column].number(statement, Int32(column)) }
            let amount = isDistinct ? Int64(measured.number(statement, measure)) : statement.integer(measure)
            for plan in tallies.indices { tallies[plan].add(amount, numbers, seen) }
        }
        let absent = isDistinct ? measured.absent.map(Int64.init) : nil
        return zip(plans, tallies).map { ($0.place, $1.rows(seen, without: absent)) }
    }

    private var isDistinct: Bool {
        switch source.measure {
        case .distinctSubjects, .distinctValues: true
        case .rows, .sum: false
        }
    }

    /// What is told apart, as a column.
    private var measureGroup: CountPlan.Group? {
        if case .distinctValues(let column) = source.measure { .column(column) } else { nil }
    }
}

/// The different values of one column, numbered as they come.
struct ColumnValues {
    private enum Form {
        case text, integer
        /// `,A,B,`: a row counts once under each element.
        case set
    }

    private let form: Form
    private var texts = NumberedTexts()
    private var integers: [Int64: Int] = [:]
    /// By number; nil stands for an empty column.
    private var values: [FactValue] = []
    /// By number of a set's text: the numbers of its elements.
    private var elements: [[Int]] = []
    private var elementTexts = NumberedTexts()
    /// The number of the empty column, once it was seen.
    private(set) var absent: Int?

    /// - Parameter group: nil for a column of subjects' numbers.
    init(_ group: CountPlan.Group?) {
        switch group {
        case .territory, .sender, .kind: form = .text
        case .elements: form = .set
        case .column(let column): form = column.isNumber ? .integer : .text
        case nil: form = .integer
        }
    }

    mutating func number(_ row: Statement, _ column: Int32) -> Int {
        if form != .set, row.isNull(column) { return numberOfAbsent() }
        if form == .integer {
            let integer = row.integer(column)
            if let known = integers[integer] { return known }
            integers[integer] = values.count
            values.append(.integer(integer))
            return values.count - 1
        }
        let number = row.withBytes(column) { texts.number($0) }
        guard number.isNew else { return place(ofText: number.number) }
        return learn(texts[number.number])
    }

    /// What a row of this number counts under.
    func members(_ number: Int) -> [Int]? { form == .set ? elements[number] : nil }

    func value(_ number: Int) -> FactValue { values[number] }

    private var placeOfText: [Int] = []

    private func place(ofText text: Int) -> Int { form == .set ? text : placeOfText[text] }

    private mutating func learn(_ text: String) -> Int {
        guard form == .set else {
            placeOfText.append(values.count)
            values.append(.text(text))
            return values.count - 1
        }
        elements.append(
            text.split(separator: ",").map { element in
                let number = elementTexts.number(of: String(element))
                if number.isNew { values.append(.text(String(element))) }
                return number.number
            })
        return elements.count - 1
    }

    private mutating func numberOfAbsent() -> Int {
        if let absent { return absent }
        values.append(.absent)
        absent = values.count - 1
        return values.count - 1
    }
}

/// Texts, numbered from 0 as they come; found again by their bytes, without making a string of them.
struct NumberedTexts {
    private var slots = [Int32](repeating: -1, count: 64)
    private var bytes: [[UInt8]] = []

    subscript(number: Int) -> String { String(decoding: bytes[number], as: UTF8.self) }

    mutating func number(of text: String) -> (number: Int, isNew: Bool) {
        var text = text
        return text.withUTF8 { number(UnsafeRawBufferPointer($0)) }
    }

    mutating func number(_ text: UnsafeRawBufferPointer) -> (number: Int, isNew: Bool) {
        if bytes.count * 2 >= slots.count { widen() }
        var slot = Self.hash(text) & (slots.count - 1)
        while slots[slot] >= 0 {
            let held = Int(slots[slot])
            if bytes[held].count == text.count, bytes[held].elementsEqual(text) { return (held, false) }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Int32(bytes.count)
        bytes.append(Array(text))
        return (bytes.count - 1, true)
    }

    private mutating func widen() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for (number, text) in bytes.enumerated() {
            var slot = text.withUnsafeBytes { Self.hash($0) } & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number)
        }
    }

    /// FNV-1a, folded: codes and names of a few bytes. Nobody outside chooses them against it: they are catalogue codes
    /// and senders' names.
    private static func hash(_ text: UnsafeRawBufferPointer) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF)
    }
}

/// One plan's figures while the rows come: by the numbers of what they stand under.
struct CountTally {
    private let columns: [Int]
    private let isDistinct: Bool
    private var sums: [UInt64: Int64] = [:]
    private var members: [UInt64: Set<Int64>] = [:]

    /// A figure stands under a territory and one thing more; there is room for a third.
    private static let columnsMost = 3
    private static let bits: UInt64 = 21

    init(columns: [Int], isDistinct: Bool) {
        precondition(columns.count <= Self.columnsMost, "a figure stands under \(columns.count) things")
        self.columns = columns
        self.isDistinct = isDistinct
        // Without groups a count of nothing is still one row.
        if columns.isEmpty { sums[0] = 0 }
    }

    mutating func add(_ amount: Int64, _ numbers: [Int], _ seen: [ColumnValues]) {
        add(amount, numbers, seen, from: 0, under: 0)
    }

    /// A row stands in one group, or in one for each element of a set.
    private mutating func add(
        _ amount: Int64, _ numbers: [Int], _ seen: [ColumnValues], from position: Int, under key: UInt64
    ) {
        guard position < columns.count else { return count(amount, under: key) }
        let column = columns[position]
        guard let elements = seen[column].members(numbers[column]) else {
            let key = Self.joined(key, numbers[column])
            return add(amount, numbers, seen, from: position + 1, under: key)
        }
        for element in elements {
            add(amount, numbers, seen, from: position + 1, under: Self.joined(key, element))
        }
    }

    private mutating func count(_ amount: Int64, under key: UInt64) {
        if isDistinct {
            members[key, default: []].insert(amount)
        } else {
            sums[key, default: 0] += amount
        }
    }

    private static func joined(_ key: UInt64, _ number: Int) -> UInt64 {
        precondition(number < 1 << bits, "more than two million different values in a column")
        return key << bits | UInt64(number)
    }

    /// - Parameter absent: the number that stands for an empty column: told apart from nobody.
    func rows(_ seen: [ColumnValues], without absent: Int64?) -> [CountRow] {
        var sums = sums
        for (key, found) in members {
            let counted = found.count - (absent.map { found.contains($0) ? 1 : 0 } ?? 0)
            sums[key] = Int64(counted)
        }
        return sums.map { key, value in
            var groups: [FactValue] = []
            for (position, column) in columns.enumerated() {
                let shift = Self.bits * UInt64(columns.count - 1 - position)
                groups.append(seen[column].value(Int(key >> shift & (1 << Self.bits - 1))))
            }
            return CountRow(groups: groups, value: value)
        }
    }
}
