package import Law

/// What likeness knows of one record: numbers and hashes of words, in memory only.
package struct LikenessTraits: Hashable, Sendable {
    /// By feature: both ends of a range, or one code or day twice; nil where nothing is said.
    fileprivate var numbers: [ClosedRange<Int32>?]
    /// By feature: hashes of folded words, ascending.
    fileprivate var words: [[UInt32]]

    /// - Parameter kind: one of the rules' kinds.
    package init(of values: Values, kind: String, rules: LikenessRules) {
        numbers = []
        words = []
        for feature in rules.features {
            let fields = feature.fields[kind] ?? []
            if feature.comparison == .words {
                numbers.append(nil)
                words.append(Self.words(fields.compactMap(values.text)))
                continue
            }
            let found = fields.compactMap { values.first($0) }.compactMap { Self.number($0, feature) }
            words.append([])
            numbers.append(found.min().flatMap { least in found.max().map { least...$0 } })
        }
    }

    private static func number(_ value: Value, _ feature: LikenessRules.Feature) -> Int32? {
        switch value {
        case .integer(let integer): Int32(truncatingIfNeeded: integer)
        case .day(let day): day.number
        case .flag(let flag): flag ? 1 : 0
        case .text(let text): feature.unknown.contains(text) ? nil : Int32(bitPattern: hash(text.utf8) >> 1)
        case .decimal, .time, .group, .unknown: nil
        }
    }

    private static func words(_ texts: [String]) -> [UInt32] {
        var found: Set<UInt32> = []
        for text in texts {
            for word in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) where word.count > 2 {
                found.insert(hash(Names.fold(String(word)).utf8))
            }
        }
        return found.sorted()
    }

    /// FNV-1a: the same on every voter.
    private static func hash(_ bytes: String.UTF8View) -> UInt32 {
        bytes.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}

/// The open records that may speak of one person nobody has named, by columns: a new one is held against all of the
/// other kinds in one pass.
package struct LikenessTable: Sendable {
    /// A pair worth an official's look.
    package struct Candidate: Hashable, Sendable {
        package var record: Int64
        /// Hundredths of all there was to agree in; what one of them does not state counts as nothing.
        package var likeness: Int32
    }

    package let rules: LikenessRules
    private let kinds: [String]
    private let total: Int32
    private var records: [Int64] = []
    private var kindOf: [UInt8] = []
    /// By feature, then by row. A row that says nothing has the least above the greatest.
    private var least: [[Int32]]
    private var greatest: [[Int32]]
    private var words: [[[UInt32]]]
    private var rows: [Int64: Int] = [:]

    package init(rules: LikenessRules) {
        self.rules = rules
        kinds = rules.kinds
        total = max(1, rules.features.reduce(0) { $0 + $1.weight })
        least = rules.features.map { _ in [] }
        greatest = least
        words = rules.features.map { _ in [] }
    }

    package var count: Int { records.count }

    package func contains(_ record: Int64) -> Bool { rows[record] != nil }

    /// Puts a record in, or in its own place anew. Of a kind that is not compared, nothing.
    package mutating func insert(_ record: Int64, kind: String, _ traits: LikenessTraits) {
        guard let kind = kinds.firstIndex(of: kind) else { return }
        remove(record)
        rows[record] = records.count
        records.append(record)
        kindOf.append(UInt8(kind))
        for feature in rules.features.indices {
            least[feature].append(traits.numbers[feature]?.lowerBound ?? 1)
            greatest[feature].append(traits.numbers[feature]?.upperBound ?? 0)
            words[feature].append(traits.words[feature])
        }
    }

    package mutating func remove(_ record: Int64) {
        guard let row = rows.removeValue(forKey: record) else { return }
        let last = records.count - 1
        records.swapAt(row, last)
        kindOf.swapAt(row, last)
        records.removeLast()
        kindOf.removeLast()
        for feature in rules.features.indices {
            least[feature].swapAt(row, last)
            greatest[feature].swapAt(row, last)
            words[feature].swapAt(row, last)
            least[feature].removeLast()
            greatest[feature].removeLast()
            words[feature].removeLast()
        }
        if row < last { rows[records[row]] = row }
    }

    /// The records of other kinds most like this one, the likest first; of equals, the older first.
    package func candidates(for record: Int64, kind: String, _ traits: LikenessTraits) -> [Candidate] {
        guard let own = kinds.firstIndex(of: kind) else { return [] }
        var points = kindOf.map { $0 == UInt8(own) ? Self.refused : 0 }
        for (place, feature) in rules.features.enumerated() {
            if feature.comparison == .words {
                addWords(traits.words[place], place, feature, to: &points)
            } else if let range = traits.numbers[place] {
                addNumbers(range, place, feature, isEarlier: feature.earlier.contains(kind), to: &points)
            }
        }
        var found: [Candidate] = []
        for (row, points) in points.enumerated() where points > 0 && records[row] != record {
            let likeness = points / total
            if likeness >= rules.threshold { found.append(Candidate(record: records[row], likeness: likeness)) }
        }
        found.sort { ($1.likeness, $0.record) < ($0.likeness, $1.record) }
        return Array(found.prefix(rules.most))
    }

    /// Below whatever weights add up to.
    private static let refused = Int32.min / 2

    private func addNumbers(
        _ range: ClosedRange<Int32>, _ place: Int, _ feature: LikenessRules.Feature, isEarlier: Bool,
        to points: inout [Int32]
    ) {
        let (least, greatest) = (least[place], greatest[place])
        let earlier = kinds.map { feature.earlier.contains($0) }
        let weight = feature.weight * 100
        for row in points.indices where points[row] >= 0 && least[row] <= greatest[row] {
            let gap = max(range.lowerBound &- greatest[row], least[row] &- range.upperBound)
            switch feature.comparison {
            case .same:
                if gap == 0 { points[row] += weight } else if feature.isVeto { points[row] = Self.refused }
            case .range:
                if gap <= 0 {
                    points[row] += weight
                } else if gap <= feature.margin {
                    points[row] += weight / 2
                } else if feature.isVeto {
                    points[row] = Self.refused
                }
            case .order:
                let other = earlier[Int(kindOf[row])]
                let isWrong =
                    isEarlier && !other && range.lowerBound > greatest[row]
                    || other && !isEarlier && least[row] > range.upperBound
                if isWrong {
                    if feature.isVeto { points[row] = Self.refused }
                } else if gap < feature.margin {
                    points[row] += weight * (feature.margin - max(0, gap)) / feature.margin
                }
            case .words: break
            }
        }
    }

    private func addWords(
        _ own: [UInt32], _ place: Int, _ feature: LikenessRules.Feature, to points: inout [Int32]
    ) {
        guard !own.isEmpty else { return }
        let words = words[place]
        let weight = feature.weight * 100
        for row in points.indices where points[row] > 0 && !words[row].isEmpty {
            let other = words[row]
            var (left, right, common) = (0, 0, 0)
            while left < own.count, right < other.count {
                if own[left] == other[right] {
                    common += 1
                    left += 1
                    right += 1
                } else if own[left] < other[right] {
                    left += 1
                } else {
                    right += 1
                }
            }
            points[row] += weight * Int32(common) / Int32(min(own.count, other.count))
        }
    }
}
