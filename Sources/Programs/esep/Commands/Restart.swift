import Foundation

/// The process begins anew under the same id: the simplest way to open everything of a node whose store was replaced.
///
/// For as long as that takes nobody listens on the node's socket. A mark in its directory tells a command that asks
/// meanwhile to wait instead of giving up.
struct Restart: Sendable {
    private static let variable = "ESEP_RESTARTED"
    /// How long a command waits for it, as tries and milliseconds between them: opening a large store takes seconds.
    private static let tries = 200
    private static let pause = 50

    private let mark: String

    /// - Parameter directory: the node's.
    init(directory: String) {
        mark = directory + "/restarting"
    }

    static var isOne: Bool { getenv(variable) != nil }

    /// Does not return.
    func now() -> Never {
        setenv(Self.variable, "1", 1)
        // Without the mark a command that asks too early fails, and says so: nothing more depends on it.
        try? "\(getpid())".write(toFile: mark, atomically: true, encoding: .utf8)
        var words: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) } + [nil]
        execv("/proc/self/exe", &words)
        Console.complain("The node cannot start itself anew (error \(errno)): start it again.")
        isDone()
        _exit(1)
    }

    /// The node listens again.
    func isDone() {
        unlink(mark)
    }

    /// The process that wrote the mark lives, and does not listen yet.
    private var isUnderWay: Bool {
        guard let text = try? String(contentsOfFile: mark, encoding: .utf8), let process = pid_t(text) else {
            return false
        }
        return kill(process, 0) == 0 || errno == EPERM
    }

    /// Asks, and where nobody listens since the node begins anew, asks again once it may listen.
    ///
    /// - Parameter isUnheard: whether the failure says that the question never reached a node.
    func outlasting<Value>(
        _ isUnheard: (any Error) -> Bool, _ ask: () async throws -> Value
    ) async throws -> Value {
        for _ in 0..<Self.tries {
            do {
                return try await ask()
            } catch  where isUnheard(error) && isUnderWay {
                try await Task.sleep(for: .milliseconds(Self.pause))
            }
        }
        return try await ask()
    }
}
