import Consensus
import Foundation
import Logging
import Storage
import Synchronization
import Vault
import Wire

/// A follower's side of a copy: fetches it part by part into a file of its own, goes on where it broke, and lets it
/// count only when its digest is right. Nothing of the node's store is touched here.
final class CopyReceiver: Sendable {
    private struct State {
        var wanted: StoreCopy?
        var from: ReplicaID?
        var staged: StoreCopy?
        var lastPart = ContinuousClock.now
    }

    private let staging: StagedStore
    private let peers: Peers
    private let logger: Logger
    private let state = Mutex(State())
    /// Parts are written and digests taken one after another, off the lines' own threads.
    private let queue = DispatchQueue(label: "esep.centre.copy", qos: .utility)

    /// A transfer that stood still for so long may be begun anew by another offer.
    private static let patience = Duration.seconds(3)

    init(staging: StagedStore, peers: Peers, logger: Logger) {
        self.staging = staging
        self.peers = peers
        self.logger = logger
    }

    private var incoming: String { staging.path + ".part" }
    /// Which copy the part belongs to.
    private var label: String { staging.path + ".digest" }

    /// Whether the copy of this head lies here whole.
    func holds(_ head: SnapshotHead) -> Bool { state.withLock { $0.staged?.head == head } }

    func offered(_ copy: StoreCopy, by replica: ReplicaID) {
        queue.async { [self] in
            if state.withLock({ $0.staged }) == copy {
                peers.post(.copyStaged(digest: copy.digest), to: replica)
                return
            }
            let isUnderWay = state.withLock { state in
                state.wanted == copy && state.from == replica && .now - state.lastPart < Self.patience
            }
            if isUnderWay { return }
            begin(copy, from: replica)
        }
    }

    private func begin(_ copy: StoreCopy, from replica: ReplicaID) {
        do {
            let manager = FileManager.default
            let known = try? String(contentsOfFile: label, encoding: .utf8)
            if known != Hex.encode(copy.digest.bytes) {
                for stale in [incoming, staging.path, staging.indexPath] where manager.fileExists(atPath: stale) {
                    try manager.removeItem(atPath: stale)
                }
                try Hex.encode(copy.digest.bytes).write(toFile: label, atomically: true, encoding: .utf8)
            }
            if !manager.fileExists(atPath: incoming) {
                _ = manager.createFile(atPath: incoming, contents: nil, attributes: [.posixPermissions: 0o600])
            }
            let held = try manager.attributesOfItem(atPath: incoming)[.size] as? UInt64 ?? 0
            state.withLock { state in
                state.wanted = copy
                state.from = replica
                state.staged = nil
                state.lastPart = .now
            }
            logger.notice(
                "a copy of the leader's store is fetched",
                metadata: ["index": "\(copy.head.mark.index)", "bytes": "\(copy.bytes)", "held": "\(held)"])
            if held >= copy.bytes { finish(copy, from: replica) } else { ask(copy, held, replica) }
        } catch {
            logger.error("the copy of the leader's store cannot be kept: \(error)")
        }
    }

    private func ask(_ copy: StoreCopy, _ offset: UInt64, _ replica: ReplicaID) {
        peers.post(.copyWanted(digest: copy.digest, offset: offset), to: replica)
    }

    func part(_ digest: Digest, offset: UInt64, _ bytes: [UInt8], from replica: ReplicaID) {
        queue.async { [self] in
            guard let copy = state.withLock({ $0.from == replica ? $0.wanted : nil }), copy.digest == digest else {
                return
            }
            do {
                let file = try FileHandle(forWritingTo: URL(fileURLWithPath: incoming))
                let held = try file.seekToEnd()
                // A part that is here already, or one out of its turn, changes nothing.
                guard offset == held, held + UInt64(bytes.count) <= copy.bytes, !bytes.isEmpty else {
                    try file.close()
                    return
                }
                try file.write(contentsOf: Data(bytes))
                let end = held + UInt64(bytes.count)
                if end == copy.bytes { try file.synchronize() }
                try file.close()
                state.withLock { $0.lastPart = .now }
                if end == copy.bytes { finish(copy, from: replica) } else { ask(copy, end, replica) }
            } catch {
                logger.error("a part of the leader's store cannot be kept: \(error)")
            }
        }
    }

    private func finish(_ copy: StoreCopy, from replica: ReplicaID) {
        do {
            guard try FileParts.digest(of: incoming).0 == copy.digest else {
                logger.error("the copy of the leader's store came whole, and is not what was sent: it is thrown away")
                forget()
                return
            }
            if copy.indexBytes > 0 {
                try FileParts.split(incoming, at: copy.bytes - copy.indexBytes, to: staging.indexPath)
            }
            guard rename(incoming, staging.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
            state.withLock { state in
                state.wanted = nil
                state.staged = copy
            }
            peers.post(.copyStaged(digest: copy.digest), to: replica)
        } catch {
            logger.error("the copy of the leader's store cannot be kept: \(error)")
        }
    }

    /// The leader holds no such copy any more.
    func gone(_ digest: Digest) {
        queue.async { [self] in
            guard state.withLock({ $0.wanted?.digest }) == digest else { return }
            forget()
        }
    }

    private func forget() {
        state.withLock { state in
            state.wanted = nil
            state.from = nil
        }
        for path in [incoming, label] { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Throws away what an earlier run fetched and this one has no use for.
    static func clean(_ staging: StagedStore) {
        for path in [staging.path, staging.indexPath, staging.path + ".part", staging.path + ".digest"] {
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
