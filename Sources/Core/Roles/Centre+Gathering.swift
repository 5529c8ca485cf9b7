package import Records
import Uplink
import Vault
import Wire

/// A centre that was recovered with loss gathers what it told before it tells anything new (design §7).
///
/// 1. Each node is asked, before its welcome, what it was told of entries that are lost; its answer is proposed, so
///    that every voter knows it.
/// 2. Of its entries only those are proposed that were told: they get the numbers they had. The rest waits in line.
/// 3. No downlink goes out and no act that takes a number is taken, until all have sent again what they were told, or
///    an operator says for whom it is not waited.
extension Centre {
    /// The nodes that are waited for, ascending by author.
    package var awaited: [AuthorNumber] {
        seats.values.filter(\.isAwaited).map(\.author).sorted()
    }

    /// What the node is asked before its welcome.
    func recovered(_ seat: CentreSeat) -> Recovered? {
        guard let gathering = seat.gathering, gathering.told == nil else { return nil }
        return Recovered(
            generation: gathering.generation, author: seat.author.number, frontier: seat.frontier,
            downlink: gathering.downlink, own: gathering.own)
    }

    func downlinkWaits(_ seat: CentreSeat) -> Bool {
        isGathering || (seat.gathering.map { $0.told == nil } ?? false)
    }

    mutating func propose(_ told: Told, of session: Session) {
        toldQueue.append((session, told))
    }

    /// Whether batches of this log may have to wait for what only its next hello brings.
    func waitsToBeTold(_ author: AuthorNumber) -> Bool {
        isGathering || (seats[author]?.gathering.map { $0.told == nil } ?? false)
    }

    /// How many entries of a batch may be proposed now, from its first on.
    func proposable(_ batch: Batch) -> Int {
        guard let seat = seats[AuthorNumber(batch.author)] else { return batch.entries.count }
        if let gathering = seat.gathering, gathering.told == nil { return 0 }
        guard isGathering else { return batch.entries.count }
        let told = seat.gathering?.told ?? 0
        return told < batch.first ? 0 : min(batch.entries.count, Int(told - batch.first + 1))
    }

    /// The numbers of what is given again are known once all are heard: what goes down hangs on them.
    mutating func noteGathering(_ turn: inout CentreTurn, _ moment: Moment) {
        let before = isGathering
        isGathering = seats.values.contains(where: \.isAwaited)
        guard before, !isGathering else { return }
        for territory in Set(links.values.map(\.peer.territory)).sorted() { downlinkGrew(territory, &turn, moment) }
    }
}
