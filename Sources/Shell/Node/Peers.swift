import Consensus
import Dispatch
import Logging
import Records
import Roles
import Storage
import Synchronization
import Transport
import Uplink
import Vault
import Wire

/// The lines between this node of the centre and the others.
///
/// Each node dials every other one it has no line with; whoever is dialled hears from the certificate alone under which
/// number the other may speak. Either end sends on any line that stands: Raft bears loss, repetition and another order.
/// A line that has been silent for `silence` is closed and dialled anew: what waits in a half-open one comes too late.
final class Peers: Sendable {
    /// What comes in, for those who take it.
    struct Takers: Sendable {
        var raft: @Sendable (RaftMessage) -> Void
        var message: @Sendable (PeerMessage, ReplicaID) -> Void
        /// A line stands again after there was none.
        var up: @Sendable (ReplicaID) -> Void
        /// The last line with this peer is gone.
        var down: @Sendable (ReplicaID) -> Void
        /// A question of an officer at another node of the centre: answered on the line that asked.
        var question: @Sendable (_ bytes: [UInt8], _ node: String) async -> [UInt8]
    }

    struct Known: Hashable, Sendable {
        var replica: ReplicaID
        var name: String
        var address: String
    }

    private struct Line {
        var connection: Transport.Connection
        var heard: ContinuousClock.Instant
    }

    private struct State {
        var takers: Takers?
        var lines: [ReplicaID: [Line]] = [:]
        var states: [ReplicaID: (state: PeerState, at: ContinuousClock.Instant)] = [:]
        var known: [ReplicaID: Known] = [:]
        /// Nobody is dialled under these numbers any more.
        var retired: Set<ReplicaID> = []
        /// What this node says of itself at once when a line stands.
        var told: (@Sendable () -> PeerState)?
        /// Where the centre was when this node joined it: dialled until the log has told the members.
        var firstAddresses: [String]
        var dialling: Set<String> = []
        /// Questions that wait for an answer of this peer: with the last line to it they are given up.
        var asked: [ReplicaID: Set<UInt64>] = [:]
        var isClosed = false
        var past = Traffic()
    }

    static let silence = Duration.milliseconds(2_500)
    static let signOfLife = Duration.milliseconds(500)
    private static let round = Duration.milliseconds(100)
    private static let patience = Duration.seconds(30)

    let own: Known
    private let identity: Identity
    private let logger: Logger
    private let refusals: RefusalLog
    private let state: Mutex<State>
    private let questions = Replies<[UInt8]?>()

    init(own: Known, identity: Identity, firstAddresses: [String], logger: Logger) {
        self.own = own
        self.identity = identity
        self.logger = logger
        refusals = RefusalLog(logger: logger)
        state = Mutex(State(firstAddresses: firstAddresses.filter { $0 != own.address }))
    }

    /// Before anything comes in.
    func begin(_ takers: Takers) { state.withLock { $0.takers = takers } }

    /// Messages refused since the start: all that changed nothing.
    var refused: UInt64 { refusals.count }

    func refuse(_ peer: ReplicaID, _ reason: String) {
        refusals.note(name(of: peer) ?? "number \(peer)", reason)
    }

    /// Of whoever is no node of the centre: a territory by its name, a connection that became none by where it came
    /// from.
    func refuse(from sender: String, _ reason: String) { refusals.note(sender, reason) }

    // MARK: Who is there

    /// The nodes of the centre as the log tells them.
    func learn(_ members: [Known], retired: Set<ReplicaID>) {
        state.withLock { state in
            for member in members { state.known[member.replica] = member }
            state.retired = retired
        }
    }

    func name(of replica: ReplicaID) -> String? {
        replica == own.replica
            ? own.name : state.withLock { $0.known[replica]?.name ?? $0.states[replica]?.state.name }
    }

    func address(of replica: ReplicaID) -> String? {
        replica == own.replica
            ? own.address : state.withLock { $0.known[replica]?.address ?? $0.states[replica]?.state.address }
    }

    func isUp(_ replica: ReplicaID) -> Bool {
        replica == own.replica || state.withLock { !($0.lines[replica] ?? []).isEmpty }
    }

    /// What a peer last said of itself; nil where it has not spoken since the start or is silent now.
    func lastState(of replica: ReplicaID) -> PeerState? {
        state.withLock { state in (state.lines[replica] ?? []).isEmpty ? nil : state.states[replica]?.state }
    }

    /// Who has a line with this node now.
    func connected() -> [ReplicaID] {
        state.withLock { state in state.lines.filter { !$0.value.isEmpty }.keys.sorted() }
    }

    var traffic: Traffic {
        state.withLock { state in
            state.lines.values.joined().reduce(into: state.past) { $0.add($1.connection.traffic) }
        }
    }

    // MARK: Sending

    func send(_ message: RaftMessage) {
        guard let connection = newest(message.to) else { return }
        let isData =
            if case .append(let append) = message.body { !append.entries.isEmpty } else { false }
        connection.post(.consensus(message), isData ? .data : .control)
    }

    /// False where there is no line.
    @discardableResult
    func post(_ message: PeerMessage, to replica: ReplicaID) -> Bool {
        guard let connection = newest(replica) else { return false }
        let isData =
            if case .copyPart = message { true } else { false }
        connection.post(.peer(message), isData ? .data : .control)
        return true
    }

    private func newest(_ replica: ReplicaID) -> Transport.Connection? {
        state.withLock { $0.lines[replica]?.last?.connection }
    }

    /// Asks another node of the centre for one of this node's officers; nil without a line or an answer in time.
    func ask(_ replica: ReplicaID, _ bytes: [UInt8]) async -> [UInt8]? {
        guard let connection = newest(replica) else { return nil }
        let (number, reply) = questions.open()
        state.withLock { _ = $0.asked[replica, default: []].insert(number) }
        defer { state.withLock { _ = $0.asked[replica]?.remove(number) } }
        connection.post(.uplink(.question(number: number, bytes: bytes)), .control)
        let questions = questions
        let giveUp = Task {
            try await Task.sleep(for: Self.patience)
            questions.give(number, nil)
        }
        defer { giveUp.cancel() }
        return await reply.value()
    }

    // MARK: Lines

    /// Dials, shows that this node lives, and closes what is silent, until the task is cancelled.
    func run(state told: @escaping @Sendable () -> PeerState) async {
        state.withLock { $0.told = told }
        await withDiscardingTaskGroup { group in
            var sinceSign = Duration.zero
            while !Task.isCancelled {
                for address in addressesToDial() {
                    group.addTask { await self.dial(address) }
                }
                if sinceSign >= Self.signOfLife {
                    sinceSign = .zero
                    let message = Message.peer(.state(told()))
                    for connection in allConnections() { connection.post(message, .control) }
                }
                closeSilent()
                do {
                    try await Task.sleep(for: Self.round)
                } catch {
                    break
                }
                sinceSign += Self.round
            }
            group.cancelAll()
            closeAll()
        }
    }

    private func allConnections() -> [Transport.Connection] {
        state.withLock { $0.lines.sorted { $0.key < $1.key }.flatMap { $0.value.map(\.connection) } }
    }

    /// Marks them as being dialled.
    private func addressesToDial() -> [String] {
        state.withLock { state in
            var wanted: [String] = []
            for known in state.known.values.sorted(by: { $0.replica < $1.replica })
            where known.replica != own.replica && (state.lines[known.replica] ?? []).isEmpty
                && !state.retired.contains(known.replica)
            {
                wanted.append(known.address)
            }
            if state.lines.values.allSatisfy(\.isEmpty) { wanted += state.firstAddresses }
            wanted = wanted.filter { $0 != own.address && state.dialling.insert($0).inserted }
            return wanted
        }
    }

    private func dial(_ address: String) async {
        defer { state.withLock { _ = $0.dialling.remove(address) } }
        guard let (host, port) = HostAndPort.parse(address) else { return }
        var configuration = Configuration()
        configuration.connectMilliseconds = 1_500
        do throws(TransportError) {
            let connection = try await Dialer.connect(
                host: host, port: port, cluster: identity.cluster, identity: identity,
                trust: .authorities(identity.authorities), configuration: configuration)
            guard let peer = connection.peer, let replica = peer.replica, replica != own.replica else {
                connection.close("not another node of the centre")
                refusals.note(address, "what answers there is not another node of the centre")
                return await pause()
            }
            await serve(connection, replica, name: peer.name)
        } catch {
            logger.debug("a node of the centre cannot be reached: \(error)", metadata: ["address": "\(address)"])
        }
        await pause()
    }

    /// Between two dials of one address.
    private func pause() async {
        try? await Task.sleep(for: .milliseconds(Int64.random(in: 100...300)))
    }

    /// Takes a connection whose certificate names a node of the centre, until it is down.
    func serve(_ connection: Transport.Connection, _ replica: ReplicaID, name: String) async {
        guard let takers = state.withLock({ $0.isClosed ? nil : $0.takers }) else {
            return connection.close("it stops")
        }
        let isFirst = state.withLock { state in
            defer { state.lines[replica, default: []].append(Line(connection: connection, heard: .now)) }
            return (state.lines[replica] ?? []).isEmpty
        }
        if let told = state.withLock({ $0.told }) { connection.post(.peer(.state(told())), .control) }
        if isFirst {
            logger.info("a line to another node of the centre stands", metadata: ["node": "\(name)"])
            takers.up(replica)
        }
        connection.deliverConsensus { message in
            guard case .consensus(let raft) = message else { return }
            self.heard(connection, replica)
            self.take(raft, replica, name, takers)
        }
        do throws(TransportError) {
            var messages = connection.messages.makeAsyncIterator()
            while let message = try await messages.next() {
                heard(connection, replica)
                guard await take(message, replica, name, connection, takers) else { break }
            }
        } catch {
            if error.isBadInput { refusals.note(name, "\(error)") }
            logger.info("a line to another node of the centre is down: \(error)", metadata: ["node": "\(name)"])
        }
        let isLast = state.withLock { state in
            state.lines[replica]?.removeAll { $0.connection === connection }
            state.past.add(connection.traffic)
            return (state.lines[replica] ?? []).isEmpty
        }
        guard isLast else { return }
        for number in state.withLock({ $0.asked[replica] ?? [] }).sorted() { questions.give(number, nil) }
        takers.down(replica)
    }

    /// False for a message that no node of the centre sends: the line is then closed.
    private func take(
        _ message: Message, _ replica: ReplicaID, _ name: String, _ connection: Transport.Connection, _ takers: Takers
    ) async -> Bool {
        switch message {
        case .consensus(let raft): take(raft, replica, name, takers)
        case .peer(.state(let said)):
            guard said.replica == replica, said.name == name else {
                refusals.note(name, "it calls itself \(said.name), number \(said.replica)")
                return true
            }
            state.withLock { $0.states[replica] = (said, .now) }
            takers.message(.state(said), replica)
        case .peer(let peer): takers.message(peer, replica)
        case .uplink(.question(let number, let bytes)):
            Task { connection.post(.uplink(.answer(number: number, bytes: await takers.question(bytes, name)))) }
        case .uplink(.answer(let number, let bytes)): questions.give(number, bytes)
        default:
            refusals.note(name, "it sent a message that no node of the centre sends to another")
            connection.close("a message that no node of the centre sends to another")
            return false
        }
        return true
    }

    private func take(_ raft: RaftMessage, _ replica: ReplicaID, _ name: String, _ takers: Takers) {
        guard raft.from == replica, raft.to == own.replica else {
            return refusals.note(
                name, "it speaks as number \(raft.from) to \(raft.to), and its certificate says \(replica)")
        }
        takers.raft(raft)
    }

    private func heard(_ connection: Transport.Connection, _ replica: ReplicaID) {
        state.withLock { state in
            guard let place = state.lines[replica]?.firstIndex(where: { $0.connection === connection }) else { return }
            state.lines[replica]?[place].heard = .now
        }
    }

    private func closeSilent() {
        let now = ContinuousClock.now
        let silent = state.withLock { state in
            state.lines.values.joined().filter { now - $0.heard > Self.silence }.map(\.connection)
        }
        for connection in silent { connection.close("nothing was heard on this line") }
    }

    /// Closes the lines to a node, for instance one that has been removed.
    func close(_ replica: ReplicaID, reason: String) {
        for line in state.withLock({ $0.lines[replica] ?? [] }) { line.connection.close(reason) }
    }

    private func closeAll() {
        state.withLock { $0.isClosed = true }
        for connection in allConnections() { connection.close("the node stops") }
        questions.close(nil)
    }
}

extension PeerName {
    /// What stands before the number in the place of a centre's certificate.
    private static let seatMark = "centre."

    /// A node of the centre under its number.
    init(cluster: [UInt8], replica: ReplicaID, name: String) {
        self.init(cluster: cluster, role: .centre, place: Self.seatMark + "\(replica)", name: name)
    }

    /// Under which number this certificate may speak; nil for all but nodes of the centre.
    var replica: ReplicaID? {
        guard role == .centre, place.hasPrefix(Self.seatMark),
            let number = UInt64(place.dropFirst(Self.seatMark.count)),
            number > 0
        else { return nil }
        return ReplicaID(number)
    }
}
