package import Law

/// One synthetic person. Everything about a person follows from its number alone, never from a stream's seed, so two
/// territories that generate apart still meet the same people.
package struct Person: Equatable, Sendable {
    /// The place of this person among all synthetic people.
    package let number: Int
    package let isWoman: Bool
    package let surname: String
    package let name: String
    package let patronymic: String
    /// The surname borne before `changedOn`, by women who changed theirs.
    package let previousSurname: String?
    package let changedOn: Day
    package let born: Day
    package let iin: Int
}

/// All synthetic people of the nation: a space of numbers, of which nothing is held in memory.
///
/// Draws meet a small circle of people again and again (who offends often, or drives much) and the wide population
/// rarely. The digits of an IIN tell the birth date and sex, with a century digit 1 or 2 ("born in the 1800s"): no
/// living person can bear it, and since 2013 the law ties the digits to nothing (reference, `iin_bin.md`).
package enum People {
    /// People whom every territory meets often.
    package static let circle = 2_500
    package static let adults = 1_000_000
    package static let children = 60_000
    /// Adults are born in 1945–1999, children in 2010–2017: `Day` numbers of the first day and counts of days.
    private static let firstAdultDay = -9_131
    private static let adultDays = 20_088
    private static let firstChildDay = 14_610
    private static let childDays = 2_922
    /// Prime, so that it shares no divisor with either count of days: steps by it visit every day before any again.
    private static let step = 7_919

    /// Whom a stream meets next.
    package static func drawAdult(_ random: inout SeededRandom) -> Int {
        random.happens(200) ? random.below(circle) : random.below(adults)
    }

    package static func drawChild(_ random: inout SeededRandom) -> Int {
        adults + random.below(children)
    }

    /// The person with this number, `0 ..< adults + children`.
    package static func person(_ number: Int) -> Person {
        precondition((0..<adults + children).contains(number), "no synthetic person bears the number \(number)")
        var random = SeededRandom(seed: 0x4553_4550, stream: UInt64(number))
        let isChild = number >= adults
        let rank = isChild ? number - adults : number
        let days = isChild ? childDays : adultDays
        let born = Day(Int32((isChild ? firstChildDay : firstAdultDay) + rank % days * step % days))
        let isWoman = random.happens(420)
        let stock = random.happens(720) ? NameStock.kazakh : NameStock.russian
        let surnames = isWoman ? stock.surnamesOfWomen : stock.surnamesOfMen
        let names = isWoman ? stock.namesOfWomen : stock.namesOfMen
        let patronymics = isWoman ? stock.patronymicsOfWomen : stock.patronymicsOfMen
        let surname = random.below(surnames.count)
        let previous = (surname + 1 + random.below(surnames.count - 1)) % surnames.count
        let changed = isWoman && !isChild && random.happens(450)
        return Person(
            number: number, isWoman: isWoman, surname: surnames[surname], name: names[random.below(names.count)],
            patronymic: patronymics[random.below(patronymics.count)],
            previousSurname: changed ? surnames[previous] : nil,
            // At twenty to twenty-five years of age, so always before any card that speaks of the person.
            changedOn: Day(born.number + 7_305 + Int32(random.below(1_826))), born: born,
            iin: iin(born: born, isWoman: isWoman, rank: rank / days))
    }

    /// Six digits of the birth date, one of century and sex, four of a serial, one of check.
    ///
    /// Each rank of a birthday owns eight serials and takes the first that has a check digit: none is given twice.
    private static func iin(born: Day, isWoman: Bool, rank: Int) -> Int {
        let date = born.civil
        let digits = (date.year % 100 * 10_000 + date.month * 100 + date.day) * 10 + (isWoman ? 2 : 1)
        for serial in rank * 8..<rank * 8 + 8 {
            let eleven = digits * 10_000 + serial
            if let check = checkDigit(eleven) { return eleven * 10 + check }
        }
        preconditionFailure("eight serials without a check digit for \(digits), rank \(rank)")
    }

    /// The check digit of an eleven-digit number by the rule of IIN and BIN, or nil where none is ever issued.
    package static func checkDigit(_ eleven: Int) -> Int? {
        var first = 0
        var second = 0
        var rest = eleven
        for position in stride(from: 11, through: 1, by: -1) {
            first += rest % 10 * position
            second += rest % 10 * (position <= 9 ? position + 2 : position - 9)
            rest /= 10
        }
        if first % 11 < 10 { return first % 11 }
        return second % 11 < 10 ? second % 11 : nil
    }
}
