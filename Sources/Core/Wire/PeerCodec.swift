import Consensus
import Uplink
import Vault

/// Peer messages ↔ bytes (`Schema/message.proto`, fields 18, 19, 22 and 23). Written by hand: a part of a copy is a
/// megabyte that must not be copied through generated types.
enum PeerCodec {
    static let peerField = 18
    static let mapField = 19
    static let bundleKeyField = 22
    static let lineCapField = 23

    /// Nil where the bytes are of another message.
    static func decode(_ bytes: [UInt8]) throws(WireError) -> Message? {
        // Field and form of these take two bytes, which no other message begins with.
        guard bytes.count >= 2, bytes[1] == 1, [0x92, 0x9A, 0xB2, 0xBA].contains(bytes[0]) else { return nil }
        guard bytes.count <= Limits.frameBytes else { throw .tooLarge("message", limit: Limits.frameBytes) }
        return try ProtoReader.reading(bytes) { (reader: inout ProtoReader) throws(WireError) in
            guard let tag = try reader.next(), tag.form == ProtoWriter.lengthForm else { throw .missing("message") }
            let message: Message
            switch tag.field {
            case peerField: message = .peer(try reader.peer())
            case mapField: message = .centre(try reader.map())
            case bundleKeyField: message = .bundleKey(try reader.bundleKey())
            default: message = .lineCap(try reader.lineCap())
            }
            guard reader.isAtEnd else { throw .unknownField(0, of: "message") }
            return message
        }
    }

    static func encode(_ peer: PeerMessage) -> [UInt8] {
        var writer = ProtoWriter(reserving: 64)
        writer.nested(peerField) { $0.peer(peer) }
        return writer.bytes
    }

    static func encode(_ key: BundleKey) -> [UInt8] {
        var writer = ProtoWriter(reserving: 64)
        writer.nested(bundleKeyField) { writer in
            writer.number(1, key.number)
            writer.blob(2, key.key)
        }
        return writer.bytes
    }

    static func encode(_ cap: LineCap) -> [UInt8] {
        var writer = ProtoWriter(reserving: 16)
        writer.nested(lineCapField) { writer in
            writer.number(1, cap.bytesPerSecond)
            writer.number(2, cap.from)
            writer.number(3, cap.to)
        }
        return writer.bytes
    }

    static func encode(_ map: CentreMap) -> [UInt8] {
        var writer = ProtoWriter(reserving: 64)
        writer.nested(mapField) { writer in
            for address in map.addresses { writer.presentText(1, address) }
            if map.isLeader { writer.present(2, 1) }
            writer.number(3, map.generation)
        }
        return writer.bytes
    }
}

extension KeyringCopy {
    /// For a joiner's answer, where the keys are one field of another message.
    package func encoded() -> [UInt8] {
        var writer = ProtoWriter(reserving: 256)
        writer.keys(self)
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(WireError) {
        guard bytes.count <= Limits.frameBytes else { throw .tooLarge("keys", limit: Limits.frameBytes) }
        self = try ProtoReader.reading(bytes) { (reader: inout ProtoReader) throws(WireError) in try reader.keys() }
    }
}

extension ProtoWriter {
    fileprivate mutating func peer(_ peer: PeerMessage) {
        switch peer {
        case .state(let state):
            nested(1) { writer in
                writer.number(1, state.replica.number)
                writer.text(2, state.name)
                writer.text(3, state.address)
                writer.number(4, state.applied.number)
                writer.number(5, state.term.number)
                writer.number(6, state.leader?.number ?? 0)
                writer.number(7, state.generation)
            }
        case .keys(let number, let copy):
            nested(2) { writer in
                writer.number(1, number)
                writer.nested(2) { $0.keys(copy) }
            }
        case .keysKept(let number): present(3, number)
        case .keysWanted: present(4, 1)
        case .copyOffered(let copy):
            nested(5) { writer in
                writer.number(1, copy.head.mark.index.number)
                writer.number(2, copy.head.mark.term.number)
                writer.blob(3, copy.head.membership.bytes)
                writer.number(4, copy.bytes)
                writer.blob(5, copy.digest.bytes)
                writer.number(6, copy.indexBytes)
            }
        case .copyWanted(let digest, let offset): part(6, digest, offset, [])
        case .copyPart(let digest, let offset, let bytes): part(7, digest, offset, bytes)
        case .copyStaged(let digest): part(8, digest, 0, [])
        case .copyGone(let digest): part(9, digest, 0, [])
        }
    }

    private mutating func part(_ field: Int, _ digest: Digest, _ offset: UInt64, _ bytes: [UInt8]) {
        nested(field) { writer in
            writer.blob(1, digest.bytes)
            writer.number(2, offset)
            writer.blob(3, bytes)
        }
    }

    fileprivate mutating func keys(_ copy: KeyringCopy) {
        for node in copy.nodes {
            nested(1) { writer in
                writer.number(1, node.author)
                writer.number(2, node.depth)
                writer.number(3, node.place)
                writer.blob(4, node.key.bytes)
            }
        }
        for leaf in copy.punctured {
            nested(2) { writer in
                writer.number(1, leaf.author)
                writer.number(2, leaf.leaf)
            }
        }
        for secret in copy.secrets {
            nested(3) { writer in
                writer.text(1, secret.name)
                writer.blob(2, secret.bytes)
            }
        }
    }
}

extension ProtoReader {
    fileprivate mutating func peer() throws(WireError) -> PeerMessage {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            guard let tag = try reader.next() else { throw .missing("peer") }
            let message: PeerMessage
            switch (tag.field, tag.form) {
            case (1, ProtoWriter.lengthForm): message = .state(try reader.state())
            case (2, ProtoWriter.lengthForm):
                var number: UInt64 = 0
                var copy = KeyringCopy()
                try reader.fields { (reader, field) throws(WireError) in
                    switch field {
                    case 1: number = try reader.varint()
                    case 2:
                        copy = try reader.nested { (reader: inout ProtoReader) throws(WireError) in try reader.keys() }
                    default: throw .unknownField(field, of: "Keys")
                    }
                }
                message = .keys(number: number, copy)
            case (3, ProtoWriter.varintForm): message = .keysKept(number: try reader.varint())
            case (4, ProtoWriter.varintForm):
                guard try reader.flag() else { throw .outOfRange("flag") }
                message = .keysWanted
            case (5, ProtoWriter.lengthForm): message = .copyOffered(try reader.storeCopy())
            case (6, ProtoWriter.lengthForm):
                let part = try reader.part()
                message = .copyWanted(digest: part.digest, offset: part.offset)
            case (7, ProtoWriter.lengthForm):
                let part = try reader.part()
                message = .copyPart(digest: part.digest, offset: part.offset, bytes: part.bytes)
            case (8, ProtoWriter.lengthForm): message = .copyStaged(digest: try reader.part().digest)
            case (9, ProtoWriter.lengthForm): message = .copyGone(digest: try reader.part().digest)
            default: throw .unknownField(tag.field, of: "Peer")
            }
            guard reader.isAtEnd else { throw .unknownField(0, of: "Peer") }
            return message
        }
    }

    fileprivate mutating func map() throws(WireError) -> CentreMap {
        var map = CentreMap(addresses: [], isLeader: false)
        try fields { (reader, field) throws(WireError) in
            switch field {
            case 1:
                guard map.addresses.count < Membership.membersMax else {
                    throw .tooLarge("addresses", limit: Membership.membersMax)
                }
                map.addresses.append(try reader.shortText("address"))
            case 2: map.isLeader = try reader.flag()
            case 3: map.generation = try reader.integer("generation")
            default: throw .unknownField(field, of: "Centre")
            }
        }
        return map
    }

    fileprivate mutating func lineCap() throws(WireError) -> LineCap {
        var cap = LineCap()
        try fields { (reader, field) throws(WireError) in
            switch field {
            case 1: cap.bytesPerSecond = try reader.integer("rate")
            case 2: cap.from = try reader.integer("from")
            case 3: cap.to = try reader.integer("to")
            default: throw .unknownField(field, of: "LineCap")
            }
        }
        guard cap.isWellFormed else { throw .outOfRange("cap") }
        return cap
    }

    fileprivate mutating func bundleKey() throws(WireError) -> BundleKey {
        var key = BundleKey(number: 0, key: [])
        try fields { (reader, field) throws(WireError) in
            switch field {
            case 1: key.number = try reader.integer("number")
            case 2: key.key = try reader.blob()
            default: throw .unknownField(field, of: "BundleKey")
            }
        }
        guard key.number > 0, key.key.count == Envelope.keyLength else { throw .outOfRange("key") }
        return key
    }

    private mutating func state() throws(WireError) -> PeerState {
        var state = PeerState(replica: 0, name: "", address: "", applied: 0, term: 0, leader: nil)
        try fields { (reader, field) throws(WireError) in
            switch field {
            case 1: state.replica = ReplicaID(try reader.varint())
            case 2: state.name = try reader.shortText("name")
            case 3: state.address = try reader.shortText("address")
            case 4: state.applied = LogIndex(try Proto.counter(try reader.varint()))
            case 5: state.term = Term(try Proto.counter(try reader.varint()))
            case 6: state.leader = ReplicaID(try reader.varint())
            case 7: state.generation = try reader.integer("generation")
            default: throw .unknownField(field, of: "State")
            }
        }
        return state
    }

    private mutating func storeCopy() throws(WireError) -> StoreCopy {
        var mark = Mark.zero
        var membership: Membership?
        var bytes: UInt64 = 0
        var indexBytes: UInt64 = 0
        var digest: Digest?
        try fields { (reader, field) throws(WireError) in
            switch field {
            case 1: mark.index = LogIndex(try Proto.counter(try reader.varint()))
            case 2: mark.term = Term(try Proto.counter(try reader.varint()))
            case 3: membership = Membership(bytes: try reader.blob())
            case 4: bytes = try reader.varint()
            case 5: digest = Digest(try reader.blob())
            case 6: indexBytes = try reader.varint()
            default: throw .unknownField(field, of: "Copy")
            }
        }
        guard let membership, let digest, bytes > indexBytes else { throw .outOfRange("copy") }
        return StoreCopy(
            head: SnapshotHead(mark: mark, membership: membership), bytes: bytes, indexBytes: indexBytes,
            digest: digest)
    }

    private mutating func part() throws(WireError) -> (digest: Digest, offset: UInt64, bytes: [UInt8]) {
        var digest: Digest?
        var offset: UInt64 = 0
        var bytes: [UInt8] = []
        try fields { (reader, field) throws(WireError) in
            switch field {
            case 1: digest = Digest(try reader.blob())
            case 2: offset = try Proto.counter(try reader.varint())
            case 3: bytes = try reader.blob()
            default: throw .unknownField(field, of: "Part")
            }
        }
        guard let digest else { throw .missing("digest") }
        return (digest, offset, bytes)
    }

    /// Every field of the message within; the reader of a field must take its value.
    private mutating func fields(
        _ read: (inout ProtoReader, Int) throws(WireError) -> Void
    ) throws(WireError) {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            while let tag = try reader.next() { try read(&reader, tag.field) }
        }
    }

    fileprivate mutating func keys() throws(WireError) -> KeyringCopy {
        var copy = KeyringCopy()
        while let tag = try next() {
            switch tag.field {
            case 1:
                var node = (author: UInt32(0), depth: UInt8(0), place: UInt64(0), key: Secret?.none)
                try fields { (reader, field) throws(WireError) in
                    switch field {
                    case 1: node.author = try reader.integer("author")
                    case 2: node.depth = try reader.integer("depth")
                    case 3: node.place = try reader.varint()
                    case 4: node.key = Secret(try reader.blob())
                    default: throw .unknownField(field, of: "Node")
                    }
                }
                guard let key = node.key, node.author > 0 else { throw .outOfRange("key") }
                copy.nodes.append(.init(author: node.author, depth: node.depth, place: node.place, key: key))
            case 2:
                var leaf = KeyringCopy.Leaf(author: 0, leaf: 0)
                try fields { (reader, field) throws(WireError) in
                    switch field {
                    case 1: leaf.author = try reader.integer("author")
                    case 2: leaf.leaf = try reader.varint()
                    default: throw .unknownField(field, of: "Leaf")
                    }
                }
                copy.punctured.append(leaf)
            case 3:
                var named = KeyringCopy.Named(name: "", bytes: [])
                try fields { (reader, field) throws(WireError) in
                    switch field {
                    case 1: named.name = try reader.shortText("name")
                    case 2: named.bytes = try reader.blob()
                    default: throw .unknownField(field, of: "Named")
                    }
                }
                copy.secrets.append(named)
            default: throw .unknownField(tag.field, of: "Keys")
            }
        }
        return copy
    }
}
