import Records
import Wire

/// The end of a rebase (design §7, diverged): what was set aside is appended under the new author, a bounded number of
/// entries a turn, each with its first origin, however often it was moved. Where it went is stored with it, so whatever
/// is interrupted goes on after it.
extension Territory {
    /// Entries are being moved: documents wait for it, for one of them may be among those. Not before the node has
    /// begun anew over what came back: until then it opens no block of the seats before, and its index knows what was
    /// set aside where it stood.
    var isMoving: Bool {
        state.aside > 0 && !state.isUnheard && (!state.wantsIndex || has(.movedBeforeReopened))
            && restoring.footing == .sure
    }

    /// Asks the shell for the next entries, sealed for places from the end of the log on.
    mutating func goOnMoving(_ work: inout TurnWork) {
        guard isMoving else { return }
        restoring.moveAskedAt = work.moment.steadyMilliseconds
        work.turn.deeds.append(.moveAside)
    }

    /// Asks again where nothing came: the disk had no space for it.
    mutating func goOnMovingAgain(_ work: inout TurnWork) {
        guard work.moment.steadyMilliseconds >= restoring.moveAskedAt + TerritoryLimits.moveAgainMilliseconds else {
            return
        }
        goOnMoving(&work)
    }

    mutating func take(moved entries: [MovedEntry], first: EntryIndex, _ work: inout TurnWork) {
        // Something was appended meanwhile: they are made again for other places.
        guard first == state.last + 1 else { return goOnMoving(&work) }
        for moved in entries {
            if has(.suffixDropped), moved.identity != nil {
                work.turn.moved.append(MovedRow(row: moved.row, to: nil))
                continue
            }
            let to = moved.stands ?? append(moved, &work)
            work.turn.moved.append(MovedRow(row: moved.row, to: to))
        }
        countMoved(entries.count)
        work.turn.isDurable = true
        if state.aside == 0 {
            work.turn.remarks.append("all that was set aside is moved under author \(seat.author.number)")
        }
        goOnMoving(&work)
    }

    private mutating func append(_ moved: MovedEntry, _ work: inout TurnWork) -> LogAddress? {
        let at = LogAddress(author: seat.author, index: state.last + 1)
        let entry = moved.entry
        var indexed: AppendedEntry.Indexed?
        var body = entry.body
        switch entry.body {
        case .control: return nil
        case .access: break
        case .document(var document):
            document.number = number(of: document, moved, stamp: entry.stamp)
            body = .document(document)
            let opens = document.act == .register || document.act == .zero
            let before = work.known(document.record)
            if opens, let identity = moved.identity, let known = before, isOwn(known.at.author),
                !has(.movedOpeningOverwritten)
            {
                // The same document was taken here, too: its number stands as it was promised, and this is one more
                // entry of the record that was opened here.
                indexed = AppendedEntry.Indexed(identity: identity, document: known, tokens: [])
            } else if let identity = moved.identity,
                let opening = opens && (before == nil || has(.movedOpeningOverwritten)) ? at : before?.opening
            {
                let known = KnownDocument(
                    at: at, content: moved.content, record: document.record, opening: opening,
                    number: document.number, kind: document.kind)
                indexed = AppendedEntry.Indexed(identity: identity, document: known, tokens: moved.tokens)
                work.written[identity] = known
            }
        }
        append(
            Entry(stamp: entry.stamp, seen: entry.seen, body: body, origin: has(.originForgotten) ? nil : moved.origin),
            indexed: indexed, &work)
        return at
    }

    /// The stamp is kept, and so is its year; a number of this seat's own series is kept as well.
    private mutating func number(of document: DocumentEntry, _ moved: MovedEntry, stamp: Stamp) -> Serial {
        if moved.keepsNumber {
            raise(series: document.kind, to: document.number)
            return document.number
        }
        let year = legalYear(ofMilliseconds: stamp.milliseconds)
        // 2^32 documents of a kind in a year are out of reach of a log of 2^40 entries in practice.
        return nextNumber(kind: document.kind, year: year) ?? document.number
    }
}
