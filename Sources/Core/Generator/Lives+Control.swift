extension Life {
    /// Inspections from their plan to their result, debts opened and paid, discipline and dismissal.
    ///
    /// `found` and `term` are fields of no card: they tell recipes which way the life went.
    static let inspections: [Life] = [
        Life(
            weight: 1, theme: .control,
            steps: [
                LifeStep("PL-1"), LifeStep("IN-1", .workingDays(2...12), fixed: ["control_form": "INSP-P"]),
                LifeStep(
                    "IN-3", .workingDays(6...12), chance: 900, fixed: ["control_form": "INSP-P", "found": "YES"]),
            ]),
        Life(
            weight: 1, theme: .control,
            steps: [
                LifeStep("PL-1"), LifeStep("IN-1", .workingDays(2...6), fixed: ["control_form": "INSP-P"]),
                LifeStep("IN-2", .workingDays(8...11)),
                LifeStep(
                    "IN-3", .workingDays(5...10),
                    fixed: ["control_form": "INSP-P", "found": "YES", "term": "EXTENDED"]),
            ]),
        Life(
            weight: 1, theme: .control,
            steps: [
                LifeStep("IN-1"), LifeStep("IN-3", .workingDays(4...12), chance: 900, fixed: ["found": "NO"]),
            ]),
        Life(
            weight: 1, theme: .control, steps: [LifeStep("IN-1", fixed: ["registration_decision": "REFUSED"])]),
        Life(
            weight: 1, theme: .control,
            steps: [
                LifeStep("IN-1", fixed: ["regime": "BUSINESS", "control_form": "PREV-V"]),
                LifeStep("IN-4", .workingDays(3...5), fixed: ["change": "SUSPEND"]),
                LifeStep("IN-4", .workingDays(1...3), fixed: ["change": "RESUME"]),
                LifeStep("IN-4", .workingDays(0...1), chance: 300, fixed: ["change": "STAFF"], isBeside: true),
                LifeStep(
                    "IN-3", .workingDays(1...3),
                    fixed: ["regime": "BUSINESS", "control_form": "PREV-V", "found": "YES"]),
            ]),
        Life(
            weight: 1, theme: .control,
            steps: [LifeStep("IN-1"), LifeStep("IN-4", .workingDays(1...8), fixed: ["change": "CANCEL"])]),
        Life(weight: 5, theme: .debt, steps: [LifeStep("ED-1"), LifeStep("ED-2", .workingDays(3...30), chance: 500)]),
        Life(
            weight: 2, theme: .misdemeanour,
            steps: [
                LifeStep("AD-1"), LifeStep("AD-2", .afterVoluntaryTerm),
                LifeStep(
                    "ED-1", .workingDays(2...8), fixed: ["category": "FINE", "document_kind": "ADM"]),
                LifeStep("ED-2", .workingDays(3...15), chance: 600),
            ]),
        Life(
            weight: 1, theme: .service,
            steps: [
                LifeStep("DS-1"),
                LifeStep("DS-2", .workingDays(3...15), chance: 400, fixed: ["dismissal_ground": "DISCREDIT"]),
            ]),
        Life(weight: 1, theme: .service, steps: [LifeStep("DS-2")]),
    ]
}
