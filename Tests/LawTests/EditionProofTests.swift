import Law
import Testing

/// What `catalogue check` and the node refuse, each with its file, its place and what would be right.
@Suite struct EditionProofTests {
    static let day = Day(year: 2027, month: 1, day: 1)
    let base: Catalogue
    var source: EditionSource

    init() throws {
        base = try Catalogue.embedded()
        source = try #require(EditionSource.embedded().last)
        source.from = Self.day
    }

    private var defects: [CatalogueDefect] { EditionProof(source: source, base: base).defects() }

    /// Changes the first place where a text stands in a file.
    private mutating func change(_ file: String, _ text: String, to other: String) throws {
        var old = String(decoding: try #require(source.files[file]), as: UTF8.self)
        let range = try #require(old.firstRange(of: text), "\(file) has no \(text)")
        old.replaceSubrange(range, with: other)
        source.files[file] = Array(old.utf8)
    }

    private mutating func addRule(_ condition: String) throws {
        let words = "\"message\":[\"m\",\"м\",\"м\"],\"remedy\":[\"r\",\"р\",\"р\"]"
        try change(
            "rules.json", "{\"code\":\"V001\"",
            to: "{\"code\":\"X001\",\"severity\":\"E\",\"scope\":\"document\",\"kinds\":[\"CR-1\"],\"basis\":\"A\","
                + "\(words),\"when\":[{\"if\":\(condition),\"path\":\"victims_count\"}]},\n{\"code\":\"V001\"")
    }

    @Test func theProgramsOwnEditionIsSound() throws {
        #expect(defects == [])
        #expect(try source.load().from == Self.day)
    }

    @Test mutating func aBrokenReferenceIsNamedWithFileAndLine() throws {
        try addRule("[\"present\",\"no_such_field\"]")
        let found = defects
        #expect(found.count == 1)
        #expect(found.first?.file == "rules.json")
        #expect(found.first?.place.hasPrefix("line ") == true)
        #expect(found.first?.reason.contains("no_such_field") == true)
        #expect(found.first?.remedy.hasPrefix("name one that the edition has") == true)
    }

    @Test mutating func aReferenceToAListThatIsNotThereIsRefused() throws {
        try change("code_lists.json", "\"name\":\"severity\"", to: "\"name\":\"severity_of_old\"")
        #expect(defects.contains { $0.reason.contains("severity") })
    }

    /// Whatever names what is not there is told by its line, and what to do.
    @Test(arguments: [
        ("AD-2.json", "\"ref:AD-1\"", "\"ref:ZZ-1\"", "AD-2 decision_ref: no card kind ZZ-1"),
        ("AD-1.json", "\"code:adm_penalty\"", "\"code:no_list\"", "AD-1 outcome: no code list no_list"),
        ("blocks.json", "\"code:sex\"", "\"code:no_list\"", "no code list no_list"),
        ("envelope.json", "\"code:branch\"", "\"code:no_list\"", "no code list no_list"),
        ("account_types.json", "\"state\":\"WANTED\"", "\"state\":\"NOBODY\"", "has no state NOBODY"),
        ("rules.json", "\"path\":\"correction_reason\"", "\"path\":\"no_field\"", "no field no_field"),
        ("rules.json", "\"path\":\"decision_ref\"", "\"path\":\"no_field\"", "no_field"),
    ])
    mutating func whatStandsForNothingIsToldByItsLine(file: String, text: String, other: String, words: String) throws {
        let old = String(decoding: try #require(source.files[file]), as: UTF8.self)
        let start = try #require(old.firstRange(of: text), "\(file) has no \(text)").lowerBound
        let line = old[..<start].count { $0 == "\n" } + 1
        try change(file, text, to: other)
        let defect = try #require(defects.first { $0.reason.contains(words) }, "\(defects.map(\.sentence))")
        #expect(defect.file == file && defect.place == "line \(line)", "\(defect.sentence), and it is line \(line)")
        #expect(defect.remedy.hasPrefix("name one that the edition has"))
    }

    @Test(arguments: [
        ("[\"cmp\",[\"div\",\"victims_count\",0],\">\",1]", true),
        ("[\"cmp\",[\"div\",100,\"victims_count\"],\">\",1]", true),
        ("[\"all\",[\"cmp\",\"victims_count\",\">\",0],[\"cmp\",[\"div\",100,\"victims_count\"],\">\",1]]", false),
        ("[\"any\",[\"cmp\",\"victims_count\",\">\",0],[\"cmp\",[\"div\",100,\"victims_count\"],\">\",1]]", true),
        ("[\"cmp\",[\"div\",\"victims_count\",2],\">\",1]", false),
    ])
    mutating func aRuleThatDividesByZeroIsRefused(condition: String, isRefused: Bool) throws {
        try addRule(condition)
        let found = defects
        #expect(found.contains { $0.reason.contains("divides by") } == isRefused, "\(found)")
        for defect in found where defect.reason.contains("divides by") {
            #expect(defect.file == "rules.json" && defect.place.hasPrefix("line "))
        }
    }

    @Test mutating func aShareOfNothingIsRefused() throws {
        try change(
            "forms.json", "\"if\":[\"in\",\"outcome\",\"FINE\"],\"measure\":[\"share\"",
            to: "\"if\":[\"any\"],\"measure\":[\"share\"")
        #expect(defects.contains { $0.file == "forms.json" && $0.reason.contains("share of nothing") })
    }

    @Test mutating func aFigureInAUnitThatNoListHasIsRefused() throws {
        try change("forms.json", "\"unit\":\"OFFENCE\"", to: "\"unit\":\"PIECE\"")
        #expect(defects.map(\.reason) == ["V901: 1M.01 counts in PIECE"])
        #expect(defects.first?.file == "forms.json" && defects.first?.place == "line 4")
        try change("forms.json", "\"unit\":\"PIECE\"", to: "\"unit\":\"DAYS\"")
        #expect(defects == [])
    }

    @Test mutating func aRuleWithoutItsKazakhTextIsRefused() throws {
        try change("rules.json", "\"message\":[\"", to: "\"message\":[\"x\",\"\",\"")
        #expect(defects.contains { $0.file == "rules.json" && $0.place.hasPrefix("line ") })
    }

    @Test mutating func aCodeIsEndedAndNotTakenOut() throws {
        try change("code_lists.json", "{\"code\":\"REPORT\"", to: "{\"code\":\"REPORT-OLD\"")
        let found = defects
        #expect(found.contains { $0.file == "examples.json" && $0.reason.contains("V010") }, "\(found)")
        let defect = try #require(found.first { $0.reason.contains("code REPORT of the list") }, "\(found)")
        #expect(defect.file == "code_lists.json" && defect.place.hasPrefix("line "))
        #expect(defect.remedy == "keep the code and end it: \"to\":\"2026-12-31\"")
    }

    /// A code no example holds, and no rule names: nobody can show that no record holds it either.
    @Test mutating func aCodeThatNothingHereHoldsIsNotTakenOutEither() throws {
        try change("code_lists.json", "{\"code\":\"SOLE\"", to: "{\"code\":\"SOLE-2\"")
        #expect(defects.map(\.file) == ["code_lists.json"])
    }

    @Test mutating func aCodeThatIsEndedIsSound() throws {
        let code = "\"code\":\"SOLE\""
        try change("code_lists.json", "{\(code)", to: "{\"to\":\"2026-12-31\",\(code)")
        #expect(defects == [])
    }

    /// Left to a later part with the reason, in three languages; and then no condition decides it here.
    @Test mutating func aRuleOfALaterPartSaysWhyAndHasNoCondition() throws {
        let later = base.newest.rules.filter { $0.later != nil }
        #expect(later.map(\.code) == ["V905"])
        #expect(later.allSatisfy { $0.later.map { !$0.en.isEmpty && !$0.kk.isEmpty && !$0.ru.isEmpty } ?? false })
        try change(
            "rules.json", "\"code\":\"V208\",", to: "\"code\":\"V208\",\"later\":[\"why\",\"неге\",\"почему\"],")
        #expect(defects.contains { $0.file == "rules.json" && $0.reason.contains("left to a later part") })
    }

    @Test mutating func twoEditionsFromOneDateAreRefused() {
        source.from = base.newest.from
        #expect(defects.contains { $0.reason.contains("already") })
    }

    @Test mutating func anActWithoutANumberIsRefused() {
        let act = "{\"from\":\"2027-01-01\",\n\"act\":{\"number\":\"\",\"date\":\"2026-12-01\"}}"
        source.files["edition.json"] = Array(act.utf8)
        #expect(defects.map(\.reason) == ["the act has no number"])
        #expect(defects.first?.place == "line 2")
        source.files["edition.json"] = Array(act.replacing("\"\"", with: "\"5-q\"").utf8)
        #expect(defects == [])
    }

    @Test mutating func aFieldsNumberIsGivenOnceForEver() throws {
        try change(
            "envelope.json", "\"path\":\"sender_unit\",\"type\":\"text:64\"",
            to: "\"path\":\"sender_unit\",\"type\":\"day\"")
        #expect(defects.contains { $0.reason.contains("sender_unit holds values of another type") })
    }

    @Test mutating func aRuleIsEndedAndNotTakenOut() throws {
        try change("rules.json", "\"code\":\"V015\"", to: "\"code\":\"V015-B\"")
        #expect(defects.contains { $0.reason == "V015 is gone" && $0.remedy.contains("2026-12-31") })
    }

    @Test mutating func aCardWithoutAnExampleIsRefused() throws {
        try change("examples.json", "\"form_code\":\"CR-1\"", to: "\"form_code\":\"CR-0\"")
        #expect(defects.contains { $0.file == "examples.json" && $0.reason.contains("CR-1 has no example") })
    }
}
