/// A kind of card (`CR-1`): its fields, in ascending order of their numbers, and what belongs to it.
package final class CardKind: Sendable {
    package let code: String
    package let labels: Labels
    /// Envelope fields first, then own fields; each group ascending.
    package let fields: [Field]
    /// Working days within which the card must be handed in, counted from its document date (V006).
    package let termWorkingDays: Int
    /// The LZ4 dictionary of its blocks.
    package let dictionary: [UInt8]
    /// Rules of document scope that concern it, with conditions bound to its fields.
    package let rules: [BoundRule]
    /// A valid document of this kind: one line of JSON.
    package let example: String
    package let factColumns: [FactColumn]
    /// Fields computed from others, in ascending order of numbers; and those that tell of the record's history.
    let computedFields: [Field]
    package let historyFields: [Field]
    /// Rules that a value outside its field's limits breaks; D003 where there is none.
    let limitRules: [FieldNumber: String]
    let names: ByteTable
    let fieldsByNumber: [Int16]
    /// Positions of the fields that tell of persons and entities.
    let partyPositions: [Int]
    /// Positions of key fields and of sets with plates.
    let searchPositions: [Int]
    let sexNumber: FieldNumber?

    package init(
        code: String, labels: Labels, fields: [Field], termWorkingDays: Int, dictionary: [UInt8],
        rules: [BoundRule], example: String, limitRules: [FieldNumber: String] = [:]
    ) {
        self.limitRules = limitRules
        historyFields = fields.filter { if case .since? = $0.computed { true } else { false } }
        computedFields = fields.filter { $0.computed?.inputs.isEmpty == false }
        self.code = code
        self.labels = labels
        self.fields = fields
        self.termWorkingDays = termWorkingDays
        self.dictionary = dictionary
        self.rules = rules
        self.example = example
        factColumns = FactColumn.columns(of: fields)
        names = ByteTable(keys: fields.map(\.path))
        let greatest = fields.reduce(0) { max($0, Int($1.number)) }
        var byNumber = [Int16](repeating: -1, count: greatest + 1)
        for (position, field) in fields.enumerated() { byNumber[Int(field.number)] = Int16(position) }
        fieldsByNumber = byNumber
        partyPositions = fields.indices.filter { position in
            switch fields[position].placement {
            case .clear, .text: false
            case .person: fields[position].role != nil
            case .eachPerson: true
            }
        }
        searchPositions = fields.indices.filter { position in
            fields[position].isKey || fields[position].members.contains { $0.role == .plate }
        }
        sexNumber = fields.first { $0.role == .sex }?.number
    }

    /// The field with this number; members of sets are found in their set's `members`.
    package func field(_ number: FieldNumber) -> Field? {
        guard Int(number) < fieldsByNumber.count, fieldsByNumber[Int(number)] >= 0 else { return nil }
        return fields[Int(fieldsByNumber[Int(number)])]
    }

    package func field(path: String) -> Field? {
        names.position(of: path).map { fields[$0] }
    }

    package func field(role: FieldRole) -> Field? {
        fields.first { $0.role == role }
    }

    /// Whether every new document without the field is refused: it is required, or a rule asks for nothing but it.
    package func demands(_ field: Field) -> Bool {
        if field.requirement == .required { return true }
        let missing = Condition.not(.present(FieldPath(field: field.number)))
        return rules.contains {
            $0.severity == .error && $0.condition == missing && $0.from == nil && $0.to == nil
        }
    }
}

/// A column of the centre's fact table of one kind: a fact field, or a fact member of a set of groups.
package struct FactColumn: Hashable, Sendable {
    package enum Storage: Hashable, Sendable {
        case text
        case integer
        /// Unscaled integer with so many decimal digits.
        case decimal(scale: UInt8)
        /// Days since 1970-01-01.
        case day
        /// Sorted distinct values between commas: `,CC-188,CC-190,`.
        case textSet
    }

    /// Lower case, dots and dashes as underscores: fit for SQL.
    package var name: String
    package var path: FieldPath
    package var storage: Storage

    package init(name: String, path: FieldPath, storage: Storage) {
        self.name = name
        self.path = path
        self.storage = storage
    }
}
