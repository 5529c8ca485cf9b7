extension Condition {
    /// Every field it asks for.
    package var fields: [FieldNumber] {
        switch self {
        case .always: []
        case .all(let parts), .any(let parts): parts.flatMap(\.fields)
        case .not(let part): part.fields
        case .present(let path), .isUnknown(let path), .isOneOf(let path, _), .attribute(let path, _, _, _):
            [path.field]
        case .inForce(let path, _, let on): [path.field] + on.fields
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

extension NationalTest {
    /// Which fields of *other* records it asks for, by their kinds: what must be kept of a record to answer for it.
    ///
    /// - Parameter kinds: those of its edition.
    func askedOfOthers(in kinds: [CardKind]) -> [String: Set<FieldNumber>] {
        switch probe {
        case .found(let search), .missing(let search):
            var asked: [String: Set<FieldNumber>] = [:]
            for kind in lookedAt(search, in: kinds) { asked[kind] = search.askedOfOthers(in: kinds, kind: kind) }
            if let unless = search.unlessReferred { asked.ask(unless, in: kinds) }
            return asked
        case .countDiffers(let referring, _):
            var asked: [String: Set<FieldNumber>] = [:]
            asked.ask(referring, in: kinds)
            return asked
        case .sumExceeds(let balance):
            let fields = [balance.key.other, balance.amount] + balance.equal.map(\.other)
            return [balance.kind: Set(fields + balance.taken.fields + balance.due.fields)]
        case .onAccount, .overdue: return [:]
        }
    }

    /// Kinds of the records that the search may open.
    private func lookedAt(_ search: Search, in kinds: [CardKind]) -> [String] {
        guard let reference = search.reference else { return [search.kind] }
        guard case .reference(let named)? = kinds.first(where: { $0.code == kind })?.field(reference)?.type else {
            return []
        }
        return named.isEmpty ? kinds.map(\.code) : named
    }
}

extension NationalTest.Search {
    fileprivate func askedOfOthers(in kinds: [CardKind], kind: String) -> Set<FieldNumber> {
        var fields = condition.fields + equal.map(\.other) + differing.map(\.other)
        if let key { fields.append(key.other) }
        if let path = referring, let field = kinds.first(where: { $0.code == kind })?.field(path: path) {
            fields.append(field.number)
        }
        if let common { fields.append(common.field) }
        if let among { fields.append(among.other.field) }
        if let within { fields.append(within.day) }
        if let month { fields.append(month) }
        if let before { fields.append(before.other) }
        return Set(fields)
    }
}

extension [String: Set<FieldNumber>] {
    fileprivate mutating func ask(_ referring: NationalTest.Referring, in kinds: [CardKind]) {
        guard let field = kinds.first(where: { $0.code == referring.kind })?.field(path: referring.path) else { return }
        self[referring.kind, default: []].insert(field.number)
    }
}

extension Edition {
    /// What its rules of nation scope ask of records beside the one they judge: fields by kind. A kind that no rule
    /// looks at is not among them.
    package var askedOfOthers: [String: Set<FieldNumber>] {
        var asked: [String: Set<FieldNumber>] = [:]
        for test in nationalTests { asked.merge(test.askedOfOthers(in: kinds)) { $0.union($1) } }
        return asked
    }
}

extension Values {
    /// Only the values of these fields.
    package func only(_ fields: Set<FieldNumber>) -> Values {
        Values(all.filter { fields.contains($0.field) })
    }
}
