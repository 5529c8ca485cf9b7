import LawData

extension Catalogue {
    /// The editions compiled into the program.
    ///
    /// - Throws: the first defect found; every reference of an edition has been resolved when it returns.
    package static func embedded() throws(CatalogueDefect) -> Catalogue {
        var files: [String: [String: SourceFile]] = [:]
        for position in 0..<esep_law_file_count() {
            let file = esep_law_file_at(position)
            let name = String(cString: file.name)
            let bytes = UnsafeBufferPointer(start: file.bytes, count: file.length)
            files[String(cString: file.edition), default: [:]][name] = try SourceFile(name: name, bytes: bytes)
        }
        var editions: [Edition] = []
        for name in files.keys.sorted() {
            guard let from = Day(text: name) else {
                throw CatalogueDefect(file: name, place: "", reason: "an edition is named by its first day")
            }
            editions.append(try EditionLoader(from: from, files: files[name] ?? [:]).load())
        }
        return Catalogue(editions: editions)
    }
}
