import HandMade
import Law
import Reports
import Testing

/// March 2026 by hand, continued: search, corruption, terrorism, inspections and discipline; every figure is worked out
/// in the comment beside it.
struct HandMadeSearchTests {
    private static func report(_ form: String) throws -> FinishedReport {
        try HandMadeMonthTests.report(form, rows: HandMadeMonth.rows())
    }

    private static func figure(
        _ report: FinishedReport, _ indicator: String, _ territory: String? = nil, _ cut: String? = nil,
        _ code: String? = nil
    ) -> String? {
        HandMadeMonthTests.figure(report, indicator, territory, cut, code)
    }

    private static func movement(_ report: FinishedReport, _ type: String, _ territory: String? = nil) -> [String?] {
        ["START", "TAKEN", "ENDED", "END"].map { figure(report, "SR.01.\(type).\($0)", territory) }
    }

    @Test func theMonthHasMoreThanSixtyCards() throws {
        #expect(HandMadeMonth.rows().count > 60)
    }

    @Test func formSearchClosesForEachOfItsSixAccounts() throws {
        let report = try Self.report("1-P-SEARCH")
        // w1 w2 at the start; w3 w4 w5 taken; w1 w5 ended; w2 w3 w4 at the end.
        #expect(Self.movement(report, "3") == ["2", "3", "2", "3"])
        // w1 w3 w5 are of Almaty: the territory of the start card.
        #expect(Self.movement(report, "3", "KZ-75") == ["1", "2", "2", "1"])
        #expect(Self.movement(report, "3", "KZ-10") == ["1", "1", "0", "2"])
        #expect(Self.figure(report, "SR.01.3.END", nil, "minor", "1") == "1")
        #expect(Self.figure(report, "SR.01.3.ENDED", nil, "wanted_ground", "INQ") == "1")
        #expect(Self.movement(report, "15") == ["0", "1", "0", "1"])
        #expect(Self.movement(report, "4") == ["1", "0", "1", "0"])
        #expect(Self.figure(report, "SR.01.4.START", nil, "child_flag", "1") == "1")
        #expect(Self.movement(report, "16-2") == ["0", "1", "0", "1"])
        #expect(Self.movement(report, "5") == ["1", "2", "2", "1"])
        #expect(Self.movement(report, "16-3") == ["0", "1", "1", "0"])
        // e1 of the wanted, e1 of the missing: CANCEL is no finding, SELF is April's.
        #expect(Self.figure(report, "SR.02") == "2")
        #expect(Self.figure(report, "SR.02", nil, "outcome", "DETAINED") == "1")
        // u1 by DNA, the person by documents; u2 was buried unknown.
        #expect(Self.figure(report, "SR.03") == "2")
        #expect(Self.figure(report, "SR.03", nil, "method", "DNA") == "1")
        #expect(report.defects() == [])
    }

    @Test func form3KCountsCrimesPersonsOnceAndTheMovementOfCases() throws {
        let report = try Self.report("3-K")
        // K/2 K/3 K/3b.
        #expect(Self.figure(report, "3K.01") == "3")
        #expect(Self.figure(report, "3K.01", "KZ-10", "articles.code", "CC-366") == "2")
        // 22, 24 and 25: 21 reached it in February, 23 has not, 26 in April.
        #expect(Self.figure(report, "3K.02") == "3")
        #expect(Self.figure(report, "3K.02.OFF") == "1")
        #expect(Self.figure(report, "3K.02.OFF", nil, "position_body", "B2") == "1")
        #expect(Self.figure(report, "3K.03.CONV") == "1")
        // k1 at the start; k2 k3 opened; k1 k2 ended; k3 left.
        #expect(
            ["START", "TAKEN", "ENDED", "END"].map { Self.figure(report, "3K.03.\($0)") } == ["1", "2", "2", "1"])
        #expect(Self.figure(report, "3K.03.COURT") == "1")
        #expect(Self.figure(report, "3K.03.TERM", "KZ-75") == "1")
        #expect(report.defects() == [])
    }

    @Test func formETCountsAPersonOfTwoCardsOnce() throws {
        let report = try Self.report("1-ET")
        #expect(Self.figure(report, "ET.01.TERR") == "1")
        #expect(Self.figure(report, "ET.01.EXTR") == "0")
        // 31 is in a criminal and an administrative case, 32 in an administrative one.
        #expect(Self.figure(report, "ET.02") == "2")
        #expect(Self.figure(report, "ET.02", nil, "minor", "1") == "1")
        // In force in March, though registered in February.
        #expect(Self.figure(report, "ET.03", nil, "mark", "EXTR") == "1")
        #expect(report.defects() == [])
    }

    @Test func formInspectionsCountsActsViolationsAndTerms() throws {
        let report = try HandMadeMonthTests.report("1-P-INSP", rows: HandMadeMonth.inspections())
        #expect(Self.figure(report, "IP.01.REG") == "2")
        #expect(Self.figure(report, "IP.01.REFUSED") == "1")
        #expect(Self.figure(report, "IP.01.REFUSED", nil, "refusal_codes", "IA-02") == "1")
        #expect(Self.figure(report, "IP.02.FOUND") == "2")
        #expect(Self.figure(report, "IP.02.ALL", nil, "body", "B1") == "3")
        #expect(Self.figure(report, "IP.02.SHARE") == "66.67")
        #expect(Self.figure(report, "IP.03") == "1")
        // (5 + 12 + 17) / 3.
        #expect(Self.figure(report, "IP.03.DAYS", "KZ-75") == "11.33")
        #expect(report.defects() == [])
    }

    @Test func completenessIsTheShareOfOwedCardsThatCame() throws {
        func duty(_ territory: String, _ sender: String, _ kind: String, _ day: String, _ isMet: Bool) throws -> DutyRow
        {
            DutyRow(
                territory: territory, sender: sender, kind: kind, month: try #require(Day(text: day)), isMet: isMet)
        }
        let report = try HandMadeMonthTests.report(
            "DISCIPLINE", rows: [],
            duties: [
                try duty("KZ-75", "S", "CR-1", "2026-03-01", true), try duty("KZ-75", "S", "CR-2", "2026-03-01", false),
                try duty("KZ-75", "E", "CR-1", "2026-03-01", true), try duty("KZ-10", "C", "CT-1", "2026-03-01", false),
                // Nobody has said where this sender hands in: it counts in the nation alone.
                try duty("", "N", "CR-1", "2026-03-01", true),
                // Of other months.
                try duty("KZ-75", "S", "CR-1", "2026-02-01", false),
                try duty("KZ-75", "S", "CR-1", "2026-04-01", false),
            ])
        // Three of five; two of three; none of one.
        #expect(Self.figure(report, "DI.02") == "60.00")
        #expect(Self.figure(report, "DI.02", "KZ-75") == "66.67")
        #expect(Self.figure(report, "DI.02", "KZ-10") == "0.00")
        #expect(Self.figure(report, "DI.02", "KZ-75", "sender", "S") == "50.00")
        #expect(Self.figure(report, "DI.02", nil, "form_code", "CR-1") == "100.00")
        #expect(Self.figure(report, "DI.02", nil, "sender", "C") == "0.00")
        #expect(report.defects() == [])
        // Where nobody owes anything there is no share.
        #expect(Self.figure(try HandMadeMonthTests.report("DISCIPLINE", rows: []), "DI.02") == "")
    }

    @Test func disciplineIsTheShareOfCardsInTerm() throws {
        var rows = HandMadeMonth.cases().filter { $0.day >= Day(year: 2026, month: 3, day: 1) }
        rows = rows.filter { $0.day <= Day(year: 2026, month: 3, day: 31) }
        for place in rows.indices where rows[place].kind == "CR-3" { rows[place].isLate = true }
        let report = try HandMadeMonthTests.report("DISCIPLINE", rows: rows)
        // Fourteen cards of March, two of them late.
        #expect(Self.figure(report, "DI.01.ALL") == "14")
        #expect(Self.figure(report, "DI.01") == "85.71")
        #expect(Self.figure(report, "DI.01", nil, "form_code", "CR-3") == "0.00")
        #expect(Self.figure(report, "DI.01", nil, "sender", "E") == "100.00")
        #expect(report.defects() == [])
    }
}
