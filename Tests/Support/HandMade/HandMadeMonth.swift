package import Law
package import Reports

/// March 2026 by hand: more than sixty cards in three territories, some of other months. Tests of the forms work
/// their figures out from these rows; the centre's store is given the same cards as documents.
package enum HandMadeMonth {
    /// All of it.
    package static func rows() -> [FactRow] {
        offencesFinesAccidents() + searches() + cases() + inspections()
    }

    static func day(_ text: String) -> Day {
        guard let day = Day(text: text) else { preconditionFailure("\(text) is no day") }
        return day
    }

    static func number(_ text: String) -> FactValue { .integer(Int64(day(text).number)) }

    package static func row(
        _ kind: String, _ name: String, _ territory: String, _ day: String, subjects: [UInt16: Int64] = [:],
        _ values: [String: FactValue] = [:]
    ) -> FactRow {
        let day = Self.day(day)
        return FactRow(kind: kind, name: name, territory: territory, day: day, subjects: subjects, values: values)
    }

    static func offence(
        _ name: String, _ territory: String, _ day: String, _ severity: String, _ articles: String, caseNumber: String,
        marks: String? = nil
    ) -> FactRow {
        var values: [String: FactValue] = [
            "severity": .text(severity), "articles_code": .text(articles), "case_no": .text(caseNumber),
        ]
        if let marks { values["marks"] = .text(marks) }
        return row("CR-1", name, territory, day, values)
    }

    static func fine(
        _ name: String, _ territory: String, _ day: String, offender: String, subject: Int64, tenge: Int64,
        until: String, body: String
    ) -> FactRow {
        let until = Self.day(until)
        return row(
            "AD-1", name, territory, day, subjects: [offender == "PERSON" ? 1 : 2: subject],
            [
                "outcome": .text("FINE"), "offender": .text(offender), "fine_tenge": .integer(tenge),
                "paid_voluntarily_until": .integer(Int64(until.number)), "body": .text(body),
                "articles_code": .text(",AC-590,"), "case_no": .text(name),
            ])
    }

    /// Offences, fines, accidents.
    package static func offencesFinesAccidents() -> [FactRow] {
        [
            // Offences: c6 is February's, c7 April's.
            offence("S/c1", "KZ-75", "2026-03-02", "MEDIUM", ",CC-188,", caseNumber: "n1"),
            offence("S/c2", "KZ-75", "2026-03-31", "GRAVE", ",CC-106,CC-192,", caseNumber: "n2"),
            offence("S/c3", "KZ-75", "2026-03-10", "MISD", ",CC-188,", caseNumber: "n3"),
            offence("S/c4", "KZ-10", "2026-03-05", "MEDIUM", ",CC-345,", caseNumber: "n4", marks: ",ROAD,"),
            offence("S/c5", "KZ-10", "2026-03-06", "MEDIUM", ",CC-345,", caseNumber: "n5", marks: ",ALCO,ROAD,"),
            offence("S/c6", "KZ-10", "2026-02-28", "GRAVE", ",CC-99,", caseNumber: "n6"),
            offence("S/c7", "KZ-75", "2026-04-01", "GRAVE", ",CC-99,", caseNumber: "n7"),
            // Accounted on the last working day of March: not yet missed at the end of the month.
            offence("S/c8", "KZ-10", "2026-03-31", "MEDIUM", ",CC-345,", caseNumber: "n8", marks: ",ROAD,"),
            // Sent to court in March: n1 and February's n6. n2's decision is another, n3 goes in April.
            row("CR-3", "S/d1", "KZ-75", "2026-03-20", ["decision": .text("COURT"), "case_no": .text("n1")]),
            row("CR-3", "S/d6", "KZ-10", "2026-03-21", ["decision": .text("COURT"), "case_no": .text("n6")]),
            row("CR-3", "S/d2", "KZ-75", "2026-03-22", ["decision": .text("TERM-R"), "case_no": .text("n2")]),
            row("CR-3", "S/d3", "KZ-75", "2026-04-02", ["decision": .text("COURT"), "case_no": .text("n3")]),
            // Fines: person 1 twice in KZ-75 and once in KZ-10, person 2 once, organisation 9 once.
            fine(
                "A/1", "KZ-75", "2026-03-02", offender: "PERSON", subject: 1, tenge: 10_000_00, until: "2026-03-16",
                body: "B1"),
            fine(
                "A/2", "KZ-75", "2026-03-03", offender: "PERSON", subject: 1, tenge: 5_000_50, until: "2026-03-17",
                body: "B1"),
            fine(
                "A/3", "KZ-10", "2026-03-04", offender: "PERSON", subject: 1, tenge: 1_000_00, until: "2026-03-18",
                body: "B2"),
            fine(
                "A/4", "KZ-10", "2026-03-05", offender: "PERSON", subject: 2, tenge: 2_000_00, until: "2026-04-19",
                body: "B2"),
            fine(
                "A/5", "KZ-75", "2026-03-06", offender: "ENTITY", subject: 9, tenge: 100_000_00, until: "2026-03-20",
                body: "B1"),
            row(
                "AD-1", "A/6", "KZ-75", "2026-03-09", subjects: [1: 3],
                [
                    "outcome": .text("NONE"), "offender": .text("PERSON"), "articles_code": .text(",AC-440,"),
                    "body": .text("B3"),
                ]),
            row("AD-2", "A/u1", "KZ-75", "2026-03-18", ["state": .text("UNPAID"), "decision_ref": .text("A/1")]),
            row("AD-2", "A/u3", "KZ-10", "2026-03-20", ["state": .text("PAID"), "decision_ref": .text("A/3")]),
            // Accidents: r3 has no casualties. n5 has its accident card, n4 has none.
            row(
                "RA-1", "R/1", "KZ-75", "2026-03-01",
                ["dead": .integer(1), "injured": .integer(1), "accident_type": .text("COLL")]),
            row(
                "RA-1", "R/2", "KZ-10", "2026-03-06",
                ["injured": .integer(1), "accident_type": .text("PED"), "case_no": .text("n5")]),
            row("RA-1", "R/3", "KZ-10", "2026-03-07", ["dead": .integer(0), "injured": .integer(0)]),
            row(
                "RA-2", "R/v1", "KZ-75", "2026-03-01",
                ["injury": .text("DEAD-0"), "victim_role": .text("DRIVER"), "minor": .integer(0)]),
            row(
                "RA-2", "R/v2", "KZ-75", "2026-03-01",
                ["injury": .text("LIGHT"), "victim_role": .text("PASSENGER"), "minor": .integer(1)]),
            row(
                "RA-2", "R/v3", "KZ-10", "2026-03-06",
                ["injury": .text("HEAVY"), "victim_role": .text("PEDESTRIAN"), "minor": .integer(0)]),
        ]
    }
}
