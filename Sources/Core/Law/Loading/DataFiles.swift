import LawData

/// Files of data by name, from wherever they came.
package struct DataFiles: Sendable {
    package var files: [String: [UInt8]]

    package init(files: [String: [UInt8]]) {
        self.files = files
    }

    /// Lends the files, scanned, for the length of `body`: nothing that is read may point into them.
    ///
    /// - Throws: what `body` throws, or where the first file is not JSON.
    package func reading<Answer>(
        _ body: ([String: SourceFile]) throws(CatalogueDefect) -> Answer
    ) throws(CatalogueDefect) -> Answer {
        var lent: [UnsafeMutableBufferPointer<UInt8>] = []
        defer { for buffer in lent { buffer.deallocate() } }
        var sources: [String: SourceFile] = [:]
        for name in files.keys.sorted() {
            let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: files[name]?.count ?? 0)
            _ = buffer.initialize(from: files[name] ?? [])
            lent.append(buffer)
            sources[name] = try SourceFile(name: name, bytes: UnsafeBufferPointer(buffer))
        }
        return try body(sources)
    }

    /// What the generator tells beside the editions, compiled into the program.
    package static func ofGenerator() -> DataFiles {
        var files: [String: [UInt8]] = [:]
        for position in 0..<esep_story_file_count() {
            let file = esep_story_file_at(position)
            files[String(cString: file.name)] = Array(UnsafeBufferPointer(start: file.bytes, count: file.length))
        }
        return DataFiles(files: files)
    }
}
