/// Cards of inspections and their plans, of enforcement, and of discipline in the civil service.
extension CardRecipes {
    static let controlKinds: [String: Kind] = [
        "IN-1": Kind(
            body: "INS", bodies: 3,
            fields: control.merging(inspected) { own, _ in own }.merging([
                "act_no": FieldRecipe(.lifeNumber("-t")), "act_date": FieldRecipe(.moment(.document)),
                "registration_decision": FieldRecipe(.oneOf(["REG"])),
                "registration_no": FieldRecipe(.registrationNumber, when: "registration_decision", in: ["REG"]),
                "registered_on": FieldRecipe(.moment(.document)),
                "refusal_codes": FieldRecipe(.anyCode, when: "registration_decision", in: ["REFUSED"]),
                "plan_ref": FieldRecipe(.reference, when: "control_form", in: ["INSP-P"]),
                "inspection_ground": FieldRecipe(.anyCode, when: "control_form", in: ["INSP-U"]),
                "information_source": FieldRecipe(.anyCode, chance: 300),
                "ground_document.name": FieldRecipe(
                    .oneOf(["Азаматтың өтініші", "Требование прокурора"]), when: "control_form", in: ["INSP-U"]),
                "ground_document.no": FieldRecipe(.paperNumber, when: "control_form", in: ["INSP-U"]),
                "ground_document.date": FieldRecipe(.moment(.occurred), when: "control_form", in: ["INSP-U"]),
                "term.from": FieldRecipe(.workingDays(delivery)), "term.to": FieldRecipe(.workingDays(delivery + term)),
                "notice_at": FieldRecipe(.moment(.document)), "delivered_at": FieldRecipe(.workingDays(delivery)),
                "receipt_mark": FieldRecipe(.oneOf(["RECEIVED", "RECEIVED", "RECEIVED", "REFUSED"])),
                "rights_ref": FieldRecipe(.oneOf(["94-V, 27-3"])), "signer": FieldRecipe(.official),
            ]) { own, _ in own }),
        "IN-2": Kind(
            body: "INS", bodies: 3,
            fields: control.merging([
                "appointment_ref": FieldRecipe(.reference), "act_no": FieldRecipe(.lifeNumber("-t2")),
                "act_date": FieldRecipe(.moment(.document)), "previous_no": FieldRecipe(.lifeNumber("-t")),
                "previous_date": FieldRecipe(.dayOf(["IN-1"])), "head_decision.no": FieldRecipe(.paperNumber),
                "head_decision.date": FieldRecipe(.moment(.document)), "head_decision.head": FieldRecipe(.official),
                "reasons_kk": FieldRecipe(.told(["Құжат көлемі үлкен", "Сараптама қажет"])),
                "reasons_ru": FieldRecipe(.told(["Большой объём документов", "Нужна экспертиза"])),
                "previous_end": FieldRecipe(.workingDays(delivery + term, after: ["IN-1"])),
                "new_end": FieldRecipe(.workingDays(extensionEnd)),
                "notice_delivered_on": FieldRecipe(.moment(.document)), "notice_proof": FieldRecipe(.paperNumber),
            ]) { own, _ in own }),
        "IN-3": Kind(
            body: "INS", bodies: 3,
            fields: control.merging(inspected) { own, _ in own }.merging([
                "appointment_ref": FieldRecipe(.reference), "appointment_no": FieldRecipe(.lifeNumber("-t")),
                "appointment_date": FieldRecipe(.dayOf(["IN-1"])), "extension_ref": FieldRecipe(.reference),
                "extension_no": FieldRecipe(.lifeNumber("-t2"), when: "term", in: ["EXTENDED"]),
                "extension_date": FieldRecipe(.dayOf(["IN-2"])), "act_no": FieldRecipe(.lifeNumber("-n")),
                "drawn_at": FieldRecipe(.moment(.document)), "place": FieldRecipe(.oneOf(streets)),
                "term.from": FieldRecipe(.workingDays(delivery, after: ["IN-1"])),
                "term.to": FieldRecipe(.workingDays(delivery + term, after: ["IN-1"])),
                "extended_to": FieldRecipe(.workingDays(extensionEnd, after: ["IN-2"])),
                "delivered_on": FieldRecipe(.moment(.document)),
                "results_kk": FieldRecipe(.told(["Тексеру толық жүргізілді", "Тексеру аяқталды"])),
                "results_ru": FieldRecipe(.told(["Проверка проведена полностью", "Проверка завершена"])),
                "violations": FieldRecipe(.elements(1...1), when: "found", in: ["YES"]),
                "requirements": FieldRecipe(.elements(1...1), when: "found", in: ["YES"]),
                "no_violations": FieldRecipe(.flag(true), when: "found", in: ["NO"]),
                "familiarisation": FieldRecipe(.oneOf(["SIGNED", "SIGNED", "SIGNED", "OBJECTED"])),
                "signers": FieldRecipe(.elements(1...1)),
            ]) { own, _ in own }),
        "IN-4": Kind(
            body: "INS", bodies: 3,
            fields: control.merging([
                "appointment_ref": FieldRecipe(.reference), "change": FieldRecipe(.oneOf(["CANCEL"])),
                "date": FieldRecipe(.moment(.document)), "act_no": FieldRecipe(.paperNumber),
                "reason_kk": FieldRecipe(.told(["Сараптама тағайындалды", "Тексеруші ауысты"])),
                "reason_ru": FieldRecipe(.told(["Назначена экспертиза", "Сменился проверяющий"])),
                "new_end": FieldRecipe(.workingDays(term, after: []), when: "change", in: ["RESUME"]),
                "inspectors": FieldRecipe(.elements(1...1), when: "change", in: ["STAFF"]),
            ]) { own, _ in own }),
        "PL-1": Kind(
            body: "INS", bodies: 3,
            fields: control.merging([
                "act_no": FieldRecipe(.lifeNumber("-p")), "approved_on": FieldRecipe(.dayBefore(month: 11, day: 20)),
                "year": FieldRecipe(.year), "posted_on": FieldRecipe(.dayBefore(month: 12, day: 15)),
                "signer": FieldRecipe(.official), "subjects": FieldRecipe(.elements(1...1)),
            ]) { own, _ in own }),
        "DS-1": Kind(
            body: "AGS", bodies: 2,
            fields: service.merging([
                "order_no": FieldRecipe(.lifeNumber("-d")), "penalty": FieldRecipe(.anyCode),
                "article_text": FieldRecipe(.oneOf(["«Мемлекеттік қызмет туралы» Заң, 50-бап"])),
            ]) { own, _ in own }),
        "DS-2": Kind(
            body: "AGS", bodies: 2,
            fields: service.merging([
                "order_no": FieldRecipe(.lifeNumber("-u")), "dismissal_ground": FieldRecipe(.anyCode),
                "offence_ref": FieldRecipe(.reference),
            ]) { own, _ in own }),
        "ED-1": Kind(
            body: "ENF", bodies: 5,
            fields: [
                "branch": FieldRecipe(.oneOf(["CIV"])), "unit": FieldRecipe(.oneOf(["CASE"])),
                "event_date": FieldRecipe(.moment(.document)), "case_no": FieldRecipe(.omitted),
                "category": FieldRecipe(.oneOf(["ALIM", "ALIM", "BANK", "BANK", "BANK", "STATE", "HARM", "NONMON"])),
                "enforcement_no": FieldRecipe(.registrationNumber), "creditor_kind": FieldRecipe(.anyCode),
                "opened": FieldRecipe(.moment(.document)),
                "duty": FieldRecipe(.oneOf(["Баламен кездесуге кедергі жасамау"]), when: "category", in: ["NONMON"]),
                "document_kind": FieldRecipe(.oneOf(["WRIT", "ORDER", "NOTARY"])), "act_no": FieldRecipe(.paperNumber),
                "act_date": FieldRecipe(.moment(.occurred)), "decision_ref": FieldRecipe(.reference),
                "agent": FieldRecipe(.official), "restrictions": FieldRecipe(.anyCode, chance: 500),
                "debt": FieldRecipe(.group, when: "category", in: ["ALIM", "BANK", "STATE", "HARM", "FINE"]),
                "debt.amount": FieldRecipe(.fine), "debt.currency": FieldRecipe(.oneOf(["KZT"])),
            ]),
        "ED-2": Kind(
            body: "ENF", bodies: 5,
            fields: [
                "branch": FieldRecipe(.oneOf(["CIV"])), "unit": FieldRecipe(.oneOf(["CASE"])),
                "event_date": FieldRecipe(.moment(.document)), "case_no": FieldRecipe(.omitted),
                "enforcement_ref": FieldRecipe(.reference), "enforcement_no": FieldRecipe(.registrationNumber),
                "end_ground": FieldRecipe(.oneOf(["PAID", "PAID", "PAID", "RETURNED", "ENDED"])),
                "date": FieldRecipe(.moment(.document)), "agent": FieldRecipe(.official),
                "recovered": FieldRecipe(.group, when: "end_ground", in: ["PAID"]),
                "recovered.amount": FieldRecipe(.fine), "recovered.currency": FieldRecipe(.oneOf(["KZT"])),
            ]),
    ]

    /// Working days from the registration of an act to its delivery; the term after that; how long after the day of an
    /// additional act the extended term ends.
    private static let delivery = 2
    private static let term = 10
    private static let extensionEnd = 10

    private static let control: [String: FieldRecipe] = [
        "branch": FieldRecipe(.oneOf(["ADM"])), "unit": FieldRecipe(.oneOf(["EVENT"])),
        "event_date": FieldRecipe(.moment(.document)), "case_no": FieldRecipe(.omitted),
        "regime": FieldRecipe(.oneOf(["94V"])), "control_form": FieldRecipe(.oneOf(["INSP-U"])),
        "body": FieldRecipe(.body),
    ]

    private static let inspected: [String: FieldRecipe] = [
        "audited.from": FieldRecipe(.dayBefore(month: 1, day: 1)), "audited.to": FieldRecipe(.moment(.occurred)),
        "location": FieldRecipe(.oneOf(streets)), "inspectors": FieldRecipe(.elements(1...1)),
        "no_specialists": FieldRecipe(.flag(true)), "subject_matter_kk": FieldRecipe(.told(mattersKazakh)),
        "subject_matter_ru": FieldRecipe(.told(mattersRussian)),
    ]

    private static let service: [String: FieldRecipe] = [
        "branch": FieldRecipe(.oneOf(["ADM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
        "event_date": FieldRecipe(.moment(.document)), "case_no": FieldRecipe(.omitted),
        "body": FieldRecipe(.oneOf(["Қалалық әкімдік", "Облыстық басқарма", "Департамент государственных доходов"])),
        "post": FieldRecipe(.oneOf(["бас маман", "бөлім басшысы", "ведущий специалист"])),
        "order_date": FieldRecipe(.moment(.document)),
    ]

    static let mattersKazakh = ["Дербес деректерді қорғау", "Дербес деректерді жинау тәртібі"]
    static let mattersRussian = ["Защита персональных данных", "Порядок сбора персональных данных"]
}
