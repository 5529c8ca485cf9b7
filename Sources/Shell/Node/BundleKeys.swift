import Storage
import Vault

/// What a territory's node keeps in its keyring for bundles: the centre's key they are sealed to, and its own keys that
/// receipts are sealed to.
///
/// A receipt brings keys of blocks, so what opens it must not live for ever: the newest reply key is replaced at the
/// first export after a receipt has used it, and an older one goes with the next receipt. At most two are held.
struct BundleKeys {
    let keyring: Keyring

    struct Reply: Hashable {
        var number: UInt32
        var isUsed: Bool
        var secret: Secret
    }

    private static let epochName = "bundle epoch of the centre"
    private static let repliesName = "bundle replies"
    private static let replyBytes = 4 + 1 + Secret.byteCount
    private static let repliesMost = 2

    /// The centre's key of this number; one of a lower number than the one held changes nothing.
    func learn(_ number: UInt32, key: [UInt8]) throws(StorageError) {
        guard key.count == Envelope.keyLength, number > (try epoch()?.number ?? 0) else { return }
        try keyring.store(bigEndianBytes(number) + key, name: Self.epochName)
    }

    /// Nil before the centre has told one.
    func epoch() throws(StorageError) -> (number: UInt32, key: [UInt8])? {
        guard let bytes = try keyring.secret(Self.epochName) else { return nil }
        guard bytes.count == 4 + Envelope.keyLength else { throw damaged(Self.epochName) }
        return (bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }, Array(bytes[4...]))
    }

    /// The key an export names, drawn anew where the newest was used.
    func replyForExport() throws(StorageError) -> Reply {
        var held = try replies()
        if let newest = held.last, !newest.isUsed { return newest }
        let reply = Reply(number: (held.last?.number ?? 0) + 1, isUsed: false, secret: SystemRandom.secret())
        held.append(reply)
        try keep(held.suffix(Self.repliesMost))
        return reply
    }

    func reply(_ number: UInt32) throws(StorageError) -> Reply? {
        try replies().first { $0.number == number }
    }

    /// A receipt under this key was taken: those before it are of no more use.
    func used(_ number: UInt32) throws(StorageError) {
        var held = try replies().filter { $0.number >= number }
        guard let place = held.firstIndex(where: { $0.number == number }) else { return }
        held[place].isUsed = true
        try keep(held[...])
    }

    private func replies() throws(StorageError) -> [Reply] {
        guard let bytes = try keyring.secret(Self.repliesName) else { return [] }
        guard bytes.count.isMultiple(of: Self.replyBytes) else { throw damaged(Self.repliesName) }
        var replies: [Reply] = []
        for start in stride(from: 0, to: bytes.count, by: Self.replyBytes) {
            let row = bytes[start..<start + Self.replyBytes]
            guard let secret = Secret(Array(row.dropFirst(5))) else { throw damaged(Self.repliesName) }
            replies.append(
                Reply(
                    number: row.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }, isUsed: row[start + 4] == 1,
                    secret: secret))
        }
        return replies
    }

    private func keep(_ replies: ArraySlice<Reply>) throws(StorageError) {
        var bytes: [UInt8] = []
        for reply in replies {
            bytes += bigEndianBytes(reply.number)
            bytes.append(reply.isUsed ? 1 : 0)
            bytes += reply.secret.bytes
        }
        try keyring.store(bytes, name: Self.repliesName)
    }

    private func damaged(_ name: String) -> StorageError {
        .damaged(file: "keyring.sqlite", what: "the secret \(name)")
    }
}
