import Foundation
import Glibc
import Synchronization

/// One process started by a test, and ended by it: nothing else is ever signalled.
///
/// Made by `posix_spawn` and waited for by its id. Every child holds the write end of a pipe nobody writes to: when
/// it is gone, however it went, the read end says so. That gives a wait with a limit and without a look at the clock.
package final class Child {
    package let id: Int32
    private let life: Int32
    private var ended: Int32?

    package struct Failure: Error, CustomStringConvertible {
        package var description: String

        package init(description: String) {
            self.description = description
        }
    }

    /// The descriptors a child gets as 0, 1 and 2; `/dev/null` where nil.
    package struct Streams {
        package var input: Int32?
        package var output: Int32?
        package var errors: Int32?

        package init(input: Int32? = nil, output: Int32? = nil, errors: Int32? = nil) {
            self.input = input
            self.output = output
            self.errors = errors
        }
    }

    /// - Parameter environment: added to the test's own.
    package init(
        _ program: String, _ arguments: [String], streams: Streams = Streams(), environment: [String: String] = [:]
    ) throws {
        let ends = try Pipe.open()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, given) in [streams.input, streams.output, streams.errors].enumerated() {
            if let given {
                posix_spawn_file_actions_adddup2(&actions, given, Int32(target))
            } else {
                posix_spawn_file_actions_addopen(&actions, Int32(target), "/dev/null", O_RDWR, 0)
            }
        }
        // 200 is far above what a fresh process opens by itself.
        posix_spawn_file_actions_adddup2(&actions, ends.write, 200)
        // A child must not inherit a mask or a handler of the test's: SIGTERM has to reach it.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var all = ProcessInfo.processInfo.environment
        all["SWIFT_BACKTRACE"] = "enable=no"
        for (name, value) in environment { all[name] = value }
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var settings: [UnsafeMutablePointer<CChar>?] = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for word in words + settings { free(word) } }
        var started: pid_t = 0
        let code = posix_spawn(&started, program, &actions, &attributes, &words, &settings)
        close(ends.write)
        guard code == 0 else {
            close(ends.read)
            throw Failure(description: "\(program) does not start: \(String(cString: strerror(code)))")
        }
        id = started
        life = ends.read
    }

    /// Waits until it is gone.
    /// - Returns: its exit status; the negated signal's number when a signal ended it; nil when it is still there after
    ///   `seconds`.
    package func wait(seconds: Int) -> Int32? {
        if let ended { return ended }
        var watched = pollfd(fd: life, events: Int16(POLLIN), revents: 0)
        var answer: Int32
        repeat { answer = poll(&watched, 1, Int32(seconds * 1000)) } while answer < 0 && errno == EINTR
        guard answer > 0 else { return nil }
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7F
        ended = signal == 0 ? (status >> 8) & 0xFF : -signal
        return ended
    }

    package var isRunning: Bool { wait(seconds: 0) == nil }

    package func signal(_ number: Int32) {
        if isRunning { _ = Glibc.kill(id, number) }
    }

    /// Ends it as a crash would, and waits until it is gone.
    package func kill() {
        signal(SIGKILL)
        _ = wait(seconds: 60)
    }

    deinit {
        kill()
        close(life)
    }
}

/// A pipe that no child inherits unless it is told to.
enum Pipe {
    private static let guarding = Mutex(())

    /// Between opening and marking, another thread's child could inherit an end; tests start children one at a time,
    /// and openings wait for each other.
    static func open() throws -> (read: Int32, write: Int32) {
        try guarding.withLock { _ in
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { throw Child.Failure(description: "no pipe: \(errno)") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return (ends[0], ends[1])
        }
    }
}
