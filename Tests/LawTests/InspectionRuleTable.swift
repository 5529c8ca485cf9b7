private func text(_ text: String) -> JSONValue { .text(text) }
private func group(_ members: (String, JSONValue)...) -> JSONValue { .object(members.map { ($0.0, $0.1) }) }

/// Rules of inspections (V7xx), enforcement and civil service (V8xx), and of the limits of fines.
let inspectionRuleTable: [RuleCase] =
    [
        "act_no", "act_date", "body", "inspectors", "location", "subject_matter_kk", "control_form", "term.from",
        "term.to", "signer", "audited.from", "audited.to", "rights_ref", "receipt_mark",
    ].map { RuleCase("V701", "IN-1", $0, ($0, nil)) }
    + [
        RuleCase("V701", "IN-1", "subject.bin", ("subject", nil)),
        RuleCase("V701", "IN-1", "specialists", ("no_specialists", nil)),
        RuleCase("V701", "IN-1", "term.to", ("term.to", text("2026-05-03"))),
        RuleCase("V701", "IN-1", "audited.to", ("audited.to", text("2024-12-31"))),
        // Ten working days after Monday 4 May 2026 end on the 20th: the 7th and the 11th are off.
        RuleCase("V702", "IN-1", "term.to", ("term.to", text("2026-05-21"))),
        RuleCase("V702", "IN-1", "term.to", ("regime", text("BUSINESS")), ("term.to", text("2026-07-01"))),
        RuleCase("V703", "IN-1", "term.from", ("registered_on", text("2026-05-05"))),
        RuleCase("V703", "IN-1", "delivered_at", ("delivered_at", text("2026-04-28T18:00:00+05:00"))),
        RuleCase("V704", "IN-1", "notice_at", ("notice_at", text("2026-05-03T09:30:01+05:00"))),
        RuleCase("V704", "IN-1", "notice_at", ("notice_at", nil)),
        RuleCase("V706", "IN-1", "inspection_ground", ("control_form", text("INSP-U"))),
        RuleCase(
            "V706", "IN-1", "ground_document.no", ("control_form", text("INSP-U")), ("inspection_ground", text("3")),
            ("ground_document.name", text("Прокурор талабы"))),
        RuleCase(
            "V706", "IN-1", "ground_document.name", ("control_form", text("INSP-U")), ("regime", text("OTHER"))),
        RuleCase("V706", "IN-1", "ground_document.date", ("control_form", text("INSP-U"))),
        // Fifteen working days after Wednesday 20 May 2026 end on Thursday 11 June.
        RuleCase("V707", "IN-2", "new_end", ("new_end", text("2026-06-12"))),
        RuleCase("V707", "IN-2", "new_end", ("new_end", text("2026-05-20"))),
        RuleCase("V707", "IN-2", "head_decision.no", ("head_decision", nil)),
        RuleCase("V707", "IN-2", "head_decision.date", ("head_decision", nil)),
        RuleCase("V707", "IN-2", "previous_no", ("previous_no", nil)),
        RuleCase("V707", "IN-2", "previous_date", ("previous_date", nil)),
        RuleCase("V707", "IN-2", "reasons_kk", ("reasons_kk", nil), ("reasons_ru", nil)),
        RuleCase("V708", "IN-2", "notice_delivered_on", ("notice_delivered_on", text("2026-05-20"))),
        RuleCase("V708", "IN-2", "notice_delivered_on", ("notice_delivered_on", nil)),
    ]
    + [
        "appointment_ref", "appointment_no", "appointment_date", "act_no", "drawn_at", "place", "body", "inspectors",
        "location", "subject_matter_kk", "control_form", "term.from", "term.to", "audited.from", "audited.to",
        "results_kk", "familiarisation", "signers", "violations", "requirements",
    ].map { RuleCase("V709", "IN-3", $0, ($0, nil)) }
    + [
        RuleCase("V709", "IN-3", "subject.bin", ("subject", nil)),
        RuleCase("V709", "IN-3", "specialists", ("no_specialists", .flag(false))),
        RuleCase("V709", "IN-3", "no_violations", ("no_violations", .flag(true))),
        RuleCase("V709", "IN-3", "delivered_on", ("extended_to", text("2026-06-09"))),
        RuleCase(
            "V709", "IN-3", "delivered_on", ("extension_ref", nil), ("extended_to", nil),
            ("term.to", text("2026-06-09"))
        ),
        // The second of two requirements is the one that comes too early.
        RuleCase(
            "V710", "IN-3", "requirements",
            (
                "requirements",
                .array([
                    group(("text", text("Бірінші")), ("until", text("2026-07-10"))),
                    group(("text", text("Екінші")), ("until", text("2026-06-19"))),
                ])
            )),
        RuleCase("V712", "PL-1", "approved_on", ("approved_on", text("2025-12-02"))),
        RuleCase("V712", "PL-1", "posted_on", ("posted_on", text("2025-12-21"))),
        RuleCase("V801", "ED-1", "enforcement_no", ("enforcement_no", nil)),
        RuleCase("V801", "ED-1", "creditor_kind", ("creditor_kind", nil)),
        RuleCase("V801", "ED-1", "opened", ("opened", nil)),
        RuleCase("V801", "ED-1", "debt.amount", ("debt", nil)),
        RuleCase("V801", "ED-1", "person", ("person", nil)),
        RuleCase(
            "V801", "ED-1", "entity", ("entity.bin", text("940740000109")), ("entity.name_kk", text("«Дала» ЖШС")),
            ("entity.name_ru", text("ТОО «Дала»"))),
        RuleCase("V802", "ED-2", "end_ground", ("end_ground", nil)),
        RuleCase("V803", "ED-1", "debt.amount", ("debt.amount", text("-1.00"))),
        RuleCase("V803", "ED-1", "debt.amount", ("debt.amount", text("412000.005"))),
        RuleCase("V803", "ED-1", "debt.currency", ("debt.currency", nil)),
        // A third decimal is no value of the field at all.
        RuleCase("V807", "DS-1", "article_text", ("article_text", nil)),
        RuleCase("V807", "DS-2", "dismissal_ground", ("dismissal_ground", nil)),
        // Speeding: 5 to 60 indices of 4,325 tenge in 2026.
        RuleCase("V502", "AD-1", "fine.amount", ("fine.amount", text("21624.99"))),
        RuleCase("V502", "AD-1", "fine.amount", ("fine.amount", text("259500.01"))),
        RuleCase("V502", "AD-1", "articles", ("articles", .array([group(("code", text("AC-73")))]))),
        RuleCase("V502", "AD-1", "articles", ("protocol_at", text("2023-12-31")), ("offence_at", text("2023-12-31"))),
    ]
    + ["DS-1", "DS-2"].flatMap { kind in
        ["body", "post", "order_no", "order_date"].map { RuleCase("V807", kind, $0, ($0, nil)) }
    }
