import Logging
import Synchronization
import Transport

/// Refused messages: each counted, told once a minute for each sender.
final class RefusalLog: Sendable {
    private struct State {
        var total: UInt64 = 0
        var told: [String: (at: ContinuousClock.Instant, since: Int)] = [:]
    }

    private let state = Mutex(State())
    private let logger: Logger
    private static let pause = Duration.seconds(60)
    /// Senders that are remembered. Whoever comes beyond them is told of together with all such.
    private static let sendersMax = 1_024
    private static let others = "others"

    init(logger: Logger) {
        self.logger = logger
    }

    var count: UInt64 { state.withLock { $0.total } }

    func note(_ sender: String, _ reason: String) {
        let quiet = state.withLock { state -> Int? in
            state.total += 1
            if state.told[sender] == nil, state.told.count >= Self.sendersMax {
                state.told = state.told.filter { .now - $0.value.at < Self.pause }
            }
            let sender = state.told[sender] == nil && state.told.count >= Self.sendersMax ? Self.others : sender
            if let told = state.told[sender], .now - told.at < Self.pause {
                state.told[sender]?.since += 1
                return nil
            }
            defer { state.told[sender] = (.now, 0) }
            return state.told[sender]?.since ?? 0
        }
        guard let quiet else { return }
        logger.warning(
            "a message is refused: \(reason)", metadata: ["from": "\(sender)", "others_since": "\(quiet)"])
    }
}

extension TransportError {
    /// Whether the other end broke the form of what it sent: told as a refusal, and not as a line that went down.
    var isBadInput: Bool {
        switch self {
        case .badFrame, .badCompression, .badMessage, .wrongVersion, .wrongCluster, .strangerMayOnlyJoin: true
        case .refused, .silent, .tooManyConnections, .backlogFull, .cannotBind, .cannotReach, .badCertificate, .closed:
            false
        }
    }
}
