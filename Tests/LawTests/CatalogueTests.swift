import Law
import Testing

@Suite struct CatalogueTests {
    let catalogue: Catalogue

    init() throws {
        catalogue = try Catalogue.embedded()
    }

    @Test func theFirstEditionHoldsItsCards() {
        let cards = """
            AD-1 AD-2
            CF-1 CO-1
            CR-1 CR-2 CR-3 CR-4
            CT-1
            CV-1 CV-2
            DS-1 DS-2
            ED-1 ED-2
            FC-1
            FP-1
            IN-1 IN-2 IN-3 IN-4
            MR-1
            MS-1 MS-2
            PL-1
            RA-1 RA-2
            UC-1 UC-2
            UP-1 UP-2
            WN-1 WN-2
            """
        #expect(catalogue.newest.kinds.map(\.code) == cards.split { $0 == " " || $0 == "\n" }.map(String.init))
    }

    @Test func everyListedAccountTypeStandsWithItsStatus() {
        let types = catalogue.newest.accountTypes
        #expect(types.count == 28)
        #expect(types.filter { $0.status == .active }.count == 24)
        #expect(types.filter { $0.status == .excluded }.map(\.code) == ["6-1", "19", "20"])
        #expect(types.filter(\.rules.isEmpty).map(\.code) == ["6-1", "19", "20"])
    }

    @Test func type12IsHeldInTwoEditions() throws {
        let edition = catalogue.newest
        let now = try #require(edition.accountType("12", on: Day(year: 2026, month: 12, day: 31)))
        let later = try #require(edition.accountType("12", on: Day(year: 2027, month: 1, day: 1)))
        #expect(now.status == .active)
        #expect(later.status == .future)
    }

    @Test func twentySixFormsAreListedAndEightThingsCanBeCounted() {
        let forms = catalogue.newest.forms
        #expect(forms.count { $0.dueDay != nil } == 26)
        #expect(
            forms.filter { !$0.indicators.isEmpty }.map(\.key) == [
                "1-M", "1-P-INSP", "1-AD", "DTP-1", "1-ET", "1-P-SEARCH", "3-K", "DISCIPLINE",
            ])
        for form in forms { #expect((form.lacks == nil) == !form.indicators.isEmpty) }
    }
}
