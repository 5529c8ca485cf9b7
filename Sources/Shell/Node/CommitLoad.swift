import Roles

/// A node of the centre as a log alone: what a benchmark puts beside other replicated logs.
package protocol CommitLoad: Sendable {
    /// Seals a note into an entry of the journal and returns once that is on a quorum and applied. Throws where this
    /// node does not lead, or cannot say what became of it.
    func commit(note: String) async throws(NodeError)
}

extension CentreService: CommitLoad {
    package func commit(note: String) async throws(NodeError) {
        let entry = try access("bench", [], at: 0, terms: note, Caller(officer: "bench"))
        guard case .recorded = try await act([.access(entry)])[0] else { throw .noLeader }
    }
}
