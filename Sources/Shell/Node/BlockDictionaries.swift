import Law
import Synchronization
import Transport

/// The LZ4 dictionaries of all card kinds of all editions, prepared once.
final class BlockDictionaries: Sendable {
    private struct Key: Hashable {
        var edition: Day
        var kind: String
    }

    private let prepared = Mutex<[Key: LZ4Dictionary]>([:])
    /// For blocks of no card: access entries.
    let none = LZ4Dictionary([])

    init(_ catalogue: Catalogue) {
        learn(catalogue)
    }

    /// Takes in editions that came in force while the node runs. What is known stays as it is.
    func learn(_ catalogue: Catalogue) {
        prepared.withLock { prepared in
            for edition in catalogue.editions {
                for kind in edition.kinds {
                    let key = Key(edition: edition.from, kind: kind.code)
                    if prepared[key] == nil { prepared[key] = LZ4Dictionary(kind.dictionary) }
                }
            }
        }
    }

    /// The empty one where edition or kind is not known here.
    func dictionary(kind: String, edition: Day) -> LZ4Dictionary {
        prepared.withLock { $0[Key(edition: edition, kind: kind)] } ?? none
    }
}
