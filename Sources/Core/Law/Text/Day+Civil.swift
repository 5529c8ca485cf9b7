extension Day {
    /// Days of the proleptic Gregorian calendar, counted in eras of 400 years from 1 March of the year 0, so that the
    /// leap day ends a year.
    package init(year: Int, month: Int, day: Int) {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(Int32(era * 146_097 + dayOfEra - 719_468))
    }

    /// The day of a moment in UTC+5.
    package init(milliseconds: UInt64) {
        self.init(Int32((milliseconds / 1000 + 5 * 3600) / 86_400))
    }

    package var civil: (year: Int, month: Int, day: Int) {
        let shifted = Int(number) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// `2026-03-03`, ASCII digits only; nil for anything else and for days that no calendar has.
    package init?(text: String) {
        var text = text
        guard let day = text.withUTF8({ Day(bytes: $0) }) else { return nil }
        self = day
    }

    package init?(bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Self.number(bytes, 0..<4), let month = Self.number(bytes, 5..<7),
            let day = Self.number(bytes, 8..<10), (1...12).contains(month), day >= 1,
            day <= Self.days(inMonth: month, year: year)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// `2026-03-03`.
    package var text: String {
        let (year, month, day) = civil
        return Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2)
    }

    /// 1 is Monday, 7 Sunday.
    package var weekday: Int {
        let monday = (Int(number) + 3) % 7
        return (monday < 0 ? monday + 7 : monday) + 1
    }

    package func adding(days: Int) -> Day { Day(number + Int32(days)) }

    /// The same day so many months later; the last day of the month where that month is shorter.
    package func adding(months: Int) -> Day {
        let (year, month, day) = civil
        let total = year * 12 + month - 1 + months
        let newYear = total >= 0 ? total / 12 : (total - 11) / 12
        let newMonth = total - newYear * 12 + 1
        return Day(year: newYear, month: newMonth, day: min(day, Self.days(inMonth: newMonth, year: newYear)))
    }

    /// Whole years from this day to another; negative spans count as 0.
    package func wholeYears(to other: Day) -> Int {
        let (year, month, day) = civil
        let (laterYear, laterMonth, laterDay) = other.civil
        let years = laterYear - year - ((laterMonth, laterDay) < (month, day) ? 1 : 0)
        return max(0, years)
    }

    package static func days(inMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
        var number = 0
        for index in range {
            let digit = Int(bytes[index]) - 48
            guard (0...9).contains(digit) else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
