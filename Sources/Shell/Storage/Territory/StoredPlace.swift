/// Which file a name stands for: what no copy of the file has, however its times are set.
package struct FilePlace: Hashable, Sendable {
    package var inode: UInt64
    /// Nanoseconds since 1970 at which it was made; 0 where the file system does not keep that.
    package var born: UInt64
    /// Nanoseconds since 1970 of its last write.
    package var written: UInt64

    package init(inode: UInt64, born: UInt64, written: UInt64) {
        self.inode = inode
        self.born = born
        self.written = written
    }
}

extension TerritoryStore {
    /// The file that stood beside this store when its author last began to write; nil where none is kept.
    package func place() throws(StorageError) -> FilePlace? {
        try file.read { connection in
            let select = try connection.statement("SELECT inode, born, written FROM place WHERE id = 1")
            defer { select.reset() }
            guard try select.next() else { return nil }
            return FilePlace(
                inode: UInt64(bitPattern: select.integer(0)), born: UInt64(bitPattern: select.integer(1)),
                written: UInt64(bitPattern: select.integer(2)))
        }
    }

    /// Durable when it returns. Nil: whichever file is found at the next start is believed.
    package func keep(_ place: FilePlace?) throws(StorageError) {
        try file.turn { connection in
            guard let place else { return try connection.execute("DELETE FROM place") }
            let save = try connection.statement(
                "INSERT OR REPLACE INTO place(id, inode, born, written) VALUES(1, ?, ?, ?)")
            save.bind(1, Int64(bitPattern: place.inode))
            save.bind(2, Int64(bitPattern: place.born))
            save.bind(3, Int64(bitPattern: place.written))
            try save.run()
        }
    }
}
