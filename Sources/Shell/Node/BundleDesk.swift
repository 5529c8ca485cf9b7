import Foundation
import Storage
import Uplink
import Vault
import Wire

/// What lies staged at a node of the centre: frames as they came, sealed, in the folder `bundles`, and for each author
/// what its next receipt is sealed to. Durable before anyone is told; what is in the folder at a start is staged.
///
///     AUTHOR-FIRST-LAST-DIGEST.frame   a frame; the digest is the beginning of its SHA-256
///     AUTHOR.reply                     number of the reply key (4) ‖ key (32) ‖ downlink taken (8) ‖ written (8, ms)
///
/// One at a time may change it: whoever does is let in by `enter` and says `leave`.
actor BundleDesk {
    struct Reply: Hashable {
        var word: BundleFrame.Reply
        var wallMilliseconds: UInt64
    }

    private let folder: String
    private var staged: [UInt32: BundleStaging]?
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// Callers who wait for their turn; more are told to come again.
    private static let waitingMost = 64
    private static let replyBytes = 4 + Envelope.keyLength + 16

    init(folder: String) {
        self.folder = folder
    }

    // MARK: One at a time

    func enter() async throws(NodeError) {
        if isTaken {
            guard waiting.count < Self.waitingMost else {
                throw NodeError(.busy, "Other bundles are being imported.", remedy: "Import this one again shortly.")
            }
            // Whoever leaves hands its place on: it stays taken.
            await withCheckedContinuation { waiting.append($0) }
        }
        isTaken = true
    }

    func leave() {
        guard waiting.isEmpty else { return waiting.removeFirst().resume() }
        isTaken = false
    }

    // MARK: What lies here

    /// Authors with something staged, ascending.
    func authors() throws(NodeError) -> [UInt32] { try all().filter { !$0.value.pieces.isEmpty }.keys.sorted() }

    func staging(of author: UInt32) throws(NodeError) -> BundleStaging { try all()[author] ?? BundleStaging() }

    /// Stages a frame; one that lies here already changes nothing.
    func stage(_ bytes: [UInt8], author: UInt32, first: UInt64, last: UInt64) throws(NodeError) {
        let digest = Digest.of(bytes).hex.prefix(16)
        let piece = BundleStaging.Piece(
            first: first, last: last, name: "\(author)-\(first)-\(last)-\(digest).frame", bytes: bytes.count)
        var staging = try staging(of: author)
        switch staging.admission(of: piece) {
        case .covered: return
        case .full:
            throw NodeError(
                .refused,
                "\(staging.pieces.count) pieces of author \(author)'s log wait staged already: there is no room.",
                remedy: "Import first what lacks before them: `esep bundle status` names it.", field: "bundle")
        case .staged: break
        }
        try NodeError.translating { () throws(StorageError) in try SmallFile.replace(path(piece.name), with: bytes) }
        staging.add(piece)
        staged?[author] = staging
    }

    func read(_ piece: BundleStaging.Piece) throws(NodeError) -> [UInt8] {
        let bytes = try NodeError.translating { () throws(StorageError) in
            try SmallFile.read(path(piece.name), limit: piece.bytes)
        }
        guard let bytes else { throw NodeError(.damaged, "The staged frame \(piece.name) is not there any more.") }
        return bytes
    }

    func drop(_ piece: BundleStaging.Piece, of author: UInt32) throws(NodeError) {
        var staging = try staging(of: author)
        staging.remove(piece)
        staged?[author] = staging
        try NodeError.translating { () throws(StorageError) in try SmallFile.remove([path(piece.name)]) }
    }

    // MARK: Replies

    func reply(to author: UInt32) throws(NodeError) -> Reply? {
        let path = path("\(author).reply")
        let bytes = try NodeError.translating { () throws(StorageError) in
            try SmallFile.read(path, limit: Self.replyBytes)
        }
        guard let bytes else { return nil }
        guard bytes.count == Self.replyBytes else { throw NodeError(.damaged, "\(path) is not what was written.") }
        func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        return Reply(
            word: BundleFrame.Reply(
                downlink: number(36..<44), number: UInt32(number(0..<4)), key: Array(bytes[4..<36])),
            wallMilliseconds: number(44..<52))
    }

    /// The newest word of the node counts, whatever order its frames come in.
    func keep(_ frame: BundleFrame) throws(NodeError) {
        _ = try all()
        let word = frame.reply
        if let held = try reply(to: frame.author),
            (held.word.number, held.wallMilliseconds) >= (word.number, frame.wallMilliseconds)
        {
            return
        }
        let bytes =
            bigEndianBytes(word.number) + word.key + bigEndianBytes(word.downlink)
            + bigEndianBytes(frame.wallMilliseconds)
        try NodeError.translating { () throws(StorageError) in
            try SmallFile.replace(path("\(frame.author).reply"), with: bytes)
        }
    }

    // MARK: The folder

    private func path(_ name: String) -> String { folder + "/" + name }

    private func all() throws(NodeError) -> [UInt32: BundleStaging] {
        if let staged { return staged }
        var found: [UInt32: BundleStaging] = [:]
        do {
            if !FileManager.default.fileExists(atPath: folder) {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try SmallFile.syncFolder(of: folder)
            }
            for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
                guard let (author, piece) = Self.piece(name, folder: folder) else { continue }
                found[author, default: BundleStaging()].add(piece)
            }
        } catch {
            throw NodeError(.damaged, "The folder \(folder) cannot be made or read: \(error).")
        }
        staged = found
        return found
    }

    private static func piece(_ name: String, folder: String) -> (UInt32, BundleStaging.Piece)? {
        let parts = name.split(separator: ".")
        guard parts.count == 2, parts[1] == "frame" else { return nil }
        let words = parts[0].split(separator: "-")
        guard words.count == 4, let author = UInt32(words[0]), let first = UInt64(words[1]),
            let last = UInt64(words[2]), first >= 1, last >= first,
            let size = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)[.size] as? Int
        else { return nil }
        return (author, BundleStaging.Piece(first: first, last: last, name: name, bytes: size))
    }
}
