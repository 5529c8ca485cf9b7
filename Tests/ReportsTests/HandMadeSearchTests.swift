import Law
import Reports
import Testing

/// March 2026 by hand, continued: search, corruption, terrorism and discipline. Together with `HandMadeMonthTests` more
/// than sixty cards; every figure is worked out in the comment beside it.
struct HandMadeSearchTests {
    private static func row(
        _ kind: String, _ name: String, _ territory: String, _ day: String, subject: Int64? = nil, late: Bool = false,
        _ values: [String: FactValue] = [:]
    ) throws -> FactRow {
        var row = try HandMadeMonthTests.row(
            kind, name, territory, day, subjects: subject.map { [1: $0] } ?? [:], values)
        row.isLate = late
        return row
    }

    private static func end(
        _ kind: String, _ name: String, of start: String, _ territory: String, _ day: String, _ outcome: String? = nil,
        _ values: [String: FactValue] = [:]
    ) throws -> FactRow {
        var values = values
        values["start_ref"] = .text(start)
        if let outcome { values["outcome"] = .text(outcome) }
        return try row(kind, name, territory, day, values)
    }

    private static func searches() throws -> [FactRow] {
        [
            // Wanted (type 3): w1 since February, found in March; w2 since February, still wanted; w3 and w4 of March,
            // w4 found in April; w5 found before its card was registered, both in March; w6 over in February.
            try row("WN-1", "W/1", "KZ-75", "2026-02-10", subject: 1, ["wanted_ground": .text("INQ")]),
            try row("WN-1", "W/2", "KZ-10", "2026-02-11", subject: 2, ["wanted_ground": .text("SENT")]),
            try row("WN-1", "W/3", "KZ-75", "2026-03-03", subject: 3, ["wanted_ground": .text("COURT")]),
            try row(
                "WN-1", "W/4", "KZ-10", "2026-03-04", subject: 4,
                ["wanted_ground": .text("INQ"), "minor": .integer(1)]),
            try row("WN-1", "W/5", "KZ-75", "2026-03-09", subject: 5, ["wanted_ground": .text("PROB")]),
            try row("WN-1", "W/6", "KZ-75", "2026-01-09", subject: 6, ["wanted_ground": .text("INQ")]),
            try end("WN-2", "W/e1", of: "W/1", "KZ-10", "2026-03-12", "DETAINED"),
            try end("WN-2", "W/e4", of: "W/4", "KZ-10", "2026-04-02", "SELF"),
            try end("WN-2", "W/e5", of: "W/5", "KZ-75", "2026-03-05", "CANCEL"),
            try end("WN-2", "W/e6", of: "W/6", "KZ-75", "2026-02-20", "FOUND-A"),
            // A debtor (type 15) of March.
            try row("WN-1", "W/7", "KZ-10", "2026-03-20", subject: 7, ["wanted_ground": .text("ALIM")]),
            // Missing: m1 (a child) found; m2 out of touch.
            try row(
                "MS-1", "M/1", "KZ-75", "2026-02-27", subject: 8,
                ["missing_kind": .text("MISS"), "child_flag": .integer(1)]),
            try row("MS-1", "M/2", "KZ-75", "2026-03-02", subject: 9, ["missing_kind": .text("LOST")]),
            try end("MS-2", "M/e1", of: "M/1", "KZ-75", "2026-03-01", "FOUND-A"),
            // Corpses: u1 identified, u2 buried, u3 open. A person who cannot tell who he is, identified.
            try row("UC-1", "U/1", "KZ-75", "2026-03-01", ["sex": .text("M")]),
            try row("UC-1", "U/2", "KZ-75", "2026-01-15", ["sex": .text("F")]),
            try row("UC-1", "U/3", "KZ-10", "2026-03-15", ["sex": .text("M")]),
            try end("UC-2", "U/e1", of: "U/1", "KZ-75", "2026-03-18", "IDENT", ["method": .text("DNA")]),
            try end("UC-2", "U/e2", of: "U/2", "KZ-75", "2026-03-19", "BURIED"),
            try row("UP-1", "P/1", "KZ-10", "2026-03-05"),
            try end("UP-2", "P/e1", of: "P/1", "KZ-10", "2026-03-06", nil, ["method": .text("DOCS")]),
        ]
    }

    private static func cases() throws -> [FactRow] {
        let corruption: [String: FactValue] = ["marks": .text(",CORR,"), "severity": .text("GRAVE")]
        func offence(_ name: String, _ territory: String, _ day: String, _ number: String) throws -> FactRow {
            try row(
                "CR-1", name, territory, day,
                corruption.merging(["case_no": .text(number), "articles_code": .text(",CC-366,")]) { first, _ in first }
            )
        }
        func person(
            _ name: String, _ day: String, _ subject: Int64, _ status: String, body: String?, accused: String? = nil
        ) throws -> FactRow {
            var values: [String: FactValue] = ["marks": .text(",CORR,"), "status": .text(status)]
            if let since = accused ?? (status == "SUSP" ? nil : day) {
                values["accused_on"] = .integer(Int64(try #require(Day(text: since)).number))
            }
            if let body { values["position_body"] = .text(body) }
            return try row("CR-2", name, "KZ-75", day, subject: subject, values)
        }
        return [
            // Corruption: case k1 of February goes to court in March; k2 opened and terminated in March; k3 opened.
            try offence("K/1", "KZ-75", "2026-02-02", "k1"),
            try offence("K/2", "KZ-75", "2026-03-02", "k2"),
            try offence("K/3", "KZ-10", "2026-03-03", "k3"),
            try offence("K/3b", "KZ-10", "2026-03-04", "k3"),
            try row("CR-3", "K/d1", "KZ-75", "2026-03-10", ["decision": .text("COURT"), "case_no": .text("k1")]),
            try row("CR-3", "K/d2", "KZ-75", "2026-03-11", ["decision": .text("TERM-N"), "case_no": .text("k2")]),
            // Person 21 was accused in February already; 22 in March; 23 is a suspect alone.
            try person("K/p1", "2026-02-05", 21, "ACCU", body: "B1"),
            try person("K/p2", "2026-03-05", 21, "CONV", body: "B1"),
            try person("K/p3", "2026-03-06", 22, "ACCU", body: nil),
            try person("K/p4", "2026-03-07", 23, "SUSP", body: "B1"),
            try person("K/p5", "2026-03-08", 24, "DEF", body: "B2"),
            // 25's card is of January; a correction of March made him accused. 26's is of March, and says April.
            try person("K/p6", "2026-01-12", 25, "ACCU", body: nil, accused: "2026-03-20"),
            try person("K/p7", "2026-03-30", 26, "ACCU", body: nil, accused: "2026-04-02"),
            // Convicted in force in March, whenever it was registered.
            try row(
                "CT-1", "K/c1", "KZ-75", "2026-04-03", subject: 21,
                [
                    "marks": .text(",CORR,"), "outcome": .text("CONV"), "articles_code": .text(",CC-366,"),
                    "court_in_force": .integer(Int64(try #require(Day(text: "2026-03-31")).number)),
                ]),
            // Terrorism and extremism.
            try row("CR-1", "E/1", "KZ-10", "2026-03-09", ["marks": .text(",TERR,"), "severity": .text("GRAVE")]),
            try row(
                "CR-2", "E/p1", "KZ-10", "2026-03-09", subject: 31,
                ["marks": .text(",EXTR,TERR,"), "minor": .integer(1)]),
            try row(
                "AD-1", "E/a1", "KZ-10", "2026-03-10", subject: 31,
                ["marks": .text(",EXTR,"), "offender": .text("PERSON"), "outcome": .text("FINE")]),
            try row(
                "AD-1", "E/a2", "KZ-10", "2026-03-10", subject: 32,
                ["marks": .text(",EXTR,"), "offender": .text("PERSON"), "outcome": .text("FINE")]),
            try row(
                "CO-1", "E/o1", "KZ-71", "2026-02-01", late: true,
                [
                    "mark": .text("EXTR"), "object_kind": .text("ORG"),
                    "court_in_force": .integer(Int64(try #require(Day(text: "2026-03-15")).number)),
                ]),
        ]
    }

    private static func report(_ form: String) throws -> FinishedReport {
        try HandMadeMonthTests.report(form, rows: try HandMadeMonthTests.rows() + searches() + cases())
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
        #expect(try HandMadeMonthTests.rows().count + Self.searches().count + Self.cases().count > 60)
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
        func act(_ name: String, _ day: String, _ decision: String, _ refusals: String? = nil) throws -> FactRow {
            var values: [String: FactValue] = ["registration_decision": .text(decision), "body": .text("B1")]
            if let refusals { values["refusal_codes"] = .text(refusals) }
            return try Self.row("IN-1", name, "KZ-75", day, values)
        }
        func result(
            _ name: String, _ day: String, delivered: String, until: String, extended: String? = nil, violations: Int64,
            days: Int64
        ) throws -> FactRow {
            func number(_ day: String) throws -> FactValue { .integer(Int64(try #require(Day(text: day)).number)) }
            var values: [String: FactValue] = [
                "body": .text("B1"), "delivered_on": try number(delivered), "term_to": try number(until),
                "violations_count": .integer(violations), "working_days": .integer(days),
            ]
            if let extended { values["extended_to"] = try number(extended) }
            return try Self.row("IN-3", name, "KZ-75", day, values)
        }
        let report = try HandMadeMonthTests.report(
            "1-P-INSP",
            rows: [
                try act("I/1", "2026-03-02", "REG"), try act("I/2", "2026-03-03", "REG"),
                try act("I/3", "2026-03-04", "REFUSED", ",IA-01,IA-02,"), try act("I/4", "2026-02-04", "REG"),
                // In term; late; late against the appointment but in the extended term; of April.
                try result("I/r1", "2026-03-10", delivered: "2026-03-09", until: "2026-03-10", violations: 2, days: 5),
                try result("I/r2", "2026-03-20", delivered: "2026-03-20", until: "2026-03-13", violations: 0, days: 12),
                try result(
                    "I/r3", "2026-03-31", delivered: "2026-03-30", until: "2026-03-13", extended: "2026-03-31",
                    violations: 1, days: 17),
                try result("I/r4", "2026-04-01", delivered: "2026-04-01", until: "2026-03-13", violations: 1, days: 20),
            ])
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
        var rows = try Self.cases().filter { $0.day >= Day(year: 2026, month: 3, day: 1) }
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
