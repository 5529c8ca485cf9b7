/// A field of a kind, or a member of a set's elements, as a condition names it.
package struct FieldPath: Hashable, Sendable {
    package var field: FieldNumber
    /// A member of the elements, where the field is a set of groups.
    package var member: FieldNumber?

    package init(field: FieldNumber, member: FieldNumber? = nil) {
        self.field = field
        self.member = member
    }
}

/// What a comparison weighs: days, integers and decimals.
package indirect enum Operand: Hashable, Sendable {
    case field(FieldPath)
    case constant(Value)
    /// The sum of several operands; missing fields count as nothing.
    case sum([Operand])
    /// How many values a field has.
    case count(FieldPath)
    /// An operand moved by so many days (a day) or units (a number).
    case offset(Operand, by: Int64)
    /// One operand divided by another, rounded towards zero; missing where that is zero or missing.
    case quotient(Operand, by: Operand)
    /// Milliseconds of a time field (a time as an operand of its own compares by its day).
    case moment(FieldPath)
    /// The least of all values at a path: what holds for every element holds for it.
    case least(FieldPath)
    /// Numbers that the catalogue keeps beside the codes at a path, in an attribute of their list; missing where any of
    /// the codes has none.
    case attributes(FieldPath, list: String, name: String, Gathering)
    /// A number of the list's code that is in force on the day of an operand: a rate of that day.
    case rate(list: String, name: String, on: Operand)
    case product(Operand, Operand)
    /// The day so many working days after another.
    case workingDays(Operand, after: Operand)
    /// A day of the year that an operand tells, moved by so many years.
    case dayOfYear(Operand, years: Int64, month: Int, day: Int)
    /// The day the document was received (UTC+5).
    case received
}

extension Condition {
    /// The lists whose rates it asks for.
    var rateLists: [String] {
        switch self {
        case .always, .present, .isUnknown, .isOneOf, .attribute: []
        case .inForce(_, _, let on): on.rateLists
        case .all(let parts), .any(let parts): parts.flatMap(\.rateLists)
        case .not(let part): part.rateLists
        case .compare(let left, _, let right): left.rateLists + right.rateLists
        }
    }
}

extension Operand {
    fileprivate var rateLists: [String] {
        switch self {
        case .field, .constant, .count, .moment, .received, .least, .attributes: []
        case .sum(let parts): parts.flatMap(\.rateLists)
        case .offset(let inner, _), .dayOfYear(let inner, _, _, _): inner.rateLists
        case .rate(let list, _, let on): [list] + on.rateLists
        case .product(let left, let right), .workingDays(let left, let right), .quotient(let left, let right):
            left.rateLists + right.rateLists
        }
    }
}

/// How several numbers become one.
package enum Gathering: String, Hashable, Sendable, CaseIterable {
    case least
    case total
}

package enum Comparison: String, Hashable, Sendable, CaseIterable {
    case less = "<"
    case lessOrEqual = "<="
    case equal = "="
    case notEqual = "!="
    case greater = ">"
    case greaterOrEqual = ">="
}

/// A condition over the values of one document or merged record: the catalogue's small language.
///
/// A comparison whose operand is missing or unknown does not hold. A path to a member holds when any element does.
package indirect enum Condition: Hashable, Sendable {
    case always
    case all([Condition])
    case any([Condition])
    case not(Condition)
    /// A value stands, be it `unknown`.
    case present(FieldPath)
    case isUnknown(FieldPath)
    /// Some value of the field equals one of these (codes, texts, numbers, flags).
    case isOneOf(FieldPath, [Value])
    /// Some code of the field has one of these words under an attribute of its code list.
    case attribute(FieldPath, list: String, name: String, words: [String])
    /// Every code of the field was in its list on the day of an operand; a missing day holds nothing against it.
    case inForce(FieldPath, list: String, on: Operand)
    case compare(Operand, Comparison, Operand)
}
