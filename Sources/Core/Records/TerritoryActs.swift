/// An act of the centre about a territorial body itself: opened, closed, given another node.
package struct TerritoryAct: Hashable, Sendable {
    package enum Verb: UInt8, Hashable, Sendable, CaseIterable {
        /// A body is known before its node joins.
        case added = 1
        /// A body is closed: its nodes are heard no more, its records are handed to the successor.
        case retired = 2
        /// A body goes on with another node: those it had are heard no more.
        case reseated = 3
        /// The next part of a closed body's records goes to its successor; which, is counted when it is applied.
        case handed = 4
        /// How much of its line a body's data may take, and when.
        case capped = 5

        /// How the journal names it.
        package var action: String {
            switch self {
            case .added: "territory.added"
            case .retired: "territory.retired"
            case .reseated: "territory.reseated"
            case .handed: "territory.handed"
            case .capped: "territory.capped"
            }
        }
    }

    package var verb: Verb
    package var territory: String
    /// Who holds the records of a closed body; empty where nobody does.
    package var successor: String
    /// What a new body is called.
    package var name: String
    /// Of a cap: bytes a second, 0 for none, and the minutes of the day (UTC+5) between which data flows.
    package var rate: UInt32
    package var from: UInt16
    package var to: UInt16
    package var act: Decision.Act

    package init(
        verb: Verb, territory: String, successor: String = "", name: String = "", rate: UInt32 = 0, from: UInt16 = 0,
        to: UInt16 = 0, act: Decision.Act
    ) {
        self.rate = rate
        self.from = from
        self.to = to
        self.verb = verb
        self.territory = territory
        self.successor = successor
        self.name = name
        self.act = act
    }
}

/// A record handed over by jurisdiction. Who holds a record is a set, like any other: this entry's address is the dot
/// of the new holder, and it names the dots it replaces, those its author was shown.
package struct RecordTransfer: Hashable, Sendable {
    package var record: RecordID
    /// The territory that holds it from now on; empty where holders are only released.
    package var to: String
    /// Dots of holders who get nothing more of it: the openings and transfers that made them holders.
    package var releases: [LogAddress]
    package var act: Decision.Act

    package init(record: RecordID, to: String, releases: [LogAddress] = [], act: Decision.Act) {
        self.record = record
        self.to = to
        self.releases = releases
        self.act = act
    }
}

/// Who holds a record: whoever opened it and whoever it was transferred to, less those that were released. Two growing
/// sets, so the order in which openings, transfers and releases arrive does not matter.
package struct RecordHolders: Hashable, Sendable {
    package struct Holder: Hashable, Sendable {
        package var dot: LogAddress
        package var territory: String

        package init(dot: LogAddress, territory: String) {
            self.dot = dot
            self.territory = territory
        }
    }

    private var added: Set<Holder> = []
    private var released: Set<LogAddress> = []

    package init() {}

    package mutating func add(_ territory: String, dot: LogAddress) {
        added.insert(Holder(dot: dot, territory: territory))
    }

    /// A dot may be released before the holder it names has arrived.
    package mutating func release(_ dot: LogAddress) { released.insert(dot) }

    package mutating func merge(_ other: RecordHolders) {
        added.formUnion(other.added)
        released.formUnion(other.released)
    }

    /// Ascending by dot.
    package var holders: [Holder] {
        added.filter { !released.contains($0.dot) }.sorted { $0.dot.packed < $1.dot.packed }
    }

    /// Ascending, each once.
    package var territories: [String] { Set(holders.map(\.territory)).sorted() }
}
