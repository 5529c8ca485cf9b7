import CFiles
package import Storage

/// Whether a territory's files lie where they were written, or were copied here: seen from this machine alone.
///
/// At each start a file `place` is made anew and never touched again; which file that is (inode, birth, last write)
/// stands in the store. A copy of the directory has a file of that name with another identity, however its times were
/// set, and so has a store that was put back beside the file of a later start. What cannot be seen so is the image of
/// a whole file system put back, inodes and all, and a file overwritten in place with its times kept since the start
/// before: there the centre's first word decides (`Territory`'s footing).
package struct PlaceMark {
    private let directory: NodeDirectory

    package init(directory: NodeDirectory) {
        self.directory = directory
    }

    private static let text = "Made at the last start of the node here: tells its store from a copy. Leave it.\n"

    /// Compares, and makes the mark anew where the files lie where they were written. Where they do not, nothing is
    /// changed: every later start finds the same, until the node has a new seat or its operator has spoken.
    ///
    /// - Returns: false where the files were copied here.
    package func renew(in store: TerritoryStore) throws(StorageError) -> Bool {
        guard try isInPlace(store) else { return false }
        try make(in: store)
        return true
    }

    /// Makes the mark anew wherever the files come from: the node was given another seat, and begins under it here. A
    /// copy made from now on is seen, before that author's first start as well.
    package func make(in store: TerritoryStore) throws(StorageError) {
        try SmallFile.replace(next, with: Array(Self.text.utf8))
        try store.keep(try Self.place(of: next))
        try SmallFile.move(next, to: path)
    }

    /// Changes nothing that a later look would see otherwise.
    package func isInPlace(_ store: TerritoryStore) throws(StorageError) -> Bool {
        guard let kept = try store.place() else { return true }
        if try Self.place(of: next) == kept {
            // The start before ended between its two steps.
            try SmallFile.move(next, to: path)
        }
        return try Self.place(of: path) == kept
    }

    /// Names the place where copied files lie now; nil where they lie where they were written. The same at every start
    /// there, another for every other copy.
    package func nameOfCopy(of store: TerritoryStore) throws(StorageError) -> String? {
        guard try !isInPlace(store) else { return nil }
        guard let place = try Self.place(of: path) else { return "nowhere" }
        return "\(place.inode) \(place.born) \(place.written)"
    }

    private var path: String { directory.place }
    private var next: String { directory.place + ".next" }

    /// Nil where there is no such file.
    private static func place(of path: String) throws(StorageError) -> FilePlace? {
        var place = FilePlace(inode: 0, born: 0, written: 0)
        guard esep_file_place(path, &place.inode, &place.born, &place.written) != 0 else { return place }
        guard SmallFile.exists(path) else { return nil }
        throw SmallFile.failure(path)
    }
}
