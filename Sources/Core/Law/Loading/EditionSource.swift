import LawData

/// The files of one edition, from wherever they came.
package struct EditionSource: Sendable {
    /// The first day it is in force.
    package var from: Day
    /// By name.
    package var files: [String: [UInt8]]

    package init(from: Day, files: [String: [UInt8]]) {
        self.from = from
        self.files = files
    }

    /// - Throws: the first defect found; every reference has been resolved when it returns.
    package func load() throws(CatalogueDefect) -> Edition {
        try reading { loader throws(CatalogueDefect) in try loader.load() }
    }

    /// Lends the files, scanned, for the length of `body`: nothing that is loaded points into them.
    func reading<Answer>(_ body: (EditionLoader) throws(CatalogueDefect) -> Answer) throws(CatalogueDefect) -> Answer {
        try DataFiles(files: files).reading { files throws(CatalogueDefect) in
            try body(EditionLoader(from: from, files: files))
        }
    }

    /// The editions compiled into the program, as their files.
    package static func embedded() -> [EditionSource] {
        var files: [String: [String: [UInt8]]] = [:]
        for position in 0..<esep_law_file_count() {
            let file = esep_law_file_at(position)
            files[String(cString: file.edition), default: [:]][String(cString: file.name)] =
                Array(UnsafeBufferPointer(start: file.bytes, count: file.length))
        }
        return files.keys.sorted().compactMap { name in
            Day(text: name).map { EditionSource(from: $0, files: files[name] ?? [:]) }
        }
    }
}

extension Catalogue {
    /// With one more edition; one of the same first day stands aside for it.
    package func adding(_ edition: Edition) -> Catalogue {
        Catalogue(editions: editions.filter { $0.from != edition.from } + [edition])
    }
}
