import JSON
import Law
import Records

/// A correction or cancellation that an officer makes by a record's number: the same document a sender would hand in,
/// with the officer's own body as its sender. Checked, sealed and journaled like any other.
struct Amendment {
    let record: ReadRecord
    /// The body that amends: the territory's code, or `centre`.
    let body: String
    let officer: String
    let today: Day

    /// A card that replaces fields; `changes` is a JSON object as in a COR document.
    func correction(reason: String, changes: [UInt8]) -> [UInt8] {
        var bytes = head(act: .correction)
        append("correction_reason", reason, to: &bytes)
        let inner = changes.drop { $0 != UInt8(ascii: "{") }.dropFirst()
        let isEmpty = inner.first { !Self.isSpace($0) } == UInt8(ascii: "}")
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        bytes += inner
        return bytes
    }

    func cancellation(reason: String) -> [UInt8] {
        var bytes = head(act: .cancellation)
        append("correction_reason", reason, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// The identity of the document that opened the record: what the amendment supersedes, whoever its sender was.
    var target: RecordID {
        Drafter.identity(sender: record.documents[0].entry.sender, document: record.documents[0].entry.document)
    }

    /// What a document says of itself. Its id is drawn: an officer's act is no repeat of an earlier one.
    private func head(act: DocumentKind) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        let opening = record.documents[0].entry
        let members = [
            ("form_code", opening.kind), ("kind", act.rawValue), ("doc_id", "act-" + Self.drawnWord()),
            ("sender_subject", body), ("sender_unit", body), ("official", officer),
            ("supersedes", opening.document), ("doc_date", today.text),
        ]
        for (name, value) in members {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            bytes += "\"\(name)\":".utf8
            JSONWriting.append(value, to: &bytes)
        }
        return bytes
    }

    private func append(_ name: String, _ value: String, to bytes: inout [UInt8]) {
        bytes += ",\"\(name)\":".utf8
        JSONWriting.append(value, to: &bytes)
    }

    /// Letters only: a drawn word can hold no person's number.
    private static func drawnWord() -> String {
        String(SystemRandom.bytes(16).map { Character(UnicodeScalar(UInt8(ascii: "a") + $0 % 26)) })
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
            || byte == UInt8(ascii: "\r")
    }
}
