extension Life {
    /// People looked for and found, corpses, people without a name, capacity, civil cases, and what goes abroad.
    static let searches: [Life] = [
        Life(
            weight: 2, theme: .search,
            steps: [LifeStep("MS-1"), LifeStep("MS-2", .workingDays(1...12), chance: 700)]),
        Life(
            weight: 1, theme: .search,
            steps: [
                LifeStep("MS-1"), LifeStep("UC-1", .workingDays(1...8)),
                LifeStep("UC-2", .workingDays(2...6), fixed: ["outcome": "IDENT"]),
                LifeStep("MS-2", fixed: ["outcome": "FOUND-D"]),
            ]),
        Life(
            weight: 1, theme: .search,
            steps: [
                LifeStep("UC-1"), LifeStep("UC-2", .workingDays(8...20), chance: 600, fixed: ["outcome": "BURIED"]),
            ]),
        Life(
            weight: 1, theme: .search,
            steps: [
                LifeStep("MS-1"), LifeStep("UP-1", .workingDays(1...4)), LifeStep("UP-2", .workingDays(1...8)),
                LifeStep("MS-2", fixed: ["outcome": "IDENT"]),
            ]),
        Life(
            weight: 1, theme: .search,
            steps: [LifeStep("UP-1"), LifeStep("UP-2", .workingDays(2...10), chance: 500)]),
        Life(
            weight: 1, theme: .crime,
            steps: [
                LifeStep("CV-1"), LifeStep("CV-1", .workingDays(10...30), chance: 300, fixed: ["capacity": "RESTORED"]),
            ]),
        Life(weight: 2, theme: .crime, steps: [LifeStep("CV-2", .workingDays(0...15))]),
        Life(weight: 1, theme: .crime, steps: [LifeStep("FC-1")]),
        Life(weight: 1, theme: .crime, steps: [LifeStep("CO-1")]),
        Life(
            weight: 1, theme: .crime,
            steps: [
                LifeStep("CR-1"), LifeStep("MR-1", .workingDays(0...0)),
                LifeStep("MR-1", .workingDays(4...20), chance: 700, fixed: ["result": "FULL"]),
            ]),
        Life(
            weight: 1, theme: .crime,
            steps: [
                LifeStep("CR-1"), LifeStep("CR-2", .workingDays(1...3)),
                LifeStep("CR-3", .workingDays(3...8), fixed: ["decision": "COURT"]),
                LifeStep("CT-1", .workingDays(4...10), fixed: ["outcome": "CONV"]),
                LifeStep("FP-1", chance: 500, fixed: ["reason": "CONVICTED"], isBeside: true),
                LifeStep("CF-1", .workingDays(1...3), fixed: ["amount_kind": "DUE"]),
                LifeStep("CF-1", .workingDays(3...8), fixed: ["amount_kind": "RET"]),
            ]),
        Life(
            weight: 1, theme: .crime,
            steps: [LifeStep("CR-1"), LifeStep("CF-1", .workingDays(5...20), fixed: ["amount_kind": "CONF"])]),
    ]
}
