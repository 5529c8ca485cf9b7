/// Rule V006: a document is due within its card's term, in working days after the day it was written.
extension Edition {
    package func isLate(_ kind: CardKind, written: Day, received: Day) -> Bool {
        // Working days are never fewer than days: most documents need no calendar.
        guard received > written.adding(days: kind.termWorkingDays) else { return false }
        return received > calendar.adding(workingDays: kind.termWorkingDays, to: written)
    }

    /// The same of a record's values; false where they tell no day.
    package func isLate(_ kind: CardKind, values: Values, received: Day) -> Bool {
        guard let field = kind.fields.first(where: { $0.role == .documentDay }), let written = values.day(field.number)
        else { return false }
        return isLate(kind, written: written, received: received)
    }
}
