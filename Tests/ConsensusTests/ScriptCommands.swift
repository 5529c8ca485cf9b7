import Consensus
import Simulation

/// The language of the scripts: one command a line, words apart by blanks. `quiet` before a command keeps its output
/// back.
///
///     voters 1,2,3            found a group          joiner 4        a node without membership
///     limits inflight=2 …     for nodes made later   tick 1 [n]      campaign 1
///     propose 1 a b           one proposal of two    change 1 +4 ^4 v3 -2    add learner, promote, demote, remove
///     read 1                  transfer 1 [to]        compact 1 through
///     store [1 [n]]           report writes stored   deliver [1>2|>2|1>]     drop …     duplicate …
///     cut 1,2 | heal          no messages across     crash 1 [kept]  restart 1
///     snapshot 1 for 2        hand a copy to a leader         snapshot-failed 1 for 2     unreachable 1 2
///     stabilize               store and deliver until quiet
///     status [1]   progress 1   log 1   wire
struct ScriptRunner {
    private var world = ScriptWorld()
    private var context: UInt64 = 0

    /// Runs the commands of one block and returns what they printed.
    mutating func run(_ commands: [String]) -> [String] {
        var output: [String] = []
        for command in commands {
            var words = command.split(separator: " ").map(String.init)
            let isQuiet = words.first == "quiet"
            if isQuiet { words.removeFirst() }
            guard let verb = words.first else { continue }
            perform(verb, Array(words.dropFirst()))
            let lines = world.takeLines()
            if !isQuiet { output += lines }
        }
        return output
    }

    private mutating func perform(_ verb: String, _ words: [String]) {
        switch verb {
        case "voters": world.found(Self.ids(words[0]))
        case "joiner": world.join(Self.id(words[0]))
        case "limits": setLimits(words)
        case "store": store(words)
        case "deliver": each(words) { world.deliver(from: $0, to: $1) }
        case "drop": each(words) { world.drop(from: $0, to: $1) }
        case "duplicate": each(words) { world.duplicate(from: $0, to: $1) }
        case "cut": world.cut(Self.ids(words[0]))
        case "heal": world.cut([])
        case "crash": world.crash(Self.id(words[0]), kept: words.count > 1 ? Int(words[1])! : 0)
        case "restart": world.restart(Self.id(words[0]))
        case "stabilize": world.stabilize()
        case "status": status(words.first.map(Self.id))
        case "progress": progress(Self.id(words[0]))
        case "log": log(Self.id(words[0]))
        case "wire": world.wire.forEach { world.say("\($0.from)→\($0.to) " + Printed.message($0)) }
        default: request(verb, words)
        }
    }

    private mutating func request(_ verb: String, _ words: [String]) {
        let id = Self.id(words[0])
        switch verb {
        case "tick":
            for _ in 0..<(words.count > 1 ? Int(words[1])! : 1) {
                world.step(id, [.tick])
            }
        case "campaign": world.step(id, [.campaign])
        case "propose":
            let payloads = words.dropFirst().map(Self.payload)
            world.step(id, [.propose(context: nextContext(), payloads: payloads)])
        case "change": world.step(id, [.change(context: nextContext(), steps: words.dropFirst().map(Self.change))])
        case "read": world.step(id, [.read(context: nextContext())])
        case "transfer":
            world.step(id, [.transfer(context: nextContext(), to: words.count > 1 ? Self.id(words[1]) : nil)])
        case "compact": world.step(id, [.compact(through: LogIndex(UInt64(words[1])!))])
        case "unreachable": world.step(id, [.unreachable(Self.id(words[1]))])
        case "snapshot":
            guard let node = world.nodes[id], let head = node.replica?.snapshotHead(at: node.store.current.state.index)
            else { return world.say("no snapshot at \(id)") }
            world.step(id, [.snapshotReady(to: Self.id(words[2]), head)])
        case "snapshot-failed": world.step(id, [.snapshotFailed(to: Self.id(words[2]))])
        default: world.say("unknown command \(verb)")
        }
    }

    private mutating func nextContext() -> UInt64 {
        context += 1
        return context
    }

    private mutating func setLimits(_ words: [String]) {
        var limits = world.currentLimits
        for word in words {
            let parts = word.split(separator: "=")
            let number = Int(parts[1])!
            switch parts[0] {
            case "inflight": limits.messagesInFlight = number
            case "inflight-cost": limits.costInFlight = number
            case "message-cost": limits.messageCost = number
            case "uncommitted": limits.uncommittedCost = number
            case "cache": limits.cacheCost = number
            case "payload": limits.payloadBytes = number
            default: world.say("unknown limit \(word)")
            }
        }
        world.set(limits)
    }

    private mutating func store(_ words: [String]) {
        for id in words.first.map({ [Self.id($0)] }) ?? world.ids {
            world.store(id, count: words.count > 1 ? Int(words[1]) : nil)
        }
    }

    /// Calls `body` with the ends of each arrow: `1>2`, `1>`, `>2`; with none, for all messages.
    private func each(_ words: [String], _ body: (ReplicaID?, ReplicaID?) -> Void) {
        if words.isEmpty { return body(nil, nil) }
        for word in words {
            let ends = word.split(separator: ">", omittingEmptySubsequences: false)
            body(ends[0].isEmpty ? nil : Self.id(String(ends[0])), ends[1].isEmpty ? nil : Self.id(String(ends[1])))
        }
    }

    // MARK: - Showing

    private mutating func status(_ only: ReplicaID?) {
        for id in only.map({ [$0] }) ?? world.ids {
            guard let node = world.nodes[id] else { continue }
            world.say("\(id) " + (node.replica.map(Printed.status) ?? "is down"))
        }
    }

    private mutating func progress(_ id: ReplicaID) {
        for follower in world.nodes[id]?.replica?.followers ?? [] {
            world.say(Printed.progress(follower))
        }
    }

    private mutating func log(_ id: ReplicaID) {
        guard let image = world.nodes[id]?.store.current else { return }
        world.say("\(id) base \(image.base.mark) \(Printed.entries(image.entries)) applied \(image.state.index)")
    }

    // MARK: - Words

    private static func id(_ word: String) -> ReplicaID { ReplicaID(UInt64(word)!) }

    private static func ids(_ word: String) -> [ReplicaID] { word.split(separator: ",").map { id(String($0)) } }

    /// `*100` stands for a hundred bytes.
    private static func payload(_ word: String) -> [UInt8] {
        word.hasPrefix("*") ? [UInt8](repeating: 42, count: Int(word.dropFirst())!) : Array(word.utf8)
    }

    private static func change(_ word: String) -> MembershipStep {
        let id = Self.id(String(word.dropFirst()))
        return switch word.first {
        case "+": .addLearner(id)
        case "^": .promote(id)
        case "v": .demote(id)
        default: .remove(id)
        }
    }
}
