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
