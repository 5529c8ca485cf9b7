/// Acts of the centre about territorial bodies and about who holds a record. A territory answers with `wrongRole`.
package protocol BodyActs: Sendable {
    func changeBody(_ change: BodyChange, act: ActRequest, caller: Caller) async throws(NodeError) -> BodyOutcome
    func transfer(
        _ request: TransferOfRecords, act: ActRequest, caller: Caller
    ) async throws(NodeError) -> [HandingOutcome]
}

package struct BodyChange: Hashable, Sendable {
    package enum Verb: String, Hashable, Sendable, CaseIterable {
        case add, retire, reseat, cap
    }

    package var verb: Verb
    package var territory: String
    /// Of a body that is closed: who holds its records from then on; empty: nobody but the centre.
    package var successor: String
    package var name: String
    /// Of a cap: bytes a second, 0 for none, and minutes of the day (UTC+5) between which data flows.
    package var rate: UInt32
    package var from: UInt16
    package var to: UInt16
    package var isDryRun: Bool

    package init(
        verb: Verb, territory: String, successor: String = "", name: String = "", rate: UInt32 = 0, from: UInt16 = 0,
        to: UInt16 = 0, isDryRun: Bool = false
    ) {
        self.rate = rate
        self.from = from
        self.to = to
        self.verb = verb
        self.territory = territory
        self.successor = successor
        self.name = name
        self.isDryRun = isDryRun
    }
}

/// What an act about a body comes to, or would.
package struct BodyOutcome: Hashable, Sendable {
    package struct ClosedNode: Hashable, Sendable {
        package var name: String
        package var author: UInt32
        package var frontier: UInt64
        /// Entries it last said it still had to send; nil: not heard since this node leads.
        package var backlog: UInt64?
    }

    package var territory: String
    package var isDone: Bool
    /// Nodes that are heard no more.
    package var closes: [ClosedNode]
    /// Records that go to the successor, at the most.
    package var records: UInt64
    /// What may be lost by it; empty where nothing.
    package var warning: String
    /// Lets the new node of the body join.
    package var token: String?
}

package struct TransferOfRecords: Hashable, Sendable {
    package var numbers: [String]
    /// The territory that holds them from then on.
    package var to: String
    /// All who hold them now are sent nothing more of them.
    package var releases: Bool
    package var isDryRun: Bool

    package init(numbers: [String], to: String, releases: Bool, isDryRun: Bool) {
        self.numbers = numbers
        self.to = to
        self.releases = releases
        self.isDryRun = isDryRun
    }
}

package struct HandingOutcome: Hashable, Sendable {
    package var number: String
    package var before: [String]
    package var after: [String]
}

extension BodyActs {
    private var atTheCentre: NodeError {
        NodeError(.wrongRole, "This is decided at the centre.", remedy: "Ask it there: --data of a centre's node.")
    }

    package func changeBody(
        _ change: BodyChange, act: ActRequest, caller: Caller
    ) async throws(NodeError) -> BodyOutcome { throw atTheCentre }
    package func transfer(
        _ request: TransferOfRecords, act: ActRequest, caller: Caller
    ) async throws(NodeError) -> [HandingOutcome] { throw atTheCentre }
}
