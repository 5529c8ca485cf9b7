import Law
import Reports
import Testing

/// March 2026 by hand: few records in two territories, every figure worked out in the comment beside it.
struct HandMadeMonthTests {
    static func row(
        _ kind: String, _ name: String, _ territory: String, _ day: String, subjects: [UInt16: Int64] = [:],
        _ values: [String: FactValue] = [:]
    ) throws -> FactRow {
        let day = try #require(Day(text: day))
        return FactRow(kind: kind, name: name, territory: territory, day: day, subjects: subjects, values: values)
    }

    static func offence(
        _ name: String, _ territory: String, _ day: String, _ severity: String, _ articles: String, caseNumber: String,
        marks: String? = nil
    ) throws -> FactRow {
        var values: [String: FactValue] = [
            "severity": .text(severity), "articles_code": .text(articles), "case_no": .text(caseNumber),
        ]
        if let marks { values["marks"] = .text(marks) }
        return try row("CR-1", name, territory, day, values)
    }

    static func fine(
        _ name: String, _ territory: String, _ day: String, offender: String, subject: Int64, tenge: Int64,
        until: String, body: String
    ) throws -> FactRow {
        let until = try #require(Day(text: until))
        return try row(
            "AD-1", name, territory, day, subjects: [offender == "PERSON" ? 1 : 2: subject],
            [
                "outcome": .text("FINE"), "offender": .text(offender), "fine_tenge": .integer(tenge),
                "paid_voluntarily_until": .integer(Int64(until.number)), "body": .text(body),
                "articles_code": .text(",AC-590,"), "case_no": .text(name),
            ])
    }

    static func rows() throws -> [FactRow] {
        [
            // Offences: c6 is February's, c7 April's.
            try offence("S/c1", "KZ-75", "2026-03-02", "MEDIUM", ",CC-188,", caseNumber: "n1"),
            try offence("S/c2", "KZ-75", "2026-03-31", "GRAVE", ",CC-106,CC-192,", caseNumber: "n2"),
            try offence("S/c3", "KZ-75", "2026-03-10", "MISD", ",CC-188,", caseNumber: "n3"),
            try offence("S/c4", "KZ-10", "2026-03-05", "MEDIUM", ",CC-345,", caseNumber: "n4", marks: ",ROAD,"),
            try offence("S/c5", "KZ-10", "2026-03-06", "MEDIUM", ",CC-345,", caseNumber: "n5", marks: ",ALCO,ROAD,"),
            try offence("S/c6", "KZ-10", "2026-02-28", "GRAVE", ",CC-99,", caseNumber: "n6"),
            try offence("S/c7", "KZ-75", "2026-04-01", "GRAVE", ",CC-99,", caseNumber: "n7"),
            // Accounted on the last working day of March: not yet missed at the end of the month.
            try offence("S/c8", "KZ-10", "2026-03-31", "MEDIUM", ",CC-345,", caseNumber: "n8", marks: ",ROAD,"),
            // Sent to court in March: n1 and February's n6. n2's decision is another, n3 goes in April.
            try row("CR-3", "S/d1", "KZ-75", "2026-03-20", ["decision": .text("COURT"), "case_no": .text("n1")]),
            try row("CR-3", "S/d6", "KZ-10", "2026-03-21", ["decision": .text("COURT"), "case_no": .text("n6")]),
            try row("CR-3", "S/d2", "KZ-75", "2026-03-22", ["decision": .text("TERM-R"), "case_no": .text("n2")]),
            try row("CR-3", "S/d3", "KZ-75", "2026-04-02", ["decision": .text("COURT"), "case_no": .text("n3")]),
            // Fines: person 1 twice in KZ-75 and once in KZ-10, person 2 once, organisation 9 once.
            try fine(
                "A/1", "KZ-75", "2026-03-02", offender: "PERSON", subject: 1, tenge: 10_000_00, until: "2026-03-16",
                body: "B1"),
            try fine(
                "A/2", "KZ-75", "2026-03-03", offender: "PERSON", subject: 1, tenge: 5_000_50, until: "2026-03-17",
                body: "B1"),
            try fine(
                "A/3", "KZ-10", "2026-03-04", offender: "PERSON", subject: 1, tenge: 1_000_00, until: "2026-03-18",
                body: "B2"),
            try fine(
                "A/4", "KZ-10", "2026-03-05", offender: "PERSON", subject: 2, tenge: 2_000_00, until: "2026-04-19",
                body: "B2"),
            try fine(
                "A/5", "KZ-75", "2026-03-06", offender: "ENTITY", subject: 9, tenge: 100_000_00, until: "2026-03-20",
                body: "B1"),
            try row(
                "AD-1", "A/6", "KZ-75", "2026-03-09", subjects: [1: 3],
                [
                    "outcome": .text("NONE"), "offender": .text("PERSON"), "articles_code": .text(",AC-440,"),
                    "body": .text("B3"),
                ]),
            try row("AD-2", "A/u1", "KZ-75", "2026-03-18", ["state": .text("UNPAID"), "decision_ref": .text("A/1")]),
            try row("AD-2", "A/u3", "KZ-10", "2026-03-20", ["state": .text("PAID"), "decision_ref": .text("A/3")]),
            // Accidents: r3 has no casualties. n5 has its accident card, n4 has none.
            try row(
                "RA-1", "R/1", "KZ-75", "2026-03-01",
                ["dead": .integer(1), "injured": .integer(1), "accident_type": .text("COLL")]),
            try row(
                "RA-1", "R/2", "KZ-10", "2026-03-06",
                ["injured": .integer(1), "accident_type": .text("PED"), "case_no": .text("n5")]),
            try row("RA-1", "R/3", "KZ-10", "2026-03-07", ["dead": .integer(0), "injured": .integer(0)]),
            try row(
                "RA-2", "R/v1", "KZ-75", "2026-03-01",
                ["injury": .text("DEAD-0"), "victim_role": .text("DRIVER"), "minor": .integer(0)]),
            try row(
                "RA-2", "R/v2", "KZ-75", "2026-03-01",
                ["injury": .text("LIGHT"), "victim_role": .text("PASSENGER"), "minor": .integer(1)]),
            try row(
                "RA-2", "R/v3", "KZ-10", "2026-03-06",
                ["injury": .text("HEAVY"), "victim_role": .text("PEDESTRIAN"), "minor": .integer(0)]),
        ]
    }

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
        let report = try Self.report("1-M", rows: try Self.rows())
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
        let report = try Self.report("1-AD", rows: try Self.rows())
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
        let report = try Self.report("DTP-1", rows: try Self.rows())
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
            let rows = try Self.rows()
            let forward = try Self.report(form, rows: rows)
            let backward = try Self.report(form, rows: rows.reversed())
            #expect(forward.figures == backward.figures)
        }
    }

    @Test func totalsAreTheSumsOfTheirParts() throws {
        for form in ["1-M", "1-AD", "DTP-1"] {
            #expect(try Self.report(form, rows: try Self.rows()).sumDefects() == [])
        }
    }

    @Test func aLostRowOfAnAnswerIsSeenAsABrokenSum() throws {
        let edition = try PeriodTests.edition.get()
        let form = try #require(edition.form("1-M"))
        let period = try #require(ReportPeriod("2026-03"))
        let counting = try FormCounting(form: form, edition: edition, period: period)
        let tables = FactTables(try Self.rows())
        var answers = counting.plans.map(tables.answer)
        // The first plan is the total by territory, the second the same by severity.
        answers[1].removeLast()
        let report = counting.report(territories: ["KZ-10", "KZ-75"], answers: answers)
        #expect(!report.sumDefects().isEmpty)
        #expect(report.sumDefects().allSatisfy { $0.code == "V903" && $0.indicator == "1M.01" })
    }

    @Test func everyFigureHasItsUnitAndIsReadInThreeLanguages() throws {
        for form in ["1-M", "1-AD", "DTP-1"] {
            let report = try Self.report(form, rows: try Self.rows())
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
