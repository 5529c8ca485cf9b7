import Consensus

/// How effects, messages and states read in a script.
enum Printed {
    /// Nil for what only asks for chance.
    static func effect(_ effect: Replica.Effect) -> String? {
        switch effect {
        case .persist(let write): "writes " + self.write(write)
        case .send(let message): "→\(message.to) " + self.message(message)
        case .apply(let application): "applies \(application.first)…\(application.last)"
        case .proposed(let context, let first, let count):
            "takes #\(context) at \(first)" + (count > 1 ? " and \(count - 1) more" : "")
        case .refused(let context, let refusal): "refuses #\(context): \(self.refusal(refusal))"
        case .readReady(let context, let index): "read #\(context) is ready at \(index)"
        case .drawElectionTicks: nil
        case .load(let load): "loads \(load.first)…\(load.last) for \(load.to)"
        case .snapshotNeeded(let to): "needs a snapshot for \(to)"
        case .became(let standing): "is \(self.standing(standing))"
        case .membership(let membership): "has \(self.membership(membership))"
        case .dropped(let from, let fault): "drops a message from \(from): \(fault)"
        case .damaged(let damage): "is damaged: \(self.damage(damage))"
        }
    }

    static func message(_ message: RaftMessage) -> String {
        "t\(message.term) " + body(message.body)
    }

    private static func body(_ body: RaftMessage.Body) -> String {
        switch body {
        case .askPreVote(let last): "would you vote? last \(last)"
        case .preVote(let granted): granted ? "would vote" : "would not vote"
        case .askVote(let last, let transfer): "vote for me, last \(last)" + (transfer ? ", by transfer" : "")
        case .vote(let granted): granted ? "votes" : "does not vote"
        case .append(let append): appendText(append)
        case .appended(let match): "holds …\(match)"
        case .appendRefused(let at, let hint): "lacks \(at), perhaps \(hint)"
        case .heartbeat(let beat): "heartbeat commit \(beat.commit) round \(beat.round)"
        case .heartbeatHeard(let round): "heard round \(round)"
        case .staleTerm: "your term is over"
        case .snapshot(let head): "snapshot \(head.mark), \(membership(head.membership))"
        case .standNow: "stand now"
        }
    }

    private static func appendText(_ append: RaftMessage.Append) -> String {
        "append after \(append.previous) \(entries(append.entries)) commit \(append.commit)"
    }

    static func entries(_ entries: [RaftEntry]) -> String {
        "[" + entries.map(entry).joined(separator: ", ") + "]"
    }

    static func entry(_ entry: RaftEntry) -> String {
        switch entry.payload {
        case .nothing: "\(entry.mark)"
        case .proposal(let bytes):
            bytes.count <= 12
                ? "\(entry.mark) \(String(decoding: bytes, as: UTF8.self))" : "\(entry.mark) (\(bytes.count) bytes)"
        case .membership(let membership): "\(entry.mark) {\(self.membership(membership))}"
        }
    }

    static func write(_ write: LogWrite) -> String {
        var parts = ["\(write.token):"]
        if let head = write.install { parts.append("install \(head.mark)") }
        if let first = write.truncateFrom { parts.append("cut from \(first)") }
        if !write.entries.isEmpty { parts.append(entries(write.entries)) }
        parts.append("term \(write.hardState.term) vote \(write.hardState.vote.map(String.init(describing:)) ?? "-")")
        if let head = write.compact { parts.append("compact to \(head.mark)") }
        return parts.joined(separator: " ")
    }

    static func standing(_ standing: Replica.Standing) -> String {
        let leader =
            standing.role == .leader ? "" : standing.leader.map { ", leader \($0)" } ?? ", no leader"
        return "\(standing.role) in term \(standing.term)\(leader)"
    }

    static func membership(_ membership: Membership) -> String {
        var text = "voters " + list(membership.voters)
        if membership.isJoint { text += " and " + list(membership.outgoing) }
        if !membership.learners.isEmpty { text += " learners " + list(membership.learners) }
        if !membership.demoted.isEmpty { text += " demoted " + list(membership.demoted) }
        return text
    }

    private static func list(_ ids: [ReplicaID]) -> String {
        ids.isEmpty ? "-" : ids.map(\.description).joined(separator: ",")
    }

    private static func refusal(_ refusal: Replica.Refusal) -> String {
        switch refusal {
        case .notLeader(let leader): leader.map { "not leader, ask \($0)" } ?? "not leader"
        case .transferring(let to): "handing over to \(to)"
        case .badChange(let fault): "\(fault)"
        default: "\(refusal)"
        }
    }

    private static func damage(_ damage: Replica.Damage) -> String {
        switch damage {
        case .logNotAsTold(let mark): "the log does not hold \(mark), which was promised"
        case .logShorterThanTold(let last, let told): "the log ends at \(last), \(told) was promised"
        case .inconsistent(let sentence): sentence
        }
    }

    static func status(_ replica: Replica) -> String {
        "\(standing(replica.standing)), commit \(replica.commitIndex), stable \(replica.stableIndex), "
            + "last \(replica.lastMark)" + (replica.currentVote.map { ", voted \($0)" } ?? "")
    }

    static func progress(_ progress: Progress) -> String {
        let mode =
            switch progress.mode {
            case .probe(let waiting): waiting ? "probe, waiting" : "probe"
            case .replicate: "replicate"
            case .snapshot(let upTo): "snapshot" + (upTo.map { " to \($0)" } ?? "")
            }
        return "follower \(progress.id): match \(progress.match), next \(progress.next), \(mode)"
    }
}
