import Consensus
import Logging
import Records
import Roles
import Storage
import Uplink
import Vault

/// Seating a territory's node anew (design §7): as at a join the key tree is on a quorum before its author exists, and
/// the certificate is the one it has.
extension CentreService {
    func reseat(_ session: Session, _ peer: CentrePeer, _ reseat: Reseat) {
        Task {
            do {
                let answer = try await seatAnew(peer, reseat)
                node.give(.reseated(session, answer))
            } catch let refusal as Refusal {
                node.give(.reseatRefused(session, refusal))
            } catch {
                node.give(
                    .reseatRefused(session, Refusal(code: .overloaded, reason: "\(error)")))
            }
        }
    }

    private func seatAnew(_ peer: CentrePeer, _ reseat: Reseat) async throws -> Reseated {
        let hash = JoinToken.hash(of: reseat.treeSeed).bytes
        let spread = try await keys.spread(
            reseat.treeSeed, named: CentreKeys.seedName(token: hash), to: node.said.membership ?? .empty,
            own: replica, by: peers)
        guard spread else {
            throw Refusal(
                code: .overloaded, reason: "too few nodes of the centre are heard to keep the key: try again")
        }
        let cause: ReseatCause = reseat.cause == .behind ? .behind : .diverged
        let outcome = try await act([
            .control(
                .reseated(
                    secretHash: hash, name: peer.name, territory: peer.territory,
                    former: AuthorNumber(reseat.author), cause: cause, author: AuthorNumber(0), seat: 0))
        ])[0]
        switch outcome {
        case .seated(_, let author, let seat):
            logger.notice(
                "\(peer.name) is seated anew as author \(author.number), in place of \(reseat.author): \(cause)")
            return Reseated(
                author: author.number, seat: seat, formers: try store.formers(of: peer.territory, before: author))
        case .refused("succeeded", let reason): throw Refusal(code: .cloned, reason: reason)
        case .refused("closed", let reason): throw Refusal(code: .retired, reason: reason)
        case .refused(_, let reason), .indefinite(let reason): throw Refusal(code: .overloaded, reason: reason)
        case .document, .recorded: preconditionFailure("a seating was answered as an act of another kind")
        }
    }
}
