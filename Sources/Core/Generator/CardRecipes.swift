/// How a field is filled: whence, and in how many of a thousand cards.
struct FieldRecipe: Sendable {
    let source: CardSource
    let chance: Int

    init(_ source: CardSource, chance: Int = 1000) {
        self.source = source
        self.chance = chance
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
        kinds[code] ?? Kind(body: "BODY", bodies: 3, fields: [:])
    }

    /// Envelope fields that a role does not tell, for every kind.
    static let envelope: [String: FieldRecipe] = [
        "sender_unit": FieldRecipe(.paperNumber, chance: 60),
        "settlement": FieldRecipe(.settlement, chance: 900),
        "address_text": FieldRecipe(.oneOf(streets), chance: 250),
        "official": FieldRecipe(.official),
        "case_no": FieldRecipe(.caseNumber),
        "case_body": FieldRecipe(.body, chance: 150),
        "confidentiality": FieldRecipe(.oneOf(["SERVICE", "SERVICE", "RESTRICTED"])),
        "ground": FieldRecipe(.oneOf(["510-13"])),
    ]

    /// Fields of any person, by path within the person's group.
    static let person: [String: FieldRecipe] = [
        "identity_kind": FieldRecipe(.oneOf(["EST"])),
        "citizenship": FieldRecipe(.oneOf(["KZ"])),
        "birth_place.country": FieldRecipe(.oneOf(["KZ"])),
        "birth_place.region": FieldRecipe(.region, chance: 300),
        "residence.region": FieldRecipe(.region, chance: 250),
        "residence.text": FieldRecipe(.oneOf(streets), chance: 80),
        "id_document.kind": FieldRecipe(.omitted),
        "id_document.number": FieldRecipe(.omitted),
        "education": FieldRecipe(.anyCode, chance: 60),
        "occupation": FieldRecipe(.anyCode, chance: 60),
    ]

    /// Members of the elements of sets, by path within the element.
    static let members: [String: FieldRecipe] = [
        "to": FieldRecipe(.nameChanged),
        "kind": FieldRecipe(.oneOf(["MARRIAGE", "CAR"])),
    ]

    private static let streets = [
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
                "victims_count": FieldRecipe(.count(.victims)), "damage": FieldRecipe(.group, chance: 250),
                "damage.amount": FieldRecipe(.amount), "damage.currency": FieldRecipe(.oneOf(["KZT"])),
                "means": FieldRecipe(.anyCode, chance: 60), "discovered_by": FieldRecipe(.anyCode, chance: 100),
            ]),
        "CR-2": Kind(
            body: "PD", bodies: 9,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "status": FieldRecipe(.oneOf(["SUSP", "SUSP", "ACCU"])), "articles": FieldRecipe(.articles),
                "marks": FieldRecipe(.marks), "measure_of_restraint": FieldRecipe(.anyCode, chance: 200),
                "repeat": FieldRecipe(.isRepeat, chance: 100),
            ]),
        "CR-3": Kind(
            body: "PD", bodies: 9,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["CASE"])),
                "decision": FieldRecipe(.oneOf(["COURT", "COURT", "TERM-N"])),
                "ground_article": FieldRecipe(.articleOfLaw), "decision_date": FieldRecipe(.moment(.document)),
            ]),
        "CT-1": Kind(
            body: "CRT", bodies: 4,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "court.act_no": FieldRecipe(.paperNumber), "court.act_date": FieldRecipe(.moment(.document)),
                "court.code": FieldRecipe(.body), "court.judge": FieldRecipe(.official),
                "court.in_force": FieldRecipe(.moment(.document), chance: 500),
                "in_force": FieldRecipe(.moment(.document)),
                "instance": FieldRecipe(.oneOf(["FIRST"])),
                "outcome": FieldRecipe(.oneOf(["CONV", "CONV", "CONV", "CONV", "CONV", "CONV", "TERM", "ACQ"])),
                "articles": FieldRecipe(.articles), "marks": FieldRecipe(.marks),
                "sentence_kind": FieldRecipe(.oneOf(["RESTRICTION", "COMMUNITY", "PRISON", "FINE"])),
                "size": FieldRecipe(.term), "conditional": FieldRecipe(.isRepeat, chance: 150),
            ]),
        "WN-1": Kind(
            body: "PD", bodies: 9,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "ground": FieldRecipe(.oneOf(["INQ"])), "initiator": FieldRecipe(.body),
                "started": FieldRecipe(.moment(.document)), "measure": FieldRecipe(.oneOf(["DETAIN"])),
                "scope": FieldRecipe(.oneOf(["REGION", "NATION", "NATION", "INTERSTATE"])),
                "priority": FieldRecipe(.anyCode, chance: 80),
            ]),
        "WN-2": Kind(
            body: "PD", bodies: 9,
            fields: [
                "branch": FieldRecipe(.oneOf(["CRIM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "start": FieldRecipe(.reference),
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
                "fine.amount": FieldRecipe(.amount), "fine.currency": FieldRecipe(.oneOf(["KZT"])),
                "paid_voluntarily_until": FieldRecipe(.moment(.voluntaryEnd)),
                "repeat": FieldRecipe(.isRepeat, chance: 80), "marks": FieldRecipe(.marks),
            ]),
        "AD-2": Kind(
            body: "ADM", bodies: 12,
            fields: [
                "branch": FieldRecipe(.oneOf(["ADM"])), "unit": FieldRecipe(.oneOf(["CASE"])),
                "ad_ref": FieldRecipe(.reference), "due": FieldRecipe(.moment(.voluntaryEnd)),
                "state": FieldRecipe(.oneOf(["UNPAID"])),
            ]),
        "RA-1": Kind(
            body: "RP", bodies: 5,
            fields: [
                "branch": FieldRecipe(.oneOf(["ADM"])), "unit": FieldRecipe(.oneOf(["EVENT"])),
                "at": FieldRecipe(.moment(.occurred)), "settlement": FieldRecipe(.settlement),
                "lat": FieldRecipe(.latitude), "lon": FieldRecipe(.longitude), "place": FieldRecipe(.oneOf(streets)),
                "accident_type": FieldRecipe(.anyCode), "vehicles": FieldRecipe(.anyCode),
                "dead": FieldRecipe(.count(.dead)), "injured": FieldRecipe(.count(.injured)),
                "dead_minor": FieldRecipe(.count(.deadMinors)), "injured_minor": FieldRecipe(.count(.injuredMinors)),
                "cause": FieldRecipe(.anyCode, chance: 400), "light": FieldRecipe(.anyCode, chance: 300),
                "surface": FieldRecipe(.anyCode, chance: 300),
            ]),
        "RA-2": Kind(
            body: "RP", bodies: 5,
            fields: [
                "branch": FieldRecipe(.oneOf(["ADM"])), "unit": FieldRecipe(.oneOf(["PERSON"])),
                "ra_ref": FieldRecipe(.reference), "victim_role": FieldRecipe(.victimRole),
                "injury": FieldRecipe(.injury), "died_at": FieldRecipe(.diedOn),
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
