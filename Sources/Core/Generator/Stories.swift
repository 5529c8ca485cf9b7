package import Law

/// What the generator knows beyond the catalogue, read from its data: how cards are filled, which cards follow each
/// other, how one card breaks one rule. Nothing in Swift names a card, a field or a code of them.
package struct Stories: Sendable {
    let recipes: Recipes
    let lives: [Life]
    package let faults: [RuleFault]
    package let beside: BesideStories

    /// The stories compiled into the program, read once.
    package static func embedded() throws(CatalogueDefect) -> Stories {
        try loaded.get()
    }

    private static let loaded = Result<Stories, CatalogueDefect> { () throws(CatalogueDefect) in
        try Stories(files: .ofGenerator())
    }

    /// Reads `recipes.json`, `lives.json`, `faults.json` and `beside.json`.
    ///
    /// - Throws: the first thing that is not as it must be, with file and line.
    package init(files: DataFiles) throws(CatalogueDefect) {
        self = try files.reading { files throws(CatalogueDefect) in try StoryLoader(files: files, proof: nil).load() }
    }

    init(recipes: Recipes, lives: [Life], faults: [RuleFault], beside: BesideStories) {
        self.recipes = recipes
        self.lives = lives
        self.faults = faults
        self.beside = beside
    }

    /// What the files say that an edition does not have: kinds, fields, codes, rules; and what nothing uses. Where a
    /// file cannot be read, the reason of that.
    package static func defects(of files: DataFiles, against edition: Edition) -> [CatalogueDefect] {
        let proof = StoryProof(edition: edition)
        do throws(CatalogueDefect) {
            // The proof keeps places in the files, so it ends while they are lent.
            try files.reading { files throws(CatalogueDefect) in
                proof.closing(try StoryLoader(files: files, proof: proof).load())
            }
            return proof.found
        } catch {
            return proof.found + [error]
        }
    }
}

/// Reads the four files. With a proof, every name is held against an edition in passing.
struct StoryLoader {
    let files: [String: SourceFile]
    let proof: StoryProof?

    func load() throws(CatalogueDefect) -> Stories {
        // The lives come first: recipes look at the ways they go.
        let lives = try LifeLoader(proof: proof).lives(root("lives.json"))
        let recipes = try RecipeLoader(proof: proof).recipes(root("recipes.json"))
        let faults = try FaultLoader(proof: proof).faults(root("faults.json"))
        let beside = try BesideLoader(proof: proof).stories(root("beside.json"))
        return Stories(recipes: recipes, lives: lives, faults: faults, beside: beside)
    }

    private func root(_ name: String) throws(CatalogueDefect) -> Cell {
        guard let file = files[name] else {
            throw CatalogueDefect(
                file: name, place: "", reason: "the file is missing", remedy: "put it beside the others")
        }
        return file.root
    }
}

extension Cell {
    func texts() throws(CatalogueDefect) -> [String] {
        var texts: [String] = []
        for cell in try elements() { texts.append(try cell.text()) }
        return texts
    }

    /// A whole number within limits.
    func integer(_ range: ClosedRange<Int>) throws(CatalogueDefect) -> Int {
        let value = try integer()
        guard let number = Int(exactly: value), range.contains(number) else {
            throw defect("a number from \(range.lowerBound) to \(range.upperBound) is expected")
        }
        return number
    }

    /// `chance`, of a thousand; all of them where it is not told.
    func chance() throws(CatalogueDefect) -> Int {
        guard let cell = member("chance") else { return 1000 }
        return try cell.integer(1...1000)
    }

    /// `[least, most]`, both within limits.
    func range(_ limits: ClosedRange<Int>) throws(CatalogueDefect) -> ClosedRange<Int> {
        let ends = try elements()
        guard ends.count == 2 else { throw defect("a range is its least and its most") }
        let (least, most) = (try ends[0].integer(limits), try ends[1].integer(limits))
        guard least <= most else { throw defect("the least is above the most") }
        return least...most
    }

    /// A case of an enumeration by its word.
    func word<Word: RawRepresentable & CaseIterable>(
        of _: Word.Type
    ) throws(CatalogueDefect) -> Word where Word.RawValue == String {
        let text = try text()
        guard let word = Word(rawValue: text) else {
            throw defect("no such word: \(text); there are \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return word
    }
}
