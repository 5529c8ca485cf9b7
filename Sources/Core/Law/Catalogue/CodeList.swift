/// A code of a list, with the days it is valid on and what the catalogue says about it (severity of an article, …).
package struct Code: Hashable, Sendable {
    package var code: String
    package var labels: Labels
    /// Attributes by name, each a list of words; in ascending order of names.
    package var attributes: [Attribute]
    package var from: Day?
    package var to: Day?

    package struct Attribute: Hashable, Sendable {
        package var name: String
        package var words: [String]

        package init(name: String, words: [String]) {
            self.name = name
            self.words = words
        }
    }

    package init(code: String, labels: Labels, attributes: [Attribute] = [], from: Day? = nil, to: Day? = nil) {
        self.code = code
        self.labels = labels
        self.attributes = attributes
        self.from = from
        self.to = to
    }

    package func attribute(_ name: String) -> [String] {
        attributes.first { $0.name == name }?.words ?? []
    }

    package func isValid(on day: Day) -> Bool {
        (from.map { $0 <= day } ?? true) && (to.map { day <= $0 } ?? true)
    }
}

/// A closed list of codes.
package struct CodeList: Sendable {
    package var name: String
    package var labels: Labels
    package var codes: [Code]
    private var table: ByteTable
    /// Some code begins or ends on a day: most lists need not be asked.
    private(set) var hasDays: Bool

    package init(name: String, labels: Labels, codes: [Code]) {
        self.name = name
        self.labels = labels
        self.codes = codes
        table = ByteTable(keys: codes.map(\.code))
        hasDays = codes.contains { $0.from != nil || $0.to != nil }
    }

    package func code(_ code: String) -> Code? {
        table.position(of: code).map { codes[$0] }
    }

    /// The position of a code given as bytes: no string is made.
    package func position(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        table.position(of: bytes)
    }

    /// Whether the code at a position is valid on a day.
    func isValid(_ position: Int, on day: Day) -> Bool {
        !hasDays || codes[position].isValid(on: day)
    }
}
