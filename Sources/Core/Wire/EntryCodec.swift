import Law
package import Records

/// Entries ↔ bytes: the very bytes that are stored, sent and chained (`Schema/entry.proto`).
///
///     Entry      1 fixed64  stamp: 48 bits of milliseconds, 16 of counter
///                2 varint   seen: the downlink position
///                one of 3 Document, 4 Access, 5 Control
///                6 Origin {1 author, 2 index, 3 digest}: only in an entry that was moved from another log
///     Document   1 act   2 record (16 bytes, big-endian)   3 kind   4 edition (zigzag day)   5 year   6 serial
///                7 sender   8 document   9 writes, each a Write (see `WriteFields.swift`)   10 blocks
///     Block      1 leaf   2 slot   3 raw length   4 sealed: ciphertext and tag
///     Access     1 officer   2 action   3 subjects (packed fixed64)   4 position   5 block
///     Control    one of 1 Started {1 nonce salt (fixed64), 2 software}
///                2 TokenIssued {1 hash, 2 role, 3 territory, 4 expires, 5 officer}
///                3 Seated {1 token hash, 2 name, 3 role, 4 territory, 5 author, 6 seat}
///                4 Decision (see `DecisionCodec`)
///                15 Member {1 action, 2 number, 3 name, 4 address, 5 officer}
///                16 Recovered {1 generation, 2 number, 3 name, 4 address, 5 kept, 6 officer}
///                18 BundleEpoch {1 number, 2 key, 3 open from, 4 officer}
///                19 Territory {1 verb, 2 territory, 3 successor, 4 name, 5 Act, 6 rate, 7 from, 8 to}
///                20 Transferred {1 record, 2 to, 3 releases (packed addresses), 4 Act}
///                21 Reseated {1 secret hash, 2 name, 3 territory, 4 former, 5 cause, 6 author, 7 seat}
///     Act        1 number   2 date (zigzag day)   3 basis   4 officer
///
/// Valid when every field is known, fields ascend, zeros and empty texts are left out, varints are shortest and no
/// limit is passed: then, and only then, encoding what was read gives the same bytes. There is no body that writes an
/// account, so an entry that claims to is refused here (design §8).
package enum EntryCodec {
    package static func encode(_ entry: Entry) -> [UInt8] {
        var writer = ProtoWriter(reserving: 512)
        writer.fixed(1, entry.stamp.bits)
        writer.number(2, entry.seen)
        switch entry.body {
        case .document(let document): writer.nested(3) { $0.document(document) }
        case .access(let access): writer.nested(4) { $0.access(access) }
        case .control(let control): writer.nested(5) { $0.control(control) }
        }
        if let origin = entry.origin {
            writer.nested(6) { writer in
                writer.number(1, origin.at.author.number)
                writer.number(2, origin.at.index)
                writer.blob(3, origin.digest)
            }
        }
        return writer.bytes
    }

    package static func decode(_ bytes: [UInt8]) throws(WireError) -> Entry {
        let limit = bytes.count > Limits.entryBytes && isDecision(bytes) ? Limits.decisionBytes : Limits.entryBytes
        guard bytes.count <= limit else { throw .tooLarge("entry", limit: limit) }
        let entry = try ProtoReader.reading(bytes) { (reader: inout ProtoReader) throws(WireError) in
            try reader.entry()
        }
        guard encode(entry).isSame(as: bytes) else { throw .notCanonical }
        return entry
    }

    /// Whether the head says so: looked at before an entry is read that only a decision may be as large as.
    private static func isDecision(_ bytes: [UInt8]) -> Bool {
        let control = try? ProtoReader.reading(bytes) { (reader: inout ProtoReader) throws(WireError) in
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.fixed64Form): _ = try reader.fixed64()
                case (2, ProtoWriter.varintForm): _ = try reader.varint()
                case (5, ProtoWriter.lengthForm):
                    return try reader.nested { (reader: inout ProtoReader) throws(WireError) in
                        try reader.next()?.field == 4
                    }
                default: return false
                }
            }
            return false
        }
        return control ?? false
    }
}

extension ProtoWriter {
    fileprivate mutating func document(_ document: DocumentEntry) {
        number(1, document.act.rawValue)
        tag(2, Self.lengthForm)
        varint(16)
        fixed64(document.record.high.byteSwapped)
        fixed64(document.record.low.byteSwapped)
        text(3, document.kind)
        number(4, Self.zigzag(Int64(document.edition.number)))
        number(5, document.number.year)
        number(6, document.number.serial)
        text(7, document.sender)
        text(8, document.document)
        writes(9, document.writes)
        for block in document.blocks {
            nested(10) { $0.block(block) }
        }
    }

    fileprivate mutating func block(_ block: SealedBlock) {
        number(1, block.leaf)
        number(2, block.slot)
        number(3, block.rawLength)
        blob(4, block.sealed)
    }

    fileprivate mutating func access(_ access: AccessEntry) {
        text(1, access.officer)
        text(2, access.action)
        if !access.subjects.isEmpty {
            tag(3, Self.lengthForm)
            varint(UInt64(access.subjects.count) * 8)
            for subject in access.subjects {
                fixed64(subject)
            }
        }
        number(4, access.position)
        if let block = access.block {
            nested(5) { $0.block(block) }
        }
    }

    fileprivate mutating func control(_ control: ControlEntry) {
        switch control {
        case .started(let nonceSalt, let software):
            nested(1) { writer in
                writer.fixed(1, nonceSalt)
                writer.text(2, software)
            }
        case .tokenIssued(let hash, let role, let territory, let expires, let officer):
            nested(2) { writer in
                writer.blob(1, hash)
                writer.text(2, role)
                writer.text(3, territory)
                writer.number(4, expires)
                writer.text(5, officer)
            }
        case .seated(let tokenHash, let name, let role, let territory, let author, let seat):
            nested(3) { writer in
                writer.blob(1, tokenHash)
                writer.text(2, name)
                writer.text(3, role)
                writer.text(4, territory)
                writer.number(5, author.number)
                writer.number(6, seat)
            }
        case .member(let action, let number, let name, let address, let officer):
            nested(15) { writer in
                writer.text(1, action)
                writer.number(2, number)
                writer.text(3, name)
                writer.text(4, address)
                writer.text(5, officer)
            }
        case .decision(let decision):
            nested(4) { $0.decision(decision) }
        case .recovered(let recovery):
            nested(16) { writer in
                writer.number(1, recovery.generation)
                writer.number(2, recovery.number)
                writer.text(3, recovery.name)
                writer.text(4, recovery.address)
                writer.number(5, recovery.kept)
                writer.text(6, recovery.officer)
            }
        case .bundleEpoch(let epoch):
            nested(18) { $0.bundleEpoch(epoch) }
        case .reseated(let hash, let name, let territory, let former, let cause, let author, let seat):
            nested(21) { writer in
                writer.blob(1, hash)
                writer.text(2, name)
                writer.text(3, territory)
                writer.number(4, former.number)
                writer.number(5, cause.rawValue)
                writer.number(6, author.number)
                writer.number(7, seat)
            }
        case .territory(let act):
            nested(19) { $0.territoryAct(act) }
        case .transferred(let transfer):
            nested(20) { $0.transfer(transfer) }
        }
    }
}
