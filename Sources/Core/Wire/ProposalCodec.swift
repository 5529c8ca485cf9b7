import FoundationEssentials
import Records
import SwiftProtobuf
import Vault

extension Proposal {
    package func encoded() -> [UInt8] {
        if case .told(let told) = payload { return encoded(told) }
        var message = ProtoProposal()
        message.leaderMilliseconds = leaderMilliseconds
        switch payload {
        case .batch(let batch):
            message.batch = ProtoUplinkBatch.with {
                $0.author = batch.author.number
                $0.first = batch.first
                $0.previous = Data(batch.previous.bytes)
                $0.digest = Data(batch.digest.bytes)
                $0.entries = batch.entries.map { Data($0) }
            }
        case .own(let entries):
            message.own = ProtoOwnEntries.with { $0.entries = entries.map { Data($0) } }
        case .told: break
        }
        return Proto.bytes(of: message)
    }

    package init(decoding bytes: [UInt8]) throws(WireError) {
        if let told = try Self.told(in: bytes) {
            self = told
            return
        }
        let message: ProtoProposal = try Proto.message(bytes, limit: Limits.frameBytes)
        leaderMilliseconds = message.leaderMilliseconds
        switch message.payload {
        case .batch(let batch):
            payload = .batch(
                Batch(
                    author: try Proto.author(batch.author),
                    first: try Proto.index(batch.first),
                    previous: try Proto.digest(batch.previous),
                    entries: try Proto.entries(batch.entries),
                    digest: try Proto.digest(batch.digest)))
        case .own(let own):
            payload = .own(try Proto.entries(own.entries, limit: Limits.decisionBytes))
        case nil:
            throw .missing("payload")
        }
    }
}

extension Proposal {
    /// The centre's own entries of a proposal; nil for a territory's batch, whose entries are not read here, and for
    /// what is no proposal.
    package static func ownEntries(in bytes: [UInt8]) -> [[UInt8]]? {
        let read = try? ProtoReader.reading(bytes) { (reader: inout ProtoReader) throws(WireError) -> Bool in
            while let tag = try reader.next() {
                guard tag.field == 1, tag.form == ProtoWriter.varintForm else { return tag.field == 3 }
                _ = try reader.varint()
            }
            return false
        }
        guard read == true, case .own(let entries)? = (try? Proposal(decoding: bytes))?.payload else { return nil }
        return entries
    }
}

/// The way between generated messages and ours: limits and ranges are checked here, once.
enum Proto {
    static func bytes(of message: some SwiftProtobuf.Message) -> [UInt8] {
        do {
            return try message.serializedBytes()
        } catch {
            // proto3 has no required fields, and 2 GiB are out of reach of every limit here.
            preconditionFailure("encoding failed: \(error)")
        }
    }

    static func message<M: SwiftProtobuf.Message>(_ bytes: [UInt8], limit: Int) throws(WireError) -> M {
        guard bytes.count <= limit else { throw .tooLarge("message", limit: limit) }
        do {
            return try M(serializedBytes: bytes)
        } catch {
            throw .malformed("\(error)")
        }
    }

    static func digest(_ data: Data) throws(WireError) -> Digest {
        guard let digest = Digest(Array(data)) else { throw .outOfRange("digest") }
        return digest
    }

    static func secret(_ data: Data) throws(WireError) -> Secret {
        guard let secret = Secret(Array(data)) else { throw .outOfRange("secret") }
        return secret
    }

    static func author(_ number: UInt32) throws(WireError) -> AuthorNumber {
        guard number > 0, number < 1 << 23 else { throw .outOfRange("author") }
        return AuthorNumber(number)
    }

    static func index(_ number: UInt64) throws(WireError) -> EntryIndex {
        guard number > 0, number < 1 << 40 else { throw .outOfRange("index") }
        return number
    }

    static func text(_ text: String, _ field: String) throws(WireError) -> String {
        guard text.utf8.count <= Limits.textBytes else { throw .tooLarge(field, limit: Limits.textBytes) }
        return text
    }

    /// The entries of one batch, within its limits.
    static func entries(_ entries: [Data], limit: Int = Limits.entryBytes) throws(WireError) -> [[UInt8]] {
        guard entries.count <= Limits.batchEntries else { throw .tooLarge("batch", limit: Limits.batchEntries) }
        var total = 0
        var bytes: [[UInt8]] = []
        bytes.reserveCapacity(entries.count)
        for entry in entries {
            guard entry.count <= limit else { throw .tooLarge("entry", limit: limit) }
            total += entry.count
            guard total <= Limits.batchBytes + Limits.entryBytes else {
                throw .tooLarge("batch", limit: Limits.batchBytes)
            }
            bytes.append(Array(entry))
        }
        return bytes
    }
}
