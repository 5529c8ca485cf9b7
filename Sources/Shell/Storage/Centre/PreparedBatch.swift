import Accounts
import Law
package import Records
import Roles
package import Uplink
package import Vault
import Wire

/// What can be known of a proposal before it is applied, and on another core: decoded, chained, opened, folded.
/// Nothing in it depends on other records; what does is decided when it is applied.
package struct PreparedBatch: Sendable {
    package var leaderMilliseconds: UInt64
    package var content: Content
    /// How many editions the preparer knew.
    package var editions: Int

    package init(leaderMilliseconds: UInt64, content: Content, editions: Int = 0) {
        self.leaderMilliseconds = leaderMilliseconds
        self.content = content
        self.editions = editions
    }

    package enum Content: Sendable {
        /// Entries of a territory's author, from `first`, continuing `previous`.
        case batch(author: AuthorNumber, first: EntryIndex, previous: Digest, digest: Digest, [PreparedEntry])
        /// Entries of the centre's own author: they get their addresses when applied.
        case own([OwnEntry])
        /// What a territory was told of entries that are lost.
        case told(Told)
        /// What cannot be read: nothing of it is taken.
        case rejected(author: AuthorNumber?, reason: String)
    }
}

/// One of the centre's own, read; what cannot be is refused when it is applied, and counts as an entry of its log.
package struct OwnEntry: Sendable {
    var bytes: [UInt8]
    var read: Result<Entry, WireError>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        do throws(WireError) {
            read = .success(try EntryCodec.decode(bytes))
        } catch {
            read = .failure(error)
        }
    }

    /// It says that a node is seated: the keys of its author must be in hand before more is prepared.
    package var isSeating: Bool {
        if case .success(let entry) = read, case .control(.seated) = entry.body { true } else { false }
    }
}

extension PreparedBatch {
    package var isSeating: Bool {
        if case .own(let entries) = content { entries.contains(where: \.isSeating) } else { false }
    }
}

/// One entry with its bytes as they came.
package struct PreparedEntry: Sendable {
    package var at: LogAddress
    package var bytes: [UInt8]
    package var stamp: Stamp
    /// Stamped later than the leader's clock allows: accounted on the centre's date, yields in what is shown.
    package var isSuspect: Bool
    package var body: Body
    /// Where it stood before it was moved; nil for what was written where it stands.
    package var origin: Origin?

    package enum Body: Sendable {
        case document(PreparedDocument)
        case access(AccessEntry)
        case control(ControlEntry)
    }
}

package struct PreparedDocument: Sendable {
    var entry: DocumentEntry
    var opened: [OpenedBlock]
    /// The identity of this very document, and a blind digest of its content.
    var identity: RecordID
    var content: Token
    /// The record as this entry alone makes it; nil where no catalogue edition here knows the kind.
    var alone: DescribedRecord?

    var openedWrites: [Write] { opened.flatMap(\.writes) }
}

/// A merged record in the forms that the store keeps: made the same way from one entry and from many.
struct DescribedRecord: Sendable {
    var kind: CardKind
    var edition: Edition
    /// `SENDER/DOCUMENT` of the opening document; its sender and document.
    var sender: String
    var document: String
    /// Some opening is no zero report: the record counts.
    var isCounted: Bool
    var isOpened: Bool
    var isCancelled: Bool
    var accounted: Day
    /// The document that opened it came after its term (rule V006).
    var isLate: Bool
    var accepted: Stamp
    var values: Values
    var discrepancies: [FieldNumber]
    var parties: [DescribedParty]
    /// Key fields and plates: they lead to the record.
    var keys: [Token]
    /// Lead to records that speak of this one's persons and may have come before it.
    var awaiting: [Token]
    /// Under which findings about other records wait for this one.
    var heard: [Token] = []
    /// Under which terms, and for which records by name, rules about it will look.
    var asking = Asking()
    /// Of its kind, in the catalogue's order of columns.
    var facts: [FactValue] = []
    /// The greatest stamp among its entries.
    var latest: Stamp
    /// What it says to the accounts.
    var claims: [AccountClaim]

    var name: String { sender + "/" + document }
}

/// What the index will be asked when a record is judged: made ahead, because a term's token is dear and one question
/// for a whole batch costs little more than one.
struct Asking: Sendable {
    var terms: [(term: SearchTerm, token: Token)] = []
    var records: [RecordID] = []
}

struct DescribedParty: Sendable {
    var slot: UInt16
    var identity: SubjectIdentity
    var keys: SubjectKeys<Token>
    /// Everything the subject can be found by.
    var search: [Token]
}

/// One entry of a record, read back and opened.
package struct CentreDocument: Sendable {
    package var at: LogAddress
    package var stamp: Stamp
    package var isSuspect: Bool
    package var entry: DocumentEntry
    package var opened: [OpenedBlock]
    /// The confirmed number of this document.
    package var confirmed: Serial

    package var openedWrites: [Write] { opened.flatMap(\.writes) }
}
