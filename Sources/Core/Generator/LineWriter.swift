import Law

/// Writes one JSON object after another into a byte buffer, without building a tree.
///
/// Keys and strings come from the generator's own stock, so only the two characters that JSON must escape and the
/// control characters are looked for. Members that open a group are closed in the same order by `closeGroup`.
struct LineWriter {
    var bytes: [UInt8] = []
    /// Whether the next member of the open object or array stands after another one.
    private var needsComma = false

    /// A place to return to, where what follows turns out to be empty.
    struct Mark {
        fileprivate let count: Int
        fileprivate let needsComma: Bool
    }

    var mark: Mark { Mark(count: bytes.count, needsComma: needsComma) }

    mutating func rewind(to mark: Mark) {
        bytes.removeLast(bytes.count - mark.count)
        needsComma = mark.needsComma
    }

    mutating func openLine() {
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
    }

    mutating func closeLine() {
        bytes.append(UInt8(ascii: "}"))
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    mutating func openGroup(_ key: String) {
        writeKey(key)
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
    }

    mutating func openElement() {
        separate()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
    }

    mutating func closeGroup() {
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    mutating func openArray(_ key: String) {
        writeKey(key)
        bytes.append(UInt8(ascii: "["))
        needsComma = false
    }

    mutating func closeArray() {
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    mutating func text(_ key: String, _ value: String) {
        writeKey(key)
        writeText(value)
    }

    mutating func element(_ value: String) {
        separate()
        writeText(value)
        needsComma = true
    }

    mutating func integer(_ key: String, _ value: Int) {
        writeKey(key)
        writeInteger(value, digits: 1)
    }

    mutating func flag(_ key: String, _ value: Bool) {
        writeKey(key)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// A member whose value is JSON already.
    mutating func json(_ key: String, _ text: String) {
        writeKey(key)
        bytes.append(contentsOf: text.utf8)
    }

    /// A member whose value is whatever these bytes are.
    mutating func raw(_ key: String, _ value: [UInt8]) {
        writeKey(key)
        bytes.append(contentsOf: value)
    }

    mutating func null(_ key: String) {
        writeKey(key)
        bytes.append(contentsOf: "null".utf8)
    }

    mutating func day(_ key: String, _ value: Day) {
        writeKey(key)
        bytes.append(UInt8(ascii: "\""))
        writeDay(value)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A moment in the country's one offset, to the minute.
    mutating func time(_ key: String, _ value: Day, minute: Int) {
        writeKey(key)
        bytes.append(UInt8(ascii: "\""))
        writeDay(value)
        bytes.append(UInt8(ascii: "T"))
        writeInteger(minute / 60, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        writeInteger(minute % 60, digits: 2)
        bytes.append(contentsOf: ":00+05:00\"".utf8)
    }

    /// An amount in hundredths as a decimal text: 120000 is "1200.00".
    mutating func amount(_ key: String, hundredths: Int) {
        writeKey(key)
        bytes.append(UInt8(ascii: "\""))
        writeInteger(hundredths / 100, digits: 1)
        bytes.append(UInt8(ascii: "."))
        writeInteger(hundredths % 100, digits: 2)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A fraction given in units of 10^-5, written as a JSON number.
    mutating func coordinate(_ key: String, _ value: Int) {
        writeKey(key)
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        writeInteger(abs(value) / 100_000, digits: 1)
        bytes.append(UInt8(ascii: "."))
        writeInteger(abs(value) % 100_000, digits: 5)
    }

    /// The twelve digits of an IIN or BIN.
    mutating func twelveDigits(_ key: String, _ value: Int) {
        writeKey(key)
        bytes.append(UInt8(ascii: "\""))
        writeInteger(value, digits: 12)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func writeKey(_ key: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: key.utf8)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = true
    }

    private mutating func writeText(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        let plain = value.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if plain {
            bytes.append(contentsOf: value.utf8)
        } else {
            for byte in value.utf8 where byte >= 0x20 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func writeDay(_ day: Day) {
        let civil = day.civil
        writeInteger(civil.year, digits: 4)
        bytes.append(UInt8(ascii: "-"))
        writeInteger(civil.month, digits: 2)
        bytes.append(UInt8(ascii: "-"))
        writeInteger(civil.day, digits: 2)
    }

    private mutating func writeInteger(_ value: Int, digits: Int) {
        appendInteger(value, digits: digits, to: &bytes)
    }
}

/// Appends a number that is not negative in decimal, with zeros in front up to `digits`.
func appendInteger(_ value: Int, digits: Int, to bytes: inout [UInt8]) {
    var divisor = 1
    var width = 1
    while value / divisor >= 10 || width < digits {
        divisor *= 10
        width += 1
    }
    while divisor > 0 {
        bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
        divisor /= 10
    }
}
