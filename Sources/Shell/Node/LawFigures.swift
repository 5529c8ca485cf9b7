import Accounts
import Foundation
import Law

/// What the law book costs on one core: loading, checking, comparing. Seconds of the calling thread's CPU, so that
/// whoever else uses the machine does not count.
package struct LawFigures {
    private let catalogue: Catalogue

    package init() throws(NodeError) {
        do {
            catalogue = try Catalogue.embedded()
        } catch {
            throw NodeError(.damaged, "The embedded catalogue cannot be loaded: \(error.sentence).")
        }
    }

    /// Seconds to load all editions the program carries, the first time or again.
    package static func secondsToLoad() throws(NodeError) -> Double {
        let begun = processorSeconds()
        let loaded = try LawFigures()
        let spent = processorSeconds() - begun
        guard !loaded.catalogue.editions.isEmpty else { throw NodeError(.damaged, "The catalogue is empty.") }
        return spent
    }

    /// Seconds to check each document: the least of three times, so that no interruption counts.
    ///
    /// - Throws: where a document is refused, since a refusal costs less than a document that is taken.
    package func secondsToCheck(_ lines: [[UInt8]], territory: String, today: UInt64) throws(NodeError) -> [Double] {
        var checker = Checker(catalogue: catalogue)
        let context = CheckContext(territory: territory, receivedMilliseconds: today)
        var least = [Double](repeating: .infinity, count: lines.count)
        for _ in 0..<3 {
            for (place, line) in lines.enumerated() {
                let begun = Self.processorSeconds()
                let outcome = checker.check(line, in: context)
                least[place] = min(least[place], Self.processorSeconds() - begun)
                if case .refused(let problems) = outcome {
                    let first = problems.first.map { "\($0.code) \($0.path)" } ?? ""
                    throw NodeError(.damaged, "Generated document \(place + 1) was refused: \(first).")
                }
            }
        }
        return least
    }

    /// Seconds to hold each of the asked cards against all open ones of the other kinds.
    package func secondsToCompare(
        asked: [[UInt8]], open: [[UInt8]], territory: String, today: UInt64
    ) throws(NodeError) -> [Double] {
        let rules = catalogue.newest.likeness
        var checker = Checker(catalogue: catalogue)
        let context = CheckContext(territory: territory, receivedMilliseconds: today)
        func traits(_ line: [UInt8]) throws(NodeError) -> (kind: String, traits: LikenessTraits) {
            guard case .accepted(let card) = checker.check(line, in: context) else {
                throw NodeError(.damaged, "A generated card was refused.")
            }
            return (
                card.kind.code, LikenessTraits(of: Values(card.values), kind: card.kind.code, rules: rules)
            )
        }
        var table = LikenessTable(rules: rules)
        for (place, line) in open.enumerated() {
            let card = try traits(line)
            table.insert(Int64(place), kind: card.kind, card.traits)
        }
        var spent: [Double] = []
        var proposed = 0
        for line in asked {
            let card = try traits(line)
            let begun = Self.processorSeconds()
            proposed += table.candidates(for: -1, kind: card.kind, card.traits).count
            spent.append(Self.processorSeconds() - begun)
        }
        guard proposed > 0 else { throw NodeError(.damaged, "Nothing was found alike among \(open.count) cards.") }
        return spent
    }

    /// CPU time of this thread so far.
    static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }
}
