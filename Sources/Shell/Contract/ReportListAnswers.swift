/// An element of `GET /v1/reports`.
package struct ReportFormAnswer: ContractValue {
    package var form: String
    package var name: String
    package var frequency: String
    /// Day of the month after the period; null where the form is not of the schedule.
    package var dueDay: UInt64?
    /// Why the form cannot be run; null where it can.
    package var lacks: String?

    package init(form: String, name: String, frequency: String, dueDay: UInt64?, lacks: String?) {
        self.form = form
        self.name = name
        self.frequency = frequency
        self.dueDay = dueDay
        self.lacks = lacks
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        form = try members.text("form")
        name = try members.text("name")
        frequency = try members.text("frequency")
        dueDay = try members.optionalCount("due_day")
        lacks = try members.optionalText("lacks")
    }

    package var json: JSONValue {
        .members([
            "form": .string(form), "name": .string(name), "frequency": .string(frequency), "due_day": .count(dueDay),
            "lacks": .text(lacks),
        ])
    }
}

/// An element of `GET /v1/reports/due`.
package struct ReportDueAnswer: ContractValue {
    package var form: String
    package var period: String
    package var due: String
    package var isLate: Bool
    /// Why the form cannot be run; null where it can.
    package var lacks: String?

    package init(form: String, period: String, due: String, isLate: Bool, lacks: String?) {
        self.form = form
        self.period = period
        self.due = due
        self.isLate = isLate
        self.lacks = lacks
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        form = try members.text("form")
        period = try members.text("period")
        due = try members.text("due")
        isLate = try members.flag("late")
        lacks = try members.optionalText("lacks")
    }

    package var json: JSONValue {
        .members([
            "form": .string(form), "period": .string(period), "due": .string(due), "late": .bool(isLate),
            "lacks": .text(lacks),
        ])
    }
}
