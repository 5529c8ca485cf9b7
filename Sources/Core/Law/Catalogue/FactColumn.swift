extension FactColumn {
    /// One column for each fact field; a set of groups gives one for each fact member.
    static func columns(of fields: [Field]) -> [FactColumn] {
        var columns: [FactColumn] = []
        for field in fields where field.isFact {
            if field.members.isEmpty {
                columns.append(
                    FactColumn(
                        name: columnName(field.path), path: FieldPath(field: field.number),
                        storage: field.isSet ? .textSet : storage(of: field.type)))
            } else {
                for member in field.members where member.isFact {
                    columns.append(
                        FactColumn(
                            name: columnName(field.path + "." + member.path),
                            path: FieldPath(field: field.number, member: member.number), storage: .textSet))
                }
            }
        }
        return columns
    }

    private static func columnName(_ path: String) -> String {
        String(decoding: path.utf8.map { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") ? 95 : $0 }, as: UTF8.self)
    }

    private static func storage(of type: FieldType) -> Storage {
        switch type {
        case .integer, .flag, .settlement, .time: .integer
        case .decimal(let scale): .decimal(scale: scale)
        case .day: .day
        case .text, .code, .iin, .bin, .reference, .group: .text
        }
    }
}

/// What a fact column holds of one record.
package enum FactValue: Hashable, Sendable {
    case absent
    case text(String)
    case integer(Int64)
}

extension CardKind {
    /// One value for each of `factColumns`, in their order.
    package func facts(of values: Values) -> [FactValue] {
        factColumns.map { column in
            if column.storage == .textSet {
                let words = Set(column.path.values(in: values).map(FactColumn.word)).sorted {
                    Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8))
                }
                return words.isEmpty ? .absent : .text("," + words.joined(separator: ",") + ",")
            }
            return values.first(column.path.field).map(FactColumn.fact) ?? .absent
        }
    }
}

extension FactColumn {
    static func fact(_ value: Value) -> FactValue {
        switch value {
        case .text(let text): .text(text)
        case .integer(let integer), .time(let integer): .integer(integer)
        case .decimal(let unscaled, _): .integer(unscaled)
        case .day(let day): .integer(Int64(day.number))
        case .flag(let flag): .integer(flag ? 1 : 0)
        case .group, .unknown: .absent
        }
    }

    static func word(_ value: Value) -> String {
        switch fact(value) {
        case .text(let text): text
        case .integer(let integer): String(integer)
        case .absent: ""
        }
    }
}
