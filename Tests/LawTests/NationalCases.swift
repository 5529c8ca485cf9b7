/// Another card beside the one judged: an example with changes.
struct Beside: Sendable {
    var kind: String
    var milliseconds: UInt64
    var changes: [(String, JSONValue?)]

    init(_ kind: String, at milliseconds: UInt64 = 0, _ changes: (String, JSONValue?)...) {
        self.kind = kind
        self.milliseconds = milliseconds
        self.changes = changes
    }
}

/// A card that a rule of nation scope fires on beside some cards, and does not beside others.
struct NationalCase: Sendable, CustomStringConvertible {
    var code: String
    var kind: String
    var path: String
    /// Changes to the example that is judged, accepted at 100 milliseconds.
    var own: [(String, JSONValue?)] = []
    /// Further changes with which it does not fire.
    var quietOwn: [(String, JSONValue?)] = []
    var fires: [Beside] = []
    var quiet: [Beside] = []
    /// States by account type, of everyone.
    var accountsThatFire: [String: [String]] = [:]
    var quietAccounts: [String: [String]] = [:]

    var description: String { "\(code) on \(kind) at \(path)" }
}

private func text(_ text: String) -> JSONValue { .text(text) }
private func words(_ words: String...) -> JSONValue { .array(words.map { .text($0) }) }

/// The person of most examples, so that another example speaks of him, too.
private let samePerson: [(String, JSONValue?)] = [
    ("person.iin", text("850707100017")), ("person.birth_date", text("1985-07-07")), ("person.sex", text("M")),
]

extension Beside {
    /// About the person of most examples.
    var ofSamePerson: Beside {
        var beside = self
        beside.changes += samePerson
        return beside
    }
}

/// A periodic inspection of the same subject by the same body that began on this day.
private func earlierInspection(_ day: String) -> Beside {
    Beside(
        "IN-1", ("doc_id", text("in1-000001")), ("act_date", text(day)), ("registered_on", text(day)),
        ("term.from", text(day)), ("term.to", text(day)))
}

/// A plan's subjects without the one of the example.
private let otherSubject = JSONValue.array([
    .object([
        ("bin", text("850140000108")), ("name_kk", text("«Жер» ЖШС")), ("name_ru", text("ТОО «Жер»")),
        ("location", text("Рудный қаласы")), ("starts_on", text("2026-05-04")), ("ends_on", text("2026-05-20")),
        ("matter_kk", text("Есеп")), ("matter_ru", text("Учёт")),
    ])
])

let nationalCases: [NationalCase] =
    [
        NationalCase(
            code: "V205", kind: "CR-1", path: "registration_no", fires: [Beside("CR-1", ("doc_id", text("other")))],
            quiet: [Beside("CR-1", ("doc_id", text("other")), ("registration_no", text("2")))]),
        NationalCase(
            code: "V205", kind: "CR-1", path: "case_no",
            fires: [Beside("CR-1", ("sender_subject", text("POL-KZ-10")), ("registration_no", text("1")))],
            quiet: [Beside("CR-1", ("doc_id", text("second")), ("registration_no", text("2")))]),
        NationalCase(
            code: "R701", kind: "IN-3", path: "objections",
            own: [
                (
                    "objections",
                    .array([.object([("received_on", text("2026-06-12")), ("text", text("Келіспейміз"))])])
                )
            ],
            quietOwn: [
                (
                    "objections",
                    .array([
                        .object([
                            ("received_on", text("2026-06-12")), ("text", text("Келіспейміз")),
                            ("replied_on", text("2026-06-19")),
                        ])
                    ])
                )
            ]),
        NationalCase(code: "V206", kind: "CR-2", path: "case_no", quiet: [Beside("CR-1")]),
        NationalCase(
            code: "V211", kind: "CR-3", path: "decision", own: [("decision", text("TERM-R"))],
            accountsThatFire: ["1": ["SUSP"]], quietAccounts: ["1": ["TERM"]]),
        NationalCase(code: "V212", kind: "CR-3", path: "decision", quiet: [Beside("WN-1")]),
        NationalCase(
            code: "V305", kind: "CT-1", path: "outcome", own: [("outcome", text("ACQ"))],
            accountsThatFire: ["1": ["CONV"]], quietAccounts: ["1": ["ACQ"]]),
        NationalCase(
            code: "V305", kind: "CT-1", path: "outcome", own: [("outcome", text("ACQ"))],
            accountsThatFire: ["16-1": ["CONV"]]),
        NationalCase(
            code: "V402", kind: "WN-1", path: "initiator", fires: [Beside("WN-1", ("doc_id", text("wn1-000001")))],
            quiet: [
                Beside("WN-1", ("doc_id", text("wn1-000001"))),
                Beside("WN-2", ("start_ref", text("POL-KZ-39/wn1-000001"))),
            ]),
        NationalCase(
            code: "V404", kind: "WN-2", path: "date", own: [("started", nil)],
            fires: [Beside("WN-1", ("started", text("2026-03-13")))], quiet: [Beside("WN-1")]),
        NationalCase(
            code: "V404", kind: "MS-2", path: "date", own: [("started", nil), ("date", text("2026-02-01"))],
            fires: [Beside("MS-1")], quiet: []),
        NationalCase(
            code: "V404", kind: "UC-2", path: "date", own: [("started", nil), ("date", text("2026-02-01"))],
            fires: [Beside("UC-1")], quiet: []),
        NationalCase(
            code: "V404", kind: "UP-2", path: "date", own: [("started", nil), ("date", text("2026-02-01"))],
            fires: [Beside("UP-1")], quiet: []),
        NationalCase(
            code: "V405", kind: "WN-1", path: "person",
            fires: [Beside("RA-2", ("injury", text("DEAD-0"))).ofSamePerson],
            quiet: [Beside("RA-2", ("injury", text("LIGHT"))).ofSamePerson]),
        NationalCase(
            code: "V405", kind: "WN-1", path: "person",
            fires: [Beside("CR-2", ("measure_of_restraint", text("CUSTODY"))).ofSamePerson],
            quiet: [Beside("CR-2", ("measure_of_restraint", nil)).ofSamePerson]),
        NationalCase(
            code: "V505", kind: "AD-1", path: "repeat",
            fires: [Beside("AD-1", ("doc_id", text("before")), ("offence_at", text("2025-03-01")))],
            quiet: [Beside("AD-1", ("doc_id", text("long")), ("offence_at", text("2025-02-01")))]),
        NationalCase(code: "V603", kind: "RA-2", path: "accident_ref", quiet: [Beside("RA-1")]),
        NationalCase(code: "V604", kind: "RA-1", path: "dead", quiet: [Beside("RA-2")]),
        NationalCase(
            code: "V705", kind: "IN-1", path: "plan_ref", fires: [Beside("PL-1", ("subjects", otherSubject))],
            quiet: [Beside("PL-1")]),
        NationalCase(code: "V705", kind: "IN-1", path: "plan_ref", quiet: [Beside("PL-1")]),
        NationalCase(
            code: "V705", kind: "IN-1", path: "term.from",
            fires: [earlierInspection("2025-05-06"), Beside("PL-1")],
            quiet: [earlierInspection("2025-05-04"), Beside("PL-1")]),
        NationalCase(
            code: "V707", kind: "IN-2", path: "appointment_ref",
            fires: [Beside("IN-2", at: 1, ("doc_id", text("in2-000002"))), Beside("IN-1")],
            quiet: [Beside("IN-2", at: 200, ("doc_id", text("in2-000002"))), Beside("IN-1")]),
        NationalCase(code: "V709", kind: "IN-3", path: "appointment_ref", quiet: [Beside("IN-1")]),
        NationalCase(code: "V709", kind: "IN-2", path: "previous_no", quiet: [Beside("IN-1")]),
        NationalCase(code: "V709", kind: "IN-4", path: "appointment_ref", quiet: [Beside("IN-1")]),
        NationalCase(
            code: "V711", kind: "IN-1", path: "subject",
            fires: [Beside("IN-1", ("doc_id", text("in1-other")), ("body", text("Салық органы")))],
            quiet: [Beside("IN-1", ("doc_id", text("in1-other")))]),
        NationalCase(code: "R801", kind: "ED-2", path: "enforcement_ref", quiet: [Beside("ED-1")]),
        NationalCase(code: "R502", kind: "AD-2", path: "decision_ref", quiet: [Beside("AD-1")]),
        NationalCase(
            code: "V805", kind: "CF-1", path: "sum.amount", own: [("amount_kind", text("RET"))],
            fires: [
                Beside("CF-1", ("doc_id", text("due")), ("sum.amount", text("40999.99"))),
                Beside("CF-1", ("doc_id", text("other")), ("sum.currency", text("KZT"))),
            ],
            quiet: [Beside("CF-1", ("doc_id", text("due")))]),
        NationalCase(code: "R501", kind: "AD-1", path: "paid_voluntarily_until", quiet: [Beside("AD-2")]),
    ]
    // Three steps of a person's status, each against what must not have come before it.
    + [("SUSP", "ACCU"), ("ACCU", "DEF"), ("DEF", "CONV")].map { own, before in
        NationalCase(
            code: "V207", kind: "CR-2", path: "status", own: [("status", text(own))],
            fires: [Beside("CR-2", at: 1, ("doc_id", text("first")), ("status", text(before)))],
            quiet: [Beside("CR-2", at: 200, ("doc_id", text("later")), ("status", text(before)))])
    }
    + [("WN-2", "WN-1"), ("MS-2", "MS-1"), ("UC-2", "UC-1"), ("UP-2", "UP-1")].map { end, start in
        NationalCase(code: "V403", kind: end, path: "start_ref", quiet: [Beside(start)])
    }
    + ["CR-1", "AD-1"].map { kind in
        NationalCase(
            code: "V607", kind: kind, path: "case_no",
            own: [("marks", words("ROAD")), ("articles", nil), ("case_no", text("39-7"))]
                + (kind == "CR-1"
                    ? [
                        ("articles", .array([.object([("code", text("CC-345"))])])),
                        ("severity", text("MEDIUM")),
                    ] : [("articles", .array([.object([("code", text("AC-610"))])]))]),
            quiet: [Beside("RA-1", ("case_no", text("39-7")))])
    }
