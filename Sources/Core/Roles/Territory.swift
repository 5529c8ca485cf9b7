package import Records
import Uplink
import Vault
import Wire

/// Who a territory's node is: given by the centre at its seating.
package struct TerritorySeat: Hashable, Sendable {
    /// 16 random bytes that name the cluster.
    package var cluster: [UInt8]
    /// `KZ-75`, …
    package var territory: String
    package var author: AuthorNumber
    /// Counts the seatings of this territory, from 1.
    package var seat: UInt32

    package init(cluster: [UInt8], territory: String, author: AuthorNumber, seat: UInt32) {
        self.cluster = cluster
        self.territory = territory
        self.author = author
        self.seat = seat
    }
}

/// A territory's node as a value: gives indices, stamps and provisional numbers, chains the log, ships it, and takes
/// what comes down. It holds no record: what it must know of earlier documents is looked up for each turn.
///
/// One turn: `reads(for:)` names what to look up, `step` decides, the shell stores, then lets the promises out
/// (`TerritoryTurn`). Everything it decides follows from its inputs, so the simulator runs it as it is.
package struct Territory: Sendable {
    package let seat: TerritorySeat
    /// What is, or with the turn just given out will be, on the disk.
    package private(set) var state: TerritoryState

    var uplink: UplinkSender
    var session: Session?
    var restoring = Restoring()
    /// The node's start, as long as no entry could be written to say so.
    private var start: ControlEntry?
    private var hasSpace = true
    private var probedAt: UInt64 = 0
    private var saidClockBehind = false
    private var counterPlaces: [Series: Int] = [:]
    /// The centre's clock less this node's at the last contact, milliseconds.
    package private(set) var clockOffset: Int64?

    private struct Series: Hashable {
        var kind: String
        var year: UInt16
    }

    /// - Parameters:
    ///   - told: the last index of this log that was told of. A log shorter than that was restored.
    ///   - footing: how sure the files are that this begins with.
    package init(seat: TerritorySeat, state: TerritoryState, told: EntryIndex = 0, footing: Footing = .sure) {
        self.seat = seat
        self.state = state
        restoring.footing = footing
        if told > state.last, !has(.toldIgnored) {
            restoring.told = told
            restoring.cause = .behind
        }
        uplink = UplinkSender(
            held: Frontier(author: seat.author.number, index: state.last, digest: state.digest),
            acknowledged: Frontier(
                author: seat.author.number, index: state.frontier, digest: state.frontierDigest))
        if has(.serialsForgotten) { self.state.counters = [] }
        for (place, counter) in self.state.counters.enumerated() {
            counterPlaces[Series(kind: counter.kind, year: counter.year)] = place
        }
    }

    /// The state of a node that has written nothing yet.
    package static func genesis(of seat: TerritorySeat) -> TerritoryState {
        TerritoryState(genesis: LogChain.genesis(cluster: seat.cluster, author: seat.author.number).digest)
    }

    /// The documents a turn with these inputs must know of: those handed in, those they supersede, and the records that
    /// the downlink's entries speak of.
    package func reads(for inputs: [TerritoryInput]) -> [RecordID] {
        var identities: [RecordID] = []
        for input in inputs {
            switch input {
            case .submit(_, let drafts):
                for draft in drafts {
                    identities.append(draft.identity)
                    if draft.record != draft.identity { identities.append(draft.record) }
                }
            case .received(_, .downlink(let downlink)), .carried(_, _, let downlink):
                identities += downlink.records
            case .digestRead:
                for downlink in uplink.unread { identities += downlink.records }
            case .received(_, .former(let batch)):
                for bytes in batch.entries {
                    guard case .document(let document)? = (try? EntryCodec.decode(bytes))?.body else { continue }
                    identities.append(document.record)
                }
            case .moved(_, let entries):
                for case .document(let document) in entries.map(\.entry.body) { identities.append(document.record) }
            case .started, .access, .linkUp, .linkDown, .dialFailed, .received, .stirred, .capped, .logRead, .toldRead,
                .space, .tick, .seed:
                continue
            }
        }
        return identities
    }

    /// Decides. `rows` holds what was found of `reads(for:)`.
    package mutating func step(_ inputs: [TerritoryInput], rows: TerritoryRows, at moment: Moment) -> TerritoryTurn {
        var work = TurnWork(rows: rows, moment: moment, before: state)
        remarkClock(&work)
        for (position, input) in inputs.enumerated() {
            if isFull(work, before: input) {
                work.turn.deferred = Array(inputs[position...])
                break
            }
            take(input, &work)
        }
        perform(uplink.appended(to: held), &work)
        if let taken = work.takenUpTo, let session {
            work.turn.promises.append(.send(session, .downlinkTaken(position: taken)))
        }
        askWhereCopied(&work)
        if state != work.before { work.turn.state = state }
        return work.turn
    }

    private func isFull(_ work: TurnWork, before input: TerritoryInput) -> Bool {
        guard case .submit(_, let drafts) = input, work.drafts > 0 else { return false }
        return work.drafts + drafts.count > TerritoryLimits.turnDrafts || work.bytes >= TerritoryLimits.turnBytes
    }

    private mutating func take(_ input: TerritoryInput, _ work: inout TurnWork) {
        switch input {
        case .started(let nonceSalt, let software):
            start = .started(nonceSalt: nonceSalt, software: software)
            beginFooting(&work)
            if unavailability == nil || isMoving { appendStart(&work) }
            if needsSeed { work.turn.deeds.append(.drawSeed) }
            if state.wantsIndex { keepIndexed() }
            goOnMoving(&work)
            work.turn.deeds.append(.dial(after: 0...UplinkLimits.dialPauses.lowerBound))
        case .submit(let ticket, let drafts):
            work.drafts += drafts.count
            let outcomes = drafts.map { submit($0, &work) }
            work.turn.promises.append(.answer(ticket, outcomes))
        case .access(let ticket, let entry):
            record(entry, for: ticket, &work)
        case .linkUp, .linkDown, .dialFailed, .received, .stirred, .capped, .logRead, .digestRead, .toldRead:
            takeLink(input, &work)
        case .carried(let ticket, let frontier, let downlink):
            takeCarried(ticket, frontier, downlink, &work)
        case .space(let isFree):
            if hasSpace != isFree {
                work.turn.remarks.append(
                    isFree
                        ? "the disk has space again: documents are taken"
                        : "the disk is full: documents are refused, reads are served")
            }
            hasSpace = isFree
        case .seed(let seed):
            restoring.seed = seed
        case .moved(let first, let entries):
            take(moved: entries, first: first, &work)
        case .tick:
            tick(&work)
        }
    }

    private mutating func tick(_ work: inout TurnWork) {
        let (now, wall) = (work.moment.steadyMilliseconds, work.moment.wallMilliseconds)
        perform(uplink.tick(now: now, wallMilliseconds: wall), &work)
        goOnMovingAgain(&work)
        waitNoLonger(&work)
        if needsSeed { work.turn.deeds.append(.drawSeed) }
        if !hasSpace, now >= probedAt + TerritoryLimits.probeMilliseconds {
            probedAt = now
            work.turn.deeds.append(.probeSpace)
        }
    }

    // MARK: Documents

    package var footing: Footing { restoring.footing }

    /// Why nothing may be written now; nil where it may.
    package var unavailability: Unavailability? {
        if let fence = state.fence { return .fenced(fence) }
        if restoring.told > state.last {
            return .fenced(
                """
                this node told of entry \(restoring.told), and its log ends at \(state.last): it was restored, and \
                waits for the centre to seat it anew
                """)
        }
        switch restoring.footing {
        case .sure: break
        case .unproved: return .starting
        case .copied: return .fenced(Self.copiedReason)
        }
        if isMoving {
            return .fenced("\(state.aside) entries set aside are being moved into this log: hand in again in a moment")
        }
        return hasSpace ? nil : .diskFull
    }

    private mutating func submit(_ draft: Draft, _ work: inout TurnWork) -> SubmitOutcome {
        // A repeat is known before anything else is asked: its number was promised already. What another territory
        // handed in is none, though its record is held here: this one gives a number of its own for the same record.
        if let known = work.known(draft.identity), isOwn(known.at.author), !has(.repeatsTaken) {
            guard known.content != .unopened || !(state.isUnheard || state.wantsIndex) else {
                return .unavailable(
                    .fenced("this document came before the node was restored: the centre must be heard first"))
            }
            guard known.content == draft.content else { return .refused(code: "V004", field: "doc_id") }
            return .repeated(at: known.at, number: known.number)
        }
        if let unavailability { return .unavailable(unavailability) }
        appendStart(&work)
        let at = LogAddress(author: seat.author, index: state.last + 1)
        let (record, opening): (RecordID, LogAddress)
        switch draft.act {
        case .register, .zero:
            let held = standing(draft.identity, work)
            (record, opening) = (draft.identity, held.map { isOwn($0.at.author) ? at : $0.opening } ?? at)
        case .correct, .cancel:
            guard let superseded = standing(draft.record, work) else {
                guard work.known(draft.record) == nil else {
                    return .unavailable(
                        .fenced("the document it corrects was set aside when the node was restored: it is moved first"))
                }
                guard !state.isUnheard, !state.wantsIndex else {
                    return .unavailable(
                        .fenced("the document it corrects may be on its way back: the centre must be heard first"))
                }
                return .refused(code: "V011", field: "supersedes")
            }
            guard superseded.kind == draft.kind else { return .refused(code: "V011", field: "form_code") }
            (record, opening) = (superseded.record, superseded.opening)
        }
        let clock = Stamp(milliseconds: work.moment.wallMilliseconds)
        let stamp = has(.stampsGoBack) ? clock : state.stamp.next(now: work.moment.wallMilliseconds)
        guard let number = nextNumber(kind: draft.kind, year: legalYear(ofMilliseconds: stamp.milliseconds)) else {
            return .unavailable(.exhausted("no provisional number is left for \(draft.kind) this year"))
        }
        let document = DocumentEntry(
            act: draft.act, record: record, kind: draft.kind, edition: draft.edition, number: number,
            sender: draft.sender, document: draft.document, writes: draft.writes, blocks: draft.blocks)
        let known = KnownDocument(
            at: at, content: draft.content, record: record, opening: opening, number: number, kind: draft.kind)
        let indexed = AppendedEntry.Indexed(identity: draft.identity, document: known, tokens: draft.tokens)
        append(.document(document), stamp: stamp, indexed: indexed, &work)
        work.written[draft.identity] = known
        return .registered(at: at, number: number)
    }

    /// Whether it writes, or wrote, for this territory.
    func isOwn(_ author: AuthorNumber) -> Bool {
        author == seat.author || state.formers.contains { $0.author == author } || has(.heldTakenForRepeat)
    }

    private mutating func record(_ entry: AccessEntry, for ticket: Ticket, _ work: inout TurnWork) {
        if let unavailability {
            work.turn.promises.append(.answer(ticket, [.unavailable(unavailability)]))
            return
        }
        appendStart(&work)
        append(.access(entry), stamp: state.stamp.next(now: work.moment.wallMilliseconds), indexed: nil, &work)
        let at = LogAddress(author: seat.author, index: state.last)
        work.turn.promises.append(.recorded(ticket, at: at))
    }

    /// The nonces of this run stand in the log before the first entry that was sealed under them.
    mutating func appendStart(_ work: inout TurnWork) {
        guard let control = start else { return }
        start = nil
        append(.control(control), stamp: state.stamp.next(now: work.moment.wallMilliseconds), indexed: nil, &work)
    }

    private mutating func append(
        _ body: Entry.Body, stamp: Stamp, indexed: AppendedEntry.Indexed?, _ work: inout TurnWork
    ) {
        append(Entry(stamp: stamp, seen: state.downlink, body: body), indexed: indexed, &work)
    }

    mutating func append(_ entry: Entry, indexed: AppendedEntry.Indexed?, _ work: inout TurnWork) {
        let bytes = EntryCodec.encode(entry)
        state.last += 1
        state.digest = LogChain.digest(after: state.digest, bytes)
        state.stamp = max(state.stamp, entry.stamp)
        let at = LogAddress(author: seat.author, index: state.last)
        work.turn.appended.append(AppendedEntry(at: at, entry: entry, bytes: bytes, indexed: indexed))
        work.turn.isDurable = true
        work.bytes += bytes.count
    }

    mutating func nextNumber(kind: String, year: UInt16) -> Serial? {
        let series = Series(kind: kind, year: year)
        guard let place = counterPlaces[series] else {
            counterPlaces[series] = state.counters.count
            state.counters.append(SerialCounter(kind: kind, year: year, last: 1))
            return Serial(year: year, serial: 1)
        }
        guard state.counters[place].last < UInt32.max else { return nil }
        state.counters[place].last += 1
        return Serial(year: year, serial: state.counters[place].last)
    }

    /// A clock behind the last stamp: stamps go on from that one, and the operator is told once.
    private mutating func remarkClock(_ work: inout TurnWork) {
        let wall = work.moment.wallMilliseconds
        let last = state.stamp.milliseconds
        let isBehind = last > wall + TerritoryLimits.clockRemarkMilliseconds
        if isBehind, !saidClockBehind {
            work.turn.remarks.append(
                "this machine's clock is \(last - wall) ms behind the last entry: stamps go on from that entry")
        }
        saidClockBehind = isBehind
    }

    // MARK: State the link writes

    var held: Frontier {
        Frontier(author: seat.author.number, index: state.last, digest: state.digest)
    }

    mutating func keep(pass: [UInt8]) {
        state.pass = pass
    }

    mutating func keep(frontier: Frontier) {
        state.frontier = frontier.index
        state.frontierDigest = frontier.digest
        // Shipping goes on, so the centre and this log agree again.
        state.fence = nil
        state.isCloned = false
    }

    /// What a receipt tells: a fence is ended by the centre's own word on a line alone.
    mutating func keep(carried frontier: Frontier) {
        state.frontier = frontier.index
        state.frontierDigest = frontier.digest
    }

    mutating func keep(fence: String) {
        state.fence = fence
    }

    mutating func keepCloned() {
        state.isCloned = true
    }

    mutating func keep(former log: FormerProgress, at place: Int) {
        state.formers[place] = log
    }

    mutating func keepHeard() {
        state.isUnheard = false
        state.wantsIndex = true
    }

    /// The index is made anew at the next start.
    mutating func keepReindexing() {
        state.wantsIndex = true
    }

    /// The index was made anew at this start.
    mutating func keepIndexed() {
        state.wantsIndex = false
    }

    mutating func countMoved(_ count: Int) {
        state.aside -= min(state.aside, UInt64(count))
    }

    mutating func raise(stamp: Stamp) {
        state.stamp = max(state.stamp, stamp)
    }

    mutating func raise(series kind: String, to number: Serial) {
        let series = Series(kind: kind, year: number.year)
        guard let place = counterPlaces[series] else {
            counterPlaces[series] = state.counters.count
            return state.counters.append(SerialCounter(kind: kind, year: number.year, last: number.serial))
        }
        state.counters[place].last = max(state.counters[place].last, number.serial)
    }

    mutating func keep(downlink position: DownlinkPosition) {
        state.downlink = position
    }

    mutating func keep(clockOffset: Int64) {
        self.clockOffset = clockOffset
    }
}

/// The year of the legal calendar, at UTC+5, of a time in milliseconds since 1970 (UTC).
///
/// Days are counted in eras of 400 years that begin on a 1 March, so that the leap day stands last in its year.
func legalYear(ofMilliseconds milliseconds: UInt64) -> UInt16 {
    let days = Int64((milliseconds + 5 * 3_600_000) / 86_400_000) + 719_468
    let era = days / 146_097
    let dayOfEra = days % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let isAfterDecember = dayOfYear >= 306
    return UInt16(clamping: era * 400 + yearOfEra + (isAfterDecember ? 1 : 0))
}
