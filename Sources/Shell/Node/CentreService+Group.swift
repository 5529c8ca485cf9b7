import Consensus
import Foundation
import Logging
import Records
import Roles
import Storage
import Synchronization
import Transport
import Vault
import Wire

/// Ties a centre's turns to the rest of its node, which does not exist yet when the turns are made.
final class Wiring: Sendable {
    private struct Ends: Sendable {
        weak var service: CentreService?
    }

    private let ends = Mutex(Ends())
    private var service: CentreService? { ends.withLock { $0.service } }

    func connect(_ service: CentreService) { ends.withLock { $0.service = service } }

    func duties(_ keys: CentreKeys) -> CentreDuties {
        CentreDuties(
            send: { self.service?.peers.send($0) },
            refused: { self.service?.peers.refuse($0, $1) },
            copyNeeded: { self.service?.copies.sender.needed(by: $0) },
            install: { self.service?.leave(for: $0) },
            plant: { author throws(StorageError) in try keys.plant(author) },
            reseat: { self.service?.reseat($0, $1, $2) },
            became: { self.service?.became($0) },
            opened: { self.service?.opened() })
    }
}

/// The group of the centre's nodes from inside one of them.
extension CentreService {
    // MARK: What peers say

    func peerTakers() -> Peers.Takers {
        Peers.Takers(
            raft: { self.take($0) },
            message: { self.take($0, from: $1) },
            up: { self.copies.sender.up($0) },
            down: { self.node.give(.unreachable($0)) },
            question: { bytes, name in
                guard let answer = self.answerer.withLock({ $0 }) else { return [] }
                return await answer(bytes, .centre(name))
            })
    }

    private func take(_ message: RaftMessage) {
        switch message.body {
        case .append(let append) where keys.lacksSeed(append.entries):
            // Not acknowledged, so it comes again when the keys are here.
            if keys.mayAsk() { peers.post(.keysWanted, to: message.from) }
        case .snapshot(let head) where head.mark.index > node.said.applied && !copies.receiver.holds(head):
            peers.refuse(message.from, "it speaks of a copy as of \(head.mark) that is not here")
        default: node.give(.peer(message))
        }
    }

    private func take(_ message: PeerMessage, from peer: ReplicaID) {
        do throws(StorageError) {
            switch message {
            case .state(let state): try heed(state)
            case _ where isUnknown(peer): peers.refuse(peer, "its number is none that this group ever had")
            case .keys(let number, let copy):
                try keys.merge(copy)
                peers.post(.keysKept(number: number), to: peer)
                if let (offer, leader) = offered.withLock({ $0 }), leader == peer {
                    copies.receiver.offered(offer, by: peer)
                    offered.withLock { $0 = nil }
                }
            case .keysKept(let number): keys.kept(number, by: peer)
            case .keysWanted where isMember(peer): peers.post(.keys(number: 0, try keys.copy()), to: peer)
            case .copyOffered(let offer) where offer.head.mark.index <= node.said.applied:
                // It has taken the store's place already, or the log has brought as much meanwhile.
                peers.post(.copyStaged(digest: offer.digest), to: peer)
            case .copyOffered(let offer):
                // The keys go beside the copy, never in it, and are here before it counts.
                offered.withLock { $0 = (offer, peer) }
                peers.post(.keysWanted, to: peer)
            case .copyWanted(let digest, let offset) where isMember(peer):
                copies.sender.wanted(digest, offset: offset, by: peer)
            case .copyPart(let digest, let offset, let bytes):
                copies.receiver.part(digest, offset: offset, bytes, from: peer)
            case .copyStaged(let digest): copies.sender.staged(digest, by: peer)
            case .copyGone(let digest): copies.receiver.gone(digest)
            case .keysWanted, .copyWanted: peers.refuse(peer, "it asks for what only members are given")
            }
        } catch {
            logger.error("a message of another node of the centre could not be taken: \(error)")
            if error.isFatal { stopping.fail("\(error)") }
        }
    }

    private func isMember(_ peer: ReplicaID) -> Bool { node.said.membership?.isMember(peer) ?? false }

    /// As `Centre.isUnknown`, by what the turns last said.
    private func isUnknown(_ peer: ReplicaID) -> Bool {
        guard let membership = node.said.membership, let standing = node.said.standing else { return false }
        let hasLeader = standing.role == .leader || standing.leader != nil
        return !membership.isEmpty && peer > membership.highest && hasLeader && standing.leader != peer
    }

    /// Whether the group has retired this number, as far as this node knows.
    func isRetired(_ peer: ReplicaID) -> Bool { node.said.membership?.isRetired(peer) ?? false }

    func ownState() -> PeerState {
        let said = node.said
        return PeerState(
            replica: replica, name: files.configuration.name, address: files.configuration.listen ?? "",
            applied: said.applied, term: said.standing?.term ?? 0, leader: said.standing?.leader,
            generation: generation.withLock { $0 })
    }

    // MARK: What follows from the group

    func became(_ standing: Replica.Standing) {
        let leader = standing.leader.flatMap { peers.name(of: $0) } ?? "nobody known"
        logger.notice(
            "\(standing.role) in term \(standing.term)", metadata: ["leader": "\(leader)"])
        isOpen.withLock { $0 = false }
        if standing.role != .leader { copies.sender.forget() }
        node.lines.broadcast(.centre(map(standing)))
    }

    /// The start of this lead stands in the log, and with it all that earlier leads sealed.
    func opened() {
        do throws(StorageError) {
            leaves.advance(to: try store.nextOwnLeaf())
            isOpen.withLock { $0 = true }
        } catch {
            stopping.fail("\(error)")
        }
    }

    /// Where the centre is reached, for territories; the leader first.
    func map(_ standing: Replica.Standing?) -> CentreMap {
        let members = node.said.membership?.members ?? [replica]
        let order = members.sorted { ($0 == standing?.leader ? 0 : 1, $0) < ($1 == standing?.leader ? 0 : 1, $1) }
        let addresses = order.compactMap { peers.address(of: $0) }.filter { !$0.isEmpty }
        return CentreMap(
            addresses: addresses, isLeader: standing?.role == .leader, generation: generation.withLock { $0 })
    }

    /// Now and then: learns the members from the log, tells territories, sees to copies and to addresses.
    func watchGroup() async {
        var told: CentreMap?
        while !Task.isCancelled {
            do {
                try learnMembers()
                let said = node.said
                let map = map(said.standing)
                if map != told {
                    told = map
                    node.lines.broadcast(.centre(map))
                }
                if said.standing?.role == .leader {
                    copies.sender.tick { said.caughtUp.contains($0) }
                    try await writeAddresses()
                }
                for peer in peers.connected() where isRetired(peer) {
                    peers.close(peer, reason: "number \(peer) is no member of the centre any more")
                }
                try await Task.sleep(for: .milliseconds(300))
            } catch is CancellationError {
                return
            } catch {
                logger.debug("the group cannot be looked after now: \(error)")
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func learnMembers() throws(StorageError) {
        let members = try store.members()
        peers.learn(
            members.map { .init(replica: $0.replica, name: $0.name, address: $0.address) },
            retired: Set(members.map(\.replica).filter(isRetired)))
        let held = try store.generation()
        generation.withLock { $0 = held }
    }

    /// The leader writes where each member listens, where that has changed or was never written.
    private func writeAddresses() async throws {
        let written = Dictionary(uniqueKeysWithValues: try store.members().map { ($0.replica, $0) })
        var wanted = [(replica, files.configuration.name, files.configuration.listen ?? "")]
        for member in node.said.membership?.members ?? [] {
            if let state = peers.lastState(of: member) { wanted.append((member, state.name, state.address)) }
        }
        for (member, name, address) in wanted
        where !address.isEmpty && written[member]?.address != address || written[member]?.name != name {
            let entry = ControlEntry.member(
                action: "listens", number: member.number, name: name, address: address, officer: name)
            _ = try await act([.control(entry)])
        }
    }

    // MARK: Asking the leader

    /// Waits for a leader for so long, where there is none.
    private static let patience = Duration.seconds(3)

    func asksLeader() async -> Bool {
        let begun = ContinuousClock.now
        while true {
            let standing = node.said.standing
            if standing?.role == .leader {
                if isOpen.withLock({ $0 }) { return false }
            } else if standing?.leader != nil {
                return true
            }
            if ContinuousClock.now - begun > Self.patience { return true }
            do {
                try await Task.sleep(for: .milliseconds(50))
            } catch {
                return true
            }
        }
    }

    func forward(_ request: [UInt8]) async throws(NodeError) -> [UInt8] {
        guard let leader = node.said.standing?.leader, leader != replica else { throw .noLeader }
        guard let answer = await peers.ask(leader, request) else {
            throw NodeError(
                .noLeader, "\(peers.name(of: leader) ?? "The leader") leads the centre and does not answer.",
                remedy: "Ask again in a moment, or ask it directly.", isDefinite: false)
        }
        return answer
    }
}

extension NodeError {
    static let noLeader = NodeError(
        .noLeader, "The centre has no leader now.",
        remedy: "Ask again in a moment; `esep cluster status` shows who is there.")
}
