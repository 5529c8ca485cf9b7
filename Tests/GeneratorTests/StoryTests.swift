import Generator
import Law
import Testing

/// What the generator tells beside the catalogue, held against the catalogue.
struct StoryTests {
    /// The files, with a text in one of them changed.
    private static func files(_ name: String, _ text: String, _ other: String) throws -> DataFiles {
        var files = DataFiles.ofGenerator()
        let bytes = try #require(files.files[name])
        let changed = String(decoding: bytes, as: UTF8.self).replacingOccurrence(of: text, with: other)
        files.files[name] = Array(try #require(changed, "\(text) is not in \(name)").utf8)
        return files
    }

    private static func line(of text: String, in name: String) throws -> Int {
        let bytes = try #require(DataFiles.ofGenerator().files[name])
        let whole = String(decoding: bytes, as: UTF8.self)
        let before = try #require(whole.firstRange(of: text)).lowerBound
        return whole[..<before].count { $0 == "\n" } + 1
    }

    @Test func everyKindFieldCodeAndRuleOfTheStoriesIsInTheCatalogue() throws {
        let edition = try GeneratorTests.catalogue.get().newest
        let found = Stories.defects(of: .ofGenerator(), against: edition)
        #expect(found.isEmpty, "\(found.map(\.sentence).joined(separator: "\n"))")
    }

    @Test(arguments: [
        ("lives.json", #"{"kind": "AD-2""#, #"{"kind": "ZZ-2""#, "no card kind ZZ-2"),
        ("lives.json", #""decision": "COURT""#, #""decision": "COURTS""#, "no code COURTS"),
        ("lives.json", #"{"decision": "COURT"}"#, #"{"verdict": "COURT"}"#, "no field verdict"),
        ("lives.json", #""found": "NO""#, #""found": "NONE""#, "no life of IN-3 goes the way found NO"),
        ("lives.json", #""way": {"found": "NO"}"#, #""way": {"lost": "NO"}"#, "nothing uses the way lost"),
        ("recipes.json", #""victims_count": "#, #""victims": "#, "CR-1 has no field victims"),
        ("recipes.json", #""branch": ["one_of", "CRIM"]"#, #""branch": ["one_of", "CRIME"]"#, "no code CRIME"),
        ("recipes.json", #"["day_of", "MS-1"]"#, #"["day_of", "MS-9"]"#, "no card kind MS-9"),
        ("recipes.json", #""when": ["outcome", "CONV"]"#, #""when": ["outcome", "COND"]"#, "no code COND"),
        ("recipes.json", #""injuries": "injury""#, #""injuries": "wound""#, "no code list wound"),
        ("recipes.json", #""code": "WN-2""#, #""code": "WN-3""#, "no card kind WN-3"),
        ("faults.json", #""rule": "V203""#, #""rule": "V299""#, "no rule V299"),
        ("faults.json", #""act_to": 40"#, #""act_till": 40"#, "CR-1 has no field act_till"),
        ("beside.json", #""rules": ["V901"]"#, #""rules": ["V999"]"#, "no rule V999"),
        ("beside.json", #""form": "1-ET""#, #""form": "1-EU""#, "no form 1-EU"),
    ]) func aNameThatTheCatalogueDoesNotHaveIsFound(file: String, text: String, other: String, words: String) throws {
        let edition = try GeneratorTests.catalogue.get().newest
        let found = Stories.defects(of: try Self.files(file, text, other), against: edition)
        let line = try Self.line(of: text, in: file)
        let defect = try #require(found.first { $0.reason.contains(words) }, "\(found.map(\.sentence))")
        // A recipe that looks at a way is told, not the life that no longer goes it.
        guard defect.file == file else { return }
        // A step of a life or a whole fault is told by its first line.
        let told = try #require(Int(defect.place.dropFirst("line ".count)))
        #expect((line - 1...line).contains(told), "\(defect.sentence) is told of line \(told), not \(line)")
    }

    @Test(arguments: [
        ("lives.json", #""chance": 400"#, #""chances": 400"#, "there is no member chances here"),
        ("lives.json", #""chance": 400"#, #""chance": 4000"#, "a number from 1 to 1000"),
        ("lives.json", #""theme": "misdemeanour""#, #""theme": "mischief""#, "no such word: mischief"),
        ("lives.json", #""days": [1, 4]"#, #""days": [4, 1]"#, "the least is above the most"),
        ("recipes.json", #"["any_code"]"#, #"["some_code"]"#, "no such source"),
        ("recipes.json", #"["one_of", "@streets"]"#, #"["one_of", "@roads"]"#, "no list of words @roads"),
        ("recipes.json", #"["flag", true]"#, #"["flag", 1]"#, "true or false"),
        ("recipes.json", #"["moment", "occurred"]"#, #"["moment", "happened"]"#, "no such word: happened"),
        (
            "recipes.json", #""shared": ["control", "regime", "inspected"]"#, #""shared": ["control", "checked"]"#,
            "checked"
        ),
        ("faults.json", #""without": ["articles"]"#, #""without": []"#, "a fault spoils something"),
        ("faults.json", #""faults": ["#, #""faults": [["#, ""),
        ("beside.json", #""late": {"rule""#, #""late": {"rules""#, "there is no member rules here"),
    ]) func whatIsWrittenWronglyIsRefusedWithItsLine(
        file: String, text: String, other: String, words: String
    ) throws {
        let files = try Self.files(file, text, other)
        do {
            _ = try Stories(files: files)
            Issue.record("it was read: \(other)")
        } catch {
            #expect(error.file == file && error.reason.contains(words) && !error.place.isEmpty, "\(error.sentence)")
        }
    }

    @Test func aMissingFileIsNamed() {
        var files = DataFiles.ofGenerator()
        files.files["faults.json"] = nil
        #expect(throws: CatalogueDefect.self) { try Stories(files: files) }
    }
}

extension String {
    fileprivate func replacingOccurrence(of text: String, with other: String) -> String? {
        guard let range = firstRange(of: text) else { return nil }
        return replacingCharacters(in: range, with: other)
    }

    private func replacingCharacters(in range: Range<String.Index>, with other: String) -> String {
        String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
