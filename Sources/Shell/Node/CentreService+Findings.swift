import Law
import Records
import Storage

/// Findings and reconciliation lists.
extension CentreService {
    func findings(_ filter: FindingFilter) async throws(NodeError) -> [FindingView] {
        _ = try await vouched()
        let today = Day(milliseconds: now())
        let lines = try NodeError.translating { () throws(StorageError) in
            try store.findings(
                CentreStore.FindingQuery(
                    territory: filter.territory, body: filter.body, code: filter.code, kind: filter.kind,
                    isOpen: filter.isOpen, isReconciliation: filter.isReconciliation),
                limit: filter.limit)
        }
        let edition = catalogue.edition(on: today)
        return lines.map { line in
            FindingView(
                code: line.finding.code, isError: line.finding.severity == .error,
                message: edition.problem(line.finding.code, path: line.finding.path).message.en,
                territory: line.territory, body: line.body, kind: line.kind, number: ConfirmedNumber(line.number).text,
                field: line.finding.path, other: line.finding.other, raised: line.raised, withdrawn: line.withdrawn,
                days: Int((line.withdrawn ?? today).number - line.raised.number))
        }
    }
}
