/// What a recovery is worked out from.
package struct RecoveryOptions: Sendable {
    /// Directories on this machine: of nodes of the centre, stopped, and of territories.
    package var directories: [String]
    /// What other machines told of theirs.
    package var summaries: [NodeRemains]
    /// The node that is to go on although another has more.
    package var going: String?
    package var secretFile: String?
    /// Every line of what would be lost, whatever their number.
    package var isWhole: Bool

    package init(
        directories: [String], summaries: [NodeRemains], going: String?, secretFile: String?, isWhole: Bool
    ) {
        self.directories = directories
        self.summaries = summaries
        self.going = going
        self.secretFile = secretFile
        self.isWhole = isWhole
    }
}

package struct RecoveryAnswer: Codable, Sendable, Equatable {
    package var plan: RecoveryPlan
    /// Of every node looked at: to be carried to the machine of another.
    package var remains: [NodeRemains]

    package init(plan: RecoveryPlan, remains: [NodeRemains]) {
        self.plan = plan
        self.remains = remains
    }
}

/// The order to let one node go on alone, `recovery.json` in its directory: written by the first step, carried out by
/// the second.
package struct RecoveryOrder: Codable, Sendable, Equatable {
    package var cluster: String
    package var name: String
    /// The number it bears until then.
    package var formerNumber: UInt32
    package var number: UInt32
    package var generation: UInt32
    /// Of the entries that the recovery appends.
    package var term: UInt64
    /// The log's end and what is applied, when the order was written: a store that has moved since is another matter.
    package var last: UInt64
    package var lastTerm: UInt64
    package var applied: UInt64
    package var officer: String
    package var sentence: String
    /// Where the copy of what will be changed lies.
    package var copy: String
    /// The second step has begun: the node does not start before it has ended.
    package var isBegun: Bool
}
