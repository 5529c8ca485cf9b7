import Uplink

extension Territory {
    /// A receipt comes by hand where no line brings it: the same frontier and the same items, taken the same way.
    mutating func takeCarried(
        _ ticket: Ticket, _ frontier: Frontier, _ downlink: Downlink, _ work: inout TurnWork
    ) {
        let refusal = downlink.items.isEmpty ? nil : store(downlink, &work)
        if uplink.carried(frontier) {
            keep(carried: frontier)
            work.turn.isDurable = true
        }
        work.turn.promises.append(.carried(ticket, refused: refusal))
    }
}
