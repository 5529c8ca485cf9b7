import Law

/// What only the centre answers, as a territory's node says so. The portal forwards such questions before it comes
/// here.
extension TerritoryService {
    private var elsewhere: NodeError {
        NodeError(
            .wrongRole, "Only the centre answers this.", remedy: "Ask it there, or here while the line is up.")
    }

    func findPersons(_ query: PersonQuery, caller: Caller) async throws(NodeError) -> PersonAnswer { throw elsewhere }
    func accounts(_ filter: AccountFilter, caller: Caller) async throws(NodeError) -> [AccountView] { throw elsewhere }
    func account(type: String, number: String, caller: Caller) async throws(NodeError) -> AccountView {
        throw elsewhere
    }
    func accountCounts() async throws(NodeError) -> [AccountCount] { throw elsewhere }
    func findings(_ filter: FindingFilter) async throws(NodeError) -> [FindingView] { throw elsewhere }
    func conflicts(limit: Int, caller: Caller) async throws(NodeError) -> [ConflictView] { throw elsewhere }
    func decide(_ decision: PersonDecision, caller: Caller) async throws(NodeError) { throw elsewhere }
    func candidates(of number: String?, limit: Int) async throws(NodeError) -> [CandidateView] { throw elsewhere }
    func review(_ first: String, _ second: String, isRejected: Bool, caller: Caller) async throws(NodeError) {
        throw elsewhere
    }
    func checkAccounts(begin: Bool) async throws(NodeError) -> AccountsCheckView { throw elsewhere }
    func runReport(
        form: String, period: String, territory: String?, whenComplete: Bool, language: Language
    ) async throws(NodeError) -> ReportAnswer {
        throw elsewhere
    }
    func reportForms() async throws(NodeError) -> [ReportFormView] { throw elsewhere }
    func reportsDue(from: Day?, to: Day?) async throws(NodeError) -> [ReportDueView] { throw elsewhere }
    func territories() async throws(NodeError) -> [TerritoryView] { throw elsewhere }
    func issueToken(_ request: TokenRequest, caller: Caller) async throws(NodeError) -> IssuedToken {
        throw elsewhere
    }
    func onForwarded(_ answer: @escaping @Sendable (_ request: [UInt8], _ asker: Asker) async -> [UInt8]) {}
}
