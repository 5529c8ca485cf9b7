import Accounts
import Consensus
import Law
import Records
import Uplink
import Vault
package import Wire

/// Makes `PreparedBatch` out of proposals: pure work for whatever core is free. One for each task; it must have been
/// given an author's starts before the entries that were sealed under them.
package struct CentrePreparer: Sendable {
    private(set) var law: CentreLaw
    /// The law after the last commit, looked at before each proposal; nil where the owner tells.
    private let holder: CentreLawHolder?
    let blind: BlindIndexKey
    let opening: any BlockOpening
    private var salts: AuthorSalts

    /// How much later than the leader's clock a stamp may be before its clock counts as wrong (V005 allows as much).
    package static let toleranceMilliseconds: UInt64 = 5 * 60 * 1000

    init(
        law: CentreLaw, holder: CentreLawHolder? = nil, blind: BlindIndexKey, opening: any BlockOpening,
        salts: AuthorSalts
    ) {
        self.law = law
        self.holder = holder
        self.blind = blind
        self.opening = opening
        self.salts = salts
    }

    var catalogue: Catalogue { law.catalogue }
    var rules: AccountRules { law.rules }
    var plans: [ObjectIdentifier: KindPlan] { law.plans }

    mutating func adopt(_ law: CentreLaw) {
        self.law = law
    }

    /// - Parameter payload: the bytes of a `Wire.Proposal`.
    package mutating func prepare(payload: [UInt8]) -> PreparedBatch {
        do {
            return prepare(try Proposal(decoding: payload))
        } catch {
            return PreparedBatch(
                leaderMilliseconds: 0, content: .rejected(author: nil, reason: "the proposal cannot be read: \(error)"))
        }
    }

    /// Acts of the centre need nothing but to be read. Nil for all else.
    package static func own(_ payload: [UInt8]) -> PreparedBatch? {
        guard let proposal = try? Proposal(decoding: payload), case .own(let entries) = proposal.payload else {
            return nil
        }
        return PreparedBatch(
            leaderMilliseconds: proposal.leaderMilliseconds, content: .own(entries.map(OwnEntry.init)))
    }

    package mutating func prepare(_ proposal: Proposal) -> PreparedBatch {
        if let newer = holder?.current, newer.editions != law.editions { law = newer }
        switch proposal.payload {
        case .own(let entries):
            return PreparedBatch(
                leaderMilliseconds: proposal.leaderMilliseconds, content: .own(entries.map(OwnEntry.init)))
        case .told(let told):
            return PreparedBatch(leaderMilliseconds: proposal.leaderMilliseconds, content: .told(told))
        case .batch(let batch):
            return PreparedBatch(
                leaderMilliseconds: proposal.leaderMilliseconds,
                content: prepare(batch, leaderMilliseconds: proposal.leaderMilliseconds), editions: law.editions)
        }
    }

    private mutating func prepare(
        _ batch: Proposal.Batch, leaderMilliseconds: UInt64
    ) -> PreparedBatch.Content {
        let digest = batch.entries.reduce(batch.previous) { LogChain.digest(after: $0, $1) }
        guard digest == batch.digest, !batch.entries.isEmpty else {
            return .rejected(
                author: batch.author, reason: "the batch from entry \(batch.first) does not match its digest")
        }
        var prepared: [PreparedEntry] = []
        prepared.reserveCapacity(batch.entries.count)
        for (offset, bytes) in batch.entries.enumerated() {
            let index = batch.first + UInt64(offset)
            do {
                let at = LogAddress(author: batch.author, index: index)
                prepared.append(try prepare(bytes, at: at, leaderMilliseconds: leaderMilliseconds))
            } catch {
                return .rejected(author: batch.author, reason: "entry \(index) cannot be read: \(error)")
            }
        }
        return .batch(
            author: batch.author, first: batch.first, previous: batch.previous, digest: batch.digest, prepared)
    }

    /// One entry at its place: also the way in which the store reads entries back.
    mutating func prepare(
        _ bytes: [UInt8], at: LogAddress, leaderMilliseconds: UInt64
    ) throws(WireError) -> PreparedEntry {
        prepare(try EntryCodec.decode(bytes), bytes, at: at, leaderMilliseconds: leaderMilliseconds)
    }

    mutating func prepare(
        _ entry: Entry, _ bytes: [UInt8], at: LogAddress, leaderMilliseconds: UInt64
    ) -> PreparedEntry {
        let isSuspect = entry.stamp.milliseconds > leaderMilliseconds + Self.toleranceMilliseconds
        let accepted = isSuspect ? leaderMilliseconds : entry.stamp.milliseconds
        let body: PreparedEntry.Body
        switch entry.body {
        case .document(let document):
            body = .document(
                describe(
                    document, at: at, stamp: entry.stamp, isSuspect: isSuspect, accounted: Day(milliseconds: accepted)))
        case .access(let access):
            body = .access(access)
        case .control(let control):
            if case .started(let salt, _) = control { salts.learn(salt, at: at) }
            body = .control(control)
        }
        return PreparedEntry(
            at: at, bytes: bytes, stamp: entry.stamp, isSuspect: isSuspect, body: body, origin: entry.origin)
    }

    private func describe(
        _ entry: DocumentEntry, at: LogAddress, stamp: Stamp, isSuspect: Bool, accounted: Day
    ) -> PreparedDocument {
        let opened = opening.open(entry, at: at, salt: salts.salt(of: at))
        let identity: RecordID
        switch entry.act {
        case .register, .zero: identity = entry.record
        case .correct, .cancel:
            let name = RecordName.id(sender: entry.sender, document: entry.document)
            identity = RecordID(high: name.high, low: name.low)
        }
        let content = opened.first { $0.slot == 0 }?.content
        let document = CentreDocument(
            at: at, stamp: stamp, isSuspect: isSuspect, entry: entry, opened: opened,
            confirmed: Serial(year: 0, serial: 0))
        return PreparedDocument(
            entry: entry, opened: opened, identity: identity,
            content: content.map { blind.token("content", bytes: $0.bytes) } ?? Token(high: 0, low: 0),
            alone: describe([document], accounted: accounted))
    }

    /// A record as its entries make it. Nil where no edition here knows its kind.
    func describe(_ documents: [CentreDocument], accounted: Day) -> DescribedRecord? {
        guard var record = merge(documents, accounted: accounted), let plan = plans[ObjectIdentifier(record.kind)]
        else {
            return nil
        }
        record.parties = record.kind.parties(in: record.values).map(describe)
        record.keys = keys(of: record.values, plan)
        guard record.isCounted else { return record }
        record.facts = record.kind.facts(of: record.values)
        record.asking = asking(about: record)
        record.heard = heard(by: record)
        record.awaiting = rules.awaiting(kind: record.kind.code).map { blind.token($0, record.name) }
        record.claims = rules.claims(
            of: AccountRecord(
                kind: record.kind.code, reference: record.name, accounted: accounted, values: record.values,
                slots: record.parties.map(\.slot)))
        return record
    }

    private func asking(about record: DescribedRecord) -> Asking {
        let plan = record.edition.nationPlan(of: record.kind.code)
        guard !plan.presence.isEmpty || !plan.absence.isEmpty else { return Asking() }
        let own = NationRecord(record)
        let context = ConditionContext(edition: record.edition, received: record.accounted)
        var asking = Asking()
        for test in plan.presence + plan.absence where test.condition.holds(over: own.values, in: context) {
            // Nothing is asked before the end of a grace that keeps silent.
            if let grace = test.grace, grace.early == nil { continue }
            if let name = test.reference.flatMap({ own.values.text($0) }) {
                asking.records.append(RecordID(name: name))
            } else if let term = test.term(about: own), !asking.terms.contains(where: { $0.term == term }) {
                asking.terms.append((term, blind.token(term.domain, term.text)))
            }
        }
        return asking
    }

    /// Findings about other records wait under this one's keys and under its name, where rules look for its kind.
    private func heard(by record: DescribedRecord) -> [Token] {
        let plan = record.edition.nationPlan(of: record.kind.code)
        var tokens: [Token] = []
        for (field, domain) in plan.awaitedKeys {
            guard let text = record.values.text(field) else { continue }
            tokens.append(blind.token(domain, text))
        }
        if plan.isAwaitedByName { tokens.append(blind.token(AwaitedDomain.record, record.name)) }
        return tokens
    }

    /// The merged values alone: what the national rules ask of other records.
    func merge(_ documents: [CentreDocument], accounted: Day) -> DescribedRecord? {
        guard
            let first = documents.first(where: { $0.entry.act == .register || $0.entry.act == .zero })
                ?? documents.first
        else { return nil }
        let edition = catalogue.edition(on: first.entry.edition)
        guard let kind = edition.kind(first.entry.kind), let plan = plans[ObjectIdentifier(kind)] else { return nil }
        var shown = shown(of: documents, plan)
        if documents.count > 1 {
            shown.values = kind.recomputed(shown.values, changed: Self.changed(by: documents, but: first), in: edition)
        }
        if !kind.historyFields.isEmpty {
            let days = kind.sinceDays(
                history(of: documents, plan, accounted: accounted, last: shown.values), in: edition)
            if !days.isEmpty { shown.values = Values(shown.values.all + days) }
        }
        return DescribedRecord(
            kind: kind, edition: edition, sender: first.entry.sender, document: first.entry.document,
            isCounted: documents.contains { $0.entry.act == .register }, isOpened: shown.isOpened,
            isCancelled: shown.isCancelled, accounted: accounted,
            isLate: edition.isLate(kind, values: shown.values, received: accounted), accepted: first.stamp,
            values: shown.values, discrepancies: shown.discrepancies, parties: [], keys: [], awaiting: [],
            latest: documents.map(\.stamp).max() ?? first.stamp, claims: [])
    }

    /// Fields that a document after the first wrote or took away.
    private static func changed(by documents: [CentreDocument], but first: CentreDocument) -> Set<FieldNumber> {
        var changed: Set<FieldNumber> = []
        for one in documents where one.at != first.at {
            for write in one.entry.writes { changed.insert(write.field) }
            for block in one.opened {
                for write in block.writes { changed.insert(write.field) }
            }
        }
        return changed
    }

    /// The values after each document in the order of their stamps, whichever came first, with the day it counts from:
    /// that of its stamp, or the record's where its clock was wrong.
    private func history(
        of documents: [CentreDocument], _ plan: KindPlan, accounted: Day, last: Values
    ) -> [(day: Day, values: Values)] {
        guard documents.count > 1 else { return [(accounted, last)] }
        let ordered = documents.sorted { ($0.stamp, $0.at) < ($1.stamp, $1.at) }
        return ordered.indices.map { place in
            let values = place + 1 == ordered.count ? last : shown(of: Array(ordered[...place]), plan).values
            let one = ordered[place]
            return (one.isSuspect ? accounted : Day(milliseconds: one.stamp.milliseconds), values)
        }
    }

    private typealias Shown = (values: Values, isOpened: Bool, isCancelled: Bool, discrepancies: [FieldNumber])

    private func shown(of documents: [CentreDocument], _ plan: KindPlan) -> Shown {
        if documents.count == 1,
            let values = documents[0].entry.plainValues(
                opened: documents[0].openedWrites, isSet: plan.accumulates)
        {
            return (Values(values), true, false, [])
        }
        var state = RecordState()
        for one in documents {
            state.apply(one.entry, at: one.at, stamp: one.stamp, suspect: one.isSuspect, opened: one.openedWrites)
        }
        let view = state.view { plan.accumulates($0) }
        let values = Values(view.shownValues)
        return (values, view.opening != nil, view.isCancelled, view.discrepancies.map(\.field))
    }

    private func describe(_ party: PartyIdentity) -> DescribedParty {
        let terms = party.searchTerms
        let search = terms.map { blind.token($0.domain, $0.text) }
        func tokens(_ domain: String) -> [Token] {
            zip(terms, search).compactMap { $0.domain == domain ? $1 : nil }
        }
        let number = tokens(party.isEntity ? "bin" : "iin").first
        let names = terms.filter { $0.domain == (party.isEntity ? "entity" : "name") }.map(\.text)
        return DescribedParty(
            slot: party.slot,
            identity: SubjectIdentity(
                number: party.isEntity ? party.bin : party.iin, names: names, birth: party.birthDay,
                isEntity: party.isEntity),
            keys: SubjectKeys(
                number: number, names: tokens(party.isEntity ? "entity" : "name+birth"),
                documents: party.isEntity ? [] : tokens("document")),
            search: search)
    }

    /// The terms of key fields and plates, as `CardKind.searchTerms` names them: those of persons are made already.
    private func keys(of values: Values, _ plan: KindPlan) -> [Token] {
        var tokens: [Token] = []
        for (field, domain) in plan.keys {
            for value in values[field] {
                guard case .text(let text) = value.value else { continue }
                tokens.append(blind.token(domain, text))
            }
        }
        for path in plan.plates {
            for value in path.values(in: values) {
                guard case .text(let text) = value else { continue }
                tokens.append(blind.token("plate", SearchTerm.compact(text)))
            }
        }
        return tokens
    }
}

/// The random numbers of the authors' nonces: of each start of each author, by where it stands in his log. Asked by
/// place, not by what came last: a batch that is prepared again finds the salt it was sealed under.
struct AuthorSalts: Sendable {
    private var starts: [AuthorNumber: [(index: EntryIndex, salt: UInt64)]] = [:]

    mutating func learn(_ salt: UInt64, at: LogAddress) {
        var known = starts[at.author] ?? []
        let place = known.firstIndex { $0.index >= at.index } ?? known.count
        if place < known.count, known[place].index == at.index {
            known[place].salt = salt
        } else {
            known.insert((at.index, salt), at: place)
        }
        starts[at.author] = known
    }

    /// Of the author's last start before the entry; 0 where none is known.
    func salt(of at: LogAddress) -> UInt64 {
        starts[at.author]?.last { $0.index <= at.index }?.salt ?? 0
    }
}

/// What is asked of every field of a kind for every document, worked out once.
struct KindPlan: Sendable {
    /// Key fields, and the domains of their search terms.
    let keys: [(field: FieldNumber, domain: String)]
    let plates: [FieldPath]
    /// By field number.
    private let accumulating: [Bool]

    init(_ kind: CardKind) {
        keys = kind.fields.filter(\.isKey).map { ($0.number, kind.code + "." + $0.path) }
        plates = kind.fields.flatMap { field in
            field.members.filter { $0.role == .plate }.map { FieldPath(field: field.number, member: $0.number) }
        }
        let greatest = kind.fields.map { Int($0.number) }.max() ?? 0
        var accumulating = [Bool](repeating: false, count: greatest + 1)
        for field in kind.fields { accumulating[Int(field.number)] = field.accumulates }
        self.accumulating = accumulating
    }

    func accumulates(_ field: FieldNumber) -> Bool {
        Int(field) < accumulating.count && accumulating[Int(field)]
    }

    static func all(of catalogue: Catalogue) -> [ObjectIdentifier: KindPlan] {
        var plans: [ObjectIdentifier: KindPlan] = [:]
        for edition in catalogue.editions {
            for kind in edition.kinds { plans[ObjectIdentifier(kind)] = KindPlan(kind) }
        }
        return plans
    }
}

extension AuthorSalts {
    /// Of all starts so far.
    static func all(_ connection: Connection) throws -> AuthorSalts {
        var salts = AuthorSalts()
        let select = try connection.statement("SELECT at, salt FROM salt ORDER BY at")
        while try select.next() {
            salts.learn(UInt64(bitPattern: select.integer(1)), at: LogAddress(packed: select.integer(0)))
        }
        return salts
    }
}
