/// Logs and receipts that travel as files where there is no line. What is not this node's part it answers with
/// `wrongRole`.
package protocol BundleActs: Sendable {
    /// At a territory: the next part of the own log. The first part (`after` nil) begins after the frontier known here,
    /// is journaled, and says where the export ends.
    func exportBundle(_ request: BundlePartRequest, caller: Caller) async throws(NodeError) -> BundlePart
    /// One frame. At the centre of a territory's log: staged, and taken as far as it continues the frontier. At a
    /// territory of a receipt. `isCheck`: nothing is taken.
    func importBundle(
        _ frame: [UInt8], isCheck: Bool, caller: Caller
    ) async throws(NodeError) -> BundleImport
    /// At the centre: the next part of a receipt, as `exportBundle`: of this author, nil: of the territory's newest.
    func bundleReceipt(
        territory: String, author: UInt32?, _ request: BundlePartRequest, caller: Caller
    ) async throws(NodeError) -> BundlePart
    /// At the centre: a new epoch. `closing`: bundles of all epochs before it are opened no more.
    func rekeyBundles(closing: Bool, caller: Caller) async throws(NodeError) -> BundlesView
    /// The epoch, and at the centre what lies staged.
    func bundles() async throws(NodeError) -> BundlesView
}

package struct BundlePartRequest: Hashable, Sendable {
    /// The last entry, or downlink position, of the part before; nil for the first part.
    package var after: UInt64?
    /// Where the first part said that it ends.
    package var until: UInt64?
    /// About how many bytes of entries the part may hold; the node's own limit holds as well.
    package var bytes: Int?

    package init(after: UInt64? = nil, until: UInt64? = nil, bytes: Int? = nil) {
        self.after = after
        self.until = until
        self.bytes = bytes
    }
}

/// One frame, and where it stands among those that belong together.
package struct BundlePart: Hashable, Sendable {
    package var author: UInt32
    package var first: UInt64
    package var last: UInt64
    package var until: UInt64
    package var frame: [UInt8]

    package init(author: UInt32, first: UInt64, last: UInt64, until: UInt64, frame: [UInt8]) {
        self.author = author
        self.first = first
        self.last = last
        self.until = until
        self.frame = frame
    }
}

/// What became of one frame.
package struct BundleImport: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable {
        /// It is what it says and could be taken.
        case sound
        /// The frontier stands at its end, or past it.
        case taken
        /// Staged until the entries before it come, or until the centre can take it.
        case waits
    }

    package var author: UInt32
    package var territory: String
    package var first: UInt64
    package var last: UInt64
    package var outcome: Outcome
    /// Up to where the centre is known to hold the log now.
    package var frontier: UInt64
    /// Of the log what lacks before all that is staged can be taken, ascending.
    package var missing: [ClosedRange<UInt64>]
    /// At a territory: the downlink is taken up to here.
    package var downlink: UInt64

    package init(
        author: UInt32, territory: String, first: UInt64, last: UInt64, outcome: Outcome, frontier: UInt64,
        missing: [ClosedRange<UInt64>] = [], downlink: UInt64 = 0
    ) {
        self.author = author
        self.territory = territory
        self.first = first
        self.last = last
        self.outcome = outcome
        self.frontier = frontier
        self.missing = missing
        self.downlink = downlink
    }
}

package struct BundlesView: Hashable, Sendable {
    /// What lies staged of one log.
    package struct Staged: Hashable, Sendable {
        package var author: UInt32
        package var territory: String
        package var frontier: UInt64
        package var pieces: Int
        package var bytes: UInt64
        package var last: UInt64
        package var missing: [ClosedRange<UInt64>]

        package init(
            author: UInt32, territory: String, frontier: UInt64, pieces: Int, bytes: UInt64, last: UInt64,
            missing: [ClosedRange<UInt64>]
        ) {
            self.author = author
            self.territory = territory
            self.frontier = frontier
            self.pieces = pieces
            self.bytes = bytes
            self.last = last
            self.missing = missing
        }
    }

    /// The epoch bundles are sealed to; 0 where this node has heard of none.
    package var epoch: UInt32
    /// At the centre: the oldest that still opens.
    package var openFrom: UInt32
    package var staged: [Staged]

    package init(epoch: UInt32, openFrom: UInt32, staged: [Staged]) {
        self.epoch = epoch
        self.openFrom = openFrom
        self.staged = staged
    }
}

extension BundleActs {
    package func exportBundle(_ request: BundlePartRequest, caller: Caller) async throws(NodeError) -> BundlePart {
        throw NodeError(
            .wrongRole, "A territory exports its log; this is the centre.",
            remedy: "Give --data of the territory's node. The centre's answer is the receipt: bundle import --receipt.")
    }
    package func importBundle(
        _ frame: [UInt8], isCheck: Bool, caller: Caller
    ) async throws(NodeError) -> BundleImport {
        throw NodeError(.wrongRole, "This node takes no bundles.")
    }
    package func bundleReceipt(
        territory: String, author: UInt32?, _ request: BundlePartRequest, caller: Caller
    ) async throws(NodeError) -> BundlePart {
        throw NodeError(.wrongRole, "The centre writes receipts.", remedy: "Give --data of a centre's node.")
    }
    package func rekeyBundles(closing: Bool, caller: Caller) async throws(NodeError) -> BundlesView {
        throw NodeError(
            .wrongRole, "The centre draws the keys of bundles.", remedy: "Give --data of a centre's node.")
    }
    package func bundles() async throws(NodeError) -> BundlesView {
        throw NodeError(.wrongRole, "This node knows nothing of bundles.")
    }
}
