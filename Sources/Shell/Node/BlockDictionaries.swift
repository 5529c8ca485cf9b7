import Law
import Transport

/// The LZ4 dictionaries of all card kinds of all editions, prepared once.
final class BlockDictionaries: Sendable {
    private struct Key: Hashable {
        var edition: Day
        var kind: String
    }

    private let prepared: [Key: LZ4Dictionary]
    /// For blocks of no card: access entries.
    let none = LZ4Dictionary([])

    init(_ catalogue: Catalogue) {
        var prepared: [Key: LZ4Dictionary] = [:]
        for edition in catalogue.editions {
            for kind in edition.kinds {
                prepared[Key(edition: edition.from, kind: kind.code)] = LZ4Dictionary(kind.dictionary)
            }
        }
        self.prepared = prepared
    }

    /// The empty one where edition or kind is not known here.
    func dictionary(kind: String, edition: Day) -> LZ4Dictionary {
        prepared[Key(edition: edition, kind: kind)] ?? none
    }
}
