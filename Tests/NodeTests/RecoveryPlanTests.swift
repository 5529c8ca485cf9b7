import Node
import Testing

/// What an operator is told when the centre has lost its quorum.
struct RecoveryPlanTests {
    static func author(_ number: UInt32, _ place: String, last: UInt64, logged: UInt64? = nil) -> NodeRemains.Author {
        NodeRemains.Author(
            number: number, role: place == "centre" ? "centre" : "territory", place: place,
            name: "\(place.lowercased())-1", frontier: last, digest: "d\(last)", logged: logged ?? last)
    }

    /// A node whose log is of these terms, one entry each, from entry 1.
    static func centre(
        _ name: String, _ number: UInt32, terms: [UInt64], applied: UInt64 = 0, voters: [UInt64] = [1, 2, 3],
        generation: UInt32 = 0, authors: [NodeRemains.Author] = [author(4, "KZ-75", last: 10)],
        lines: [UInt64: NodeRemains.Line] = [:]
    ) -> NodeRemains {
        var runs = [NodeRemains.Run(index: 0, term: 0)]
        for (place, term) in terms.enumerated() where runs.last?.term != term {
            runs.append(.init(index: UInt64(place) + 1, term: term))
        }
        let tail = terms.enumerated().map { place, term in
            let index = UInt64(place) + 1
            return lines[index]
                ?? NodeRemains.Line(
                    index: index, term: term, what: "entries of author 4", author: 4, first: index, last: index)
        }
        return NodeRemains(
            cluster: "c", name: name, number: number, place: "centre", directory: "/\(name)", address: "h:1",
            centre: NodeRemains.Centre(
                generation: generation, term: terms.last ?? 0, base: 0, last: UInt64(terms.count),
                lastTerm: terms.last ?? 0, applied: applied, voters: voters, outgoing: [], learners: [],
                highest: voters.max() ?? 0, terms: runs, authors: authors, tail: tail),
            territory: nil)
    }

    static func territory(_ place: String, _ number: UInt32, last: UInt64, told: UInt64) -> NodeRemains {
        NodeRemains(
            cluster: "c", name: "\(place.lowercased())-1", number: number, place: place, directory: "/\(place)",
            address: "", centre: nil,
            territory: NodeRemains.Territory(
                last: last, digest: "d\(last)", told: told, toldDigest: "d\(told)", generation: 0,
                entries: (1...last).map { .init(index: $0, what: "register", confirmed: $0 <= told ? "2026/1" : nil) }))
    }

    @Test func theLaterTermGoesBeforeTheLongerLogAndAnEarlierGenerationCountsForNothing() throws {
        let long = Self.centre("centre-1", 1, terms: [1, 1, 1, 1, 1])
        let late = Self.centre("centre-2", 2, terms: [1, 1, 2], voters: [1, 2, 3, 6, 7])
        #expect(try RecoveryPlan([long, late]).chosen.name == "centre-2")
        let old = Self.centre("centre-9", 9, terms: [1, 7, 7, 7])
        let recovered = Self.centre("centre-2", 70, terms: [1, 2], voters: [70, 71, 72], generation: 1)
        let plan = try RecoveryPlan([old, recovered])
        #expect(plan.chosen.number == 70 && plan.generation == 2 && plan.lost.isEmpty)
        #expect(plan.warnings.contains { $0.contains("generation 0, given up before") })
    }

    @Test func entriesThatOnlyAnotherNodeHoldsAreToldOneByOneAndWhetherTheyComeAgain() throws {
        let own = NodeRemains.Line(
            index: 4, term: 1, what: "journal: person.find by operator", author: nil, first: nil, last: nil)
        let unseated = NodeRemains.Line(
            index: 5, term: 1, what: "entries 1 to 1 of author 5", author: 5, first: 1, last: 1)
        let chosen = Self.centre("centre-2", 2, terms: [1, 1, 2], voters: [1, 2, 3, 6, 7])
        let other = Self.centre(
            "centre-1", 1, terms: [1, 1, 1, 1, 1], voters: [1, 2, 3, 6, 7], lines: [4: own, 5: unseated])
        let plan = try RecoveryPlan([other, chosen])
        #expect(plan.lost.map(\.index) == [3, 4, 5])
        #expect(plan.lost.map(\.comesAgain) == [true, false, false])
        #expect(plan.lost.allSatisfy { $0.node == "centre-1" })
    }

    @Test func aTerritorySendsAgainWhatComesAfterItsFrontierAndIsToldWhatItHadBeenToldOf() throws {
        let chosen = Self.centre(
            "centre-1", 1, terms: [1], authors: [Self.author(4, "KZ-75", last: 10, logged: 12)])
        let plan = try RecoveryPlan([chosen, Self.territory("KZ-75", 4, last: 30, told: 20)])
        let again = try #require(plan.again.first)
        #expect(again.first == 13 && again.last == 30 && again.told == 8)
        #expect(again.entries.count == 18 && again.entries.filter { $0.confirmed != nil }.count == 8)
        let stranger = try RecoveryPlan([chosen, Self.territory("KZ-10", 5, last: 3, told: 3)])
        #expect(stranger.again.isEmpty && stranger.warnings.contains { $0.contains("seated by what is lost") })
        let behind = try RecoveryPlan([chosen, Self.territory("KZ-75", 4, last: 5, told: 5)])
        #expect(behind.warnings.contains { $0.contains("put back to an older copy") })
    }

    @Test func theNewNumberLiesAboveEveryNumberThatMayHaveBeenGivenAndTheTermAboveEveryTerm() throws {
        let plan = try RecoveryPlan([
            Self.centre("centre-1", 1, terms: [1, 9]), Self.territory("KZ-10", 41, last: 1, told: 0),
        ])
        #expect(plan.number > 41 + 32 && plan.term == 10)
        let other = try RecoveryPlan([Self.centre("centre-1", 1, terms: [1], voters: [1, 2, 200])])
        #expect(other.number > 200)
    }

    @Test func aQuorumThatIsHereStandsAndAJointPhaseNeedsBoth() throws {
        let two = [Self.centre("centre-1", 1, terms: [1]), Self.centre("centre-2", 2, terms: [1])]
        #expect(try RecoveryPlan(two).quorum.stands)
        #expect(try !RecoveryPlan([two[0]]).quorum.stands)
        let joint = two.map { node in
            var node = node
            node.centre?.outgoing = [4, 5, 6]
            return node
        }
        #expect(try !RecoveryPlan(joint).quorum.stands)
    }

    @Test func digestsThatDisagreeAndNodesGivenTwiceAreTold() throws {
        let chosen = Self.centre("centre-1", 1, terms: [1])
        var other = Self.centre("centre-2", 2, terms: [1], voters: [1, 2, 3])
        other.centre?.authors[0].digest = "another"
        #expect(try RecoveryPlan([chosen, other]).warnings.contains { $0.contains("different entries") })
        #expect { try RecoveryPlan([chosen, chosen]) } throws: { "\($0)".contains("given twice") }
        var foreign = other
        foreign.cluster = "f"
        #expect { try RecoveryPlan([chosen, foreign]) } throws: { "\($0)".contains("another cluster") }
        #expect { try RecoveryPlan([Self.territory("KZ-75", 4, last: 1, told: 0)]) } throws: { _ in true }
    }

    @Test func aNodeThatIsLetGoOnAlthoughAnotherHasMoreIsWarnedOf() throws {
        let more = Self.centre("centre-1", 1, terms: [1, 1, 1], applied: 3, voters: [1, 2, 3, 6, 7])
        let less = Self.centre("centre-2", 2, terms: [1], voters: [1, 2, 3, 6, 7])
        let plan = try RecoveryPlan([more, less], going: "2")
        #expect(plan.chosen.name == "centre-2" && plan.lost.map(\.index) == [2, 3])
        #expect(plan.warnings.contains { $0.contains("centre-1 has more") })
        #expect(plan.sentence == RecoveryPlan.sentence(last: 1, name: "centre-2"))
        #expect { try RecoveryPlan([more, less], going: "centre-9") } throws: { "\($0)".contains("centre-9") }
    }
}
