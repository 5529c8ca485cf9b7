/// The votes of one election, as sets of voters: an answer that comes twice counts once (pitfall R4).
struct Ballot: Hashable, Sendable {
    private(set) var granted: [ReplicaID] = []
    private(set) var refused: [ReplicaID] = []

    mutating func count(_ id: ReplicaID, granted isGranted: Bool) {
        guard !granted.contains(id), !refused.contains(id) else { return }
        if isGranted {
            granted.append(id)
        } else {
            refused.append(id)
        }
    }

    func outcome(_ membership: Membership) -> Quorum.Outcome {
        Quorum.outcome(membership, granted: granted.contains, refused: refused.contains)
    }
}
