import FoundationEssentials
import Records
import SwiftProtobuf
import Vault

extension DownlinkItem {
    package func encoded() -> [UInt8] {
        var message = ProtoDownlinkItem()
        switch self {
        case .held(let held): return held.encoded()
        case .receipts(let receipts):
            message.receipts = receipts.message
        case .entry(let entry):
            message.foreign = ProtoForeign.with {
                $0.author = entry.at.author.number
                $0.index = entry.at.index
                $0.entry = Data(entry.bytes)
                $0.nonceSalt = entry.nonceSalt
                $0.granted = entry.granted.map { granted in
                    ProtoGrantedLeaf.with {
                        $0.leaf = granted.leaf
                        $0.key = Data(granted.key.bytes)
                    }
                }
            }
        case .notice(let notice):
            message.notice = ProtoNotice.with {
                $0.code = notice.code
                $0.text = notice.text
            }
        }
        return Proto.bytes(of: message)
    }

    package init(decoding bytes: [UInt8]) throws(WireError) {
        if bytes.first == HeldRecord.mark {
            self = .held(try HeldRecord(decoding: bytes))
            return
        }
        let message: ProtoDownlinkItem = try Proto.message(bytes, limit: Limits.batchBytes)
        switch message.item {
        case .receipts(let receipts):
            self = .receipts(try Receipts(receipts))
        case .foreign(let foreign):
            guard foreign.entry.count <= Limits.decisionBytes else {
                throw .tooLarge("entry", limit: Limits.decisionBytes)
            }
            guard foreign.granted.count <= Limits.blocks else { throw .tooLarge("granted", limit: Limits.blocks) }
            var granted: [ForeignEntry.GrantedLeaf] = []
            for leaf in foreign.granted {
                guard leaf.leaf < KeyTree.leafCount else { throw .outOfRange("leaf") }
                granted.append(.init(leaf: leaf.leaf, key: try Proto.secret(leaf.key)))
            }
            let at = LogAddress(author: try Proto.author(foreign.author), index: try Proto.index(foreign.index))
            self = .entry(
                ForeignEntry(at: at, bytes: Array(foreign.entry), nonceSalt: foreign.nonceSalt, granted: granted))
        case .notice(let notice):
            self = .notice(
                Notice(code: try Proto.text(notice.code, "code"), text: try Proto.text(notice.text, "text")))
        case nil:
            throw .missing("item")
        }
    }
}

extension Receipts {
    fileprivate var message: ProtoReceipts {
        ProtoReceipts.with {
            $0.author = author.number
            $0.first = first
            $0.year = UInt32(year)
            $0.confirmed = Self.packed(confirmed)
            $0.findings = findings.map { finding in
                ProtoFinding.with {
                    $0.offset = finding.offset
                    $0.code = finding.code
                    $0.field = finding.field
                    $0.severity = UInt32(finding.severity.rawValue)
                    $0.withdrawn = finding.isWithdrawn
                }
            }
        }
    }

    fileprivate init(_ message: ProtoReceipts) throws(WireError) {
        guard let year = UInt16(exactly: message.year) else { throw .outOfRange("year") }
        guard message.confirmed.count <= Limits.batchEntries, message.findings.count <= Limits.batchEntries else {
            throw .tooLarge("receipts", limit: Limits.batchEntries)
        }
        let first = try Proto.index(message.first)
        var findings: [Finding] = []
        for finding in message.findings {
            guard message.confirmed.isEmpty || finding.offset < message.confirmed.count else {
                throw .outOfRange("finding")
            }
            _ = try Proto.index(first + UInt64(finding.offset))
            guard let severity = UInt8(exactly: finding.severity).flatMap({ Finding.Severity(rawValue: $0) }) else {
                throw .outOfRange("severity")
            }
            findings.append(
                Finding(
                    offset: finding.offset, code: try Proto.text(finding.code, "code"),
                    field: try Proto.text(finding.field, "field"), severity: severity,
                    isWithdrawn: finding.withdrawn))
        }
        self.init(
            author: try Proto.author(message.author), first: first, year: year,
            confirmed: try Self.unpacked(message.confirmed), findings: findings)
    }

    /// See `Receipts.confirmed` in the schema: 0 for none, else 1 + zigzag of the step from the number expected.
    private static func packed(_ serials: [UInt32]) -> [UInt64] {
        var previous: Int64 = 0
        return serials.map { serial in
            guard serial != 0 else { return 0 }
            let step = Int64(serial) - (previous + 1)
            previous = Int64(serial)
            return 1 + UInt64(bitPattern: step << 1 ^ step >> 63)
        }
    }

    private static func unpacked(_ codes: [UInt64]) throws(WireError) -> [UInt32] {
        var previous: Int64 = 0
        var serials: [UInt32] = []
        serials.reserveCapacity(codes.count)
        for code in codes {
            guard code != 0 else {
                serials.append(0)
                continue
            }
            let folded = code - 1
            guard folded < 1 << 40 else { throw .outOfRange("confirmed number") }
            let step = Int64(folded >> 1) ^ -Int64(folded & 1)
            previous += 1 + step
            guard let serial = UInt32(exactly: previous), serial > 0 else { throw .outOfRange("confirmed number") }
            serials.append(serial)
        }
        return serials
    }
}
