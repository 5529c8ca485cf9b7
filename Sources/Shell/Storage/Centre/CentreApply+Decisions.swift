import Consensus
import Law
package import Records
import Roles
import Wire

/// Decisions of the nation: put into effect here, and sent down to every territory.
extension CentreApply {
    /// What has no effect is refused: nothing of it stands but the entry that tried.
    func decide(_ decision: Decision, at: LogAddress, index: LogIndex) throws -> OwnOutcome {
        var nation = law.nation
        do throws(NationLaw.Refusal) {
            try nation.take(decision)
        } catch {
            return .refused(code: error.code, reason: "\(error)")
        }
        move(to: nation)
        if case .editionEnacted = decision.matter { try makeTables() }
        let insert = try connection.statement("INSERT INTO decision(at) VALUES(?)")
        insert.bind(1, at.packed)
        try insert.run()
        for territory in Set(authors.values.map(\.territory)).sorted() where hasDownlink(territory) {
            try send(entry: at, to: territory)
        }
        return .recorded(at: at, index: index)
    }

    /// The tables and columns that the newest edition brings.
    private func makeTables() throws {
        for (_, table) in law.tables.sorted(by: { $0.key < $1.key }) { try table.make(in: connection) }
        statements.forgetFacts()
    }

    /// A territory that is seated for the first time hears all decisions before anything else.
    func sendDecisions(to territory: String) throws {
        let select = try connection.statement("SELECT at FROM decision ORDER BY at")
        var addresses: [LogAddress] = []
        while try select.next() { addresses.append(LogAddress(packed: select.integer(0))) }
        for at in addresses { try send(entry: at, to: territory) }
    }
}

extension CentreStore {
    /// A decision as it was taken.
    package struct TakenDecision: Hashable, Sendable {
        package var at: LogAddress
        package var stamp: Stamp
        package var decision: Decision
    }

    /// All decisions, in the order they were taken.
    package func decisions() throws(StorageError) -> [TakenDecision] {
        try file.read { try Self.decisions($0) }
    }

    static func decisions(_ connection: Connection) throws -> [TakenDecision] {
        let select = try connection.statement(
            """
            SELECT archive.at, archive.bytes FROM decision JOIN archive ON archive.at = decision.at
            ORDER BY archive.at
            """)
        var decisions: [TakenDecision] = []
        while try select.next() {
            let entry = try EntryCodec.decode(select.bytes(1))
            guard case .control(.decision(let decision)) = entry.body else {
                throw StorageError.damaged(file: connection.file, what: "a row of `decision` names another entry")
            }
            decisions.append(
                TakenDecision(at: LogAddress(packed: select.integer(0)), stamp: entry.stamp, decision: decision))
        }
        return decisions
    }

    /// The law as the decisions held here make it, on top of the program's own editions.
    static func law(_ base: NationLaw, _ connection: Connection) throws -> NationLaw {
        var law = base
        for taken in try decisions(connection) {
            do throws(NationLaw.Refusal) {
                try law.take(taken.decision, proven: true)
            } catch {
                throw StorageError.damaged(
                    file: connection.file, what: "decision \(taken.decision.act.number) cannot be applied: \(error)")
            }
        }
        return law
    }
}
