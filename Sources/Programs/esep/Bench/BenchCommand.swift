import ArgumentParser
import Contract
import Foundation

enum BenchCase: String, CaseIterable, ExpressibleByArgument {
    case registration, single
    case catchup, person, report, accounts
    case offline, rebuild, merge
    case law, many, centre

    /// Cases that share a stage are measured on the same nodes, in this order.
    static let alone: Set<BenchCase> = [.registration, .single]
    static let national: Set<BenchCase> = [.catchup, .person, .report, .accounts]
}

/// How many documents each case works on.
struct BenchSizes {
    var registration: Int
    var single: Int
    var catchup: Int
    /// Documents at the centre when persons are sought and forms are run.
    var nation: Int
    /// Documents at the centre when its accounts are derived anew.
    var accounts: Int
    /// Documents that a territory registers with no line before it comes back.
    var offline: Int
    /// Records of the shard that is brought back whole.
    var rebuild: Int
    /// Records of the shard that corrections are merged into, and corrections.
    var merge: Int
    var corrections: Int
    /// Documents that each of twenty territories has to send.
    var each: Int
    /// Entries of 1 KB that a centre of three commits in each round.
    var commits: Int

    static let small = BenchSizes(
        registration: 100_000, single: 10_000, catchup: 40_000, nation: 70_000, accounts: 70_000, offline: 60_000,
        rebuild: 20_000, merge: 50_000, corrections: 10_000, each: 2_000, commits: 10_000)
    static let full = BenchSizes(
        registration: 1_000_000, single: 50_000, catchup: 200_000, nation: 500_000, accounts: 1_000_000,
        offline: 1_000_000, rebuild: 200_000, merge: 1_000_000, corrections: 100_000, each: 20_000, commits: 50_000)

    static func of(_ cases: Set<BenchCase>, count: Int?, isFull: Bool) -> BenchSizes {
        var sizes = isFull ? full : small
        guard let count else { return sizes }
        if cases.contains(.registration) { sizes.registration = count }
        if cases.contains(.single) { sizes.single = count }
        if cases.contains(.catchup) { sizes.catchup = count }
        if !cases.isDisjoint(with: [.person, .report]) { sizes.nation = count }
        if cases.contains(.accounts) { sizes.accounts = count }
        if cases.contains(.offline) { sizes.offline = count }
        if cases.contains(.rebuild) { sizes.rebuild = count }
        if cases.contains(.merge) {
            sizes.merge = count
            sizes.corrections = max(100, count / 10)
        }
        if cases.contains(.many) { sizes.each = count }
        if cases.contains(.centre) { sizes.commits = count }
        sizes.nation = max(sizes.nation, sizes.catchup)
        return sizes
    }
}

struct BenchCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure real nodes on this machine, beside what the machine can do.",
        discussion: """
            Starts nodes of its own in a folder of its own and ends them. Each figure stands beside its goal and beside
            its limit, measured in the same run: plain SQLite insert of the same durable rows in one transaction, syncs
            a second, LZ4 and AES-GCM on the same bytes. A program that was not built for release measures itself.

              registration   one NDJSON stream at a territory without a line: documents a second, early and late
              single         single documents over HTTP, 16 clients and one
              catchup        a backlog sent, archived, merged, accounted and acknowledged once the line is there
              person         person find by IIN at the centre
              report         form 1-M of one month, all territories
              accounts       node verify --accounts: all special accounts of the centre derived anew
              offline        a month's backlog comes back while persons are sought: all in, and the answers meanwhile
              rebuild        a shard brought back whole on a bare disk
              merge          corrections that others wrote, merged in memory and into a shard that is full
              law            the catalogue loaded, documents checked, a card compared with 50,000; no node
              many           twenty territories come back at once, each with a backlog
              centre         entries of 1 KB committed by a centre of three, in turns with etcd's three nodes where
                             etcd, etcdctl and h2load are installed

              esep bench
              esep bench registration --count 300000
              esep bench --full --json figures.json
            """)

    @Argument(help: "What to measure; absent: all.") var cases: [BenchCase] = []
    @Option(help: "Documents, for the cases named.") var count: Int?
    @Flag(help: "The sizes that the goals speak of: a million documents, half an hour, 6 GB of disk.") var full = false
    @Option(help: ArgumentHelp("Write the figures here too.", valueName: "file")) var json: String?
    @Option(name: .customLong("in"), help: ArgumentHelp("Where the nodes' folder is made.", valueName: "dir"))
    var parent = NSTemporaryDirectory()

    mutating func validate() throws {
        if let count, count < 100 { throw ValidationError("--count is at least 100.") }
        if count != nil, cases.isEmpty { throw ValidationError("--count needs a case it is for.") }
    }

    func execute() async throws {
        let asked = cases.isEmpty ? Set(BenchCase.allCases) : Set(cases)
        let sizes = BenchSizes.of(asked, count: count, isFull: full)
        var figures: [Figure] = []
        if !asked.isDisjoint(with: BenchCase.alone) {
            figures += try await Self.onStage(in: absolute(parent)) {
                try await TerritoryBench(stage: $0, sizes: sizes).run(asked)
            }
        }
        if !asked.isDisjoint(with: BenchCase.national) {
            figures += try await Self.onStage(in: absolute(parent)) {
                try await NationBench(stage: $0, sizes: sizes).run(asked)
            }
        }
        if asked.contains(.offline) {
            figures += try await Self.onStage(in: absolute(parent)) {
                try await OfflineBench(stage: $0, sizes: sizes).run()
            }
        }
        if asked.contains(.rebuild) {
            figures += try await Self.onStage(in: absolute(parent)) {
                try await RebuildBench(stage: $0, sizes: sizes).run()
            }
        }
        if asked.contains(.merge) {
            figures += try await Self.onStage(in: absolute(parent)) {
                try await MergeBench(stage: $0, sizes: sizes).run()
            }
        }
        if asked.contains(.law) { figures += try LawBench().run() }
        if asked.contains(.many) {
            figures += try await Self.onStage(in: absolute(parent)) {
                try await ManyBench(stage: $0, sizes: sizes).run()
            }
        }
        if asked.contains(.centre) {
            figures += try await Self.onStage(in: absolute(parent)) {
                try await CentreBench(stage: $0, sizes: sizes).run()
            }
        }
        Console.say(Figure.table(figures))
        let broken = figures.count { $0.holds == false }
        Console.say(broken == 0 ? "Every goal holds at this size." : "\(broken) of the goals do not hold.")
        if let json {
            let value = JSONValue.members([
                "full": .bool(full), "cores": .count(UInt64(ProcessInfo.processInfo.activeProcessorCount)),
                "figures": .array(figures.map(\.json)),
            ])
            guard FileManager.default.createFile(atPath: json, contents: Data(value.bytes(pretty: true))) else {
                throw Failure("\(json) cannot be written.", remedy: "Name another file.")
            }
        }
        if broken > 0 { throw ExitCode(2) }
    }

    private static func onStage(
        in parent: String, _ body: (Stage) async throws -> [Figure]
    ) async throws -> [Figure] {
        let stage = try Stage(in: parent)
        defer { stage.close() }
        return try await body(stage)
    }

    /// What is done now, for whoever watches a terminal.
    static func tell(_ text: String) {
        if Console.isTerminal(2) { Console.write(Array("\(text)\n".utf8), to: 2) }
    }
}
