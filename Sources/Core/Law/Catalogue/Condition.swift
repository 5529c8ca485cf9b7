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
    /// Milliseconds of a time field (a time as an operand of its own compares by its day).
    case moment(FieldPath)
    /// The day the document was received (UTC+5).
    case received
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
    case compare(Operand, Comparison, Operand)
}
