package import Records
import Uplink
import Vault
import Wire

/// What a turn gathers while it goes through its inputs.
struct TurnWork {
    var turn = TerritoryTurn()
    let moment: Moment
    let before: TerritoryState
    private let rows: TerritoryRows
    /// Entries of a former log, as they are stored here.
    var local: [[UInt8]] { rows.local }
    /// Documents written in this very turn: a repeat or a correction of them is known as well.
    var written: [RecordID: KnownDocument] = [:]
    /// Documents that the index knows where others stand now.
    var setAside: Set<RecordID> { rows.setAside }
    /// After which entry of a former log this turn sets aside what is stored here.
    var asideAfter: [AuthorNumber: EntryIndex] = [:]
    var drafts = 0
    var bytes = 0
    var takenUpTo: DownlinkPosition?

    init(rows: TerritoryRows, moment: Moment, before: TerritoryState) {
        self.rows = rows
        self.moment = moment
        self.before = before
    }

    func known(_ identity: RecordID) -> KnownDocument? {
        written[identity] ?? rows.documents[identity]
    }
}

/// A downlink item that brings another author's document entry, read.
struct TakenEntry {
    var foreign: ForeignEntry
    var entry: Entry
    var document: DocumentEntry

    /// Nil for items of other kinds, and for what is not readable.
    init?(_ bytes: [UInt8]) {
        guard let item = try? DownlinkItem(decoding: bytes), case .entry(let foreign) = item,
            let entry = try? EntryCodec.decode(foreign.bytes), case .document(let document) = entry.body
        else { return nil }
        self.foreign = foreign
        self.entry = entry
        self.document = document
    }
}

extension Downlink {
    /// The records that its entries speak of.
    var records: [RecordID] { items.compactMap { TakenEntry($0)?.document.record } }
}

extension Territory {
    mutating func takeLink(_ input: TerritoryInput, _ work: inout TurnWork) {
        let now = work.moment.steadyMilliseconds
        switch input {
        case .linkUp(let newer):
            if let older = session { work.turn.promises.append(.close(older, reason: "a newer connection stands")) }
            session = newer
            // What leaves after the turn may speak of what the turn stores.
            perform(uplink.appended(to: held), &work)
            greet(hello(work), &work)
        case .linkDown(let lost) where lost == session:
            session = nil
            work.turn.deeds.append(.dial(after: uplink.disconnected()))
            stand(without: "the line to the centre went down before its first word", &work)
        case .dialFailed where session == nil:
            work.turn.deeds.append(.dial(after: uplink.disconnected()))
            stand(without: "the centre cannot be reached", &work)
        case .stirred(let from) where from == session: uplink.stirred(now: now)
        case .capped(let from, let cap) where from == session:
            uplink.capped(cap, now: now, wallMilliseconds: work.moment.wallMilliseconds)
        case .received(let from, let message) where from == session:
            perform(uplink.received(message, now: now), &work)
        case .logRead(let from, let first, let entries) where from == session:
            perform(uplink.read(first: first, entries: entries, now: now), &work)
        case .toldRead(let from, let told) where from == session:
            for message in told { work.turn.promises.append(.send(from, .told(message))) }
        case .digestRead(let from, let own) where from == session:
            perform(uplink.digestRead(own), &work)
        default:
            // A session that was left already, or an input that is not the link's.
            return
        }
    }

    private func hello(_ work: TurnWork) -> Hello {
        Hello(
            cluster: seat.cluster, version: UplinkLimits.version, author: seat.author.number, last: state.last,
            digest: state.digest, pass: state.pass, downlink: helloDownlink,
            wallMilliseconds: work.moment.wallMilliseconds)
    }

    mutating func perform(_ actions: [UplinkSender.Action], _ work: inout TurnWork) {
        for action in actions {
            guard let session else { return }
            switch action {
            case .send(let message):
                work.turn.promises.append(.send(session, message))
            case .readLog(let first, let maximumBytes):
                work.turn.promises.append(.readLog(session, first: first, maximumBytes: maximumBytes))
            case .readDigest(let index):
                work.turn.promises.append(.readDigest(session, index))
            case .keepPass(let pass):
                keep(pass: pass)
                work.turn.isDurable = work.turn.isDurable || !has(.passNotStored)
            case .acknowledged(let frontier):
                keep(frontier: frontier)
                stand(without: nil, &work)
                askFormer(&work)
            case .welcomed(let wall, let downlinkLast):
                keep(clockOffset: Int64(clamping: wall) - Int64(clamping: work.moment.wallMilliseconds))
                hear(through: downlinkLast, &work)
            case .former(let batch):
                take(former: batch, &work)
            case .recovered(let recovered):
                take(recovered, on: session, &work)
            case .reseated(let answer):
                work.turn.promises.append(.reseated(answer))
            case .fenced(let refusal):
                takeRefusal(refusal, &work)
                keep(fence: refusal.reason)
                work.turn.isDurable = true
                work.turn.remarks.append("the centre refuses this log: \(refusal.reason)")
                stand(without: nil, &work)
            case .downlink(let downlink):
                take(downlink, &work)
            case .answered(let number, let bytes):
                work.turn.deeds.append(.answered(question: number, bytes: bytes))
            case .close(let reason):
                leave(session, reason, &work)
            }
        }
    }

    mutating func leave(_ left: Session, _ reason: String, _ work: inout TurnWork) {
        work.turn.promises.append(.close(left, reason: reason))
        work.turn.deeds.append(.dial(after: uplink.disconnected()))
        work.turn.remarks.append("the connection to the centre is closed: \(reason)")
        session = nil
    }

    // MARK: Downlink

    private mutating func take(_ downlink: Downlink, _ work: inout TurnWork) {
        guard let session else { return }
        if let refusal = store(downlink, &work) { return leave(session, refusal, &work) }
        // A receipt that was carried may have brought more than this line has sent: only what it sent is acknowledged.
        work.takenUpTo = min(state.downlink, downlink.first + UInt64(downlink.items.count) - 1)
    }

    /// - Returns: why an item cannot be taken, that and those after it not being stored; nil where all are.
    mutating func store(_ downlink: Downlink, _ work: inout TurnWork) -> String? {
        guard downlink.first <= state.downlink + 1 else {
            return "downlink item \(downlink.first) came, \(state.downlink + 1) was expected"
        }
        for (offset, bytes) in downlink.items.enumerated() {
            let position = downlink.first + UInt64(offset)
            // Items of a session before this one may come again: they are stored already.
            guard position > state.downlink else { continue }
            guard let item = taken(bytes, work) else { return "downlink item \(position) is not readable" }
            if case .entry(let appended, _, _) = item, let indexed = appended.indexed {
                work.written[indexed.identity] = indexed.document
            }
            work.turn.taken.append(item)
            keep(downlink: position)
        }
        work.turn.isDurable = true
        lookWhetherHeard(&work)
        return nil
    }

    private func taken(_ bytes: [UInt8], _ work: TurnWork) -> TakenItem? {
        guard let item = try? DownlinkItem(decoding: bytes) else { return nil }
        switch item {
        case .receipts(let receipts):
            let findings = receipts.findings.map { finding in
                TakenFinding(
                    at: LogAddress(author: receipts.author, index: receipts.first + UInt64(finding.offset)),
                    code: finding.code, field: finding.field, severity: finding.severity,
                    isWithdrawn: finding.isWithdrawn)
            }
            return .receipts(
                first: LogAddress(author: receipts.author, index: receipts.first), year: receipts.year,
                serials: receipts.confirmed, findings: findings)
        case .entry(let foreign) where foreign.at.author == .centre && seat.author != .centre:
            guard let entry = try? EntryCodec.decode(foreign.bytes) else { return nil }
            switch entry.body {
            case .control(.decision(let decision)):
                return .decision(at: foreign.at, bytes: foreign.bytes, decision)
            case .control(.bundleEpoch(let epoch)): return .bundleEpoch(epoch)
            case .control, .document, .access: break
            }
            guard let taken = TakenEntry(bytes) else { return nil }
            return self.entry(taken, work)
        case .entry(let foreign):
            guard let taken = TakenEntry(bytes), foreign.at.author != seat.author else { return nil }
            return entry(taken, work)
        case .held(let held): return .held(held)
        case .notice(let notice):
            return .notice(code: notice.code, text: notice.text)
        }
    }

    private func entry(_ taken: TakenEntry, _ work: TurnWork) -> TakenItem {
        let document = taken.document
        let at = taken.foreign.at
        let opens = document.act == .register || document.act == .zero
        let name = RecordName.id(sender: document.sender, document: document.document)
        var indexed: AppendedEntry.Indexed?
        let before = standing(document.record, work)
        if opens, let known = before, known.at != at, !has(.openingOverwritten) {
            // The same document was taken here, too. It is one more entry of the record that was opened here, and a
            // repeat is still told the number that was promised here.
            let identity = RecordID(high: name.high, low: name.low)
            indexed = AppendedEntry.Indexed(identity: identity, document: known, tokens: [])
        } else if let opening = opens ? at : before?.opening {
            // Its content lies in a block: the token that tells a repeat is not known here, and matches nothing.
            let known = KnownDocument(
                at: at, content: Token(high: 0, low: 0), record: document.record, opening: opening,
                number: document.number, kind: document.kind)
            indexed = AppendedEntry.Indexed(
                identity: RecordID(high: name.high, low: name.low), document: known, tokens: [])
        }
        let appended = AppendedEntry(at: at, entry: taken.entry, bytes: taken.foreign.bytes, indexed: indexed)
        let keys = taken.foreign.granted.map { GrantedKey(author: at.author, leaf: $0.leaf, key: $0.key) }
        return .entry(appended, nonceSalt: taken.foreign.nonceSalt, keys: keys)
    }

    // MARK: Status

    /// What the operator is shown of this node.
    package func status() -> TerritoryStatus {
        TerritoryStatus(
            last: state.last, frontier: state.frontier, backlog: uplink.backlog, isConnected: isStreaming,
            downlink: state.downlink, unavailability: unavailability, clockOffset: clockOffset)
    }

    var isStreaming: Bool {
        if case .streaming = uplink.state { session != nil } else { false }
    }
}

/// What is shown of a territory's node. Indices count entries.
package struct TerritoryStatus: Hashable, Sendable {
    package var last: EntryIndex
    package var frontier: EntryIndex
    package var backlog: UInt64
    /// The centre has welcomed the node and the line stands.
    package var isConnected: Bool
    package var downlink: DownlinkPosition
    package var unavailability: Unavailability?
    /// The centre's clock less this node's, milliseconds; nil before the first contact since the start.
    package var clockOffset: Int64?
}
