import Synchronization

/// When each territory was last heard, and what it last said of itself. Not replicated: what this node has heard.
final class Contacts: Sendable {
    struct Contact: Sendable {
        var atMilliseconds: UInt64
        var backlog: UInt64?
        var isConnected: Bool
    }

    private let contacts = Mutex<[String: Contact]>([:])

    func heard(_ territory: String, at milliseconds: UInt64, backlog: UInt64? = nil) {
        contacts.withLock { contacts in
            let known = contacts[territory]?.backlog
            contacts[territory] = Contact(
                atMilliseconds: milliseconds, backlog: backlog ?? known, isConnected: true)
        }
    }

    func lost(_ territory: String) {
        contacts.withLock { $0[territory]?.isConnected = false }
    }

    subscript(_ territory: String) -> Contact? {
        contacts.withLock { $0[territory] }
    }
}
