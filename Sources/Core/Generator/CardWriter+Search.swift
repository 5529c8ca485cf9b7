import Law

/// What cards tell of people whom they do not name, and what joins the cards about one thing.
extension CardWriter {
    mutating func writeTold(_ leaf: CardShape.Leaf, from source: CardSource) {
        let told = People.person(card.person)
        switch source {
        case .fixed: if let text = card.fixed[leaf.field.path] { code(leaf, text) }
        case .told(let texts): line.text(leaf.key, texts[life.number % texts.count])
        case .lifeNumber(let ending): line.text(leaf.key, life.caseNumber + ending)
        case .dayOf(let kinds): if let day = life.reference(to: kinds, before: card.number)?.day { write(leaf, day) }
        case .workingDays(let count, let kinds):
            guard let start = kinds.isEmpty ? card.day : life.reference(to: kinds, before: card.number)?.day else {
                return
            }
            write(leaf, world.edition.calendar.adding(workingDays: count, to: start))
        case .year: line.integer(leaf.key, card.day.civil.year)
        case .dayBefore(let month, let day):
            write(leaf, Day(year: card.day.civil.year - 1, month: month, day: day))
        case .fine: line.amount(leaf.key, hundredths: world.fine(in: life))
        case .sexOfPerson: code(leaf, told.isWoman ? "F" : "M")
        case .ageOfPerson(let more): line.integer(leaf.key, max(0, told.born.wholeYears(to: life.occurred) + more))
        case .heightOfPerson(let more):
            let isChild = told.born.wholeYears(to: life.occurred) < 18
            line.integer(leaf.key, (isChild ? 130 : told.isWoman ? 155 : 165) + told.number % 23 + more)
        case .markOfPerson(let words):
            let drawn = SeededRandom.mixed(UInt64(told.number) ^ UInt64(leaf.field.number) << 40)
            let word = words[Int(drawn % UInt64(words.count))]
            if leaf.codes.isEmpty { line.text(leaf.key, word) } else { code(leaf, word) }
        case .urgentUnder(let years, let urgent, let other):
            code(leaf, told.born.wholeYears(to: life.occurred) < years ? urgent : other)
        case .relative: writeRelative(leaf)
        default: break
        }
    }
}
