import Law
package import Reports

extension HandMadeMonth {
    static func row(
        _ kind: String, _ name: String, _ territory: String, _ day: String, subject: Int64?, late: Bool = false,
        _ values: [String: FactValue] = [:]
    ) -> FactRow {
        var row = row(
            kind, name, territory, day, subjects: subject.map { [1: $0] } ?? [:], values)
        row.isLate = late
        return row
    }

    static func end(
        _ kind: String, _ name: String, of start: String, _ territory: String, _ day: String, _ outcome: String? = nil,
        _ values: [String: FactValue] = [:]
    ) -> FactRow {
        var values = values
        values["start_ref"] = .text(start)
        if let outcome { values["outcome"] = .text(outcome) }
        return row(kind, name, territory, day, values)
    }

    package static func searches() -> [FactRow] {
        [
            // Wanted (type 3): w1 since February, found in March; w2 since February, still wanted; w3 and w4 of March,
            // w4 found in April; w5 found before its card was registered, both in March; w6 over in February.
            row("WN-1", "W/1", "KZ-75", "2026-02-10", subject: 1, ["wanted_ground": .text("INQ")]),
            row("WN-1", "W/2", "KZ-10", "2026-02-11", subject: 2, ["wanted_ground": .text("SENT")]),
            row("WN-1", "W/3", "KZ-75", "2026-03-03", subject: 3, ["wanted_ground": .text("COURT")]),
            row(
                "WN-1", "W/4", "KZ-10", "2026-03-04", subject: 4,
                ["wanted_ground": .text("INQ"), "minor": .integer(1)]),
            row("WN-1", "W/5", "KZ-75", "2026-03-09", subject: 5, ["wanted_ground": .text("PROB")]),
            row("WN-1", "W/6", "KZ-75", "2026-01-09", subject: 6, ["wanted_ground": .text("INQ")]),
            end("WN-2", "W/e1", of: "W/1", "KZ-10", "2026-03-12", "DETAINED"),
            end("WN-2", "W/e4", of: "W/4", "KZ-10", "2026-04-02", "SELF"),
            end("WN-2", "W/e5", of: "W/5", "KZ-75", "2026-03-05", "CANCEL"),
            end("WN-2", "W/e6", of: "W/6", "KZ-75", "2026-02-20", "FOUND-A"),
            // A debtor (type 15) of March.
            row("WN-1", "W/7", "KZ-10", "2026-03-20", subject: 7, ["wanted_ground": .text("ALIM")]),
            // Missing: m1 (a child) found; m2 out of touch.
            row(
                "MS-1", "M/1", "KZ-75", "2026-02-27", subject: 8,
                ["missing_kind": .text("MISS"), "child_flag": .integer(1)]),
            row("MS-1", "M/2", "KZ-75", "2026-03-02", subject: 9, ["missing_kind": .text("LOST")]),
            end("MS-2", "M/e1", of: "M/1", "KZ-75", "2026-03-01", "FOUND-A"),
            // Corpses: u1 identified, u2 buried, u3 open. A person who cannot tell who he is, identified.
            row("UC-1", "U/1", "KZ-75", "2026-03-01", ["sex": .text("M")]),
            row("UC-1", "U/2", "KZ-75", "2026-01-15", ["sex": .text("F")]),
            row("UC-1", "U/3", "KZ-10", "2026-03-15", ["sex": .text("M")]),
            end("UC-2", "U/e1", of: "U/1", "KZ-75", "2026-03-18", "IDENT", ["method": .text("DNA")]),
            end("UC-2", "U/e2", of: "U/2", "KZ-75", "2026-03-19", "BURIED"),
            row("UP-1", "P/1", "KZ-10", "2026-03-05"),
            end("UP-2", "P/e1", of: "P/1", "KZ-10", "2026-03-06", nil, ["method": .text("DOCS")]),
        ]
    }

    package static func cases() -> [FactRow] {
        let corruption: [String: FactValue] = ["marks": .text(",CORR,"), "severity": .text("GRAVE")]
        func offence(_ name: String, _ territory: String, _ day: String, _ number: String) -> FactRow {
            row(
                "CR-1", name, territory, day,
                corruption.merging(["case_no": .text(number), "articles_code": .text(",CC-366,")]) { first, _ in first }
            )
        }
        func person(
            _ name: String, _ day: String, _ subject: Int64, _ status: String, body: String?, accused: String? = nil
        ) -> FactRow {
            var values: [String: FactValue] = ["marks": .text(",CORR,"), "status": .text(status)]
            if let since = accused ?? (status == "SUSP" ? nil : day) {
                values["accused_on"] = .integer(Int64(Self.day(since).number))
            }
            if let body { values["position_body"] = .text(body) }
            return row("CR-2", name, "KZ-75", day, subject: subject, values)
        }
        return [
            // Corruption: case k1 of February goes to court in March; k2 opened and terminated in March; k3 opened.
            offence("K/1", "KZ-75", "2026-02-02", "k1"),
            offence("K/2", "KZ-75", "2026-03-02", "k2"),
            offence("K/3", "KZ-10", "2026-03-03", "k3"),
            offence("K/3b", "KZ-10", "2026-03-04", "k3"),
            row("CR-3", "K/d1", "KZ-75", "2026-03-10", ["decision": .text("COURT"), "case_no": .text("k1")]),
            row("CR-3", "K/d2", "KZ-75", "2026-03-11", ["decision": .text("TERM-N"), "case_no": .text("k2")]),
            // Person 21 was accused in February already; 22 in March; 23 is a suspect alone.
            person("K/p1", "2026-02-05", 21, "ACCU", body: "B1"),
            person("K/p2", "2026-03-05", 21, "CONV", body: "B1"),
            person("K/p3", "2026-03-06", 22, "ACCU", body: nil),
            person("K/p4", "2026-03-07", 23, "SUSP", body: "B1"),
            person("K/p5", "2026-03-08", 24, "DEF", body: "B2"),
            // 25's card is of January; a correction of March made him accused. 26's is of March, and says April.
            person("K/p6", "2026-01-12", 25, "ACCU", body: nil, accused: "2026-03-20"),
            person("K/p7", "2026-03-30", 26, "ACCU", body: nil, accused: "2026-04-02"),
            // Convicted in force in March, whenever it was registered.
            row(
                "CT-1", "K/c1", "KZ-75", "2026-04-03", subject: 21,
                [
                    "marks": .text(",CORR,"), "outcome": .text("CONV"), "articles_code": .text(",CC-366,"),
                    "court_in_force": .integer(Int64(Self.day("2026-03-31").number)),
                ]),
            // Terrorism and extremism.
            row("CR-1", "E/1", "KZ-10", "2026-03-09", ["marks": .text(",TERR,"), "severity": .text("GRAVE")]),
            row(
                "CR-2", "E/p1", "KZ-10", "2026-03-09", subject: 31,
                ["marks": .text(",EXTR,TERR,"), "minor": .integer(1)]),
            row(
                "AD-1", "E/a1", "KZ-10", "2026-03-10", subject: 31,
                ["marks": .text(",EXTR,"), "offender": .text("PERSON"), "outcome": .text("FINE")]),
            row(
                "AD-1", "E/a2", "KZ-10", "2026-03-10", subject: 32,
                ["marks": .text(",EXTR,"), "offender": .text("PERSON"), "outcome": .text("FINE")]),
            row(
                "CO-1", "E/o1", "KZ-71", "2026-02-01", subject: nil, late: true,
                [
                    "mark": .text("EXTR"), "object_kind": .text("ORG"),
                    "court_in_force": .integer(Int64(Self.day("2026-03-15").number)),
                ]),
        ]
    }

    package static func inspections() -> [FactRow] {
        func act(_ name: String, _ day: String, _ decision: String, _ refusals: String? = nil) -> FactRow {
            var values: [String: FactValue] = ["registration_decision": .text(decision), "body": .text("B1")]
            if let refusals { values["refusal_codes"] = .text(refusals) }
            return row("IN-1", name, "KZ-75", day, values)
        }
        func result(
            _ name: String, _ day: String, delivered: String, until: String, extended: String? = nil, violations: Int64,
            days: Int64
        ) -> FactRow {
            var values: [String: FactValue] = [
                "body": .text("B1"), "delivered_on": number(delivered), "term_to": number(until),
                "violations_count": .integer(violations), "working_days": .integer(days),
            ]
            if let extended { values["extended_to"] = number(extended) }
            return row("IN-3", name, "KZ-75", day, values)
        }
        return [
            act("I/1", "2026-03-02", "REG"), act("I/2", "2026-03-03", "REG"),
            act("I/3", "2026-03-04", "REFUSED", ",IA-01,IA-02,"), act("I/4", "2026-02-04", "REG"),
            // In term; late; late against the appointment but in the extended term; of April.
            result("I/r1", "2026-03-10", delivered: "2026-03-09", until: "2026-03-10", violations: 2, days: 5),
            result("I/r2", "2026-03-20", delivered: "2026-03-20", until: "2026-03-13", violations: 0, days: 12),
            result(
                "I/r3", "2026-03-31", delivered: "2026-03-30", until: "2026-03-13", extended: "2026-03-31",
                violations: 1, days: 17),
            result("I/r4", "2026-04-01", delivered: "2026-04-01", until: "2026-03-13", violations: 1, days: 20),
        ]
    }
}
