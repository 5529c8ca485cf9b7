import Consensus
import Foundation
import Records
import Roles
import Storage
import Vault
import Wire

/// What one stopped node can say of itself when the centre has lost its quorum: read from its directory, or carried as
/// JSON from another machine. It names nobody and opens nothing.
package struct NodeRemains: Codable, Sendable, Equatable {
    package var cluster: String
    package var name: String
    /// Of its seat.
    package var number: UInt32
    /// `centre`, or the territory's code.
    package var place: String
    package var directory: String
    /// Where it listens; empty for a territory.
    package var address: String
    package var centre: Centre?
    package var territory: Territory?

    package init(
        cluster: String, name: String, number: UInt32, place: String, directory: String, address: String,
        centre: Centre? = nil, territory: Territory? = nil
    ) {
        self.cluster = cluster
        self.name = name
        self.number = number
        self.place = place
        self.directory = directory
        self.address = address
        self.centre = centre
        self.territory = territory
    }

    /// A node of the centre.
    package struct Centre: Codable, Sendable, Equatable {
        package var generation: UInt32
        package var term: UInt64
        package var base: UInt64
        package var last: UInt64
        package var lastTerm: UInt64
        package var applied: UInt64
        package var voters: [UInt64]
        /// Not empty in a joint phase: a majority of these must agree, too.
        package var outgoing: [UInt64]
        package var learners: [UInt64]
        package var highest: UInt64
        /// Where each term of the log begins, after the base; the base's own term first.
        package var terms: [Run]
        package var authors: [Author]
        /// The end of the Raft log, ascending.
        package var tail: [Line]

        package init(
            generation: UInt32, term: UInt64, base: UInt64, last: UInt64, lastTerm: UInt64, applied: UInt64,
            voters: [UInt64], outgoing: [UInt64], learners: [UInt64], highest: UInt64, terms: [Run], authors: [Author],
            tail: [Line]
        ) {
            self.generation = generation
            self.term = term
            self.base = base
            self.last = last
            self.lastTerm = lastTerm
            self.applied = applied
            self.voters = voters
            self.outgoing = outgoing
            self.learners = learners
            self.highest = highest
            self.terms = terms
            self.authors = authors
            self.tail = tail
        }
    }

    package struct Run: Codable, Sendable, Equatable {
        package var index: UInt64
        package var term: UInt64

        package init(index: UInt64, term: UInt64) {
            self.index = index
            self.term = term
        }
    }

    package struct Author: Codable, Sendable, Equatable {
        package var number: UInt32
        package var role: String
        package var place: String
        package var name: String
        /// The archive's end, and its digest.
        package var frontier: UInt64
        package var digest: String
        /// With what the Raft log holds beyond what is applied.
        package var logged: UInt64

        package init(
            number: UInt32, role: String, place: String, name: String, frontier: UInt64, digest: String, logged: UInt64
        ) {
            self.number = number
            self.role = role
            self.place = place
            self.name = name
            self.frontier = frontier
            self.digest = digest
            self.logged = logged
        }
    }

    package struct Line: Codable, Sendable, Equatable {
        package var index: UInt64
        package var term: UInt64
        package var what: String
        /// Whose entries they are, where they are a territory's.
        package var author: UInt32?
        package var first: UInt64?
        package var last: UInt64?

        package init(
            index: UInt64, term: UInt64, what: String, author: UInt32? = nil, first: UInt64? = nil, last: UInt64? = nil
        ) {
            self.index = index
            self.term = term
            self.what = what
            self.author = author
            self.first = first
            self.last = last
        }
    }

    package struct Territory: Codable, Sendable, Equatable {
        package var last: UInt64
        package var digest: String
        /// Up to here the centre has said that it holds the log.
        package var told: UInt64
        package var toldDigest: String
        package var generation: UInt32
        /// The end of the log, ascending.
        package var entries: [Entry]

        package init(
            last: UInt64, digest: String, told: UInt64, toldDigest: String, generation: UInt32, entries: [Entry]
        ) {
            self.last = last
            self.digest = digest
            self.told = told
            self.toldDigest = toldDigest
            self.generation = generation
            self.entries = entries
        }
    }

    package struct Entry: Codable, Sendable, Equatable {
        package var index: UInt64
        package var what: String
        /// What the centre has told for it, `2026/00000123`.
        package var confirmed: String?

        package init(index: UInt64, what: String, confirmed: String? = nil) {
            self.index = index
            self.what = what
            self.confirmed = confirmed
        }
    }

    /// Lines of a tail that are carried, unless all are asked for.
    package static let tailLines = 1_000
}

extension NodeRemains {
    /// Reads a directory. A node of the centre must be stopped; a territory may run.
    ///
    /// - Parameter whole: every line of the Raft log, and every entry of a territory, whatever their number.
    static func read(_ path: String, whole: Bool) throws(NodeError) -> NodeRemains {
        let directory = NodeDirectory(path)
        guard directory.isInitialised else {
            throw NodeError(.notFound, "\(path) holds no node.", remedy: "Give a node's directory.", field: "data")
        }
        let configuration: NodeConfiguration
        do {
            configuration = try NodeConfiguration.load(directory)
        } catch {
            throw NodeError(.damaged, "\(directory.configuration) cannot be read: \(error).")
        }
        var remains = NodeRemains(
            cluster: configuration.cluster, name: configuration.name, number: configuration.author,
            place: configuration.place, directory: directory.root.path, address: configuration.listen ?? "")
        let limit = whole ? Int(Int32.max) : tailLines
        switch configuration.role {
        case .centre:
            remains.centre = try NodeError.translating { () throws(StorageError) in
                let lock = try DirectoryLock(directory: directory.root.path)
                defer { withExtendedLifetime(lock) {} }
                let store = try CentreRemains(path: directory.store, owner: OpenedFiles.owner(of: configuration))
                let centre = try Centre(store, limit: limit)
                try store.close()
                return centre
            }
        case .territory:
            remains.territory = try NodeError.translating { () throws(StorageError) in
                try Territory(directory, configuration, limit: limit)
            }
        }
        return remains
    }
}

extension NodeRemains.Centre {
    init(_ store: CentreRemains, limit: Int) throws(StorageError) {
        let stored = try store.stored()
        let base = stored.base
        let membership = stored.memberships.last?.membership ?? base.membership
        let runs = [base.mark] + stored.terms
        self.init(
            generation: try store.generation(), term: stored.hardState.term.number, base: base.mark.index.number,
            last: stored.last.number, lastTerm: (stored.terms.last ?? base.mark).term.number,
            applied: stored.applied.number, voters: membership.voters.map(\.number),
            outgoing: membership.outgoing.map(\.number), learners: membership.learners.map(\.number),
            highest: membership.highest.number,
            terms: runs.map { NodeRemains.Run(index: $0.index.number, term: $0.term.number) },
            authors: try store.authors().map {
                NodeRemains.Author(
                    number: $0.number.number, role: $0.role, place: $0.territory, name: $0.name, frontier: $0.frontier,
                    digest: $0.digest.hex, logged: $0.logged)
            },
            tail: try store.lines(after: base.mark.index, limit: limit).map { NodeRemains.Line($0) })
    }
}

extension NodeRemains.Line {
    init(_ line: CentreRemains.Line) {
        self.init(index: line.index.number, term: line.term.number, what: "")
        switch line.content {
        case .nothing: what = "the beginning of a term"
        case .membership(let membership):
            what = "the group: voters \(membership.voters), learners \(membership.learners)"
        case .batch(let author, let first, let last):
            what = "entries \(first) to \(last) of author \(author.number)"
            (self.author, self.first, self.last) = (author.number, first, last)
        case .own(let words): what = words.isEmpty ? "the time" : words.joined(separator: "; ")
        case .unreadable: what = "an entry that is not what was written"
        }
    }

    /// A no-op, or a word of time: nobody misses it.
    var isEmpty: Bool { author == nil && (what == "the beginning of a term" || what == "the time") }
}

extension NodeRemains.Territory {
    init(_ directory: NodeDirectory, _ configuration: NodeConfiguration, limit: Int) throws(StorageError) {
        let seat = TerritorySeat(
            cluster: configuration.clusterBytes, territory: configuration.place,
            author: AuthorNumber(configuration.author), seat: configuration.seat)
        let store = try TerritoryStore(path: directory.store, seat: seat)
        let state = store.recovered
        self.init(
            last: state.last, digest: state.digest.hex, told: state.frontier, toldDigest: state.frontierDigest.hex,
            generation: configuration.centreGeneration ?? 0,
            entries: try store.lastEntries(limit: limit).map { NodeRemains.Entry($0, seat: seat) })
        try store.close()
    }
}

extension NodeRemains.Entry {
    init(_ told: TerritoryStore.Told, seat: TerritorySeat) {
        let words: String
        switch (try? EntryCodec.decode(told.bytes))?.body {
        case .document(let document):
            let number = ProvisionalNumber(
                territory: seat.territory, kind: document.kind, number: document.number, seat: seat.seat)
            words = "\(document.act) \(number.text)"
        case .access(let access): words = "journal: \(access.action) by \(access.officer)"
        case .control: words = "a start of the node"
        case nil: words = "an entry that cannot be read"
        }
        self.init(
            index: told.index, what: words, confirmed: told.confirmed.map { ConfirmedNumber($0).text })
    }
}
