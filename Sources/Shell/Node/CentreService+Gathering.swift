import Consensus
import Records
import Roles
import Storage

/// A centre that was recovered with loss, as its operators see it: for whom it waits, and how to go on without them.
extension CentreService {
    /// The journal's entry is what ends the waiting, at the same place of the log on every voter.
    func goOn(
        _ change: MemberChange, _ known: MembershipPlan.Knowledge, _ caller: Caller
    ) async throws(NodeError) -> ChangeOutcome {
        let group = known.group(known.membership.voters, learners: known.membership.learners)
        let awaited = try seats().filter(\.isAwaited)
        guard !awaited.isEmpty else {
            throw NodeError(
                .conflict, "The centre waits for nobody: all have sent again what they were told, or it lost nothing.")
        }
        let names = awaited.map { "\($0.name) of \($0.territory)" }.joined(separator: ", ")
        var outcome = ChangeOutcome(
            before: group, after: group, isDone: false,
            warning: "numbers that \(names) were told may be given to others, and theirs be changed when they come")
        if change.isDryRun { return outcome }
        guard change.force == MemberChange.sentence else {
            throw NodeError(
                .refused, "Refused: \(outcome.warning).",
                remedy: "If it must be, type --force-unsafe \"\(MemberChange.sentence)\".", field: "force")
        }
        let entry = ControlEntry.member(
            action: MemberAction.goesOn, number: UInt64(replica.number), name: files.configuration.name, address: "",
            officer: caller.officer)
        guard case .recorded? = try await act([.control(entry)]).first else { throw .movedOn }
        outcome.isDone = true
        return outcome
    }

    /// What is shown of a territory that is waited for.
    func gathering(of seat: CentreSeat) -> SeatingView? {
        guard seat.isAwaited, let gathering = seat.gathering else { return nil }
        let state =
            gathering.told.map {
                "it was told up to entry \($0), and has sent again up to \(seat.frontier)"
            } ?? "it has not told yet what it was told"
        var view = SeatingView(
            state: "awaited",
            sentence: """
                The centre was recovered with loss (generation \(gathering.generation)) and gives no new number, and \
                sends nothing down, before \(seat.name) has sent again what it was told: \(state).
                """)
        view.next = "See that \(seat.name) runs and has a line; to go on without it: `esep centre recover go-on`."
        return view
    }
}
