import Accounts
import Records
import Roles
import Vault

/// What a turn wants the index to learn, and what it looked up of it: both are asked before the index itself.
struct CentreIndexing {
    var documents: [NodeIndex.Document] = []
    var terms: [NodeIndex.Term] = []
    var upTo: [AuthorNumber: EntryIndex] = [:]
    fileprivate var knownNow: [RecordID: KnownDocument] = [:]
    fileprivate var termsNow: [Token: [UInt64]] = [:]
    fileprivate var knownBefore: [RecordID: KnownDocument?] = [:]
    fileprivate var termsBefore: [Token: [UInt64]] = [:]
}

extension CentreIndexing {
    var upToAddresses: [LogAddress] {
        upTo.sorted { $0.key < $1.key }.map { LogAddress(author: $0.key, index: $0.value) }
    }
}

extension CentreApply {
    /// Asks the index once for all that a batch will ask it.
    func prefetch(_ entries: [PreparedEntry]) throws {
        var identities: Set<RecordID> = []
        var tokens: Set<Token> = []
        for entry in entries {
            guard case .document(let document) = entry.body else { continue }
            identities.insert(document.identity)
            identities.insert(document.entry.record)
            guard let alone = document.alone else { continue }
            tokens.formUnion(alone.awaiting)
            tokens.formUnion(alone.asking.terms.lazy.map(\.token))
            identities.formUnion(alone.asking.records)
            for party in alone.parties {
                tokens.formUnion(party.keys.all)
            }
        }
        try prefetch(tokens)
        let wanted = identities.filter { indexing.knownBefore[$0] == nil }
        let known = try store.index.known(Array(wanted))
        for identity in wanted { indexing.knownBefore.updateValue(known[identity], forKey: identity) }
    }

    func prefetch(_ tokens: Set<Token>) throws {
        let list = tokens.filter { indexing.termsBefore[$0] == nil }
        if list.isEmpty { return }
        let asked = Array(list)
        for (token, values) in zip(asked, try store.index.values(of: asked)) { indexing.termsBefore[token] = values }
    }

    func known(_ identity: RecordID) throws -> KnownDocument? {
        if let now = indexing.knownNow[identity] { return now }
        if let before = indexing.knownBefore[identity] { return before }
        let known = try store.index.known([identity])[identity]
        indexing.knownBefore.updateValue(known, forKey: identity)
        return known
    }

    func learn(_ identity: RecordID, _ document: KnownDocument) {
        indexing.knownNow[identity] = document
        indexing.documents.append(NodeIndex.Document(identity: identity, known: document, terms: []))
    }

    /// Ascending.
    func values(of token: Token) throws -> [UInt64] {
        var before: [UInt64]
        if let held = indexing.termsBefore[token] {
            before = held
        } else {
            before = try store.index.values(of: [token])[0]
            indexing.termsBefore[token] = before
        }
        guard let now = indexing.termsNow[token] else { return before }
        before.append(contentsOf: now.filter { !before.contains($0) })
        return before.sorted()
    }

    func learn(_ token: Token, leadsTo value: UInt64) {
        if indexing.termsNow[token]?.contains(value) ?? false { return }
        indexing.termsNow[token, default: []].append(value)
        indexing.terms.append(NodeIndex.Term(token: token, value: value))
    }
}

extension CentreApply: SubjectLookup {
    func subjects(under key: Token) throws -> [SubjectNumber] {
        try values(of: key).map { SubjectNumber($0) }
    }

    func hasNumber(_ subject: SubjectNumber) throws -> Bool {
        if let held = numbered[subject] { return held }
        let select = try statements[.selectNumbered]
        select.bind(1, Int64(subject.number))
        let found = try select.next() && select.integer(0) != 0
        select.reset()
        numbered[subject] = found
        return found
    }

    func identities(of subject: SubjectNumber) throws -> [SubjectIdentity] {
        var found: [SubjectIdentity] = []
        for anchor in try records(of: subject, limit: CentreLimits.identityRecords) {
            let slots = try parties(of: anchor).filter { $0.subject == subject }.map(\.slot)
            guard let record = try describe(anchor) else { continue }
            found += record.parties.filter { slots.contains($0.slot) }.map(\.identity)
        }
        return found
    }

    func records(of subject: SubjectNumber, limit: Int) throws -> [Int64] {
        let select = try statements[.selectLinks]
        select.bind(1, Int64(subject.number))
        select.bind(2, Int64(limit))
        var records: [Int64] = []
        while try select.next() { records.append(select.integer(0)) }
        return records
    }

    func parties(of anchor: Int64) throws -> [(slot: UInt16, subject: SubjectNumber)] {
        let select = try statements[.selectParties]
        select.bind(1, anchor)
        var parties: [(slot: UInt16, subject: SubjectNumber)] = []
        while try select.next() {
            parties.append((UInt16(select.integer(0)), SubjectNumber(UInt64(select.integer(1)))))
        }
        return parties
    }

    /// The subjects of a record as it is stored, by slot.
    func slots(of anchor: Int64) throws -> [UInt16: SubjectNumber] {
        Dictionary(uniqueKeysWithValues: try parties(of: anchor).map { ($0.slot, $0.subject) })
    }

    /// A stored record, merged anew from its entries.
    func describe(_ anchor: Int64) throws -> DescribedRecord? {
        guard let record = try CentreReading(store: store, connection: connection).record(anchor) else { return nil }
        return preparer.describe(record.documents, accounted: record.day)
    }
}

/// Bounds on what one decision reads.
enum CentreLimits {
    /// Records whose blocks are opened to compare two bearers of one number.
    static let identityRecords = 8
    /// Records of one key that a national rule is shown.
    static let nationRecords = 64
    /// Records that are asked again because the one they speak of has come.
    static let awaitingRecords = 256
}
