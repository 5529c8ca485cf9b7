import Law
import Testing

@Suite struct IdentificationTests {
    @Test(arguments: [
        "520314100012", "850707100017", "981125201807", "991231100109", "940740000109", "990660000014",
        "150341000606",
    ])
    func aNumberWithARightCheckDigitIsTaken(number: String) {
        #expect(Identification.hasValidCheckDigit(number))
    }

    @Test(arguments: [
        "520314100013", "52031410001", "5203141000122", "52031410001A", "５２０３１４１０００１２", "600229200570", "",
    ])
    func anyOtherTextIsRefused(number: String) {
        #expect(!Identification.hasValidCheckDigit(number))
    }

    @Test(arguments: ["60022920057", "22064000071"])
    func someElevenDigitsAreNeverIssued(digits: String) {
        #expect(Identification.checkDigit(ofFirstEleven: Array(digits.utf8)) == nil)
        for last in 0...9 { #expect(!Identification.hasValidCheckDigit(digits + String(last))) }
    }

    /// The eleventh digit weighs 11, which is nothing modulo 11: the check digit proves no identity.
    @Test func anErrorInTheEleventhDigitPasses() {
        #expect(Identification.hasValidCheckDigit("520314100022"))
    }

    @Test func theDigitsAreComparedWithBirthDayAndSexWithoutTheCentury() {
        #expect(Identification.agrees("850707100017", withBirthDay: Day(year: 1985, month: 7, day: 7)))
        #expect(!Identification.agrees("850707100017", withBirthDay: Day(year: 1985, month: 7, day: 8)))
        #expect(Identification.sex(of: "850707100017") == "M")
        #expect(Identification.sex(of: "981125201807") == "F")
    }
}

@Suite struct NameTests {
    @Test(arguments: [
        ["Әбдірахманов", "Абдирахманов", "Abdirakhmanov", "ABDIRAHMANOV", "Äbdırahmanov"],
        ["Қасымов", "Касымов", "Kasymov", "Qasymov"], ["Нұрлан", "Нурлан", "Nurlan"],
        ["Жұмабаев", "Жумабаев", "Zhumabaev", "Jumabaev"], ["Ғани", "Гани", "Ghani", "Gani"],
        ["Өмірбек", "Омирбек", "Omirbek", "Ömirbek"], ["Үсен", "Усен", "Usen"], ["Һакім", "Хаким", "Khakim", "Hakim"],
        ["Маңғыстау", "Мангыстау", "Mangystau"], ["Сергей", "Sergei", "Sergey"], ["Цой", "Tsoi", "Tsoy"],
    ])
    func theSpellingsOfOneNameHaveOneKey(spellings: [String]) {
        #expect(Set(spellings.map(Names.fold)).count == 1, "\(spellings.map(Names.fold))")
    }

    @Test func differentNamesHaveDifferentKeys() {
        let names = ["Ахметов", "Омаров", "Оспанов", "Ибраев", "Ким", "Ли", "Цой", "Асанов", "Асенов"]
        #expect(Set(names.map(Names.fold)).count == names.count)
    }

    @Test func platesCompareByLettersThatLookAlike() {
        #expect(SearchTerm.compact("777 авс 10") == SearchTerm.compact("777ABC10"))
    }
}

@Suite struct CalendarTests {
    let calendar: Calendar

    init() throws {
        calendar = try Catalogue.embedded().newest.calendar
    }

    @Test(arguments: [
        ("2024-04-14", "2024-04-15"), ("2024-07-14", "2024-07-15"), ("2026-03-07", "2026-03-10"),
        ("2026-07-05", "2026-07-07"), ("2026-05-09", "2026-05-12"), ("2027-05-07", "2027-05-11"),
        ("2024-05-04", "2024-05-04"),
    ])
    func aDayOffMovesToTheNextWorkingDay(day: String, expected: String) throws {
        #expect(calendar.rolledOver(try #require(Day(text: day))).text == expected)
    }

    @Test(arguments: [
        (1, "2026-03-20", "2026-03-26"), (5, "2026-03-19", "2026-03-31"), (10, "2026-05-04", "2026-05-20"),
        (15, "2026-05-20", "2026-06-11"), (10, "2026-10-20", "2026-11-04"), (0, "2026-03-21", "2026-03-21"),
    ])
    func workingDaysAreCountedAfterTheEvent(count: Int, from: String, expected: String) throws {
        #expect(calendar.adding(workingDays: count, to: try #require(Day(text: from))).text == expected)
    }

    @Test(arguments: [(2024, 249), (2025, 246), (2026, 247), (2027, 247)])
    func aYearHasItsWorkingDays(year: Int, expected: Int) {
        let first = Day(year: year, month: 1, day: 1).number
        let next = Day(year: year + 1, month: 1, day: 1).number
        #expect((first..<next).count { calendar.isWorking(Day($0)) } == expected)
    }

    @Test func daysAndTextsAreOneToOne() throws {
        for number in stride(from: Int32(-200_000), to: 200_000, by: 37) {
            let day = Day(number)
            let (year, month, date) = day.civil
            #expect(Day(year: year, month: month, day: date) == day)
            if year >= 0 { #expect(Day(text: day.text) == day) }
        }
        for wrong in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "2026-01-32", "20260101", "２026-01-01", ""]
        {
            #expect(Day(text: wrong) == nil, "\(wrong)")
        }
        #expect(Day(year: 2024, month: 2, day: 29).wholeYears(to: Day(year: 2042, month: 2, day: 28)) == 17)
        #expect(Day(year: 2026, month: 1, day: 31).adding(months: 1).text == "2026-02-28")
        #expect(Day(year: 2026, month: 11, day: 30).adding(months: 15).text == "2028-02-29")
        #expect(Day(milliseconds: 1_772_564_399_999).text == "2026-03-03")
        #expect(Day(milliseconds: 1_772_564_400_000).text == "2026-03-04")
    }
}
