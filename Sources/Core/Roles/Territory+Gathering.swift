import Records
import Uplink

/// A centre that was recovered with loss asks what it told (design §7, "centre behind").
extension Territory {
    /// What the lost centre said and nobody else has is given up: the downlink goes back to the last position that
    /// stands, and is taken again from there. What it told of this log is told back first. A node that had taken more
    /// begins anew over its files: decisions it went by, and entries its index knows, may be among what is gone.
    mutating func take(_ recovered: Recovered, on session: Session, _ work: inout TurnWork) {
        guard state.downlink > recovered.downlink else {
            return work.turn.promises.append(.readTold(session, after: recovered.frontier))
        }
        work.turn.remarks.append(
            """
            the centre was recovered with loss (generation \(recovered.generation)): it tells again what it told after \
            position \(recovered.downlink), of \(state.downlink)
            """)
        work.turn.taken.append(.givenUp(after: LogAddress(author: .centre, index: recovered.own)))
        keep(downlink: recovered.downlink)
        keepReindexing()
        work.turn.isDurable = true
        work.turn.promises.append(.reopen)
    }
}
