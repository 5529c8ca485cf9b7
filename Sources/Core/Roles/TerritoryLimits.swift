/// How much one turn of a territory takes in: a turn is one transaction and one sync, and those who wait for it wait
/// for all of it.
package enum TerritoryLimits {
    /// The most drafts in a turn. A single larger submission is a turn of its own.
    package static let turnDrafts = 4_096
    /// Bytes of entries after which a turn takes no further submission: some 30 ms of a slow disk.
    package static let turnBytes = 2 << 20
    /// How often a node without space looks whether there is some again.
    package static let probeMilliseconds: UInt64 = 1_000
    /// How long after its start a node waits for the centre's first word before it gives numbers: longer than a hello
    /// takes on a line of 600 ms a round, short beside a clerk's patience.
    package static let firstWordMilliseconds: UInt64 = 5_000
    /// A clock that far behind the node's last stamp is told to the operator.
    package static let clockRemarkMilliseconds: UInt64 = 5_000
    /// Entries that were set aside and asked for are asked for again when none have come for so long.
    package static let moveAgainMilliseconds: UInt64 = 5_000
}
