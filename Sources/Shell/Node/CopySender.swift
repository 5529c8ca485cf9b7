import Consensus
import Foundation
import Logging
import Roles
import Storage
import Synchronization
import Uplink
import Vault
import Wire

/// The leader's side of a copy: makes one of the store when a follower is too far behind for the log, and gives it out
/// part by part as the follower asks. One copy serves all who need one.
final class CopySender: Sendable {
    /// An offer that nobody has answered for so long is made again.
    private static let patience = Duration.seconds(5)

    private enum Stage {
        case waiting
        case offered(StoreCopy, at: ContinuousClock.Instant)
        /// The follower has it whole; the head is on its way through the log's own messages.
        case staged(StoreCopy, at: ContinuousClock.Instant)
    }

    private struct State {
        var copy: StoreCopy?
        var isMaking = false
        var followers: [ReplicaID: Stage] = [:]
    }

    private let path: String
    private let store: CentreStore
    private let peers: Peers
    private let give: @Sendable (CentreInput) -> Void
    /// The head of the log at an applied index, as the replica knows it.
    private let head: @Sendable (LogIndex) async -> SnapshotHead?
    private let logger: Logger
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "esep.centre.copies", qos: .utility)

    init(
        path: String, store: CentreStore, peers: Peers, logger: Logger, give: @escaping @Sendable (CentreInput) -> Void,
        head: @escaping @Sendable (LogIndex) async -> SnapshotHead?
    ) {
        self.path = path
        self.store = store
        self.peers = peers
        self.logger = logger
        self.give = give
        self.head = head
    }

    /// A follower needs a copy. One that lies here is offered again as long as the log goes on from it.
    func needed(by replica: ReplicaID) {
        state.withLock { $0.followers[replica] = .waiting }
        Task { await provide() }
    }

    /// This node does not lead any more, or closes: nobody is sent anything.
    func forget() {
        state.withLock { state in
            state.followers = [:]
            state.copy = nil
        }
        for path in [path, path + ".index"] { try? FileManager.default.removeItem(atPath: path) }
    }

    private func provide() async {
        let mayMake = state.withLock { state in
            defer { state.isMaking = true }
            return !state.isMaking
        }
        guard mayMake else { return }
        defer { state.withLock { $0.isMaking = false } }
        if let copy = state.withLock({ $0.copy }), await head(copy.head.mark.index) == copy.head {
            return offer(copy)
        }
        do {
            let begun = ContinuousClock.now
            // The log must go on from the copy when it arrives: nothing after this point is cut away meanwhile.
            give(.holdLog(true))
            let (applied, indexBytes) = try await made { [store, path] in
                try store.copyIndex(to: path + ".index")
                let applied = try store.copy(to: path)
                return (applied, try FileParts.move(path + ".index", toEndOf: path))
            }
            guard let head = await head(applied) else { return fail("the log no longer reaches back to the copy") }
            let (digest, bytes) = try await made { [path] in try FileParts.digest(of: path) }
            let copy = StoreCopy(head: head, bytes: bytes, indexBytes: indexBytes, digest: digest)
            state.withLock { $0.copy = copy }
            logger.notice(
                "a copy of the store is made for a follower",
                metadata: ["index": "\(applied)", "bytes": "\(bytes)", "took": "\(ContinuousClock.now - begun)"])
            offer(copy)
        } catch {
            fail("\(error)")
        }
    }

    /// Work that takes long, off the threads that all others share.
    private func made<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }

    private func offer(_ copy: StoreCopy) {
        let waiting = state.withLock { state -> [ReplicaID] in
            var waiting: [ReplicaID] = []
            for (replica, stage) in state.followers {
                guard case .waiting = stage else { continue }
                waiting.append(replica)
                state.followers[replica] = .offered(copy, at: .now)
            }
            return waiting.sorted()
        }
        for replica in waiting { peers.post(.copyOffered(copy), to: replica) }
    }

    private func fail(_ reason: String) {
        logger.error("no copy of the store can be made: \(reason)")
        let waiting = state.withLock { state in
            defer { state.followers = [:] }
            return state.followers.keys.sorted()
        }
        give(.holdLog(false))
        for replica in waiting { give(.snapshotFailed(to: replica)) }
    }

    // MARK: What followers say

    /// A line with a follower stands again: what was offered is offered again. Who has begun anew over the copy says at
    /// once that it has it, and is told the head again.
    func up(_ replica: ReplicaID) {
        switch state.withLock({ $0.followers[replica] }) {
        case .offered(let copy, _), .staged(let copy, _): offer(copy, again: replica)
        case .waiting, nil: break
        }
    }

    private func offer(_ copy: StoreCopy, again replica: ReplicaID) {
        state.withLock { $0.followers[replica] = .offered(copy, at: .now) }
        peers.post(.copyOffered(copy), to: replica)
    }

    /// Now and then, while this node leads.
    func tick(caughtUp: (ReplicaID) -> Bool) {
        let now = ContinuousClock.now
        let stages = state.withLock { $0.followers }
        for (replica, stage) in stages.sorted(by: { $0.key < $1.key }) {
            switch stage {
            case .staged where caughtUp(replica): done(replica)
            case .offered(let copy, let at) where now - at > Self.patience,
                .staged(let copy, let at) where now - at > Self.patience * 2:
                offer(copy, again: replica)
            default: break
            }
        }
    }

    func wanted(_ digest: Digest, offset: UInt64, by replica: ReplicaID) {
        guard let copy = state.withLock({ $0.copy }), copy.digest == digest, offset < copy.bytes else {
            peers.post(.copyGone(digest: digest), to: replica)
            return
        }
        state.withLock { state in
            if case .offered(let copy, _) = state.followers[replica] {
                state.followers[replica] = .offered(copy, at: .now)
            }
        }
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            try file.seek(toOffset: offset)
            let part = try file.read(upToCount: FileParts.bytes) ?? Data()
            peers.post(.copyPart(digest: digest, offset: offset, bytes: Array(part)), to: replica)
        } catch {
            logger.error("a part of the copy cannot be read: \(error)")
            peers.post(.copyGone(digest: digest), to: replica)
        }
    }

    func staged(_ digest: Digest, by replica: ReplicaID) {
        let head = state.withLock { state -> SnapshotHead? in
            guard case .offered(let copy, _) = state.followers[replica], copy.digest == digest else { return nil }
            state.followers[replica] = .staged(copy, at: .now)
            return copy.head
        }
        if let head { give(.snapshotReady(to: replica, head)) }
    }

    private func done(_ replica: ReplicaID) {
        let isLast = state.withLock { state in
            state.followers[replica] = nil
            return state.followers.isEmpty
        }
        if isLast {
            give(.holdLog(false))
            forget()
        }
    }
}
