/// A record as the national rules see it: merged, its personal fields only where they could be opened.
package struct NationRecord: Sendable {
    package var kind: String
    package var sender: String
    package var document: String
    /// Milliseconds of its acceptance at the territory.
    package var acceptedMilliseconds: UInt64
    package var values: Values

    package init(
        kind: String, sender: String, document: String, acceptedMilliseconds: UInt64, values: Values
    ) {
        self.kind = kind
        self.sender = sender
        self.document = document
        self.acceptedMilliseconds = acceptedMilliseconds
        self.values = values
    }
}

/// What the centre answers to a national rule. Cancelled records are left out. Answers come in ascending order of
/// confirmed numbers, so that findings are the same wherever they are made.
package protocol NationView {
    /// Records of a kind with this value in a key field (the search term of domain `KIND.path`).
    func records(kind: String, keyPath: String, text: String) -> [NationRecord]
    /// How many records of a kind have this value in a key field.
    func count(kind: String, keyPath: String, text: String) -> Int
    /// The record opened by this document.
    func record(sender: String, document: String) -> NationRecord?
    /// Records of a kind about the same subject as the given record's party in this slot.
    func records(kind: String, sameSubjectAs record: NationRecord, slot: UInt16) -> [NationRecord]
    /// Whether the subject of the party in this slot stands on an account, with its states.
    func accountStates(type: String, of record: NationRecord, slot: UInt16) -> [String]
}
