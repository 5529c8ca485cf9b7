package import Records
import Wire

/// The decisions of the nation that this territory has heard.
extension TerritoryStore {
    package struct HeardDecision: Hashable, Sendable {
        package var at: LogAddress
        package var decision: Decision
        /// Why it has no effect here; nil where it has.
        package var refused: String?
    }

    /// In the order the centre took them.
    package func decisions() throws(StorageError) -> [HeardDecision] {
        try file.read { connection in
            let select = try connection.statement("SELECT at, bytes, refused FROM decisions ORDER BY at")
            var heard: [HeardDecision] = []
            while try select.next() {
                guard case .control(.decision(let decision)) = try EntryCodec.decode(select.bytes(1)).body else {
                    throw StorageError.damaged(file: connection.file, what: "a row of `decisions` holds another entry")
                }
                heard.append(
                    HeardDecision(
                        at: LogAddress(packed: select.integer(0)), decision: decision,
                        refused: select.isNull(2) ? nil : select.text(2)))
            }
            return heard
        }
    }

    /// Marks a decision that has no effect here, or takes the mark away.
    package func mark(_ at: LogAddress, refused: String?) throws(StorageError) {
        try file.turn { connection in
            let update = try connection.statement("UPDATE decisions SET refused = ? WHERE at = ?")
            update.bind(1, refused)
            update.bind(2, at.packed)
            try update.run()
        }
    }

    /// Puts all that was heard into effect on top of the program's own editions. What this program or an earlier one
    /// could not use is tried again: it may be known now.
    ///
    /// - Returns: what has no effect, and why.
    package func restore(_ law: LawInForce) throws(StorageError) -> [(at: LogAddress, refusal: NationLaw.Refusal)] {
        var refusals: [(at: LogAddress, refusal: NationLaw.Refusal)] = []
        for heard in try decisions() {
            let refusal = law.refusal(of: heard.decision, proven: heard.refused == nil)
            if let refusal {
                refusals.append((heard.at, refusal))
            } else if heard.refused != nil {
                try mark(heard.at, refused: nil)
            }
        }
        return refusals
    }
}
