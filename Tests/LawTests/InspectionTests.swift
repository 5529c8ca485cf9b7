import Law
import Testing

/// What the rules of inspections and fines let pass at their very limits.
@Suite struct InspectionTests {
    private func errors(_ kind: String, _ changes: (String, JSONValue?)...) throws -> [String] {
        var desk = try Desk()
        let document = changes.reduce(try desk.example(kind)) { $0.setting($1.0, $1.1) }
        return desk.codes(document).filter { !$0.hasPrefix("V103") }
    }

    @Test func aRefusedActIsRecordedAsItWas() throws {
        #expect(
            try errors(
                "IN-1", ("registration_decision", .text("REFUSED")), ("registration_no", nil),
                ("refusal_codes", .array([.text("IA-02"), .text("IA-03")])), ("signer", nil), ("subject", nil),
                ("term.to", .text("2026-08-01"))) == [])
        #expect(
            try errors("IN-1", ("registration_decision", .text("REFUSED")), ("registration_no", nil))
                == ["V009 refusal_codes"])
    }

    @Test func theLastDayOfATermIsStillInIt() throws {
        #expect(try errors("IN-1", ("term.to", .text("2026-05-20"))) == [])
        #expect(try errors("IN-2", ("new_end", .text("2026-06-11"))) == [])
        #expect(try errors("IN-2", ("notice_delivered_on", .text("2026-05-19"))) == [])
        #expect(try errors("IN-3", ("delivered_on", .text("2026-06-11"))) == [])
        #expect(
            try errors(
                "IN-3",
                ("requirements", .array([.object([("text", .text("Т")), ("until", .text("2026-06-20"))])]))) == [])
        #expect(try errors("PL-1", ("approved_on", .text("2025-12-01")), ("posted_on", .text("2025-12-20"))) == [])
    }

    @Test func noticeAWholeDayBeforeIsEnough() throws {
        #expect(try errors("IN-1", ("notice_at", .text("2026-05-03T09:30:00+05:00"))) == [])
    }

    @Test func anUnscheduledInspectionWithGroundAndDocumentPasses() throws {
        #expect(
            try errors(
                "IN-1", ("control_form", .text("INSP-U")), ("plan_ref", nil), ("inspection_ground", .text("3")),
                ("ground_document.name", .text("Прокурор талабы")), ("ground_document.no", .text("2-014")),
                ("ground_document.date", .text("2026-04-20"))) == [])
    }

    @Test func aFineAtTheLimitsOfItsArticlePasses() throws {
        for amount in ["21625.00", "259500.00"] {
            #expect(try errors("AD-1", ("fine.amount", .text(amount))) == [], "\(amount)")
        }
    }

    @Test func theIndexIsThatOfTheYearTheCaseWasOpened() throws {
        let opened2024: [(String, JSONValue?)] = [
            ("offence_at", .text("2024-12-30")), ("protocol_at", .text("2024-12-31")),
        ]
        var desk = try Desk()
        let document = opened2024.reduce(try desk.example("AD-1")) { $0.setting($1.0, $1.1) }
        // Five indices of 2024 are 18,460 tenge.
        #expect(!desk.codes(document.setting("fine.amount", .text("18460.00"))).contains("V502 fine.amount"))
        #expect(desk.codes(document.setting("fine.amount", .text("18459.99"))).contains("V502 fine.amount"))
    }

    @Test func aBreachThatIsRecordedDoesNotRefuse() throws {
        var desk = try Desk()
        for (kind, path, day) in [("IN-3", "extended_to", "2026-06-09"), ("PL-1", "posted_on", "2025-12-22")] {
            let late = try desk.example(kind).setting(path, .text(day))
            guard case .accepted(let document) = desk.check(late) else {
                Issue.record("\(kind) is refused")
                continue
            }
            #expect(document.warnings.count == 1)
        }
    }

    @Test func workingDaysBetweenTwoDaysAreThoseAWalkWouldCount() throws {
        let calendar = try Catalogue.embedded().newest.calendar
        let start = Day(year: 2024, month: 2, day: 1)
        for shift in stride(from: 0, to: 900, by: 7) {
            let from = start.adding(days: shift)
            var count = 0
            for length in 0..<40 {
                let to = from.adding(days: length)
                if length > 0, calendar.isWorking(to) { count += 1 }
                #expect(calendar.workingDays(after: from, through: to) == count, "\(from.text) to \(to.text)")
            }
        }
        #expect(calendar.workingDays(after: start, through: start.adding(days: -3)) == 0)
    }
}
