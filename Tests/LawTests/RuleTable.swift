/// A change to an example that must make a rule fire, and nothing else need be wrong.
struct RuleCase: Sendable, CustomStringConvertible {
    var code: String
    var kind: String
    var path: String
    /// Members to set (or, with nil, to take away) in the example.
    var changes: [(String, JSONValue?)]

    init(_ code: String, _ kind: String, _ path: String, _ changes: (String, JSONValue?)...) {
        self.code = code
        self.kind = kind
        self.path = path
        self.changes = changes
    }

    var description: String { "\(code) on \(kind) at \(path)" }
}

private func text(_ text: String) -> JSONValue { .text(text) }
private func words(_ words: String...) -> JSONValue { .array(words.map { .text($0) }) }
private func articles(_ codes: String...) -> JSONValue {
    .array(codes.map { .object([("code", .text($0))]) })
}

/// Every case of a rule that a document alone decides.
let allRuleCases: [RuleCase] = ruleTable + inspectionRuleTable

let ruleTable: [RuleCase] = [
    RuleCase("D001", "CR-1", "doc_id", ("doc_id", text("x-850707100017"))),
    RuleCase("D002", "CR-1", "victims_count", ("victims_count", text("one"))),
    RuleCase("D002", "CR-1", "articles", ("articles", text("CC-188"))),
    RuleCase("D002", "CR-1", "act_from", ("act_from", text("2026-02-30"))),
    RuleCase("D002", "CR-1", "means", ("means", .null)),
    RuleCase("D003", "CR-1", "victims_count", ("victims_count", .number("-1"))),
    RuleCase("D003", "CR-1", "damage.amount", ("damage.amount", text("1.001"))),
    RuleCase("D003", "CR-1", "doc_id", ("doc_id", text("a/b"))),
    RuleCase("D004", "MS-1", "description", ("description", .object([("hair", text("қара")), ("eyes", text("көк"))]))),
    RuleCase("D004", "UC-1", "description", ("description", nil)),
    RuleCase("D004", "UP-1", "description", ("description", nil)),
    RuleCase("D005", "CR-4", "archived_on", ("archived_on", text("2026-03-23"))),
    RuleCase("D005", "CV-2", "accepted", ("accepted", text("2026-01-11"))),
    RuleCase("D005", "CV-2", "decided", ("decided", text("2026-01-15"))),
    RuleCase("D005", "MR-1", "done", ("done", text("2026-02-11")), ("result", text("FULL"))),
    RuleCase("D005", "UC-1", "death.to", ("death.to", text("2026-02-19"))),
    RuleCase("D005", "UC-1", "death", ("death.to", text("2026-03-05"))),
    RuleCase("D005", "WN-1", "description.height_max", ("description.height_max", .number("171"))),
    RuleCase("V001", "CR-1", "form_code", ("form_code", text("ZZ-9"))),
    RuleCase("V001", "CR-1", "form_edition", ("form_edition", text("2019-01-01"))),
    RuleCase("V005", "CR-1", "event_date", ("event_date", text("2026-03-04"))),
    RuleCase(
        "V005", "CR-1", "event_from", ("event_date", text("unknown")), ("event_from", text("2026-02-02")),
        ("event_to", text("2026-02-01"))),
    RuleCase("V007", "CR-1", "region", ("region", text("KZ-99"))),
    RuleCase("V008", "CR-1", "confirmed_no", ("confirmed_no", text("2026/00000001"))),
    RuleCase("V008", "CR-1", "colour", ("colour", text("red"))),
    RuleCase("V008", "CR-1", "iccs", ("iccs", words("05"))),
    RuleCase(
        "V008", "CR-1", "articles.colour",
        ("articles", .array([.object([("code", text("CC-188")), ("colour", text("x"))])]))),
    RuleCase("V009", "CR-1", "case_no", ("case_no", nil)),
    RuleCase("V009", "CR-1", "severity", ("severity", text(""))),
    RuleCase("V009", "CR-1", "region", ("region", text("unknown"))),
    RuleCase("V009", "CR-1", "damage.currency", ("damage.currency", nil)),
    RuleCase("V009", "CR-1", "event_from", ("event_date", text("unknown"))),
    RuleCase("V009", "CR-1", "victim_minor", ("victim_minor", nil)),
    RuleCase("V010", "CR-1", "severity", ("severity", text("HUGE"))),
    RuleCase("V010", "CR-1", "settlement", ("settlement", .number("1"))),
    RuleCase("V010", "CR-1", "kind", ("kind", text("OLD"))),
    RuleCase("V012", "CR-1", "correction_reason", ("kind", text("CAN")), ("supersedes", text("a"))),
    RuleCase("V013", "CR-1", "confidentiality", ("confidentiality", text("SECRET"))),
    RuleCase("V016", "CR-1", "account_types", ("account_types", words("1", "19"))),
    RuleCase(
        "V017", "CR-1", "attachments",
        ("attachments", .array([.object([("kind", text("IDCOPY")), ("ref", text("f-1"))])]))),
    RuleCase("V018", "CR-1", "fabula_kk", ("fabula_kk", nil)),
    RuleCase("V101", "CR-2", "person.iin", ("person.iin", text("85070710001"))),
    RuleCase("V102", "CR-2", "person.iin", ("person.iin", text("850707100018"))),
    RuleCase("V103", "CR-2", "person.iin", ("person.birth_date", text("1985-07-08"))),
    RuleCase("V104", "CR-2", "person.iin", ("person.iin", nil)),
    RuleCase(
        "V104", "CR-3", "per_person.iin",
        ("per_person", .array([.object([("surname", text("Ким")), ("name", text("Юрий"))])]))),
    RuleCase("V105", "CR-2", "person.surname", ("person.surname", nil), ("person.name", nil)),
    RuleCase("V106", "CR-2", "person.birth_date", ("person.birth_date", text("1885-07-07"))),
    RuleCase("V106", "CR-2", "person.birth_date", ("person.birth_date", text("2026-07-07"))),
    RuleCase("V107", "CR-2", "person.name", ("person.name", text("Kайрат"))),
    RuleCase("V107", "CR-2", "person.surname", ("person.surname", text("Ким2"))),
    RuleCase(
        "V108", "CR-2", "person.previous_names",
        ("person.previous_names", .array([.object([("surname", text("Ким"))])]))),
    RuleCase("V111", "CR-2", "marks", ("person.birth_date", text("2010-07-07"))),
    RuleCase("V111", "CR-2", "person.birth_date", ("person.birth_date", text("2013-07-07"))),
    RuleCase(
        "V111", "CR-2", "person.birth_date", ("person.birth_date", text("2011-07-07")),
        ("articles", articles("CC-190"))),
    RuleCase(
        "V112", "AD-1", "entity.bin", ("entity.bin", text("941340000109")), ("entity.name_kk", text("А")),
        ("entity.name_ru", text("А"))),
    RuleCase("V113", "CR-2", "person.sex", ("person.sex", nil)),
    RuleCase("V113", "CR-2", "person.citizenship", ("person.citizenship", nil)),
    RuleCase("V113", "CR-2", "person.birth_place.country", ("person.birth_place", nil)),
    RuleCase("V201", "CR-1", "articles", ("articles", nil)),
    RuleCase("V202", "CR-1", "severity", ("severity", text("GRAVE"))),
    RuleCase("V203", "CR-1", "act_to", ("act_to", text("2026-03-04"))),
    RuleCase("V204", "CR-1", "registered_at", ("reported_at", text("2026-03-02T09:14:59+05:00"))),
    RuleCase("V208", "CR-2", "victim_age", ("marks", words("SEXMIN")), ("victim_age", .number("18"))),
    RuleCase("V209", "CR-2", "marks", ("marks", words("TERR"))),
    RuleCase("V210", "CR-3", "decision_date", ("registered_on", text("2026-03-11"))),
    RuleCase("V210", "CR-3", "ground_article", ("decision", text("TERM-R")), ("ground_article", nil)),
    RuleCase("V301", "CT-1", "case_no", ("case_no", nil)),
    RuleCase("V301", "CT-1", "person.identity_kind", ("person", nil)),
    RuleCase("V301", "CT-1", "court.act_date", ("court", nil)),
    RuleCase("V301", "CT-1", "outcome", ("outcome", nil)),
    RuleCase("V302", "CT-1", "court.in_force", ("court.in_force", text("2026-06-04"))),
    RuleCase("V302", "CO-1", "court.in_force", ("court.in_force", text("2026-02-02"))),
    RuleCase("V302", "CV-1", "court.in_force", ("court.in_force", text("2026-01-14"))),
    RuleCase("V303", "CT-1", "sentence_kind", ("sentence_kind", nil)),
    RuleCase("V303", "CT-1", "sentence_months", ("sentence_months", nil)),
    RuleCase("V304", "CT-1", "deprivation.months", ("deprivation.kind", text("DRIVE"))),
    RuleCase(
        "V304", "CT-1", "deprivation.post", ("deprivation.kind", text("POST")), ("deprivation.months", .number("12"))),
    RuleCase("V306", "CV-1", "capacity", ("capacity", nil)),
    RuleCase("V306", "CV-1", "court.code", ("court.code", nil)),
    RuleCase("V307", "CO-1", "court.code", ("court", nil)),
    RuleCase("V307", "CO-1", "court.act_date", ("court.act_date", nil)),
    RuleCase(
        "V307", "CO-1", "name_kk", ("object_kind", text("ORG")), ("name_kk", nil), ("name_ru", nil)),
    RuleCase("V307", "CO-1", "output_data", ("output_data", nil)),
    RuleCase("V308", "FC-1", "person.citizenship", ("person.citizenship", text("RU"))),
    RuleCase("V308", "FC-1", "person.citizenship", ("person.citizenship", text("unknown"))),
    RuleCase("V401", "WN-1", "measure", ("measure", nil)),
    RuleCase("V401", "WN-1", "wanted_ground", ("wanted_ground", nil)),
    RuleCase("V404", "WN-2", "date", ("date", text("2026-03-09"))),
    RuleCase("V404", "MS-2", "date", ("date", text("2026-03-01"))),
    RuleCase("V404", "UC-2", "date", ("date", text("2026-03-03"))),
    RuleCase("V404", "UP-2", "date", ("date", text("2026-03-06"))),
    RuleCase("V406", "MS-1", "last_seen_at", ("last_seen_at", nil)),
    RuleCase("V406", "MS-1", "settlement", ("settlement", nil)),
    RuleCase("V406", "MS-1", "person.surname", ("person.surname", nil)),
    RuleCase("V406", "MS-1", "person.name", ("person.name", text("unknown"))),
    RuleCase(
        "V407", "MS-1", "priority", ("person.birth_date", text("2014-02-28")), ("person.iin", nil),
        ("person.no_iin_reason", text("UNKNOWN"))),
    RuleCase("V407", "MS-1", "priority", ("person.birth_date", text("2014-02-28")), ("priority", nil)),
    RuleCase("V408", "MS-2", "outcome", ("outcome", nil)),
    RuleCase("V409", "UC-1", "found_at", ("found_at", nil)),
    RuleCase("V409", "UC-1", "settlement", ("settlement", nil)),
    RuleCase("V409", "UC-1", "sex", ("sex", nil)),
    RuleCase("V409", "UC-1", "age", ("age", nil)),
    RuleCase("V409", "UC-1", "age.min", ("age.min", .number("51"))),
    RuleCase("V410", "UC-2", "person", ("person", nil)),
    RuleCase("V410", "UC-2", "method", ("method", nil)),
    RuleCase("V410", "UC-2", "closed_by.person", ("closed_by", nil)),
    RuleCase("V411", "UP-1", "institution", ("institution", nil)),
    RuleCase("V411", "UP-1", "found_at", ("found_at", nil)),
    RuleCase("V411", "UP-1", "settlement", ("settlement", nil)),
    RuleCase("V411", "UP-1", "age.min", ("age.max", .number("19"))),
    RuleCase("V501", "AD-1", "outcome", ("outcome", nil)),
    RuleCase("V501", "AD-1", "articles", ("articles", nil)),
    RuleCase("V502", "AD-1", "fine.amount", ("fine", nil)),
    RuleCase("V502", "AD-1", "fine.amount", ("fine.amount", text("0.00"))),
    RuleCase("V503", "AD-1", "decision_at", ("decision_at", text("2026-02-10"))),
    RuleCase("V504", "AD-1", "person", ("person", nil)),
    RuleCase(
        "V504", "AD-1", "entity", ("entity.bin", text("940740000109")), ("entity.name_kk", text("«Дала» ЖШС")),
        ("entity.name_ru", text("ТОО «Дала»"))),
    RuleCase("V506", "AD-2", "due", ("due", text("2026-04-01"))),
    RuleCase("V506", "AD-2", "paid", ("paid", text("2026-03-29"))),
    RuleCase("V601", "RA-1", "at", ("at", nil)),
    RuleCase("V601", "RA-1", "vehicles", ("vehicles", nil)),
    RuleCase("V601", "RA-1", "settlement", ("lat", nil), ("lon", nil), ("settlement", nil)),
    RuleCase("V602", "RA-1", "dead", ("injured", .number("0"))),
    RuleCase("V602", "RA-1", "injured_minor", ("injured_minor", .number("2"))),
    RuleCase("V605", "RA-2", "died_at", ("injury", text("DEAD-30")), ("died_at", text("2026-03-21"))),
    RuleCase("V606", "RA-1", "lat", ("lat", text("52.2"))),
    RuleCase("V606", "RA-1", "region", ("settlement", nil), ("lat", text("51.17")), ("lon", text("71.43"))),
    RuleCase("V804", "CF-1", "case_no", ("case_no", nil)),
    RuleCase("V804", "CF-1", "amount_kind", ("amount_kind", nil)),
    RuleCase("V804", "CF-1", "date", ("date", nil)),
    RuleCase("V804", "CF-1", "sum.amount", ("sum", nil)),
    RuleCase("V804", "CF-1", "sum.currency", ("sum.currency", nil)),
    RuleCase("V806", "MR-1", "state", ("state", nil)),
    RuleCase("V806", "MR-1", "direction", ("direction", nil)),
    RuleCase("V806", "MR-1", "basis", ("basis", nil)),
    RuleCase("V806", "MR-1", "case_no", ("case_no", nil)),
    RuleCase("V806", "MR-1", "sent", ("sent", nil)),
    RuleCase("V806", "MR-1", "received", ("direction", text("IN"))),
]
