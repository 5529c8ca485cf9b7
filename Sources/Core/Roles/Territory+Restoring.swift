package import Records
import Uplink
import Vault
import Wire

/// What a territory's node does when its log cannot go on: it asks for a new seat, gets the logs of its former seats
/// back, hears the centre, and only then opens what is from before (design §7).
extension Territory {
    // MARK: A new seat

    /// The log cannot go on. A second copy of a directory does nothing by itself: an operator decides which goes on.
    mutating func takeRefusal(_ refusal: Refusal, _ work: inout TurnWork) {
        switch refusal.code {
        case .behind: wantSeat(.behind, &work)
        case .diverged: wantSeat(.diverged, &work)
        case .cloned: keepCloned()
        default: return
        }
    }

    mutating func wantSeat(_ cause: Reseat.Cause, _ work: inout TurnWork) {
        guard !state.isCloned else { return }
        restoring.cause = cause
        if restoring.seed == nil { work.turn.deeds.append(.drawSeed) }
    }

    /// The first words of a session: a hello, or the question for a new seat.
    mutating func greet(_ hello: Hello, _ work: inout TurnWork) {
        let now = work.moment.steadyMilliseconds
        restoring.isAsking = false
        restoring.hearGoal = nil
        guard let reseat = reseat(work) else { return perform(uplink.connected(hello, now: now), &work) }
        perform(uplink.reseat(reseat, now: now), &work)
    }

    /// The question for a new seat, where one is wanted and may be asked for.
    func reseat(_ work: TurnWork) -> Reseat? {
        guard let cause = restoring.cause, let seed = restoring.seed, !state.isCloned else { return nil }
        return Reseat(
            cluster: seat.cluster, version: UplinkLimits.version, author: seat.author.number,
            last: max(state.last, restoring.told), cause: cause, treeSeed: seed,
            wallMilliseconds: work.moment.wallMilliseconds, pass: state.pass)
    }

    /// The seed of a new author's key tree is not drawn, and is or will be asked with.
    var needsSeed: Bool { restoring.seed == nil && (restoring.cause != nil || restoring.footing == .copied) }

    // MARK: Former logs

    /// The downlink follows when the former logs are whole: what it brings hangs on records opened in them.
    var helloDownlink: DownlinkPosition {
        state.formers.allSatisfy(\.isWhole) || has(.downlinkBeforeFormers)
            ? state.downlink : UplinkLimits.noDownlink
    }

    /// The centre and this log agree: what is lacking of former logs is asked for, one batch at a time.
    mutating func askFormer(_ work: inout TurnWork) {
        guard let session, !restoring.isAsking else { return }
        if !has(.endsAskedFor), setAsideEnds(&work), state.formers.allSatisfy(\.isWhole) {
            return leaveWhole(session, &work)
        }
        guard let log = state.formers.first(where: { !$0.isWhole }) else { return }
        restoring.isAsking = true
        restoring.askedAt = work.moment.steadyMilliseconds
        let ask = FormerAsk(
            author: log.author.number, after: log.held, digest: log.digest,
            maximumBytes: UInt32(clamping: restoring.askBytes))
        work.turn.promises.append(.send(session, .formerAsked(ask)))
    }

    /// Entries of former logs stored here that an input's must be compared with.
    package func formerReads(for inputs: [TerritoryInput]) -> (first: LogAddress, count: Int)? {
        for case .received(_, .former(let batch)) in inputs {
            guard let log = state.formers.first(where: { $0.author.number == batch.author }) else { continue }
            let last = min(log.local, batch.first + UInt64(batch.entries.count) - 1)
            guard !batch.entries.isEmpty, batch.first <= last else { return nil }
            return (LogAddress(author: log.author, index: batch.first), Int(last - batch.first + 1))
        }
        return nil
    }

    mutating func take(former batch: Batch, _ work: inout TurnWork) {
        guard let session, restoring.isAsking,
            let place = state.formers.firstIndex(where: { $0.author.number == batch.author && !$0.isWhole })
        else { return }
        restoring.isAsking = false
        adapt(to: work.moment.steadyMilliseconds - min(work.moment.steadyMilliseconds, restoring.askedAt))
        var log = state.formers[place]
        if batch.first == 1, log.held > 0 {
            // The centre does not know this end's digest: all is compared from the beginning.
            log.held = 0
            log.digest = LogChain.genesis(cluster: seat.cluster, author: batch.author).digest
        }
        let end = batch.first + UInt64(batch.entries.count) - 1
        guard batch.first == log.held + 1, !batch.entries.isEmpty, end <= log.goal,
            batch.entries.reduce(log.digest, { LogChain.digest(after: $0, $1) }) == batch.digest
        else { return leave(session, "entries of author \(batch.author) came that do not continue its log", &work) }
        for (offset, bytes) in batch.entries.enumerated() {
            guard take(former: bytes, offset, of: &log, &work) else {
                return leave(session, "an entry of author \(batch.author) cannot be read", &work)
            }
        }
        log.digest = batch.digest
        if log.held >= log.goal { setAside(after: log.goal, of: &log, &work) }
        keep(former: log, at: place)
        work.turn.isDurable = true
        work.turn.formers = state.formers
        guard state.formers.allSatisfy(\.isWhole) else { return askFormer(&work) }
        leaveWhole(session, &work)
    }

    private mutating func leaveWhole(_ session: Session, _ work: inout TurnWork) {
        work.turn.remarks.append("the former logs of \(seat.territory) are whole here")
        leave(session, "the former logs are whole: the downlink follows", &work)
    }

    /// Where the centre has nothing after what both hold, nothing is asked for: what was written here after that, and
    /// never reached it, is set aside.
    private mutating func setAsideEnds(_ work: inout TurnWork) -> Bool {
        var isAny = false
        for (place, former) in state.formers.enumerated() where former.held >= former.goal && !former.isWhole {
            var log = former
            setAside(after: log.goal, of: &log, &work)
            keep(former: log, at: place)
            work.turn.formers = state.formers
            work.turn.isDurable = true
            isAny = true
        }
        return isAny
    }

    /// One entry of the centre's. Where another stands here, it and all after it are set aside first.
    private mutating func take(
        former bytes: [UInt8], _ offset: Int, of log: inout FormerProgress, _ work: inout TurnWork
    ) -> Bool {
        let index = log.held + 1
        if index <= log.local {
            if offset < work.local.count, work.local[offset] == bytes || has(.formerNotCompared) {
                log.held = index
                return true
            }
            setAside(after: log.held, of: &log, &work)
        }
        guard let entry = try? EntryCodec.decode(bytes) else { return false }
        let at = LogAddress(author: log.author, index: index)
        let indexed = formerDocument(entry, at: at, log, work)
        if let indexed { work.written[indexed.identity] = indexed.document }
        work.turn.taken.append(
            .former(AppendedEntry(at: at, entry: entry, bytes: bytes, indexed: indexed), seat: log.seat))
        raise(stamp: entry.stamp)
        log.held = index
        log.local = index
        return true
    }

    private func formerDocument(
        _ entry: Entry, at: LogAddress, _ log: FormerProgress, _ work: TurnWork
    ) -> AppendedEntry.Indexed? {
        guard case .document(let document) = entry.body else { return nil }
        let name = RecordName.id(sender: document.sender, document: document.document)
        let opens = document.act == .register || document.act == .zero
        let before = standing(document.record, work, log)
        if opens, let known = before, isOwn(known.at.author), !has(.formerOpeningOverwritten) {
            // It was handed in again before this came back: one more entry of the record that was opened then.
            return AppendedEntry.Indexed(
                identity: RecordID(high: name.high, low: name.low), document: known, tokens: [])
        }
        guard let opening = opens && (before == nil || has(.formerOpeningOverwritten)) ? at : before?.opening else {
            return nil
        }
        // What its block holds is not looked at before the centre has been heard.
        let known = KnownDocument(
            at: at, content: .unopened, record: document.record, opening: opening, number: document.number,
            kind: document.kind)
        return AppendedEntry.Indexed(
            identity: RecordID(high: name.high, low: name.low), document: known, tokens: [])
    }

    /// Whether the index may know entries that were set aside: where they stood others stand now, of other persons.
    package var mayKnowSetAside: Bool { !state.formers.isEmpty && (state.isUnheard || state.wantsIndex) }

    /// What the index knows of a document, where that stands there: of former logs what the centre holds as well.
    ///
    /// - Parameter log: the former log that is being taken back.
    func standing(_ identity: RecordID, _ work: TurnWork, _ log: FormerProgress? = nil) -> KnownDocument? {
        guard let known = work.known(identity) else { return nil }
        guard work.written[identity] == nil else { return known }
        if let log {
            let former = known.at.author == log.author ? log : state.formers.first { $0.author == known.at.author }
            if let former, known.at.index > former.held { return nil }
        }
        if has(.setAsideBelieved) { return known }
        if let common = work.asideAfter[known.at.author], known.at.index > common { return nil }
        return work.setAside.contains(identity) ? nil : known
    }

    /// What this node wrote after the last entry that is common: it is appended under the new author later.
    private func setAside(after index: EntryIndex, of log: inout FormerProgress, _ work: inout TurnWork) {
        guard log.local > index else { return }
        work.turn.taken.append(.setAside(after: LogAddress(author: log.author, index: index), last: log.local))
        work.turn.remarks.append(
            "entries \(index + 1) to \(log.local) of author \(log.author.number) are set aside: the centre holds others"
        )
        log.local = index
        work.asideAfter[log.author] = index
    }

    private mutating func adapt(to milliseconds: UInt64) {
        if milliseconds < UplinkLimits.quickMilliseconds {
            restoring.askBytes = min(restoring.askBytes * 2, UplinkLimits.batchBytes)
        } else if milliseconds > UplinkLimits.slowMilliseconds {
            restoring.askBytes = max(restoring.askBytes / 2, UplinkLimits.leastBatchBytes)
        }
    }

    // MARK: Hearing the centre

    /// What the centre had for this territory when it welcomed the node must be here before anything from before is
    /// opened: a person's data may have been destroyed since the copy was made.
    mutating func hear(through downlinkLast: DownlinkPosition, _ work: inout TurnWork) {
        guard state.isUnheard, state.formers.allSatisfy(\.isWhole) else { return }
        restoring.hearGoal = downlinkLast
        lookWhetherHeard(&work)
    }

    mutating func lookWhetherHeard(_ work: inout TurnWork) {
        guard state.isUnheard, let goal = restoring.hearGoal, state.downlink >= goal else { return }
        restoring.hearGoal = nil
        keepHeard()
        work.turn.isDurable = true
        work.turn.remarks.append("the centre has been heard: what is from before may be opened")
        work.turn.promises.append(.reopen)
    }
}

/// What a node that cannot go on, or gets logs back, remembers of it between turns. The disk knows the rest.
struct Restoring: Sendable {
    var footing = Footing.sure
    /// Where the footing is unproved: up to when the centre's word is waited for, by the steady clock.
    var waitsUntil = UInt64.max
    var cause: Reseat.Cause?
    /// Of the new author's key tree: kept by the shell before it is used.
    var seed: Secret?
    /// The last index of the own log that was told, where that is past the log's end.
    var told: EntryIndex = 0
    var isAsking = false
    var askedAt: UInt64 = 0
    var askBytes = UplinkLimits.firstBatchBytes
    var hearGoal: DownlinkPosition?
    var moveAskedAt: UInt64 = 0
}

extension Token {
    /// Of a document whose block was not opened: it matches no content.
    static let unopened = Token(high: 0, low: 0)
}
