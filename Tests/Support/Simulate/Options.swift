import Simulation

/// The command line of `ops/simulate`.
struct Options {
    enum Rung: String { case consensus, system }

    struct Wrong: Error { var sentence: String }

    static let usage = """
        usage: ops/simulate [--rung consensus|system] [--seeds N] [--seed S] [--minutes M] [--jobs N]
               ops/simulate --seed S --seeds 1 [--keep F,F,… ] [--without NOISE,…] [--until MICROSECONDS]
               ops/simulate --planted [--rung system] [--seed S] [--bases N] [--seeds N] [--bug NAME]

        Without --seed the first seed is drawn and printed. One seed alone tells what happens in it. --planted prints
        for each planted bug how many seeds it took to find it, from several bases.
        """

    var rung = Rung.consensus
    var seeds: UInt64?
    var seed: UInt64?
    var minutes: Double?
    var jobs: Int?
    var isPlanted = false
    var bases = 3
    var bug: String?
    var records = true
    var reduction = Reduction.none

    init(_ words: [String]) throws(Wrong) {
        var keep: String?
        var without: String?
        var until: String?
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--planted" {
                isPlanted = true
                continue
            }
            if word == "--no-record" {
                records = false
                continue
            }
            guard let value = rest.popFirst() else { throw Wrong(sentence: "\(word) needs a value, or is not known") }
            switch word {
            case "--rung":
                guard let rung = Rung(rawValue: value) else { throw Wrong(sentence: "no rung \(value)") }
                self.rung = rung
            case "--seeds": seeds = try Self.number(word, value)
            case "--seed": seed = try Self.number(word, value)
            case "--minutes":
                guard let minutes = Double(value) else { throw Wrong(sentence: "--minutes takes a number") }
                self.minutes = minutes
            case "--jobs": jobs = Int(try Self.number(word, value))
            case "--bases": bases = Int(try Self.number(word, value))
            case "--bug": bug = value
            case "--keep": keep = value
            case "--without": without = value
            case "--until": until = value
            default: throw Wrong(sentence: "\(word) is not known")
            }
        }
        guard let reduction = Reduction(keep: keep, without: without, until: until) else {
            throw Wrong(sentence: "--keep takes numbers, --without takes \(Reduction.Noise.allCases.map(\.rawValue))")
        }
        self.reduction = reduction
    }

    private static func number(_ word: String, _ value: String) throws(Wrong) -> UInt64 {
        guard let number = UInt64(value) else { throw Wrong(sentence: "\(word) takes a whole number") }
        return number
    }
}
