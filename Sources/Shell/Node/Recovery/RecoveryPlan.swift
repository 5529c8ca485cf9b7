/// What is to be done where the centre has lost its quorum: who goes on, what is given up by it, what comes again. A
/// value: the same remains give the same plan.
package struct RecoveryPlan: Codable, Sendable, Equatable {
    package var cluster: String
    /// The nodes of the centre that were looked at, the one that goes on first.
    package var nodes: [Node]
    package var quorum: Quorum
    /// Entries of the Raft log that another node holds and the one that goes on does not.
    package var lost: [Lost]
    /// What territories send again by themselves.
    package var again: [Again]
    /// What cannot be told from what was looked at, and what does not fit together.
    package var warnings: [String]
    /// What the node that goes on becomes.
    package var generation: UInt32
    package var number: UInt32
    package var term: UInt64

    package struct Node: Codable, Sendable, Equatable {
        package var name: String
        package var number: UInt32
        package var generation: UInt32
        package var lastTerm: UInt64
        package var last: UInt64
        package var applied: UInt64
        /// By author: up to where its log is here, with what is not applied.
        package var frontiers: [Frontier]
    }

    package struct Frontier: Codable, Sendable, Equatable {
        package var author: UInt32
        package var place: String
        package var name: String
        package var last: UInt64
    }

    package struct Quorum: Codable, Sendable, Equatable {
        /// Voters by number, and how many of them were looked at.
        package var voters: [UInt64]
        package var here: Int
        package var needed: Int
        /// Enough of them are here: they are to be started, and nothing is lost.
        package var stands: Bool
    }

    package struct Lost: Codable, Sendable, Equatable {
        package var node: String
        package var index: UInt64
        package var term: UInt64
        package var what: String
        /// Its territory sends it again.
        package var comesAgain: Bool
    }

    package struct Again: Codable, Sendable, Equatable {
        package var place: String
        package var name: String
        /// Empty where `first` is above `last`.
        package var first: UInt64
        package var last: UInt64
        /// Of these, entries that the centre had said it holds.
        package var told: UInt64
        /// Those of them that are known one by one, with the number they were told.
        package var entries: [NodeRemains.Entry]
    }

    /// Numbers that what is lost may have given are passed over.
    static let gap: UInt32 = 64

    /// The node that goes on.
    package var chosen: Node { nodes[0] }

    /// What the operator types who gives up the rest.
    package var sentence: String { Self.sentence(last: chosen.last, name: chosen.name) }

    package static func sentence(last: UInt64, name: String) -> String {
        "I give up what nobody but the lost nodes of the centre held after entry \(last) of \(name)"
    }
}

extension RecoveryPlan {
    /// - Parameters:
    ///   - named: the node that is to go on although another has more, by name or number.
    ///   - differences: digests that were compared and do not agree.
    package init(
        _ all: [NodeRemains], going named: String? = nil, differences: [String] = []
    ) throws(NodeError) {
        let centres = try Self.centres(all)
        let chosen = try Self.choice(centres, named)
        guard let own = chosen.centre, let first = centres.first else { throw .noRemains }
        let others = centres.filter { $0 != chosen && $0.centre?.generation == own.generation }
        cluster = first.cluster
        nodes = ([chosen] + centres.filter { $0 != chosen }).compactMap(Node.init)
        quorum = Quorum(own, here: Set((others + [chosen]).map { UInt64($0.number) }))
        lost = others.flatMap { Self.lost($0, beside: own) }
        again = all.compactMap { Again($0, own) }.sorted { $0.place < $1.place }
        warnings = differences + Self.warnings(all, chosen: chosen, own: own, others: others)
        generation = 1 + (centres.compactMap { $0.centre?.generation }.max() ?? 0)
        // Each of the centre's own entries that waits to be applied may seat somebody.
        let seats = UInt32(own.tail.filter { $0.index > own.applied && $0.author == nil }.count)
        let known = all.map(\.number) + centres.flatMap { $0.centre?.authors.map(\.number) ?? [] }
        let highest = centres.compactMap { $0.centre.map { UInt32(clamping: $0.highest) } }
        number = (known + highest).reduce(0, max) + seats + Self.gap
        term = 1 + (centres.compactMap { $0.centre?.term }.max() ?? 0)
    }

    private static func centres(_ all: [NodeRemains]) throws(NodeError) -> [NodeRemains] {
        let centres = all.filter { $0.centre != nil }
        guard !centres.isEmpty else { throw .noRemains }
        for other in all where other.cluster != centres[0].cluster {
            throw NodeError(
                .refused, "\(other.name) (\(other.directory)) is of another cluster than \(centres[0].name).",
                remedy: "Look at the nodes of one cluster at a time.", field: "data")
        }
        for (place, node) in all.enumerated() {
            guard let twin = all[..<place].first(where: { $0.number == node.number && $0.place == node.place }) else {
                continue
            }
            throw NodeError(
                .invalid, "\(node.name), number \(node.number), is given twice: \(twin.directory), \(node.directory).",
                remedy: "Give each node once: of two copies of a directory the newer one.", field: "data")
        }
        return centres
    }

    /// Raft's own order: the later last term, then the longer log; then what is applied. A later generation goes before
    /// all.
    private static func choice(_ centres: [NodeRemains], _ named: String?) throws(NodeError) -> NodeRemains {
        if let named {
            guard let node = centres.first(where: { $0.name == named || "\($0.number)" == named }) else {
                throw NodeError(
                    .notFound, "No node of the centre that was given is called \(named).",
                    remedy: "There are \(centres.map(\.name).joined(separator: ", ")).", field: "node")
            }
            return node
        }
        func rank(_ node: NodeRemains) -> [UInt64] {
            guard let centre = node.centre else { return [] }
            return [UInt64(centre.generation), centre.lastTerm, centre.last, centre.applied]
        }
        guard
            let best = centres.max(by: { left, right in
                let (a, b) = (rank(left), rank(right))
                return a == b ? left.number > right.number : a.lexicographicallyPrecedes(b)
            })
        else { throw .noRemains }
        return best
    }

    private static func lost(_ other: NodeRemains, beside own: NodeRemains.Centre) -> [Lost] {
        guard let centre = other.centre else { return [] }
        let common = own.common(with: centre)
        return centre.tail.filter { $0.index > common && !$0.isEmpty }.map { line in
            let author = line.author.flatMap { number in own.authors.first { $0.number == number } }
            return Lost(
                node: other.name, index: line.index, term: line.term, what: line.what, comesAgain: author != nil)
        }
    }

    private static func warnings(
        _ all: [NodeRemains], chosen: NodeRemains, own: NodeRemains.Centre, others: [NodeRemains]
    ) -> [String] {
        var warnings: [String] = []
        let missing = Set(own.voters + own.outgoing).subtracting((others + [chosen]).map { UInt64($0.number) }).sorted()
        if !missing.isEmpty {
            warnings.append(
                "voters \(missing.map(String.init).joined(separator: ", ")) were not looked at: what they agreed on "
                    + "after entry \(own.last) is not known here, and is given up")
        }
        for other in others {
            guard let centre = other.centre else { continue }
            if centre.applied > own.last || own.ranks(below: centre) {
                warnings.append(
                    "\(other.name) has more (last \(centre.last) of term \(centre.lastTerm), "
                        + "applied \(centre.applied)): \(chosen.name) going on gives that up")
            }
            for author in centre.authors {
                guard let held = own.authors.first(where: { $0.number == author.number }) else { continue }
                if held.frontier == author.frontier, held.digest != author.digest {
                    warnings.append(
                        "author \(author.number): \(chosen.name) and \(other.name) hold different entries up to "
                            + "\(author.frontier): one of the two is damaged; run `esep node verify` on both")
                }
            }
        }
        for old in all {
            if let centre = old.centre, centre.generation < own.generation {
                warnings.append(
                    "\(old.name) is of generation \(centre.generation), given up before: it counts for nothing here")
            }
            guard let territory = old.territory else { continue }
            guard let seat = own.authors.first(where: { $0.number == old.number }), seat.place == old.place else {
                warnings.append(
                    "\(old.name) of \(old.place), author \(old.number), was seated by what is lost: "
                        + "it joins again with a new token, in an empty directory")
                continue
            }
            if territory.last < seat.frontier {
                warnings.append(
                    "\(old.name) holds entries up to \(territory.last), the centre up to \(seat.frontier): "
                        + "it was put back to an older copy")
            }
        }
        let named = Set(all.filter { $0.territory != nil }.map(\.number))
        let silent = own.authors.filter { $0.role == "territory" && !named.contains($0.number) }.map(\.name)
        if !silent.isEmpty {
            warnings.append(
                "not looked at: \(silent.joined(separator: ", ")); territories never prune, and each sends again what "
                    + "comes after its line above")
        }
        return warnings
    }
}

extension RecoveryPlan.Node {
    fileprivate init?(_ node: NodeRemains) {
        guard let centre = node.centre else { return nil }
        self.init(
            name: node.name, number: node.number, generation: centre.generation, lastTerm: centre.lastTerm,
            last: centre.last, applied: centre.applied,
            frontiers: centre.authors.filter { $0.role == "territory" || $0.number == 1 }.map {
                .init(author: $0.number, place: $0.place, name: $0.name, last: $0.logged)
            })
    }
}

extension RecoveryPlan.Quorum {
    fileprivate init(_ own: NodeRemains.Centre, here: Set<UInt64>) {
        func majority(_ voters: [UInt64]) -> Bool {
            voters.isEmpty || voters.count(where: here.contains) > voters.count / 2
        }
        self.init(
            voters: own.voters, here: own.voters.count(where: here.contains), needed: own.voters.count / 2 + 1,
            stands: !own.voters.isEmpty && majority(own.voters) && majority(own.outgoing))
    }
}

extension RecoveryPlan.Again {
    fileprivate init?(_ node: NodeRemains, _ own: NodeRemains.Centre) {
        guard let territory = node.territory,
            let seat = own.authors.first(where: { $0.number == node.number && $0.place == node.place })
        else { return nil }
        let first = seat.logged + 1
        self.init(
            place: node.place, name: node.name, first: first, last: territory.last,
            told: territory.told >= first ? territory.told - first + 1 : 0,
            entries: territory.entries.filter { $0.index >= first })
    }
}

extension NodeRemains.Centre {
    fileprivate func ranks(below other: Self) -> Bool { (lastTerm, last) < (other.lastTerm, other.last) }

    /// The term of an entry; nil before the base, where all is committed.
    private func term(at index: UInt64) -> UInt64? {
        guard index >= base else { return nil }
        return terms.last { $0.index <= index }?.term
    }

    /// Up to where both logs hold the same: index and term name one content (thesis §3.5).
    fileprivate func common(with other: Self) -> UInt64 {
        var index = min(last, other.last)
        while index > 0, let own = term(at: index), let theirs = other.term(at: index), own != theirs { index -= 1 }
        return index
    }
}

extension NodeError {
    fileprivate static let noRemains = NodeError(
        .notFound, "No directory and no summary of a node of the centre was given.",
        remedy: "Give --data with a directory of the centre, or --summary with what `plan --json` printed elsewhere.",
        field: "data")
}
