import Records
import Roles
import Storage

extension House {
    package func declareMoved(_ options: OpenOptions, sentence: String?) async throws(NodeError) -> String {
        let files = try OpenedFiles.open(options)
        let own = files.configuration
        guard own.role == .territory else {
            throw NodeError(
                .wrongRole, "A node of the centre gives its numbers by the group's word, wherever its files lie.")
        }
        let expected = "Nothing was written under author \(own.author) after these files were copied"
        let outcome = try NodeError.translating { () throws(StorageError) -> MovedOutcome in
            let store = try TerritoryStore(path: files.directory.store, seat: own.territorySeat, formers: own.logs)
            defer { try? store.close() }
            guard try !PlaceMark(directory: files.directory).isInPlace(store) else { return .inPlace }
            guard let sentence, sentence == expected else { return .asked }
            try store.keep(nil)
            return .done
        }
        return try outcome.answer(expected, isTyped: sentence != nil)
    }
}

/// What became of an operator's word on where a node's files come from.
private enum MovedOutcome {
    case inPlace
    case asked
    case done

    func answer(_ expected: String, isTyped: Bool) throws(NodeError) -> String {
        switch self {
        case .inPlace:
            throw NodeError(
                .conflict, "These files lie where they were written: the node gives numbers.", remedy: "Start it.")
        case .asked where isTyped:
            throw NodeError(
                .refused, "That is not the sentence.", remedy: "Type it as it stands: \"\(expected)\".",
                field: "sentence")
        case .asked, .done: return expected
        }
    }
}
