/// What a field's value may be. The scanner's JSON kind follows from it; see `Checker`.
package enum FieldType: Hashable, Sendable {
    /// Free text of at most so many UTF-8 bytes.
    case text(limit: Int)
    /// A code of the named code list.
    case code(list: String)
    case integer(least: Int64, most: Int64)
    /// Decimal digits after the point, at most `scale`; in JSON a string or a number.
    case decimal(scale: UInt8)
    case day
    /// A moment: ISO 8601 with an offset; kept as milliseconds since 1970 UTC.
    case time
    case flag
    /// Individual identification number: twelve digits with a check digit.
    case iin
    /// Business identification number: twelve digits with a check digit.
    case bin
    /// A settlement by its GeoNames id.
    case settlement
    /// Another record: `SENDER/DOCUMENT` (the sender may be left out by the sender himself; the value has it always).
    case reference(kinds: [String])
    /// An element with fields of its own (`Field.members`); only as the element of a set.
    case group
}

/// When a field must stand in a new document.
package enum Requirement: Hashable, Sendable {
    case required
    /// Required when the condition holds over the document's other fields.
    case requiredWhen(Condition)
    case optional
    /// Computed at intake from other fields (`Field.computed`); a sender may not write it.
    case computed
    /// Written by the node or the centre; a sender may not write it.
    case assigned
}

/// Where a field's value lies in an entry (design §5).
package enum Placement: Hashable, Sendable {
    /// In clear: facts and service fields.
    case clear
    /// In block 0 of the entry: free text.
    case text
    /// In the block of one person or entity of the card; slots count from 1.
    case person(slot: UInt16)
    /// Each element of the set is a person of its own: element `i` lies in slot `first + i`.
    case eachPerson(first: UInt16)
}

/// What a field means to the machinery: how persons, entities and things to search by are found in any card.
package enum FieldRole: String, Hashable, Sendable, CaseIterable {
    case iin, bin, surname, name, patronymic, birthDay, sex, documentNumber
    case previousNames, previousSurname, previousName, previousPatronymic
    case entityName, plate, citizenship, originalName
    case identityKind, noNumberReason, birthFrom, birthTo, birthCountry, birthText
    /// Envelope fields that every card has.
    case documentID, form, act, sender, supersedes, correctionReason, eventDay, eventFrom, eventTo, documentDay
    case region, settlement, latitude, longitude, caseNumber, official, signature, certificate, confidentiality
    case formEdition
}

/// How a computed field comes from others.
package enum Computation: Hashable, Sendable {
    /// Whole years from the birth day to another day.
    case age(birth: FieldNumber, on: FieldNumber)
    /// Whether the person of `birth` is under `years` on the day `on`.
    case younger(birth: FieldNumber, on: FieldNumber, years: Int)
    /// Days from one day to another.
    case days(from: FieldNumber, to: FieldNumber)
    /// Working days from one day to another; the first is not counted.
    case workingDays(from: FieldNumber, to: FieldNumber)
    /// A day so many months (an integer field) after another.
    case monthsAfter(FieldNumber, months: FieldNumber)
    /// The words of an attribute of each code at the path, in its list, without repetition.
    case attribute(of: FieldPath, list: String, name: String)
    /// An amount in tenge: the amount itself where the currency is tenge, else its equivalent.
    case tenge(amount: FieldNumber, currency: FieldNumber, equivalent: FieldNumber)
    /// How many elements a set has.
    case count(FieldNumber)
    /// The code of the first choice whose field is present.
    case firstPresent([Choice])
    /// The last working day to answer the element that waits longest: so many working days after a day of it, of those
    /// that have no day of the answer.
    case answerDue(set: FieldNumber, asked: FieldNumber, answered: FieldNumber, workingDays: Int)
    /// The day of acceptance of the document by which a condition first came to hold: of the record's history, so the
    /// centre alone tells it.
    case since(Condition)

    package struct Choice: Hashable, Sendable {
        package var code: String
        package var field: FieldNumber
    }
}

/// One field of a card kind, named by a dotted path (`person.surname`). A single group is spread into its fields;
/// a set of groups is one field whose `members` have paths relative to the element.
package struct Field: Hashable, Sendable {
    /// Unique among all fields and members of its kind, stable over all editions, never given twice.
    package var number: FieldNumber
    package var path: String
    package var labels: Labels
    package var type: FieldType
    package var requirement: Requirement
    /// The text `"unknown"` may stand for the value.
    package var unknownAllowed: Bool
    /// The JSON value is an array of distinct elements; a document holds one `FieldValue` for each.
    package var isSet: Bool
    /// Reports count it: the centre keeps a column for it (`CardKind.factColumns`).
    package var isFact: Bool
    /// Records are looked up by it: it gives a search term in the domain `KIND.path`.
    package var isKey: Bool
    /// It belongs to the document itself (its id, day, sender, signature), not to the record: a correction has its own.
    package var isOfAct: Bool
    package var placement: Placement
    package var role: FieldRole?
    package var computed: Computation?
    /// The fields of an element, where the type is `.group`.
    package var members: [Field]

    package init(
        number: FieldNumber, path: String, labels: Labels, type: FieldType, requirement: Requirement = .optional,
        unknownAllowed: Bool = false, isSet: Bool = false, isFact: Bool = false, isKey: Bool = false,
        isOfAct: Bool = false, placement: Placement = .clear, role: FieldRole? = nil, computed: Computation? = nil,
        members: [Field] = []
    ) {
        self.number = number
        self.path = path
        self.labels = labels
        self.type = type
        self.requirement = requirement
        self.unknownAllowed = unknownAllowed
        self.isSet = isSet
        self.isFact = isFact
        self.isKey = isKey
        self.isOfAct = isOfAct
        self.placement = placement
        self.role = role
        self.computed = computed
        self.members = members
    }

    /// The code list its values come from.
    package var codeList: String? {
        if case .code(let list) = type { list } else { nil }
    }
}

extension Field {
    /// Whether several values stand side by side without contradicting each other: the elements of a set, and what
    /// every document says of itself (why, and who signed).
    package var accumulates: Bool {
        isSet || isOfAct
    }
}
