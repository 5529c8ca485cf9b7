import Crypto
import CryptoExtras

/// The key of one epoch: every row of a keyring is wrapped under it, so destroying the epoch destroys them all.
package struct EpochKey: Hashable, Sendable {
    package static let nonceLength = 12

    package var number: UInt32
    package var key: Secret

    package init(number: UInt32, key: Secret) {
        self.number = number
        self.key = key
    }

    /// nonce (12) ‖ ciphertext ‖ tag (16). The nonce is drawn by the caller, anew for each row.
    ///
    /// `name` says which row this is (such as "author 7, node 12/5"): a row put in another's place does not open.
    package func wrap(_ material: [UInt8], name: String, nonce: [UInt8]) throws(SealingError) -> [UInt8] {
        precondition(nonce.count == Self.nonceLength, "a wrapping nonce has 12 bytes, not \(nonce.count)")
        do {
            let box = try AES.GCM.seal(
                material, using: key.symmetricKey, nonce: AES.GCM.Nonce(data: nonce), authenticating: label(name))
            return nonce + Sealing.joined(box)
        } catch {
            preconditionFailure("wrapping \(material.count) bytes failed: \(error)")
        }
    }

    package func unwrap(_ wrapped: [UInt8], name: String) throws(SealingError) -> [UInt8] {
        guard wrapped.count >= Self.nonceLength + Sealing.tagLength else { throw .truncated }
        do {
            let split = wrapped.count - Sealing.tagLength
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: wrapped[..<Self.nonceLength]),
                ciphertext: wrapped[Self.nonceLength..<split], tag: wrapped[split...])
            return Array(try AES.GCM.open(box, using: key.symmetricKey, authenticating: label(name)))
        } catch {
            throw .notAuthentic
        }
    }

    private func label(_ name: String) -> [UInt8] {
        Array("esep keyring".utf8) + bigEndianBytes(number) + Array(name.utf8)
    }
}

/// The epoch key under the operator's secret: the one small file beside the keyring.
///
///     offset  bytes  what
///          0      8  "esepslot"
///          8      1  version: 1
///          9      1  scrypt: log2 of the rounds
///         10      1  scrypt: block size
///         11      1  scrypt: parallelism
///         12     32  scrypt: salt
///         44      4  epoch number, big-endian
///         48     12  nonce
///         60     32  the epoch key, AES-256-GCM under the derived key; bytes 0 to 47 are the additional data
///         92     16  tag
///
/// Valid when it has exactly 108 bytes, the version is known, the rounds lie in 2^10…2^20 and the tag verifies.
package enum EpochSlot {
    package static let byteCount = 108
    package static let saltLength = 32
    private static let magic = Array("esepslot".utf8)
    private static let headLength = 48

    /// What derivation costs: memory of 128 × blockSize × 2^logRounds bytes (32 MiB as it stands).
    package struct Cost: Hashable, Sendable {
        package var logRounds: UInt8
        package var blockSize: UInt8
        package var parallelism: UInt8

        package init(logRounds: UInt8, blockSize: UInt8, parallelism: UInt8) {
            self.logRounds = logRounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        package static let standard = Cost(logRounds: 15, blockSize: 8, parallelism: 1)
        fileprivate static let allowedRounds: ClosedRange<UInt8> = 10...20
        fileprivate static let allowedBlocks: ClosedRange<UInt8> = 1...16
        fileprivate static let allowedLanes: ClosedRange<UInt8> = 1...4

        fileprivate var isAllowed: Bool {
            Self.allowedRounds.contains(logRounds) && Self.allowedBlocks.contains(blockSize)
                && Self.allowedLanes.contains(parallelism)
        }
    }

    package enum Failure: Error, Hashable, Sendable {
        /// Not a slot, cut short, or of a version this program does not know.
        case malformed
        /// The operator's secret is another one, or the file was changed.
        case wrongSecret
    }

    /// Salt (32 bytes) and nonce (12) are drawn by the caller.
    package static func seal(
        _ epoch: EpochKey, secret: [UInt8], salt: [UInt8], nonce: [UInt8], cost: Cost = .standard
    ) -> [UInt8] {
        precondition(salt.count == saltLength && nonce.count == EpochKey.nonceLength && cost.isAllowed)
        var bytes = magic
        bytes += [1, cost.logRounds, cost.blockSize, cost.parallelism]
        bytes += salt
        bytes += bigEndianBytes(epoch.number)
        do {
            let box = try AES.GCM.seal(
                epoch.key.bytes, using: derive(secret, salt: salt, cost: cost),
                nonce: AES.GCM.Nonce(data: nonce), authenticating: bytes)
            return bytes + nonce + Sealing.joined(box)
        } catch {
            preconditionFailure("sealing the epoch slot failed: \(error)")
        }
    }

    package static func open(_ slot: [UInt8], secret: [UInt8]) throws(Failure) -> EpochKey {
        guard slot.count == byteCount, slot.starts(with: magic), slot[8] == 1 else { throw .malformed }
        let cost = Cost(logRounds: slot[9], blockSize: slot[10], parallelism: slot[11])
        guard cost.isAllowed else { throw .malformed }
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: slot[48..<60]), ciphertext: slot[60..<92], tag: slot[92...])
            let key = try derive(secret, salt: Array(slot[12..<44]), cost: cost)
            let opened = try AES.GCM.open(box, using: key, authenticating: slot[..<headLength])
            let number = slot[44..<48].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            if let key = Secret(Array(opened)) {
                return EpochKey(number: number, key: key)
            }
        } catch {
            throw .wrongSecret
        }
        preconditionFailure("32 sealed bytes opened to another number of them")
    }

    private static func derive(_ secret: [UInt8], salt: [UInt8], cost: Cost) throws -> SymmetricKey {
        // Hashed first: scrypt keys an HMAC with it, to which a secret and the same with zeros behind it are one key.
        try KDF.Scrypt.deriveKey(
            from: Array(SHA256.hash(data: secret)), salt: salt, outputByteCount: 32, rounds: 1 << Int(cost.logRounds),
            blockSize: Int(cost.blockSize), parallelism: Int(cost.parallelism), maxMemory: 2 << 30)
    }
}
