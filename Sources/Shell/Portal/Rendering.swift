import Contract
import Law
import Node

/// What the node shows, in the contract's words. Fields are named by the catalogue: nothing here knows a card.
struct Rendering {
    let kinds: [String: CardKind]

    /// Later editions win: field numbers are stable over editions, so the newest words name all of them.
    init(catalogue: Catalogue) {
        var kinds: [String: CardKind] = [:]
        for edition in catalogue.editions {
            for kind in edition.kinds { kinds[kind.code] = kind }
        }
        self.kinds = kinds
    }

    func record(_ record: RecordView) -> RecordAnswer {
        RecordAnswer(
            number: record.number, provisional: record.provisional, kind: record.kind, territory: record.territory,
            state: record.state.rawValue, fields: fields(record.fields, kind: record.kind),
            discrepancies: record.discrepancies.map(discrepancy), findings: record.findings.map(\.answer))
    }

    func discrepancy(_ discrepancy: DiscrepancyView) -> DiscrepancyAnswer {
        let field = kinds[discrepancy.kind]?.field(discrepancy.field)
        return DiscrepancyAnswer(
            number: discrepancy.number, provisional: discrepancy.provisional, kind: discrepancy.kind,
            territory: discrepancy.territory, field: field?.path ?? "field-\(discrepancy.field)",
            values: discrepancy.candidates.map { candidate in
                DiscrepancyAnswer.Candidate(
                    value: value(candidate.value, of: field), isShown: candidate.isShown, author: candidate.author,
                    sender: candidate.sender, document: candidate.provisional,
                    at: Moments.text(milliseconds: candidate.atMilliseconds),
                    isClockSuspect: candidate.clockSuspect)
            })
    }

    func history(_ line: HistoryLine, kind: String) -> HistoryAnswer {
        HistoryAnswer(
            act: line.act, number: line.provisional, author: line.author, sender: line.sender,
            document: line.document, at: Moments.text(milliseconds: line.atMilliseconds),
            isClockSuspect: line.clockSuspect, reason: line.reason, written: fields(line.written, kind: kind),
            removed: fields(line.removed, kind: kind))
    }

    /// By dotted path, in the order given; a set is an array, also of one element.
    func fields(_ fields: [FieldView], kind: String) -> JSONValue {
        .object(
            fields.map { shown in
                let field = kinds[kind]?.field(shown.field)
                let values = shown.values.map { value($0, of: field) }
                let isSet = field?.isSet ?? (values.count != 1)
                return .init(field?.path ?? "field-\(shown.field)", isSet ? .array(values) : values.first ?? .null)
            })
    }

    /// A value as it stands in a document.
    func value(_ value: Value, of field: Field?) -> JSONValue {
        switch value {
        case .text(let text): .string(text)
        case .integer(let integer): .integer(integer)
        case .decimal(let unscaled, let scale): .string(Decimals.text(unscaled: unscaled, scale: scale))
        case .day(let day): .string(day.text)
        case .time(let milliseconds): .string(Moments.text(milliseconds: UInt64(clamping: milliseconds)))
        case .flag(let flag): .bool(flag)
        case .unknown: .string("unknown")
        case .group(let members):
            .object(
                members.map { member in
                    let inner = field?.members.first { $0.number == member.field }
                    return .init(inner?.path ?? "field-\(member.field)", self.value(member.value, of: inner))
                })
        }
    }
}

/// Decimals with their digits as they are: `(120000, 2)` is `1200.00`.
package enum Decimals {
    package static func text(unscaled: Int64, scale: UInt8) -> String {
        guard scale > 0 else { return String(unscaled) }
        let digits = String(unscaled.magnitude)
        let padded = String(repeating: "0", count: max(0, Int(scale) + 1 - digits.utf8.count)) + digits
        let point = padded.index(padded.endIndex, offsetBy: -Int(scale))
        return (unscaled < 0 ? "-" : "") + padded[..<point] + "." + padded[point...]
    }
}

/// Moments as ISO 8601 in UTC: `2026-03-03T08:15:00.250Z`.
package enum Moments {
    package static func text(milliseconds: UInt64) -> String {
        let seconds = milliseconds / 1000
        let day = Day(Int32(clamping: seconds / 86_400)).text
        let rest = seconds % 86_400
        return "\(day)T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60)).\(three(milliseconds % 1000))Z"
    }

    private static func two(_ number: UInt64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func three(_ number: UInt64) -> String { number < 100 ? "0\(two(number))" : "\(number)" }
}
