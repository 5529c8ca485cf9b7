/// `GET /v1/reports/{form}?period=…`. Run twice at one position it is the same bytes.
package struct ReportRunAnswer: ContractValue {
    package struct Figure: ContractValue {
        package var indicator: String
        package var label: String
        package var unit: String
        package var territory: String
        /// A number, or null where it cannot be told.
        package var value: JSONValue

        package init(indicator: String, label: String, unit: String, territory: String, value: JSONValue) {
            self.indicator = indicator
            self.label = label
            self.unit = unit
            self.territory = territory
            self.value = value
        }

        package init(json: JSONValue) throws(ContractError) {
            let members = try JSONFields(json)
            indicator = try members.text("indicator")
            label = try members.text("label")
            unit = try members.text("unit")
            territory = try members.text("territory")
            value = members.value("value") ?? .null
        }

        package var json: JSONValue {
            .members([
                "indicator": .string(indicator), "label": .string(label), "unit": .string(unit),
                "territory": .string(territory), "value": value,
            ])
        }
    }

    /// A part of a figure: by severity, by article, … Parts of one cut may overlap where a record has several codes.
    package struct Part: ContractValue {
        package var figure: Figure
        /// The cut's name (`severity`), the code within it, and its label.
        package var cut: String
        package var code: String
        package var codeLabel: String

        package init(figure: Figure, cut: String, code: String, codeLabel: String) {
            self.figure = figure
            self.cut = cut
            self.code = code
            self.codeLabel = codeLabel
        }

        package init(json: JSONValue) throws(ContractError) {
            let members = try JSONFields(json)
            figure = try Figure(json: json)
            cut = try members.text("cut")
            code = try members.text("code")
            codeLabel = try members.text("code_label")
        }

        package var json: JSONValue {
            .members([
                "indicator": .string(figure.indicator), "label": .string(figure.label), "unit": .string(figure.unit),
                "territory": .string(figure.territory), "cut": .string(cut), "code": .string(code),
                "code_label": .string(codeLabel), "value": figure.value,
            ])
        }
    }

    /// How far a territory was heard at the report's position. Ages are of that position, not of today.
    package struct Frontier: ContractValue {
        package var territory: String
        package var frontier: UInt64
        /// When its last entry was accepted there, ISO 8601; empty where it has none.
        package var through: String
        /// Between that and the report's moment; null where there is no entry.
        package var ageSeconds: UInt64?

        package init(territory: String, frontier: UInt64, through: String, ageSeconds: UInt64?) {
            self.territory = territory
            self.frontier = frontier
            self.through = through
            self.ageSeconds = ageSeconds
        }

        package init(json: JSONValue) throws(ContractError) {
            let members = try JSONFields(json)
            territory = try members.text("territory")
            frontier = try members.count("frontier")
            through = try members.optionalText("through") ?? ""
            ageSeconds = try members.optionalCount("age_seconds")
        }

        package var json: JSONValue {
            .members([
                "territory": .string(territory), "frontier": .count(frontier), "through": .string(through),
                "age_seconds": ageSeconds.map { .count($0) } ?? .null,
            ])
        }
    }

    /// A rule on reports that fired: `E` where the figures must not be used as they are, `W` where they want a look.
    package struct Check: ContractValue {
        package var code: String
        package var severity: String
        package var message: String
        package var indicator: String
        package var territory: String
        package var cut: String
        /// Without their points, as the indicator counts.
        package var expected: Int64
        package var found: Int64

        package init(
            code: String, severity: String, message: String, indicator: String, territory: String, cut: String,
            expected: Int64, found: Int64
        ) {
            self.code = code
            self.severity = severity
            self.message = message
            self.indicator = indicator
            self.territory = territory
            self.cut = cut
            self.expected = expected
            self.found = found
        }

        package init(json: JSONValue) throws(ContractError) {
            let members = try JSONFields(json)
            code = try members.text("code")
            severity = try members.text("severity")
            message = try members.text("message")
            indicator = try members.text("indicator")
            territory = try members.text("territory")
            cut = try members.text("cut")
            expected = try members.integer("expected")
            found = try members.integer("found")
        }

        package var json: JSONValue {
            .members([
                "code": .string(code), "severity": .string(severity), "message": .string(message),
                "indicator": .string(indicator), "territory": .string(territory), "cut": .string(cut),
                "expected": .integer(expected), "found": .integer(found),
            ])
        }
    }

    /// A placing of the form for this period: the first, or a dated revision.
    package struct Placing: ContractValue {
        package var revision: UInt64
        package var act: String
        package var date: String
        package var note: String

        package init(revision: UInt64, act: String, date: String, note: String) {
            self.revision = revision
            self.act = act
            self.date = date
            self.note = note
        }

        package init(json: JSONValue) throws(ContractError) {
            let members = try JSONFields(json)
            revision = try members.count("revision")
            act = try members.text("act")
            date = try members.text("date")
            note = try members.text("note")
        }

        package var json: JSONValue {
            .members([
                "revision": .count(revision), "act": .string(act), "date": .string(date), "note": .string(note),
            ])
        }
    }

    package var form: String
    package var name: String
    package var period: String
    package var edition: String
    package var position: UInt64
    /// The leader's time at the position, ISO 8601; empty before anything was taken.
    package var moment: String
    package var freshness: [Frontier]
    /// The whole figures, by territory and for the nation.
    package var figures: [Figure]
    /// The same figures cut as the form asks.
    package var parts: [Part]
    package var checks: [Check]
    package var placed: [Placing]

    package init(
        form: String, name: String, period: String, edition: String, position: UInt64, moment: String,
        freshness: [Frontier], figures: [Figure], parts: [Part], checks: [Check], placed: [Placing] = []
    ) {
        self.form = form
        self.name = name
        self.period = period
        self.edition = edition
        self.position = position
        self.moment = moment
        self.freshness = freshness
        self.figures = figures
        self.parts = parts
        self.checks = checks
        self.placed = placed
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        form = try members.text("form")
        name = try members.text("name")
        period = try members.text("period")
        edition = try members.text("edition")
        position = try members.count("position")
        moment = try members.optionalText("moment") ?? ""
        freshness = try members.values("freshness")
        figures = try members.values("figures")
        parts = try members.values("parts")
        checks = try members.values("checks")
        placed = try members.values("placed")
    }

    package var json: JSONValue {
        .members([
            "form": .string(form), "name": .string(name), "period": .string(period), "edition": .string(edition),
            "position": .count(position), "moment": .string(moment), "freshness": .values(freshness),
            "figures": .values(figures),
            "parts": .values(parts), "checks": .values(checks),
            "placed": .values(placed),
        ])
    }
}
