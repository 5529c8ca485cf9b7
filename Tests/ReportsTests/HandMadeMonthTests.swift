import HandMade
import Law
import Reports
import Testing

/// March 2026 by hand (`HandMadeMonth`): every figure is worked out in the comment beside it.
struct HandMadeMonthTests {
    static func report(_ form: String, rows: [FactRow], duties: [DutyRow] = []) throws -> FinishedReport {
        let edition = try PeriodTests.edition.get()
        let form = try #require(edition.form(form))
        let period = try #require(ReportPeriod("2026-03"))
        let counting = try FormCounting(form: form, edition: edition, period: period)
        let tables = FactTables(rows, duties: duties)
        return counting.report(territories: ["KZ-10", "KZ-75"]) { tables.answer($0) }
    }

    /// The figure's text: of the nation where no territory is named, of the total where no cut is.
    static func figure(
        _ report: FinishedReport, _ indicator: String, _ territory: String? = nil, _ cut: String? = nil,
        _ code: String? = nil
    ) -> String? {
        report.figures.first {
            $0.indicator == indicator && $0.territory == territory && $0.cut?.name == cut && $0.cut?.code == code
        }?.text
    }

    @Test func form1MCountsOffencesByAccountingDay() throws {
        let report = try Self.report("1-M", rows: HandMadeMonth.offencesFinesAccidents())
        // c1 c2 c3 in Almaty, c4 c5 c8 in Abai.
        #expect(Self.figure(report, "1M.01") == "6")
        #expect(Self.figure(report, "1M.01", "KZ-75") == "3")
        #expect(Self.figure(report, "1M.01", "KZ-10") == "3")
        #expect(Self.figure(report, "1M.01", nil, "severity", "MEDIUM") == "4")
        // Without c3, a misdemeanour.
        #expect(Self.figure(report, "1M.02") == "5")
        #expect(Self.figure(report, "1M.02", "KZ-75") == "2")
        #expect(Self.figure(report, "1M.01", nil, "articles.code", "CC-188") == "2")
        #expect(Self.figure(report, "1M.01", "KZ-75", "articles.code", "CC-192") == "1")
        // n1 and n6, though n6 was registered in February.
        #expect(Self.figure(report, "1M.03") == "2")
        #expect(Self.figure(report, "1M.03", "KZ-10") == "1")
        #expect(Self.figure(report, "1M.03", "KZ-10", "severity", "GRAVE") == "1")
    }

    @Test func form1ADCountsCasesPersonsAndFines() throws {
        let report = try Self.report("1-AD", rows: HandMadeMonth.offencesFinesAccidents())
        #expect(Self.figure(report, "1AD.01") == "6")
        #expect(Self.figure(report, "1AD.01", "KZ-75", "outcome", "NONE") == "1")
        // Persons 1 and 2; person 1 counts in both territories and once in the nation.
        #expect(Self.figure(report, "1AD.02.P") == "2")
        #expect(Self.figure(report, "1AD.02.P", "KZ-75") == "1")
        #expect(Self.figure(report, "1AD.02.P", "KZ-10") == "2")
        #expect(Self.figure(report, "1AD.02.E") == "1")
        // 10000.00 + 5000.50 + 100000.00; 1000.00 + 2000.00.
        #expect(Self.figure(report, "1AD.03.SUM", "KZ-75") == "115000.50")
        #expect(Self.figure(report, "1AD.03.SUM", "KZ-10") == "3000.00")
        #expect(Self.figure(report, "1AD.03.SUM") == "118000.50")
        // Due in March: A/1 A/2 A/3 A/5; of them A/1 is unpaid.
        #expect(Self.figure(report, "1AD.03.UNPAID") == "25.00")
        #expect(Self.figure(report, "1AD.03.UNPAID", "KZ-75") == "33.33")
        #expect(Self.figure(report, "1AD.03.UNPAID", "KZ-10") == "0.00")
        #expect(Self.figure(report, "1AD.03.UNPAID", "KZ-75", "body", "B1") == "33.33")
    }

    @Test func formDTP1CountsAccidentsVictimsAndWhatHasNoCard() throws {
        let report = try Self.report("DTP-1", rows: HandMadeMonth.offencesFinesAccidents())
        #expect(Self.figure(report, "DTP.01") == "2")
        #expect(Self.figure(report, "DTP.01", nil, "accident_type", "PED") == "1")
        #expect(Self.figure(report, "DTP.02.DEAD") == "1")
        #expect(Self.figure(report, "DTP.02.DEAD", "KZ-10") == "0")
        #expect(Self.figure(report, "DTP.02.INJURED") == "2")
        #expect(Self.figure(report, "DTP.02.INJURED", nil, "minor", "1") == "1")
        // c4 alone: c5 has its accident card, c8 is younger than a working day at the end of the month.
        #expect(Self.figure(report, "DTP.03") == "1")
        #expect(Self.figure(report, "DTP.03", "KZ-10") == "1")
        #expect(Self.figure(report, "DTP.03", "KZ-75") == "0")
    }

    @Test func theSameRowsInAnyOrderGiveTheSameFigures() throws {
        for form in ["1-M", "1-AD", "DTP-1"] {
            let rows = HandMadeMonth.offencesFinesAccidents()
            let forward = try Self.report(form, rows: rows)
            let backward = try Self.report(form, rows: rows.reversed())
            #expect(forward.figures == backward.figures)
        }
    }

    @Test func totalsAreTheSumsOfTheirParts() throws {
        for form in ["1-M", "1-AD", "DTP-1"] {
            #expect(try Self.report(form, rows: HandMadeMonth.offencesFinesAccidents()).sumDefects() == [])
        }
    }

    @Test func aLostRowOfAnAnswerIsSeenAsABrokenSum() throws {
        let edition = try PeriodTests.edition.get()
        let form = try #require(edition.form("1-M"))
        let period = try #require(ReportPeriod("2026-03"))
        let counting = try FormCounting(form: form, edition: edition, period: period)
        let tables = FactTables(HandMadeMonth.offencesFinesAccidents())
        var answers = counting.plans.map(tables.answer)
        // The first plan is the total by territory, the second the same by severity.
        answers[1].removeLast()
        let report = counting.report(territories: ["KZ-10", "KZ-75"], answers: answers)
        #expect(!report.sumDefects().isEmpty)
        #expect(report.sumDefects().allSatisfy { $0.code == "V903" && $0.indicator == "1M.01" })
    }

    @Test func everyFigureHasItsUnitAndIsReadInThreeLanguages() throws {
        for form in ["1-M", "1-AD", "DTP-1"] {
            let report = try Self.report(form, rows: HandMadeMonth.offencesFinesAccidents())
            for figure in report.figures {
                #expect(!figure.unit.isEmpty)
                #expect(!report.unitLabels(figure.unit).kk.isEmpty)
                #expect(figure.cut.map { !$0.labels.kk.isEmpty && !$0.labels.ru.isEmpty } ?? true)
                #expect(!report.territoryLabels(figure.territory).kk.isEmpty)
            }
        }
    }

    @Test func aMonthOfNothingIsAReportOfZeros() throws {
        let report = try Self.report("1-M", rows: [])
        #expect(report.figures.map(\.text) == Array(repeating: "0", count: 9))
        let shares = try Self.report("1-AD", rows: []).figures.filter { $0.indicator == "1AD.03.UNPAID" }
        #expect(shares.allSatisfy { $0.unscaled == nil && $0.text.isEmpty } && shares.count == 3)
    }

}
