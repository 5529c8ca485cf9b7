import Law
import TestSupport
import Testing

/// The table card × rule × test: every rule that concerns a card has a case in which it fires and one in which it does
/// not. The catalogue drives it: a new rule, or a rule on a new card, without a case leaves an empty cell and fails.
@Suite struct CoverageTests {
    /// A rule that no document and no nation of cards decides: the test in which it fires and the one in which it does
    /// not, as `Suite.test`.
    struct Elsewhere {
        var fires: String
        var quiet: String
    }

    static let elsewhere: [String: Elsewhere] = [
        "V004": .init(
            fires: "TerritoryTests.aRepeatWithinOneTurnIsSeen",
            quiet: "TerritoryTests.aRepeatedDocumentGetsTheSameNumber"),
        "V011": .init(
            fires: "TerritoryTests.aCorrectionOfNobodysRecordIsRefused",
            quiet: "TerritoryTests.aCorrectionFindsItsRecordThroughAnEarlierCorrectionOfTheSameTurn"),
        "V014": .init(
            fires: "ControlTotalsTests.whatDiffersIsNamed", quiet: "ControlTotalsTests.whatAgreesIsNotNamed"),
        "V015": .init(
            fires: "CentreDecisionTests.whatASenderOwedAndDidNotHandInIsListed",
            quiet: "CentreDecisionTests.completenessIsCountedFromWhatCameAndWhatIsOwed"),
        "V109": .init(
            fires: "LinkingTests.theNumberOfAnotherPersonIsAFindingAndNeverAMerge",
            quiet: "LinkingTests.aChangedSurnameIsFoundByTheBirthDate"),
        "V110": .init(
            fires: "LinkingTests.aNamesakeWithAnotherNumberIsAPossibleDuplicate",
            quiet: "LinkingTests.withoutANumberNameAndBirthOrAPreviousNameDecide"),
        "V412": .init(
            fires: "LikenessTests.aPairNobodyLookedAtInTenDaysIsSaidOfBothRecords",
            quiet: "LikenessTests.aPairLookedAtInTimeIsNeverOverdue"),
        "V901": .init(
            fires: "EditionProofTests.aFigureInAUnitThatNoListHasIsRefused",
            quiet: "HandMadeSearchTests.formSearchClosesForEachOfItsSixAccounts"),
        "V902": .init(
            fires: "MeasureTests.aMovementThatDoesNotCloseIsFound",
            quiet: "MeasureTests.aMovementOfCasesClosesInTheNationAndInEachTerritory"),
        "V903": .init(
            fires: "HandMadeMonthTests.aLostRowOfAnAnswerIsSeenAsABrokenSum",
            quiet: "HandMadeMonthTests.totalsAreTheSumsOfTheirParts"),
        "V904": .init(
            fires: "MeasureTests.aLeapAgainstLastYearIsAWarning",
            quiet: "MeasureTests.aStepAgainstLastYearIsNone"),
        "V906": .init(
            fires: "PlacedReportsTests.otherFiguresWantANoteAndTheSameDoNot",
            quiet: "PlacedReportsTests.aFormOfAPeriodIsPlacedAndRevised"),
    ]

    /// The numbered rules of the law's domain: 101.
    static let numbered: [String] =
        [
            (0, 18), (100, 113), (200, 212), (300, 308), (400, 412), (500, 506), (600, 607), (700, 712), (800, 807),
            (900, 906),
        ]
        .flatMap { family, last in (family + 1...last).map { "V" + String(1000 + $0).dropFirst() } }

    /// One cell: how often the rule was seen to fire and to keep quiet on this card.
    private struct Cell {
        var fired = 0
        var quiet = 0
    }

    private struct Table {
        var cells: [String: [String: Cell]] = [:]

        mutating func note(_ kind: String, _ code: String, fired: Bool, quiet: Bool) {
            cells[kind, default: [:]][code, default: Cell()].fired += fired ? 1 : 0
            cells[kind, default: [:]][code, default: Cell()].quiet += quiet ? 1 : 0
        }

        mutating func expect(_ kind: String, _ code: String) {
            _ = cells[kind, default: [:]][code, default: Cell()]
        }
    }

    @Test func noCellOfTheTableIsEmpty() throws {
        var desk = try Desk()
        let edition = desk.catalogue.newest
        var table = Table()
        for kind in edition.kinds {
            let example = try desk.example(kind.code)
            for rule in kind.rules { table.expect(kind.code, rule.code) }
            for test in edition.nationalTests where test.kind == kind.code { table.expect(kind.code, test.code) }
            for rule in EngineRule.all {
                for one in rule.cases(kind, example) { try engine(rule.code, one, of: kind, &desk, &table) }
            }
        }
        for one in allRuleCases { try document(one, &desk, &table) }
        for one in nationalCases { try national(one, &desk, &table) }
        print(Self.text(of: table, edition))
        for (kind, cells) in table.cells {
            for (code, cell) in cells {
                #expect(cell.fired > 0, "\(code) was not seen to fire on \(kind)")
                #expect(cell.quiet > 0, "\(code) was not seen to keep quiet on \(kind)")
            }
        }
    }

    /// Tests of nation scope are more than their codes: each way of a rule has a case of its own.
    @Test func everyWayOfANationalRuleHasACase() throws {
        let edition = try Catalogue.embedded().newest
        for test in edition.nationalTests {
            let found = nationalCases.contains { $0.code == test.code && $0.kind == test.kind && $0.path == test.path }
            #expect(found, "\(test.code) on \(test.kind) at \(test.path)")
        }
    }

    @Test func everyNumberedRuleHasItsPlace() throws {
        let edition = try Catalogue.embedded().newest
        #expect(Self.numbered.count == 101)
        let concerned = Set(
            edition.kinds.flatMap { $0.rules.map(\.code) } + edition.nationalTests.map(\.code)
                + EngineRule.all.map(\.code))
        for code in Self.numbered {
            let rule = try #require(edition.rule(code), "\(code) has no words")
            let isDecided = concerned.contains(code) || Self.elsewhere[code] != nil
            #expect(isDecided != (rule.later != nil), "\(code) is decided here, or says why it is left to a later part")
        }
        for code in concerned { #expect(edition.rule(code) != nil, "\(code) has no words") }
    }

    /// What the table says of other suites is true: the tests it names are there.
    @Test func everyTestNamedElsewhereIsThere() throws {
        var sources: [String: String] = [:]
        for path in try Repository.files(under: "Tests", suffix: "Tests.swift") {
            let suite = path.split(separator: "/").last.map { String($0.dropLast(".swift".count)) } ?? ""
            sources[suite, default: ""] += try Repository.text(of: path)
        }
        for (code, one) in Self.elsewhere {
            for name in [one.fires, one.quiet] {
                let parts = name.split(separator: ".").map(String.init)
                #expect(sources[parts[0]]?.contains("func \(parts[1])(") == true, "\(code): there is no test \(name)")
            }
        }
    }

    // MARK: Cases

    private func engine(
        _ code: String, _ one: EngineRule.Case, of kind: CardKind, _ desk: inout Desk, _ table: inout Table
    ) throws {
        var context = Desk.context(for: one.sound)
        context.territory = nil
        let quiet = !desk.codes(one.sound, in: context).contains("\(code) \(one.path)")
        one.change(&context)
        let fired = desk.codes(one.broken, in: context).contains("\(code) \(one.path)")
        table.note(kind.code, code, fired: fired, quiet: quiet)
    }

    private func document(_ one: RuleCase, _ desk: inout Desk, _ table: inout Table) throws {
        let example = try desk.example(one.kind)
        let changed = one.changes.reduce(example) { $0.setting($1.0, $1.1) }
        let blamed = "\(one.code) \(one.path)"
        table.note(
            one.kind, one.code, fired: desk.codes(changed).contains(blamed),
            quiet: !desk.codes(example).contains(blamed))
    }

    private func national(_ one: NationalCase, _ desk: inout Desk, _ table: inout Table) throws {
        var nation = SmallNation(edition: desk.catalogue.newest)
        func found(
            _ own: NationRecord, _ beside: [Beside], _ accounts: [String: [String]]
        ) throws -> Bool {
            nation.all = try [own] + beside.map { try desk.record($0.kind, $0.changes, at: $0.milliseconds) }
            nation.accounts = accounts
            return NationalRules.findings(
                about: own, in: nation, edition: nation.edition, today: Day(year: 2026, month: 12, day: 1)
            ).contains { $0.code == one.code && $0.path == one.path }
        }
        let fired = try found(desk.record(one.kind, one.own, at: 100), one.fires, one.accountsThatFire)
        let quiet = try !found(desk.record(one.kind, one.own + one.quietOwn, at: 100), one.quiet, one.quietAccounts)
        #expect(fired, "\(one) did not fire")
        #expect(quiet, "\(one) did not keep quiet")
        table.note(one.kind, one.code, fired: fired, quiet: quiet)
    }

    // MARK: Print

    private static func text(of table: Table, _ edition: Edition) -> String {
        var lines = ["card × rule × test: cases that fire / that do not"]
        for kind in edition.kinds.map(\.code).sorted() {
            let cells = (table.cells[kind] ?? [:]).sorted { $0.key < $1.key }
            lines.append(
                "\(kind): " + cells.map { "\($0.key) \($0.value.fired)/\($0.value.quiet)" }.joined(separator: ", "))
        }
        lines.append("decided elsewhere: the test that fires / the one that does not")
        lines += elsewhere.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.fires) / \($0.value.quiet)" }
        lines.append("left to a later part")
        lines += edition.rules.compactMap { rule in rule.later.map { "\(rule.code) \($0.en)" } }
        return lines.joined(separator: "\n")
    }
}
