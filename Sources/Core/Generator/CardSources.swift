/// A day in a life, as a field asks for it.
enum Moment: String, CaseIterable, Sendable {
    /// When it happened.
    case occurred
    /// When the first card of the life was made.
    case opened
    /// When this card is made.
    case document
    /// The last day on which a fine may be paid voluntarily.
    case voluntaryEnd = "voluntary_end"
    /// When this card's decision comes in force, if nobody appeals.
    case inForce = "in_force"
}

/// A number that several cards of a life must agree on.
enum LifeCount: String, CaseIterable, Sendable {
    case victims
    case dead
    case injured
    case deadMinors = "dead_minors"
    case injuredMinors = "injured_minors"
}

/// Where a field's value comes from.
enum CardSource: Sendable {
    case moment(Moment)
    case caseNumber
    /// The number under which the thing the life is about was registered.
    case registrationNumber
    /// A number of a paper, unique in the run.
    case paperNumber
    case articles
    case severity
    case marks
    /// Any code of the field's list.
    case anyCode
    /// One of these words; a word that stands twice comes twice as often. Of a code field, those its list has.
    case oneOf([String])
    case count(LifeCount)
    /// Tenge, in hundredths.
    case amount
    /// The same, but within the limits of the life's articles where they have any.
    case fine
    case integer(ClosedRange<Int>)
    case flag(Bool)
    case penalty
    case victimRole
    case injury
    case diedOn
    /// What happened, in the field's language; the life has it in both or in none.
    case story([String])
    /// When the person gave up the previous surname.
    case nameChanged
    /// The newest card of the life that the field may name.
    case reference
    case region
    case settlement
    case latitude
    case longitude
    case official
    /// The code of a body of the territory.
    case body
    /// A group whose members have recipes of their own.
    case group
    /// So many elements of a set of groups.
    case elements(ClosedRange<Int>)
    /// An element for each suspect.
    case suspects
    case plate
    /// What the life gives this card; nothing where it gives none.
    case fixed
    /// One of these texts, the same in all fields that tell it in other languages.
    case told([String])
    /// The life's own number with this ending: what all cards about one thing are joined by.
    case lifeNumber(String)
    /// The day of the newest earlier card of these kinds.
    case dayOf([String])
    /// So many working days after the newest earlier card of these kinds, or after this card where none is named.
    case workingDays(Int, after: [String] = [])
    /// The year of the card's day, and a day of the year before it.
    case year
    case dayBefore(month: Int, day: Int)
    /// Of the person the card is about, told by those who do not know who it is.
    case sexOfPerson
    /// Whole years with this much added, 0 at least.
    case ageOfPerson(Int)
    /// Centimetres with this much added.
    case heightOfPerson(Int)
    /// One of these words, always the same for one person.
    case markOfPerson([String])
    /// One code for a person under so many years, another for others.
    case urgentUnder(Int, urgent: String, other: String)
    /// The name of somebody else.
    case relative
    /// Never written.
    case omitted
}
