package import Law

/// A counted form: its figures in a fixed order, ready to be written down.
package struct FinishedReport: Sendable {
    package let form: Form
    package let edition: Edition
    package let period: ReportPeriod
    package let heads: [IndicatorHead]
    /// By indicator as the form lists them; within it the figures without a cut, then cut by cut; within these the
    /// nation, then territories by code; within these values in the order of their code list, the missing value last.
    package let figures: [Figure]

    /// What stands for an indicator's unit, in the three languages; the unit's own code where no list names it.
    package func unitLabels(_ unit: String) -> Labels {
        if unit == "PERCENT" { return Labels(en: "percent", kk: "пайыз", ru: "процент") }
        if unit == "DAYS" { return Labels(en: "working days", kk: "жұмыс күндері", ru: "рабочие дни") }
        return edition.codeList("unit")?.code(unit)?.labels ?? Labels(en: unit, kk: unit, ru: unit)
    }

    /// The territory of a figure; the nation where it is nil.
    package func territoryLabels(_ territory: String?) -> Labels {
        guard let territory else {
            return Labels(en: "Kazakhstan", kk: "Қазақстан", ru: "Казахстан")
        }
        return edition.region(territory)?.labels ?? Labels(en: territory, kk: territory, ru: territory)
    }
}

/// One number of a report.
package struct Figure: Hashable, Sendable {
    package struct CutValue: Hashable, Sendable {
        package var name: String
        /// The code, or the settlement's number; empty where the records do not tell.
        package var code: String
        package var labels: Labels
    }

    package var indicator: String
    package var unit: String
    /// Nil is the whole nation.
    package var territory: String?
    package var cut: CutValue?
    /// Without its point: of `scale` decimal digits. Nil for a share of nothing.
    package var unscaled: Int64?
    package var scale: UInt8

    /// `1200.00`; empty for a share of nothing.
    package var text: String {
        guard let unscaled else { return "" }
        guard scale > 0 else { return String(unscaled) }
        let digits = String(unscaled.magnitude)
        let width = Int(scale) + 1
        let padded = String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        return (unscaled < 0 ? "-" : "") + padded.dropLast(Int(scale)) + "." + padded.suffix(Int(scale))
    }
}

/// Adds up answers into figures.
struct Tally {
    private struct Key: Hashable {
        var indicator: Int
        var cut: Int?
        /// Nil is the nation.
        var territory: String?
        var code: FactValue?
    }

    private struct Amount {
        var whole: Int64 = 0
        var part: Int64 = 0
    }

    private let heads: [IndicatorHead]
    private var amounts: [Key: Amount] = [:]

    /// Every figure without a cut stands, be it zero, for the nation and for these territories.
    init(territories: [String], heads: [IndicatorHead]) {
        self.heads = heads
        for indicator in heads.indices {
            amounts[Key(indicator: indicator)] = Amount()
            for territory in territories { amounts[Key(indicator: indicator, territory: territory)] = Amount() }
        }
    }

    mutating func take(_ rows: [CountRow], for use: PlanUse) {
        for row in rows {
            let code = use.code ?? (use.cut == nil ? nil : row.groups.last)
            let value = row.value * use.sign
            if use.byTerritory, case .text(let territory) = row.groups[0] {
                add(value, Key(indicator: use.indicator, cut: use.cut, territory: territory, code: code), use.part)
            }
            if use.feedsNation {
                add(value, Key(indicator: use.indicator, cut: use.cut, territory: nil, code: code), use.part)
            }
        }
    }

    private mutating func add(_ value: Int64, _ key: Key, _ part: PlanUse.Part) {
        switch part {
        case .whole: amounts[key, default: Amount()].whole += value
        case .part: amounts[key, default: Amount()].part += value
        }
    }

    /// All figures, sorted: no order of a dictionary gets out.
    func figures(edition: Edition) -> [Figure] {
        amounts.map { key, amount in (Rank(key, head: heads[key.indicator], edition: edition), key, amount) }
            .sorted { $0.0 < $1.0 }
            .map { rank, key, amount in
                let head = heads[key.indicator]
                return Figure(
                    indicator: head.code, unit: head.unit, territory: key.territory,
                    cut: key.cut.map {
                        Figure.CutValue(name: head.cuts[$0].name, code: rank.code, labels: rank.labels)
                    },
                    unscaled: Self.value(amount, nature: head.nature), scale: head.scale)
            }
    }

    private static func value(_ amount: Amount, nature: IndicatorHead.Nature) -> Int64? {
        switch nature {
        case .additive, .distinct, .movement: amount.whole
        case .share: Share.hundredthsOfPercent(amount.part, of: amount.whole)
        case .mean: Share.hundredths(amount.part, of: amount.whole)
        }
    }

    /// Where a figure stands in the report.
    private struct Rank: Comparable {
        let indicator: Int
        let cut: Int
        let territory: String
        /// The position in its code list; a value that no list names comes after all that are, the missing one last.
        let position: Int
        let code: String
        let labels: Labels

        init(_ key: Key, head: IndicatorHead, edition: Edition) {
            indicator = key.indicator
            cut = key.cut.map { $0 + 1 } ?? 0
            territory = key.territory ?? ""
            let text =
                switch key.code {
                case nil, .absent: ""
                case .text(let text): text
                case .integer(let number): String(number)
                }
            code = text
            var found: (position: Int, labels: Labels)?
            if let cut = key.cut, let list = head.cuts[cut].codeList.flatMap(edition.codeList),
                let place = list.codes.firstIndex(where: { $0.code == text })
            {
                found = (place, list.codes[place].labels)
            } else if let cut = key.cut, head.cuts[cut].isSettlement, let id = Int64(text),
                let settlement = edition.settlement(id)
            {
                found = (0, settlement.labels)
            } else if let cut = key.cut, head.cuts[cut].isKind, let kind = edition.kind(text) {
                found = (0, kind.labels)
            }
            let missing = Labels(en: "not stated", kk: "көрсетілмеген", ru: "не указано")
            labels = found?.labels ?? (text.isEmpty ? missing : Labels(en: text, kk: text, ru: text))
            position = found?.position ?? (text.isEmpty ? Int.max : Int.max - 1)
        }

        static func < (left: Rank, right: Rank) -> Bool {
            (left.indicator, left.cut, left.territory, left.position, left.code)
                < (right.indicator, right.cut, right.territory, right.position, right.code)
        }
    }
}

package enum Share {
    /// Rounded half up; nil where there is no whole.
    package static func hundredthsOfPercent(_ part: Int64, of whole: Int64) -> Int64? {
        whole > 0 ? (part * 20_000 + whole) / (2 * whole) : nil
    }

    /// The mean, rounded half away from zero; nil where there is nothing to take it of.
    static func hundredths(_ sum: Int64, of count: Int64) -> Int64? {
        guard count > 0 else { return nil }
        let rounded = (sum.magnitude * 200 + count.magnitude) / (2 * count.magnitude)
        return sum < 0 ? -Int64(rounded) : Int64(rounded)
    }
}
