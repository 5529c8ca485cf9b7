import Foundation

/// All accounts of a stopped centre derived anew, by the command an operator would give.
struct AccountsBench {
    let centre: StageNode
    let documents: Int

    /// Documents that the goal of sixty seconds speaks of.
    static let goalDocuments = 1_000_000.0
    static let goalSeconds = 60.0

    func run() async throws -> [Figure] {
        BenchCommand.tell("accounts: derived anew from \(documents) documents")
        let begun = ContinuousClock.now
        let before = Self.childrensProcessorSeconds()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: StageNode.program)
        process.arguments = ["node", "verify", "--accounts", "--data", centre.directory]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        var peak = 0.0
        while process.isRunning {
            peak = max(peak, StageNode.memory(of: process.processIdentifier)?.peak ?? 0)
            try await Task.sleep(for: .milliseconds(20))
        }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                "The accounts derived anew differ, or could not be derived.", remedy: "See what stands above.")
        }
        let seconds = (ContinuousClock.now - begun) / .seconds(1)
        let scale = Self.goalDocuments / Double(documents)
        return [
            Figure(
                .accounts, "derived anew, for each million documents", seconds * scale, "s",
                goal: .atMost(Self.goalSeconds)),
            Figure(.accounts, "derived anew, all of them", seconds, "s"),
            Figure(.accounts, "CPU meanwhile", Self.childrensProcessorSeconds() - before, "s of CPU"),
            Figure(.accounts, "memory at most", peak, "MB", goal: .atMost(250)),
        ]
    }

    /// User and system time of the processes that this one started and that have ended.
    private static func childrensProcessorSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}
