import Consensus
import Testing
import Vault
import Wire

struct PeerMessageTests {
    static let digest = Digest.of([7])

    static var copy: KeyringCopy {
        var copy = KeyringCopy()
        copy.nodes = [
            .init(author: 1, depth: 0, place: 0, key: MessageTests.secret!),
            .init(author: 5, depth: 40, place: 1 << 39, key: MessageTests.secret!),
        ]
        copy.punctured = [.init(author: 5, leaf: 0), .init(author: 5, leaf: 1 << 39)]
        copy.secrets = [.init(name: "authority", bytes: Array("pem".utf8)), .init(name: "empty", bytes: [])]
        return copy
    }

    static let all: [Message] = [
        .peer(
            .state(
                PeerState(
                    replica: 4, name: "centre-2", address: "10.0.0.2:7510", applied: 900, term: 3, leader: 1))),
        .peer(.state(PeerState(replica: 1, name: "", address: "", applied: 0, term: 0, leader: nil))),
        .peer(.keys(number: 9, copy)), .peer(.keys(number: 0, KeyringCopy())), .peer(.keysKept(number: 0)),
        .peer(.keysWanted),
        .peer(
            .copyOffered(
                StoreCopy(
                    head: SnapshotHead(
                        mark: Mark(index: 77, term: 2), membership: Membership(voters: [1, 2], learners: [9])),
                    bytes: 1 << 33, digest: digest))),
        .peer(.copyWanted(digest: digest, offset: 0)),
        .peer(.copyPart(digest: digest, offset: 1 << 20, bytes: [UInt8](repeating: 3, count: 1 << 20))),
        .peer(.copyStaged(digest: digest)), .peer(.copyGone(digest: digest)),
        .centre(CentreMap(addresses: ["127.0.0.1:1", "[::1]:2"], isLeader: true)),
        .centre(CentreMap(addresses: [], isLeader: false)),
        .centre(CentreMap(addresses: ["127.0.0.1:1"], isLeader: true, generation: 2)),
        .peer(
            .state(
                PeerState(
                    replica: 70, name: "centre-3", address: "10.0.0.3:7510", applied: 900, term: 9, leader: 70,
                    generation: 1))),
        .peer(
            .copyOffered(
                StoreCopy(
                    head: SnapshotHead(mark: Mark(index: 78, term: 2), membership: Membership(voters: [1])),
                    bytes: 1 << 33, indexBytes: 1 << 30, digest: digest))),
    ]

    @Test(arguments: all) func whatIsWrittenIsRead(message: Message) throws {
        #expect(try Message(decoding: message.encoded()) == message)
    }

    @Test(arguments: all) func aMessageCutShortIsRefusedAndNeverRead(message: Message) {
        let bytes = message.encoded()
        for length in stride(from: 2, to: min(bytes.count, 400), by: 1) {
            #expect(throws: WireError.self) { try Message(decoding: Array(bytes.prefix(length))) }
        }
    }

    @Test func bytesAfterTheMessageAreRefused() {
        let bytes = Message.peer(.keysWanted).encoded()
        #expect(throws: WireError.self) { try Message(decoding: bytes + bytes) }
        #expect(throws: WireError.self) { try Message(decoding: bytes + [0]) }
    }

    @Test func aCopyThatIsNothingButItsIndexIsRefused() {
        let copy = StoreCopy(
            head: SnapshotHead(mark: Mark(index: 78, term: 2), membership: Membership(voters: [1])), bytes: 1 << 20,
            indexBytes: 1 << 20, digest: Self.digest)
        #expect(throws: WireError.self) { try Message(decoding: Message.peer(.copyOffered(copy)).encoded()) }
    }

    @Test func termsAndIndicesThatNoHistoryReachesAreRefused() {
        let state = PeerState(
            replica: 1, name: "a", address: "b", applied: LogIndex(1 << 60), term: 1, leader: nil)
        #expect(throws: WireError.self) { try Message(decoding: Message.peer(.state(state)).encoded()) }
    }
}
