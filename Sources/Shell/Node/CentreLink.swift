import Consensus
import Logging
import Roles
import Synchronization
import Transport
import Uplink
import Wire

/// A territory's line to the centre: dials when the role asks, hands on what comes, says when it is gone.
///
/// One connection at a time; the addresses of the centre's nodes are tried in turn.
struct CentreLink: Sendable {
    let node: TerritoryNode
    let identity: Identity
    let addresses: CentreAddresses
    let logger: Logger

    /// How often the nodes of the centre are asked again, when some answer and none leads: an election takes a second.
    private static let rounds = 30
    private static let pause = Duration.milliseconds(100)

    /// Runs until its task is cancelled.
    func run() async {
        for await pause in node.dialing {
            do {
                try await Task.sleep(for: .milliseconds(pause))
                guard let line = try await leader() else {
                    node.give(.dialFailed)
                    continue
                }
                await converse(line)
            } catch {
                return
            }
        }
    }

    /// A connection whose first message has been read: its messages have one reader, who goes on after it.
    private struct Line {
        var connection: Connection
        var messages: Messages.AsyncIterator
    }

    private enum Answer {
        case leads(Line)
        /// It is a node of the centre and does not lead.
        case follows
        case silent
    }

    /// Finds the node of the centre that leads: asks each, the one named by another first. Throws when cancelled.
    private func leader() async throws -> Line? {
        for _ in 0..<Self.rounds {
            var somebodyAnswers = false
            for address in addresses.round() {
                switch await ask(address) {
                case .leads(let line): return line
                case .follows: somebodyAnswers = true
                case .silent: break
                }
            }
            guard somebodyAnswers else { return nil }
            try await Task.sleep(for: Self.pause)
        }
        return nil
    }

    private func ask(_ address: String) async -> Answer {
        guard let (host, port) = HostAndPort.parse(address) else {
            logger.error("not an address of the form HOST:PORT", metadata: ["address": "\(address)"])
            return .silent
        }
        var configuration = Configuration()
        configuration.connectMilliseconds = 2_000
        configuration.density = .dense
        do throws(TransportError) {
            let connection = try await Dialer.connect(
                host: host, port: port, cluster: identity.cluster, identity: identity,
                trust: .authorities(identity.authorities), configuration: configuration)
            guard connection.peer?.role == .centre else {
                connection.close("not a centre's node")
                logger.error("the peer is not a centre's node", metadata: ["address": "\(address)"])
                return .silent
            }
            var messages = connection.messages.makeAsyncIterator()
            guard case .centre(let map)? = try await messages.next() else {
                connection.close("a node of the centre says first who leads")
                return .silent
            }
            guard addresses.admits(map) else {
                connection.close("the centre was recovered without this node")
                logger.error(
                    "a node speaks for a centre that was given up; the centre was recovered since",
                    metadata: ["address": "\(address)"])
                return .silent
            }
            addresses.learn(map)
            if map.isLeader { return .leads(Line(connection: connection, messages: messages)) }
            connection.close("another node leads")
            return .follows
        } catch {
            logger.debug("the centre cannot be reached: \(error)", metadata: ["address": "\(address)"])
            return .silent
        }
    }

    private func converse(_ line: Line) async {
        let connection = line.connection
        let session = node.lines.add(connection)
        node.give(.linkUp(session))
        logger.info("connected to the centre", metadata: ["address": "\(connection.remoteAddress)"])
        do throws(TransportError) {
            var messages = line.messages
            loop: while let message = try await messages.next() {
                switch message {
                case .uplink(let uplink): node.give(.received(session, uplink))
                case .lineCap(let cap): node.give(.capped(session, cap))
                case .centre(let map):
                    guard addresses.admits(map) else {
                        connection.close("the centre was recovered without this node")
                        break loop
                    }
                    addresses.learn(map)
                    if !map.isLeader { connection.close("the lead of the centre has moved") }
                default:
                    connection.close("a message that no territory takes")
                    break loop
                }
            }
            logger.info("the centre closed the connection")
        } catch {
            logger.info("the connection to the centre is down: \(error)")
        }
        node.lines.remove(session)
        node.give(.linkDown(session))
    }
}

/// Where the centre is reached: what the operator gave, or what the centre last told, kept for the next start.
final class CentreAddresses: Sendable {
    private struct State {
        var all: [String]
        /// Whom another node named as the leader.
        var named: String?
        /// How often the centre was recovered, as the latest node said that was heard.
        var generation: UInt32
    }

    private let state: Mutex<State>
    private let isPinned: Bool
    private let files: OpenedFiles
    private let logger: Logger

    init(_ addresses: [String], isPinned: Bool, files: OpenedFiles, logger: Logger) {
        state = Mutex(State(all: addresses, generation: files.configuration.centreGeneration ?? 0))
        self.isPinned = isPinned
        self.files = files
        self.logger = logger
    }

    var all: [String] { state.withLock { $0.all } }

    /// Each address once, the named leader first.
    func round() -> [String] {
        state.withLock { state in
            defer { state.named = nil }
            guard let named = state.named else { return state.all }
            return [named] + state.all.filter { $0 != named }
        }
    }

    /// False for a node that speaks for a centre given up since: what it holds is a story of its own.
    func admits(_ map: CentreMap) -> Bool { state.withLock { map.generation >= $0.generation } }

    func learn(_ map: CentreMap) {
        let (isNew, isLater) = state.withLock { state in
            defer { state.generation = max(state.generation, map.generation) }
            let isLater = map.generation > state.generation
            guard !isPinned, !map.addresses.isEmpty else { return (false, isLater) }
            if !map.isLeader { state.named = map.addresses.first }
            defer { state.all = map.addresses }
            return (Set(state.all) != Set(map.addresses), isLater)
        }
        guard isNew || isLater else { return }
        do {
            var configuration = try NodeConfiguration.load(files.directory)
            if isNew { configuration.centre = map.addresses }
            if isLater { configuration.centreGeneration = map.generation }
            try configuration.save(files.directory)
        } catch {
            logger.error("the addresses of the centre cannot be kept: \(error)")
        }
    }
}

/// `HOST:PORT`; an IPv6 host stands in brackets.
enum HostAndPort {
    static func parse(_ text: String) -> (host: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        return host.isEmpty ? nil : (host, port)
    }
}
