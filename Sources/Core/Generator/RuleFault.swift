/// A way to break one rule with one card: what is left out, or put in its place.
package struct RuleFault: Hashable, Sendable {
    package struct Spoil: Hashable, Sendable {
        package enum Value: Hashable, Sendable {
            case nothing
            case json(String)
            /// So many days after the document's.
            case day(Int)
        }

        /// A field or a group of the card; where the card is never written with it, a member of the document.
        package let path: String
        package let value: Value
    }

    /// The rule that must refuse the line, or find it at the centre where the nation decides.
    package let code: String
    package let kind: String
    package let spoils: [Spoil]

    /// Only a card with a natural person can be spoilt so.
    var isOfPerson: Bool { spoils.contains { $0.path.hasPrefix("person.") } }

    fileprivate init(_ code: String, _ kind: String, _ spoils: (String, Spoil.Value)...) {
        self.code = code
        self.kind = kind
        self.spoils = spoils.map { Spoil(path: $0.0, value: $0.1) }
    }
}

extension RuleFault {
    static let all: [RuleFault] = [
        offences,
        searches,
        inspections,
    ].flatMap { $0 }

    private static let offences: [RuleFault] = [
        RuleFault("D001", "CR-1", ("doc_id", .json(#""x-850707100017""#))),
        RuleFault("D002", "CR-1", ("victims_count", .json(#""two""#))),
        RuleFault("D003", "CR-1", ("victims_count", .json("-1"))),
        RuleFault("V012", "CR-1", ("kind", .json(#""CAN""#))),
        RuleFault("V013", "CR-1", ("confidentiality", .json(#""SECRET""#))),
        RuleFault("V016", "CR-1", ("account_types", .json(#"["19"]"#))),
        RuleFault("V017", "CR-1", ("attachments", .json(#"[{"kind":"IDCOPY","ref":"f-1"}]"#))),
        RuleFault("V018", "CR-1", ("fabula_kk", .nothing), ("fabula_ru", .json(#""Похищен телефон.""#))),
        RuleFault("V104", "CR-2", ("person.iin", .nothing)),
        RuleFault("V105", "CR-2", ("person.surname", .nothing), ("person.name", .nothing)),
        RuleFault("V106", "CR-2", ("person.birth_date", .json(#""1850-01-01""#))),
        RuleFault("V108", "CR-2", ("person.previous_names", .json(#"[{"surname":"Ким"}]"#))),
        RuleFault("V111", "CR-2", ("person.birth_date", .json(#""2011-02-03""#))),
        RuleFault("V112", "CO-1", ("organisation_bin", .json(#""941340000109""#))),
        RuleFault("V113", "CR-2", ("person.sex", .nothing)),
        RuleFault("V201", "CR-1", ("articles", .nothing)),
        RuleFault("V202", "CR-1", ("severity", .json(#""MISD""#))),
        RuleFault("V203", "CR-1", ("act_to", .day(40))),
        RuleFault("V206", "CR-2", ("case_no", .json(#""no-such-case""#))),
        RuleFault("V208", "CR-2", ("marks", .json(#"["SEXMIN"]"#))),
        RuleFault("V209", "CR-2", ("marks", .json(#"["TERR"]"#)), ("articles", .json(#"[{"code":"CC-188"}]"#))),
        RuleFault("V210", "CR-3", ("decision", .json(#""TERM-R""#)), ("ground_article", .nothing)),
        RuleFault("V301", "CT-1", ("outcome", .nothing)),
        RuleFault("V302", "CT-1", ("court.in_force", .day(-1))),
        RuleFault("V303", "CT-1", ("outcome", .json(#""CONV""#)), ("sentence_kind", .nothing)),
        RuleFault("V304", "CT-1", ("deprivation", .json(#"{"kind":"DRIVE"}"#))),
        RuleFault("V401", "WN-1", ("measure", .nothing)),
        RuleFault("V501", "AD-1", ("outcome", .nothing)),
        RuleFault("V502", "AD-1", ("outcome", .json(#""FINE""#)), ("fine", .nothing)),
        RuleFault(
            "V502", "AD-1", ("fine", .json(#"{"amount":"1.00","currency":"KZT"}"#)), ("articles", .json(speeding))),
        RuleFault("V503", "AD-1", ("decision_at", .day(-40))),
        RuleFault("V504", "AD-1", ("person", .nothing), ("entity", .nothing)),
        RuleFault("V506", "AD-2", ("due", .day(1))),
        RuleFault("V601", "RA-1", ("at", .nothing)),
        RuleFault("V602", "RA-1", ("dead", .json("0")), ("injured", .json("0"))),
        RuleFault("V603", "RA-2", ("accident_ref", .json(#""nobody/nothing""#))),
    ]

    private static let speeding = #"[{"code":"AC-592"}]"#

    private static let searches: [RuleFault] = [
        RuleFault("D004", "MS-1", ("description", .json(#"{"hair":"қара"}"#))),
        RuleFault("D005", "CV-2", ("accepted", .day(-30)), ("filed", .day(0))),
        RuleFault("V306", "CV-1", ("capacity", .nothing)),
        RuleFault("V307", "CO-1", ("object_kind", .json(#""MAT""#)), ("output_data", .nothing)),
        RuleFault("V308", "FC-1", ("person.citizenship", .json(#""RU""#))),
        RuleFault("V403", "MS-2", ("start_ref", .json(#""nobody/nothing""#)), ("started", .nothing)),
        RuleFault("V404", "MS-2", ("started", .day(1))),
        RuleFault("V404", "UC-2", ("started", .day(1))),
        RuleFault("V404", "UP-2", ("started", .day(1))),
        RuleFault("V404", "WN-2", ("started", .day(1))),
        RuleFault("V406", "MS-1", ("last_seen_at", .nothing)),
        RuleFault("V408", "MS-2", ("outcome", .nothing)),
        RuleFault("V409", "UC-1", ("sex", .nothing)),
        RuleFault("V410", "UC-2", ("outcome", .json(#""IDENT""#)), ("method", .nothing)),
        RuleFault("V411", "UP-1", ("age.max", .json("0")), ("age.min", .json("90"))),
        RuleFault("V804", "CF-1", ("amount_kind", .nothing)),
        RuleFault("V806", "MR-1", ("basis", .nothing)),
    ]

    private static let inspections: [RuleFault] = [
        RuleFault("V701", "IN-1", ("registration_decision", registered), ("signer", .nothing)),
        RuleFault("V702", "IN-1", ("registration_decision", registered), ("term", .json(longTerm))),
        RuleFault("V703", "IN-1", ("registration_decision", registered), ("registered_on", .day(20))),
        RuleFault(
            "V704", "IN-1", ("registration_decision", registered), ("notice_at", .json(#""2100-01-01T09:00:00Z""#))),
        RuleFault(
            "V706", "IN-1", ("registration_decision", registered), ("control_form", .json(#""INSP-U""#)),
            ("ground_document", .nothing)),
        RuleFault("V707", "IN-2", ("head_decision", .nothing)),
        RuleFault("V707", "IN-2", ("new_end", .day(40))),
        RuleFault("V708", "IN-2", ("notice_delivered_on", .day(30))),
        RuleFault("V709", "IN-3", ("signers", .nothing)),
        RuleFault("V709", "IN-3", ("appointment_ref", .nothing)),
        RuleFault(
            "V710", "IN-3", ("delivered_on", .day(40)), ("violations", .json(violation)),
            ("requirements", .json(requirement))),
        RuleFault("V712", "PL-1", ("approved_on", .day(0))),
        RuleFault("V801", "ED-1", ("enforcement_no", .nothing)),
        RuleFault("V802", "ED-2", ("end_ground", .nothing)),
        RuleFault("V803", "ED-1", ("debt", .json(#"{"amount":"-5.00","currency":"KZT"}"#))),
        RuleFault("V807", "DS-1", ("order_no", .nothing)),
        RuleFault("V807", "DS-2", ("dismissal_ground", .nothing)),
    ]

    /// An act that was refused is recorded as it was: only a registered one can break these rules.
    private static let registered = Spoil.Value.json(#""REG""#)
    private static let longTerm = #"{"from":"2099-01-05","to":"2099-12-30"}"#
    private static let violation = #"[{"norm":"94-V","nature":"-"}]"#
    private static let requirement = #"[{"text":"-","until":"2024-01-01"}]"#
}
