import Foundation

/// A line on a terminal's stderr that tells how far a long command is; silent where stderr is no terminal.
struct ProgressBar {
    private let isShown = Console.isTerminal(STDERR_FILENO)
    var total: UInt64?
    private let unit: String
    private let begin = ContinuousClock.now
    private var drawn: ContinuousClock.Instant?

    /// - Parameter total: where it ends, in the same measure as `done`; nil: unknown.
    init(total: UInt64?, unit: String) {
        self.total = total
        self.unit = unit
    }

    /// Draws at most ten times a second.
    mutating func update(done: UInt64, count: UInt64) {
        guard isShown else { return }
        let now = ContinuousClock.now
        if let drawn, now - drawn < .milliseconds(100) { return }
        drawn = now
        let seconds = Double((now - begin).components.seconds) + Double((now - begin).components.attoseconds) / 1e18
        let rate = seconds > 0 ? UInt64(Double(count) / seconds) : 0
        let text = Self.line(done: done, total: total, count: count, unit: unit, rate: rate)
        Console.write(Array("\r\u{1B}[K\(text)".utf8), to: STDERR_FILENO)
    }

    func finish() {
        if isShown, drawn != nil { Console.write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO) }
    }

    static func line(done: UInt64, total: UInt64?, count: UInt64, unit: String, rate: UInt64) -> String {
        let counts = "\(DisplayText.grouped(count)) \(unit), \(DisplayText.grouped(rate))/s"
        guard let total, total > 0 else { return counts }
        let filled = Int(min(done, total) * 30 / total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        return "\(bar) \(min(done, total) * 100 / total) %  \(counts)"
    }
}
