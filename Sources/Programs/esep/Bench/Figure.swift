import Contract
import Foundation

/// One measured figure, with what was promised and what the machine can do at most.
struct Figure {
    enum Goal {
        case atLeast(Double)
        case atMost(Double)

        func holds(for value: Double) -> Bool {
            switch self {
            case .atLeast(let least): value >= least
            case .atMost(let most): value <= most
            }
        }

        var text: String {
            switch self {
            case .atLeast(let least): "≥ \(Figure.text(least))"
            case .atMost(let most): "≤ \(Figure.text(most))"
            }
        }
    }

    /// The same work without the node, or the one thing it cannot do without, in the figure's unit.
    struct Limit {
        var name: String
        var value: Double
    }

    var benchCase: String
    var name: String
    var value: Double
    var unit: String
    var goal: Goal?
    var limit: Limit?

    init(
        _ benchCase: BenchCase, _ name: String, _ value: Double, _ unit: String, goal: Goal? = nil, limit: Limit? = nil
    ) {
        self.benchCase = benchCase.rawValue
        self.name = name
        self.value = value
        self.unit = unit
        self.goal = goal
        self.limit = limit
    }

    var holds: Bool? { goal.map { $0.holds(for: value) } }
    var ratio: Double? { limit.flatMap { $0.value > 0 ? value / $0.value : nil } }

    /// Whole from 100 on, two digits below.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        if value >= 100 { return DisplayText.grouped(UInt64(value.rounded())) }
        return String(format: "%.2f", value)
    }

    static func table(_ figures: [Figure]) -> String {
        var table = Table(
            .text("case"), .text("figure"), .number("value"), .text("unit"), .text("goal"), .text("holds"),
            .number("limit"), .number("ratio"), .text("what limits"))
        for figure in figures {
            table.add(
                figure.benchCase, figure.name, text(figure.value), figure.unit, figure.goal?.text ?? "",
                figure.holds.map { $0 ? "yes" : "NO" } ?? "", figure.limit.map { text($0.value) } ?? "",
                figure.ratio.map { text($0) } ?? "", figure.limit?.name ?? "")
        }
        return table.text
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("case", .string(benchCase)), .init("figure", .string(name)), .init("value", Self.number(value)),
            .init("unit", .string(unit)),
        ]
        if let goal {
            members.append(.init("goal", .string(goal.text)))
            members.append(.init("holds", .bool(goal.holds(for: value))))
        }
        if let limit {
            members.append(.init("limit", .string(limit.name)))
            members.append(.init("limit_value", Self.number(limit.value)))
            members.append(.init("ratio", ratio.map(Self.number) ?? .null))
        }
        return .object(members)
    }

    private static func number(_ value: Double) -> JSONValue {
        value.isFinite ? .number(String(format: "%.4f", value)) : .null
    }
}

/// Sorted measurements of one thing.
struct Samples {
    private let sorted: [Double]

    init(_ values: [Double]) {
        precondition(!values.isEmpty, "nothing was measured")
        sorted = values.sorted()
    }

    /// The least value that `share` of all do not pass.
    func quantile(_ share: Double) -> Double {
        sorted[max(0, min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.up)) - 1))]
    }

    var median: Double { quantile(0.5) }
    var p99: Double { quantile(0.99) }
}
