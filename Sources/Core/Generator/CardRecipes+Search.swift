/// Cards of search and identification, of capacity and civil cases, and of what follows a criminal case.
extension CardRecipes {
    static let searchKinds: [String: Kind] = [
        "CR-4": Kind(
            body: "PD", bodies: 9,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["CASE"])),
                "decision_ref": FieldRecipe(.reference), "volumes": FieldRecipe(.integer(1...9)),
                "sheets": FieldRecipe(.integer(40...900)), "handed_on": FieldRecipe(.moment(.document)),
                "archived_on": FieldRecipe(.moment(.document)), "shelf": FieldRecipe(.paperNumber),
                "retain_months": FieldRecipe(.integer(36...300)), "handed_by.person": FieldRecipe(.official),
                "received_by.person": FieldRecipe(.relative),
            ]),
        "FP-1": Kind(
            body: "PD", bodies: 9,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "reason": FieldRecipe(.anyCode), "taken_at": FieldRecipe(.moment(.document)),
                "system_ref": FieldRecipe(.paperNumber),
            ]),
        "FC-1": Kind(
            body: "PRS", bodies: 2,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "state": FieldRecipe(.oneOf(["RU", "RU", "KG", "UZ", "CN", "TR", "AE", "DE"])),
                "stage": FieldRecipe(.anyCode),
                "articles_text": FieldRecipe(.oneOf(["УК РФ, ст. 158", "УК РФ, ст. 159", "ст. 228"])),
                "sentence": FieldRecipe(
                    .oneOf(["бір жыл бас бостандығынан айыру", "штраф"]), when: "stage", in: convicted),
                "source_document": FieldRecipe(.paperNumber), "case_no": FieldRecipe(.omitted),
                "foreign_case_no": FieldRecipe(.lifeNumber("-f"), chance: 500),
            ]),
        "CO-1": Kind(
            body: "CRT", bodies: 4,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["EVENT"])),
                "object_kind": FieldRecipe(.anyCode), "mark": FieldRecipe(.anyCode),
                "name_kk": FieldRecipe(.told(["«Жалған жол»", "«Қара бұлт» тобы", "«Соңғы белгі»"])),
                "name_ru": FieldRecipe(.told(["«Ложный путь»", "Группа «Чёрная туча»", "«Последний знак»"])),
                "output_data": FieldRecipe(.paperNumber, when: "object_kind", in: ["MAT"]),
                "court.code": FieldRecipe(.body), "court.act_no": FieldRecipe(.paperNumber),
                "court.act_date": FieldRecipe(.moment(.occurred)), "court.in_force": FieldRecipe(.moment(.document)),
            ]),
        "MR-1": Kind(
            body: "PRS", bodies: 2,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["EVENT"])),
                "request_no": FieldRecipe(.lifeNumber("-m")), "direction": FieldRecipe(.oneOf(["OUT"])),
                "state": FieldRecipe(.told(["RU", "AE", "KG", "CH", "TR"])),
                "request_kind": FieldRecipe(.oneOf(["MLA"])),
                "basis": FieldRecipe(.anyCode),
                "treaty": FieldRecipe(
                    .oneOf(["2009 жылғы шарт", "Конвенция"]), when: "basis", in: ["BILAT", "MULTI"]),
                "sent": FieldRecipe(.moment(.opened), when: "direction", in: ["OUT"]),
                "received": FieldRecipe(.moment(.opened), when: "direction", in: ["IN"]),
                "done": FieldRecipe(.moment(.document), when: "result", in: ["FULL", "PART", "REFUSED"]),
                "result": FieldRecipe(.fixed),
            ]),
        "CF-1": Kind(
            body: "CRT", bodies: 4,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["MONEY"])),
                "amount_kind": FieldRecipe(.oneOf(["CONF"])), "asset_no": FieldRecipe(.lifeNumber("-a")),
                "country": FieldRecipe(.told(["AE", "CH", "RU", "GB"]), when: "amount_kind", in: ["DUE", "RET"]),
                "decision_no": FieldRecipe(.paperNumber), "decision_ref": FieldRecipe(.reference),
                "date": FieldRecipe(.moment(.document)), "sum.amount": FieldRecipe(.amount),
                "sum.currency": FieldRecipe(.oneOf(["KZT"])),
            ]),
        "MS-1": Kind(body: "PD", bodies: 9, fields: missing.merging(description) { own, _ in own }),
        "MS-2": Kind(
            body: "PD", bodies: 9,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "start_ref": FieldRecipe(.reference), "started": FieldRecipe(.dayOf(["MS-1"])),
                "outcome": FieldRecipe(.oneOf(["FOUND-A", "FOUND-A", "SELF"])), "date": FieldRecipe(.moment(.document)),
                "place": FieldRecipe(.oneOf(streets), chance: 300), "body": FieldRecipe(.body),
                "corpse_ref": FieldRecipe(.reference),
            ]),
        "UC-1": Kind(body: "PD", bodies: 9, fields: corpse.merging(description) { own, _ in own }),
        "UC-2": Kind(
            body: "PD", bodies: 9,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["EVENT"])),
                "event_date": FieldRecipe(.moment(.document)),
                "start_ref": FieldRecipe(.reference), "started": FieldRecipe(.dayOf(["UC-1"])),
                "outcome": FieldRecipe(.oneOf(["BURIED"])), "date": FieldRecipe(.moment(.document)),
                "method": FieldRecipe(.anyCode, when: "outcome", in: ["IDENT"]),
                "burial_place": FieldRecipe(.oneOf(["қалалық зират, 7 учаске"]), when: "outcome", in: ["BURIED"]),
                "missing_ref": FieldRecipe(.reference, when: "outcome", in: ["IDENT"]),
                "closed_by.person": FieldRecipe(.official),
                "person": FieldRecipe(.group, when: "outcome", in: ["IDENT"]),
            ]),
        "UP-1": Kind(body: "MED", bodies: 4, fields: helpless.merging(description) { own, _ in own }),
        "UP-2": Kind(
            body: "MED", bodies: 4,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "event_date": FieldRecipe(.moment(.document)),
                "start_ref": FieldRecipe(.reference), "started": FieldRecipe(.dayOf(["UP-1"])),
                "date": FieldRecipe(.moment(.document)), "method": FieldRecipe(.anyCode),
                "missing_ref": FieldRecipe(.reference),
            ]),
        "CV-1": Kind(
            body: "CRT", bodies: 4,
            fields: [
                "branch": FieldRecipe(.oneOf(["CIV"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "event_date": FieldRecipe(.moment(.document)),
                "capacity": FieldRecipe(.oneOf(["INCAP", "INCAP", "LIMITED"])),
                "start_ref": FieldRecipe(.reference, when: "capacity", in: ["RESTORED"]),
                "guardian": FieldRecipe(.relative, chance: 500, when: "capacity", in: ["INCAP", "LIMITED"]),
                "court.code": FieldRecipe(.body), "court.judge": FieldRecipe(.official),
                "court.act_no": FieldRecipe(.paperNumber), "court.act_date": FieldRecipe(.moment(.document)),
                "court.in_force": FieldRecipe(.moment(.inForce)),
            ]),
        "CV-2": Kind(
            body: "CRT", bodies: 4,
            fields: [
                "branch": FieldRecipe(.oneOf(["CIV"])), "unit": FieldRecipe(.oneOf(["CASE"])),
                "instance": FieldRecipe(.oneOf(["FIRST", "FIRST", "FIRST", "APPEAL", "CASSATION"])),
                "category": FieldRecipe(.anyCode), "filed": FieldRecipe(.moment(.occurred)),
                "accepted": FieldRecipe(.moment(.opened)), "decided": FieldRecipe(.moment(.document)),
                "outcome": FieldRecipe(.oneOf(["SAT", "SAT", "SAT", "PART", "DENY", "TERM", "LEFT"])),
                "term_kept": FieldRecipe(.flag(true), chance: 800), "court_code": FieldRecipe(.body),
            ]),
    ]

    private static let convicted = ["CONV", "SERV"]

    private static let missing: [String: FieldRecipe] = [
        "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
        "missing_kind": FieldRecipe(.oneOf(["MISS", "MISS", "MISS", "LOST"])),
        "last_seen_at": FieldRecipe(.moment(.occurred)),
        "circumstances": FieldRecipe(
            .oneOf(["Үйден шығып, қайтып оралмаған.", "Ушёл из дома и не вернулся.", "Телефонға жауап бермейді."]),
            chance: 300),
        "declared_by": FieldRecipe(.relative, chance: 400), "priority": FieldRecipe(.urgentUnder(14)),
        "dna_ref": FieldRecipe(.paperNumber, chance: 60),
    ]

    private static let corpse: [String: FieldRecipe] = [
        "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["EVENT"])),
        "event_date": FieldRecipe(.moment(.document)), "found_at": FieldRecipe(.moment(.document)),
        "sex": FieldRecipe(.sexOfPerson), "morgue": FieldRecipe(.oneOf(["Облыстық сот-медициналық орталық"])),
        "morgue_no": FieldRecipe(.paperNumber), "dna_ref": FieldRecipe(.paperNumber, chance: 300),
        "age.min": FieldRecipe(.ageOfPerson(-6)), "age.max": FieldRecipe(.ageOfPerson(7)),
    ]

    private static let helpless: [String: FieldRecipe] = [
        "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
        "event_date": FieldRecipe(.moment(.document)), "found_at": FieldRecipe(.moment(.document)),
        "institution": FieldRecipe(.body), "sex": FieldRecipe(.sexOfPerson), "state": FieldRecipe(.anyCode),
        "age.min": FieldRecipe(.ageOfPerson(-4)), "age.max": FieldRecipe(.ageOfPerson(4)),
    ]

    /// Marks of a person: whoever describes the same person sees the same, a centimetre more or less.
    private static let description: [String: FieldRecipe] = [
        "description.height_min": FieldRecipe(.heightOfPerson(-2)),
        "description.height_max": FieldRecipe(.heightOfPerson(2)),
        "description.build": FieldRecipe(.markOfPerson(["THIN", "MEDIUM", "MEDIUM", "STOUT"])),
        "description.hair": FieldRecipe(.markOfPerson(["қара", "қою қоңыр", "русые", "седые"])),
        "description.eyes": FieldRecipe(.markOfPerson(["қоңыр", "қара", "серые", "голубые"])),
        "description.scars": FieldRecipe(
            .markOfPerson(["сол жақ қасының үстінде тыртық", "операция тыртығы", "шрам на правой кисти"]), chance: 200),
        "description.tattoos": FieldRecipe(
            .markOfPerson(["иығында бүркіт суреті", "якорь на предплечье"]), chance: 120),
        "description.clothes": FieldRecipe(.oneOf(["көк күрте, сұр шалбар", "чёрная куртка, джинсы"]), chance: 250),
    ]
}
