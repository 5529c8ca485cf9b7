/// The working-day calendar (labour holidays with exchanges of days). Saturday and Sunday are off.
package struct Calendar: Hashable, Sendable {
    /// Days off besides weekends, ascending.
    package var daysOff: [Day]
    /// Saturdays and Sundays that are worked, ascending.
    package var workingWeekendDays: [Day]

    package init(daysOff: [Day], workingWeekendDays: [Day]) {
        self.daysOff = daysOff.sorted()
        self.workingWeekendDays = workingWeekendDays.sorted()
    }

    package func isWorking(_ day: Day) -> Bool {
        if day.weekday >= 6 { return Self.contains(workingWeekendDays, day) }
        return !Self.contains(daysOff, day)
    }

    /// The day itself when it is worked, else the first working day after it.
    package func rolledOver(_ day: Day) -> Day {
        var day = day
        while !isWorking(day) { day = day.adding(days: 1) }
        return day
    }

    /// The day so many working days after this one; the day of the event itself is not counted.
    package func adding(workingDays: Int, to day: Day) -> Day {
        var day = day
        var left = workingDays
        while left > 0 {
            day = day.adding(days: 1)
            if isWorking(day) { left -= 1 }
        }
        return day
    }

    /// How many working days lie after one day, up to another; 0 where that is not later. Counted without a walk: the
    /// days are a sender's, and may be thousands of years apart.
    package func workingDays(after start: Day, through end: Day) -> Int {
        guard start < end else { return 0 }
        let first = start.adding(days: 1)
        let weeks = (Int(end.number) - Int(start.number)) / 7
        var count = weeks * 5
        var day = first.adding(days: weeks * 7)
        while day <= end {
            if day.weekday < 6 { count += 1 }
            day = day.adding(days: 1)
        }
        let lost = daysOff.count { first <= $0 && $0 <= end && $0.weekday < 6 }
        let gained = workingWeekendDays.count { first <= $0 && $0 <= end && $0.weekday >= 6 }
        return count - lost + gained
    }

    private static func contains(_ days: [Day], _ day: Day) -> Bool {
        var low = 0
        var high = days.count
        while low < high {
            let middle = (low + high) / 2
            if days[middle] < day { low = middle + 1 } else { high = middle }
        }
        return low < days.count && days[low] == day
    }
}
