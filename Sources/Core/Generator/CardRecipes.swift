/// How a field is filled: whence, and in how many of a thousand cards.
struct FieldRecipe: Sendable {
    let source: CardSource
    let chance: Int
    /// Written only in a card where this earlier field holds one of these codes.
    let condition: Condition?

    struct Condition: Sendable {
        let path: String
        let codes: [String]
    }

    init(_ source: CardSource, chance: Int = 1000, when path: String = "", in codes: [String] = []) {
        self.source = source
        self.chance = chance
        condition = path.isEmpty ? nil : Condition(path: path, codes: codes)
    }
}

/// What stories cannot tell from the catalogue: which day of a life stands in which field, and the like.
///
/// A field that no table names is left out, unless the catalogue requires it: then its type alone decides.
enum CardRecipes {
    /// The part of a sender's code between territory and number; how many such bodies a territory has; fields by path.
    struct Kind: Sendable {
        let body: String
        let bodies: Int
        let fields: [String: FieldRecipe]
    }

    static func kind(_ code: String) -> Kind {
        for table in [kinds, searchKinds, controlKinds] {
            if let kind = table[code] { return kind }
        }
        return Kind(body: "BODY", bodies: 3, fields: [:])
    }

    /// Envelope fields that a role does not tell, for every kind.
    static let envelope: [String: FieldRecipe] = [
        "sender_unit": FieldRecipe(.oneOf(["ЕБ-1", "ЕБ-2", "ОУ-3"])),
        "settlement": FieldRecipe(.settlement),
        "address_text": FieldRecipe(.oneOf(streets), chance: 80),
        "official": FieldRecipe(.official),
        "case_no": FieldRecipe(.caseNumber),
        "case_body": FieldRecipe(.body, chance: 50),
        "confidentiality": FieldRecipe(.oneOf(["SERVICE", "SERVICE", "RESTRICTED"])),
        "ground": FieldRecipe(.oneOf(["1"])),
    ]

    /// Fields of any person, by path within the person's group.
    static let person: [String: FieldRecipe] = [
        "identity_kind": FieldRecipe(.oneOf(["EST"])),
        "citizenship": FieldRecipe(.oneOf(["KZ"])),
        "birth_place.country": FieldRecipe(.oneOf(["KZ"])),
        "birth_place.region": FieldRecipe(.region, chance: 100),
        "residence.region": FieldRecipe(.region, chance: 80),
        "residence.text": FieldRecipe(.oneOf(streets), chance: 50),
        "id_document.kind": FieldRecipe(.omitted),
        "id_document.number": FieldRecipe(.omitted),
        "education": FieldRecipe(.anyCode, chance: 60),
        "occupation": FieldRecipe(.anyCode, chance: 60),
    ]

    /// Members of the elements of sets, by path within the element.
    static let members: [String: FieldRecipe] = [
        "to": FieldRecipe(.nameChanged),
        "kind": FieldRecipe(.oneOf(["MARRIAGE", "CAR", "CAR", "CAR", "TRUCK", "BUS", "MOTO"])),
        "plate": FieldRecipe(.plate),
        "person": FieldRecipe(.official),
        "post": FieldRecipe(.oneOf(["бас инспектор", "ведущий инспектор"])),
        "norm": FieldRecipe(.oneOf(["94-V, 22-бап", "94-V, ст. 25"])),
        "nature": FieldRecipe(.oneOf(["Кіру журналы жүргізілмеген", "Нет согласия субъекта"])),
        "text": FieldRecipe(.oneOf(["Бұзушылықты жою", "Устранить нарушение"])),
        "until": FieldRecipe(.workingDays(20)),
        "location": FieldRecipe(.oneOf(streets)),
        "starts_on": FieldRecipe(.workingDays(10)),
        "ends_on": FieldRecipe(.workingDays(20)),
        "matter_kk": FieldRecipe(.told(mattersKazakh)),
        "matter_ru": FieldRecipe(.told(mattersRussian)),
    ]

    static let streets = [
        "Абай көшесі, 12 үй", "ул. Сатпаева, д. 5", "Бөгенбай батыр көшесі, 40", "пр. Республики, д. 18, кв. 3",
        "Қабанбай батыр даңғылы, 7", "Желтоқсан көшесі, 101", "мкр. Самал, д. 22", "Әл-Фараби даңғылы, 36",
    ]

    private static let kinds: [String: Kind] = [
        "CR-1": Kind(
            body: "PD", bodies: 9,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["OFFENCE"])),
                "reported_at": FieldRecipe(.moment(.opened)), "registered_at": FieldRecipe(.moment(.opened)),
                "registration_no": FieldRecipe(.registrationNumber), "articles": FieldRecipe(.articles),
                "severity": FieldRecipe(.severity), "act_from": FieldRecipe(.moment(.occurred)),
                "act_to": FieldRecipe(.moment(.occurred)), "marks": FieldRecipe(.marks),
                "place": FieldRecipe(.oneOf(streets)), "fabula_kk": FieldRecipe(.story(storiesKazakh)),
                "fabula_ru": FieldRecipe(.story(storiesRussian)),
                "victims_count": FieldRecipe(.count(.victims)), "victim_minor": FieldRecipe(.flag(false)),
                "damage": FieldRecipe(.group, chance: 250),
                "damage.amount": FieldRecipe(.amount), "damage.currency": FieldRecipe(.oneOf(["KZT"])),
                "means": FieldRecipe(.anyCode, chance: 60), "discovered_by": FieldRecipe(.anyCode, chance: 100),
            ]),
        "CR-2": Kind(
            body: "PD", bodies: 9,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "status": FieldRecipe(.oneOf(["SUSP", "SUSP", "ACCU"])), "articles": FieldRecipe(.articles),
                "marks": FieldRecipe(.marks), "measure_of_restraint": FieldRecipe(.anyCode, chance: 200),
                "repeat": FieldRecipe(.flag(true), chance: 100),
                "offence": FieldRecipe(.reference),
                "position": FieldRecipe(.oneOf(["бас маман", "ведущий специалист"]), when: "marks", in: ["CORR"]),
                "position_body": FieldRecipe(.body, when: "marks", in: ["CORR"]),
            ]),
        "CR-3": Kind(
            body: "PD", bodies: 9,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["CASE"])),
                "decision": FieldRecipe(.oneOf(["COURT", "COURT", "TERM-N"])),
                "ground_article": FieldRecipe(.oneOf(["35", "36", "45", "294"])),
                "decision_date": FieldRecipe(.moment(.document)),
                "registered_on": FieldRecipe(.moment(.opened)), "per_person": FieldRecipe(.suspects, chance: 200),
            ]),
        "CT-1": Kind(
            body: "CRT", bodies: 4,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "court.act_no": FieldRecipe(.paperNumber), "court.act_date": FieldRecipe(.moment(.document)),
                "court.code": FieldRecipe(.body), "court.judge": FieldRecipe(.official),
                "court.in_force": FieldRecipe(.moment(.inForce)),
                "instance": FieldRecipe(.oneOf(["FIRST"])),
                "outcome": FieldRecipe(.oneOf(["CONV", "CONV", "CONV", "CONV", "CONV", "CONV", "TERM", "ACQ"])),
                "articles": FieldRecipe(.articles), "marks": FieldRecipe(.marks),
                "sentence_kind": FieldRecipe(
                    .oneOf(["RESTRICTION", "CORRECTIVE", "PRISON"]), when: "outcome", in: ["CONV"]),
                "sentence_months": FieldRecipe(.integer(6...96), when: "outcome", in: ["CONV"]),
                "conditional": FieldRecipe(.flag(true), chance: 150, when: "outcome", in: ["CONV"]),
                "compulsory_measures": FieldRecipe(.anyCode, when: "outcome", in: ["MED"]),
            ]),
        "WN-1": Kind(
            body: "PD", bodies: 9,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "wanted_ground": FieldRecipe(.oneOf(["INQ"])), "initiator": FieldRecipe(.body),
                "started": FieldRecipe(.moment(.document)), "measure": FieldRecipe(.oneOf(["DETAIN"])),
                "scope": FieldRecipe(.oneOf(["REGION", "NATION", "NATION", "INTERSTATE"])),
                "priority": FieldRecipe(.anyCode, chance: 80),
            ]),
        "WN-2": Kind(
            body: "PD", bodies: 9,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "start_ref": FieldRecipe(.reference),
                "outcome": FieldRecipe(.oneOf(["DETAINED", "DETAINED", "SELF", "FOUND-A", "CANCEL"])),
                "date": FieldRecipe(.moment(.document)), "body": FieldRecipe(.body),
            ]),
        "AD-1": Kind(
            body: "ADM", bodies: 12,
            fields: [
                "branch": FieldRecipe(.oneOf(["ADM"])), "unit": FieldRecipe(.oneOf(["CASE"])),
                "articles": FieldRecipe(.articles), "offence_at": FieldRecipe(.moment(.occurred)),
                "protocol_at": FieldRecipe(.moment(.opened)), "body": FieldRecipe(.body),
                "decision_at": FieldRecipe(.moment(.document)), "outcome": FieldRecipe(.penalty),
                "in_force": FieldRecipe(.moment(.inForce)),
                "fine.amount": FieldRecipe(.fine, when: "outcome", in: ["FINE"]),
                "fine.currency": FieldRecipe(.oneOf(["KZT"]), when: "outcome", in: ["FINE"]),
                "paid_voluntarily_until": FieldRecipe(.moment(.voluntaryEnd), when: "outcome", in: ["FINE"]),
                "repeat": FieldRecipe(.flag(true), chance: 80), "marks": FieldRecipe(.marks),
            ]),
        "AD-2": Kind(
            body: "ADM", bodies: 12,
            fields: [
                "branch": FieldRecipe(.oneOf(["ADM"])), "unit": FieldRecipe(.oneOf(["CASE"])),
                "decision_ref": FieldRecipe(.reference), "due": FieldRecipe(.moment(.voluntaryEnd)),
                "state": FieldRecipe(.oneOf(["UNPAID"])), "unpaid.amount": FieldRecipe(.fine),
                "unpaid.currency": FieldRecipe(.oneOf(["KZT"])),
            ]),
        "RA-1": Kind(
            body: "RP", bodies: 5,
            fields: [
                "branch": FieldRecipe(.oneOf(["ADM"])), "unit": FieldRecipe(.oneOf(["EVENT"])),
                "at": FieldRecipe(.moment(.occurred)),
                "lat": FieldRecipe(.latitude), "lon": FieldRecipe(.longitude),
                "accident_type": FieldRecipe(.anyCode), "vehicles": FieldRecipe(.elements(1...2)),
                "dead": FieldRecipe(.count(.dead)), "injured": FieldRecipe(.count(.injured)),
                "dead_minor": FieldRecipe(.count(.deadMinors)), "injured_minor": FieldRecipe(.count(.injuredMinors)),
                "cause": FieldRecipe(.anyCode, chance: 400), "light": FieldRecipe(.anyCode, chance: 300),
                "surface": FieldRecipe(.anyCode, chance: 300),
            ]),
        "RA-2": Kind(
            body: "RP", bodies: 5,
            fields: [
                "branch": FieldRecipe(.oneOf(["ADM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "accident_ref": FieldRecipe(.reference), "victim_role": FieldRecipe(.victimRole),
                "injury": FieldRecipe(.injury),
                "died_at": FieldRecipe(.diedOn, when: "injury", in: ["DEAD-0", "DEAD-30"]),
            ]),
    ]

    private static let storiesKazakh = [
        "Белгісіз адам пәтерге кіріп, мүлікті ұрлап кеткен.", "Көшеде жәбірленушінің телефоны тартып алынған.",
        "Сенімге кіріп, ақшаны алдап алған.",
    ]

    private static let storiesRussian = [
        "Неизвестный проник в квартиру и похитил имущество.", "На улице у потерпевшего вырвали телефон.",
        "Войдя в доверие, завладел деньгами.",
    ]
}
