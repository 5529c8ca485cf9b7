import Consensus
import Records
import Uplink

/// A territory's log that cannot go on, from the centre's end: who may be seated anew, and the logs it gets back. The
/// centre never deletes to reconcile: the former log stays as it is, and nothing is added to it any more.
extension Centre {
    /// A certificate speaks for its territory alone, and of a log that another node speaks for just now the pass has
    /// decided: whoever asks for a new seat with a copy of it is a clone.
    mutating func reseat(_ reseat: Reseat, _ session: Session, _ turn: inout CentreTurn, _ moment: Moment) {
        guard let link = links[session] else { return }
        guard isLeader else {
            return with(session, &turn, moment) {
                $0.refuseSeat(.notLeader, "this node does not lead the centre now: try the others, or again shortly")
            }
        }
        let former = AuthorNumber(reseat.author)
        guard var seat = seats[former], seat.territory == link.peer.territory else {
            return with(session, &turn, moment) {
                $0.refuseSeat(
                    .unknownAuthor, "\(link.peer.territory) has no author \(reseat.author): join the node again")
            }
        }
        // A line that broke unnoticed may still stand here: whoever has the newest pass had that line.
        let isOwn = !reseat.pass.isEmpty && passes(of: seat, shown: reseat.pass)?.current == reseat.pass
        guard isOwn || sessions(of: reseat.author).isEmpty else {
            return with(session, &turn, moment) {
                $0.refuseSeat(
                    .cloned,
                    """
                    another copy of this data directory speaks to the centre now: this one is fenced. Stop one of the \
                    two, and bring over what only it has: `esep node adopt` at the node that goes on
                    """)
            }
        }
        endSessions(of: AuthorNumber(reseat.author), "the node asks for a new seat", &turn)
        if reseat.last > seat.told {
            seat.told = reseat.last
            save(seat, &turn)
        }
        turn.deeds.append(.reseat(session, link.peer, reseat))
    }

    mutating func takeSeating(_ input: CentreInput, _ turn: inout CentreTurn, _ moment: Moment) {
        switch input {
        case .reseated(let session, let answer):
            let isHeard = isHeard(AuthorNumber(answer.author))
            with(session, &turn, moment) { receiver in
                guard isHeard else { return receiver.reseated(answer) }
                return receiver.refuseSeat(
                    .cloned, "a copy of this node goes on under author \(answer.author): this one is fenced")
            }
        case .reseatRefused(let session, let refusal):
            with(session, &turn, moment) { $0.refuseSeat(refusal.code, refusal.reason) }
        case .formerRead(let session, let batch):
            with(session, &turn, moment) { $0.formerRead(batch, now: moment.steadyMilliseconds) }
        default: return
        }
    }

    /// Whether a node was let in under this seat, as far as this leader knows. It has the answer to its question, then,
    /// and whoever asks with the same secret is another copy of its directory.
    private func isHeard(_ author: AuthorNumber) -> Bool {
        guard let seat = seats[author], !has(.seatGivenAgain) else { return false }
        return seat.frontier > 0 || seat.told > 0 || !seat.pass.isEmpty && seat.pass != Self.unknownPass
    }

    /// Entries go back to the territory they came from, and to no other.
    mutating func readFormer(
        _ ask: FormerAsk, _ session: Session, _ turn: inout CentreTurn, _ moment: Moment
    ) {
        guard let link = links[session], let former = seats[AuthorNumber(ask.author)], former.successor != nil,
            former.territory == link.peer.territory, ask.after < former.frontier
        else { return with(session, &turn, moment) { $0.formerRead(nil, now: moment.steadyMilliseconds) } }
        turn.deeds.append(.readFormer(session, ask))
    }

    /// Another seat goes on in this one's place: whoever speaks for it is told so at his next hello.
    mutating func endSucceeded(_ author: AuthorNumber, _ turn: inout CentreTurn) {
        endSessions(of: author, "author \(author.number) is succeeded by another seat", &turn)
    }

    mutating func endSessions(of author: AuthorNumber, _ reason: String, _ turn: inout CentreTurn) {
        for session in sessions(of: author.number) {
            turn.deeds.append(.close(session, reason: reason))
            drop(session)
        }
    }

    /// The last index a node has told of: what is lost with its disk is counted from it.
    mutating func keepTold(_ told: EntryIndex, of author: AuthorNumber, _ turn: inout CentreTurn) {
        guard var seat = seats[author], told > seat.told, told < 1 << 40 else { return }
        seat.told = told
        save(seat, &turn)
    }
}
