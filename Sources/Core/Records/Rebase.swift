/// Where the entries of a log that diverged stand now (design §7): references to them are rewritten, all others stay.
///
/// An entry names the dots it was shown. What it was not shown it does not name, so after the move it replaces no more
/// than before: a value that came meanwhile from elsewhere stands beside it, as a discrepancy.
package struct Rebase: Hashable, Sendable {
    /// Old place → new place, of the entries that were set aside together.
    package var places: [LogAddress: LogAddress]

    package init(places: [LogAddress: LogAddress]) {
        self.places = places
    }

    package func moved(_ writes: [Write]) -> [Write] {
        if has(.referencesNotRewritten) { return writes }
        return writes.map { write in
            var write = write
            // Dots ascend in an entry, and their order may change with their author.
            write.replaces = write.replaces.map { dot in
                places[dot.at].map { Dot(at: $0, place: dot.place) } ?? dot
            }.sorted()
            return write
        }
    }
}
