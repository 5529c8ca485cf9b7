extension DocumentInHand {
    /// The rules about persons, for the card's own person and for every element of a set of persons.
    func person(_ plan: PersonPlan, _ values: Values, _ problems: inout [Problem]) {
        let event = values.day(self.plan.envelope.eventDay) ?? documentDay
        guard plan.set != 0 else { return person(plan, values, event: event, isOneOfSet: false, &problems) }
        for element in values[plan.set] {
            guard case .group(let members) = element.value else { continue }
            let own = Values(members.map { FieldValue(field: $0.field, value: $0.value) })
            person(plan, own, event: event, isOneOfSet: true, &problems)
        }
    }

    private func person(
        _ plan: PersonPlan, _ values: Values, event: Day, isOneOfSet: Bool, _ problems: inout [Problem]
    ) {
        // A card may ask for a person or an entity: where no field of the person stands, there is no person.
        let isPresent = plan.all.contains { values.first($0) != nil }
        guard isPresent else { return }
        if act == .new { whole(plan, values, isOneOfSet: isOneOfSet, &problems) }
        birth(plan, values, event: event, &problems)
        for number in [plan.surname, plan.name, plan.patronymic] where number != 0 {
            guard let text = values.text(number), Self.isStrange(name: text) else { continue }
            note(
                "V107", plan, number == plan.surname ? "surname" : number == plan.name ? "name" : "patronymic",
                &problems)
        }
        previousNames(plan, values, &problems)
    }

    private func note(_ code: String, _ plan: PersonPlan, _ name: String, _ problems: inout [Problem]) {
        problems.append(edition.problem(code, path: plan.prefix + name))
    }

    /// V104: no IIN and no reason code (foreigner, unidentified, not issued, unknown).
    /// V105: surname and name both empty while identity kind = established.
    /// V113: sex, citizenship, birth place empty without 'unknown' code.
    private func whole(_ plan: PersonPlan, _ values: Values, isOneOfSet: Bool, _ problems: inout [Problem]) {
        func lacks(_ number: FieldNumber) -> Bool { number != 0 && values.first(number) == nil }
        if lacks(plan.iin), lacks(plan.reason) { note("V104", plan, "iin", &problems) }
        if values.text(plan.identity) == "EST", values.text(plan.surname) == nil, values.text(plan.name) == nil {
            note("V105", plan, "surname", &problems)
        }
        if isOneOfSet { return }
        if lacks(plan.sex) { note("V113", plan, "sex", &problems) }
        if lacks(plan.citizenship) { note("V113", plan, "citizenship", &problems) }
        if lacks(plan.birthCountry), lacks(plan.birthText) { note("V113", plan, "birth_place.country", &problems) }
    }

    /// V103: IIN digits disagree with birth date or sex (legal since 2013).
    /// V106: birth date in the future, or age above 120 on the event date (W above 100).
    private func birth(_ plan: PersonPlan, _ values: Values, event: Day, _ problems: inout [Problem]) {
        let day = values.day(plan.birthDay)
        if let iin = values.text(plan.iin) {
            let isOtherDay = day.map { !Identification.agrees(iin, withBirthDay: $0) } ?? false
            let said = plan.sex == 0 ? nil : values.text(plan.sex)
            let isOtherSex =
                said.map { $0 != "U" && (Identification.sex(of: iin).map { $0 != said } ?? false) } ?? false
            if isOtherDay || isOtherSex { note("V103", plan, "iin", &problems) }
        }
        guard let day else { return }
        if day > event || day.wholeYears(to: event) > 120 {
            note("V106", plan, "birth_date", &problems)
        } else if day.wholeYears(to: event) > 100 {
            problems.append(edition.problem("V106", path: plan.prefix + "birth_date", severity: .warning))
        }
    }

    /// V107: name has digits, mixed Latin and Cyrillic letters, or one letter only.
    private static func isStrange(name: String) -> Bool {
        var letters = 0
        var latin = false
        var cyrillic = false
        for scalar in name.unicodeScalars {
            switch scalar.value {
            case 0x30...0x39: return true
            case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F:
                latin = true
                letters += 1
            case 0x400...0x52F:
                cyrillic = true
                letters += 1
            default: continue
            }
        }
        return letters < 2 || (latin && cyrillic)
    }

    /// V108: previous name without date or document of change and without code 'unknown'.
    private func previousNames(_ plan: PersonPlan, _ values: Values, _ problems: inout [Problem]) {
        guard let field = plan.previousNames else { return }
        for value in values[field.number] {
            guard case .group(let members) = value.value else { continue }
            let proofs = field.members.filter { $0.unknownAllowed }.map(\.number)
            if !members.contains(where: { proofs.contains($0.field) }) {
                note("V108", plan, "previous_names", &problems)
            }
        }
    }
}
