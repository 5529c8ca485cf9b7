import Contract
import Law
import Testing

/// V014: control totals (documents, persons, amounts) of a batch, as said and as counted.
struct ControlTotalsTests {
    private static func counted(_ documents: [String]) throws -> BatchTotals {
        let catalogue = try Catalogue.embedded()
        var checker = Checker(catalogue: catalogue)
        checker.totals = BatchTotals()
        for kind in documents {
            let example = try #require(catalogue.newest.kind(kind)?.example)
            _ = checker.check(
                Array(example.utf8), in: CheckContext(territory: nil, receivedMilliseconds: 1_783_000_000_000))
        }
        return try #require(checker.totals)
    }

    private func answer(_ totals: BatchTotals) -> BatchTotalsAnswer {
        BatchTotalsAnswer(
            documents: UInt64(totals.documents), persons: UInt64(totals.persons), amount: totals.amount, stored: 0)
    }

    /// CR-2 and ED-1 tell of a person each, ED-1 of 412000.00 tenge.
    @Test func aBatchIsCountedByItsCards() throws {
        let totals = try Self.counted(["CR-2", "ED-1", "CO-1"])
        #expect(totals.documents == 3)
        #expect(totals.persons == 2)
        #expect(totals.amount == 412_000_00)
    }

    @Test func whatDiffersIsNamed() throws {
        let answer = answer(try Self.counted(["CR-2", "ED-1"]))
        let control = try #require(ControlTotals("documents=3,persons=1,amount=411999.99"))
        #expect(
            answer.differences(from: control) == [
                "documents: 3 declared, 2 counted", "persons: 1 declared, 2 counted",
                "amount: 411999.99 declared, 412000.00 counted",
            ])
    }

    @Test func whatAgreesIsNotNamed() throws {
        let answer = answer(try Self.counted(["CR-2", "ED-1"]))
        for text in ["documents=2,persons=2,amount=412000", "persons=2", "amount=412000.0,documents=2"] {
            #expect(answer.differences(from: try #require(ControlTotals(text))) == [], "\(text)")
        }
    }

    @Test(arguments: ["", "documents", "documents=", "documents=-1", "persons=1,persons=1", "amount=1.234", "x=1"])
    func whatSaysNothingThatCanBeCountedIsNoTotal(text: String) {
        #expect(ControlTotals(text) == nil)
    }
}
