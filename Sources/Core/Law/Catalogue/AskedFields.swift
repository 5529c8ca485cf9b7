extension Condition {
    /// Every field it asks for.
    package var fields: [FieldNumber] {
        switch self {
        case .always: []
        case .all(let parts), .any(let parts): parts.flatMap(\.fields)
        case .not(let part): part.fields
        case .present(let path), .isUnknown(let path), .isOneOf(let path, _), .attribute(let path, _, _, _):
            [path.field]
        case .compare(let left, _, let right): left.fields + right.fields
        }
    }
}

extension Operand {
    /// Every field it asks for.
    package var fields: [FieldNumber] {
        switch self {
        case .field(let path), .count(let path), .moment(let path), .least(let path), .attributes(let path, _, _, _):
            [path.field]
        case .sum(let parts): parts.flatMap(\.fields)
        case .offset(let part, _), .rate(_, _, let part), .dayOfYear(let part, _, _, _): part.fields
        case .product(let left, let right), .quotient(let left, let right), .workingDays(let left, let right):
            left.fields + right.fields
        case .constant, .received: []
        }
    }
}

extension AccountRule {
    /// Every field whose value decides what the rule says; the persons it names lie elsewhere.
    package var fields: [FieldNumber] {
        var fields = condition.fields + [day]
        if let until { fields.append(until) }
        switch effect {
        case .open(.field(let field)), .change(.field(let field)), .end(.field(let field)): fields.append(field)
        default: break
        }
        switch scope {
        case .record: break
        case .key(let field), .reference(let field): fields.append(field)
        }
        if case .partiesOf(let field) = subject { fields.append(field) }
        return fields
    }
}
