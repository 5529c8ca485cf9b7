import Law
import Reports
import Testing

/// Periods and due days, with the vectors worked out on the calendar of the reference data.
struct PeriodTests {
    static let edition = Result { try Catalogue.embedded().newest }

    @Test(arguments: [
        ("2026-03", "2026-03-01", "2026-03-31"), ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"), ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"), ("2026-H1", "2026-01-01", "2026-06-30"),
        ("2026-H2", "2026-07-01", "2026-12-31"), ("2026", "2026-01-01", "2026-12-31"),
    ])
    func aPeriodHoldsItsDays(text: String, first: String, last: String) throws {
        let period = try #require(ReportPeriod(text))
        #expect(period.firstDay.text == first)
        #expect(period.lastDay.text == last)
        #expect(period.text == text)
    }

    @Test(arguments: [
        "", "2026-13", "2026-00", "2026-3", "2026-Q5", "2026-Q0", "2026-H3", "26", "2026-", "2026-+1", "1",
    ])
    func whatIsNoPeriodIsRefused(text: String) {
        #expect(ReportPeriod(text) == nil)
    }

    @Test func periodsFollowEachOtherWithoutAGap() throws {
        for length in ReportPeriod.Length.allCases {
            var period = ReportPeriod(holding: Day(year: 2024, month: 1, day: 1), length: length)
            for _ in 0..<2 * length.perYear {
                #expect(period.next.firstDay == period.lastDay.adding(days: 1))
                #expect(ReportPeriod(holding: period.lastDay, length: length) == period)
                period = period.next
            }
            #expect(period.year == 2026)
        }
    }

    @Test(arguments: [
        ("1-M", "2026-03", "2026-04-06"),  // 5 April is a Sunday
        ("1-M", "2026-06", "2026-07-07"),  // 5 July is a Sunday, the 6th a holiday
        ("DTP-1", "2026-02", "2026-03-10"),  // 7 March is a Saturday, the 9th a moved holiday
        ("DTP-1", "2027-04", "2027-05-11"),  // 7 May is a holiday, a weekend follows, the 10th is moved
        ("3-K", "2026-04", "2026-05-12"),  // 9 May is a Saturday and a holiday
        ("1-AD", "2026-Q1", "2026-04-20"),
    ])
    func aDueDayRollsOverToAWorkingDay(form: String, period: String, due: String) throws {
        let edition = try Self.edition.get()
        let form = try #require(edition.form(form))
        let period = try #require(ReportPeriod(period))
        #expect(ReportSchedule.dueDay(of: form, period: period, calendar: edition.calendar)?.text == due)
    }

    @Test func aFormIsLateFromTheDayAfterItsDueDay() throws {
        let edition = try Self.edition.get()
        let form = try #require(edition.form("1-M"))
        let period = try #require(ReportPeriod("2026-03"))
        func isLate(_ day: String) throws -> Bool {
            let day = try #require(Day(text: day))
            return try #require(ReportSchedule.row(form, period: period, asOf: day, calendar: edition.calendar)).isLate
        }
        #expect(try !isLate("2026-04-06"))
        #expect(try isLate("2026-04-07"))
    }

    @Test func everyFormOfTheScheduleIsListedAndSaysWhatItLacks() throws {
        let edition = try Self.edition.get()
        let rows = ReportSchedule.rows(edition: edition, asOf: Day(year: 2026, month: 4, day: 7))
        // The figures of discipline are no form of the schedule: they have no due day.
        #expect(edition.forms.count { $0.dueDay == nil } == 1)
        #expect(rows.count == 2 * 26)
        for row in rows {
            let form = try #require(edition.form(row.form))
            #expect((row.lacks == nil) == !form.indicators.isEmpty, "\(row.form)")
        }
        let ended = try #require(rows.first { $0.form == "1-M" })
        #expect(ended.period.text == "2026-03" && ended.isLate)
    }

    @Test func whatIsDueInAMonthIsListedByDay() throws {
        let edition = try Self.edition.get()
        let april = try #require(ReportPeriod("2026-04")).days
        let rows = ReportSchedule.rows(edition: edition, due: april, asOf: april.lowerBound)
        // Each form has one due day in April: six monthly ones for March, twenty quarterly ones for the first quarter.
        #expect(rows.count == 26)
        #expect(rows.count { $0.period.text == "2026-03" } == 6)
        #expect(rows.map(\.due) == rows.map(\.due).sorted())
        #expect(rows.first?.due.text == "2026-04-06" && rows.allSatisfy { !$0.isLate })
    }

    @Test func aFormThatCannotBeCountedIsRefusedWithWhatItLacks() throws {
        let edition = try Self.edition.get()
        let form = try #require(edition.forms.first { $0.indicators.isEmpty })
        let period = try #require(ReportPeriod("2026-Q1"))
        let lacks = try #require(form.lacks)
        #expect(throws: FormDefect.notComputable(form: form.key, lacks: lacks)) {
            try FormCounting(form: form, edition: edition, period: period)
        }
        #expect(!lacks.kk.isEmpty)
    }

    @Test func everyFormWithIndicatorsCanBePlanned() throws {
        let edition = try Self.edition.get()
        let period = try #require(ReportPeriod("2026-H1"))
        for form in edition.forms where !form.indicators.isEmpty {
            #expect(throws: Never.self) { try FormCounting(form: form, edition: edition, period: period) }
        }
    }
}
