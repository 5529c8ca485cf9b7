/// What a document does, as its envelope says (`kind`).
package enum DocumentKind: String, Hashable, Sendable, CaseIterable {
    case new = "NEW"
    case correction = "COR"
    case cancellation = "CAN"
    case zero = "ZERO"
}

/// What a correction does to one field.
package enum FieldChange: Hashable, Sendable {
    /// A register's new value.
    case set(FieldNumber, Value)
    /// A register becomes empty (`null`).
    case clear(FieldNumber)
    case add(FieldNumber, Value)
    case remove(FieldNumber, Value)

    package var field: FieldNumber {
        switch self {
        case .set(let field, _), .clear(let field), .add(let field, _), .remove(let field, _): field
        }
    }
}

/// A document that passed every rule a node can decide alone.
package struct CheckedDocument: Sendable {
    package var edition: Edition
    package var kind: CardKind
    package var act: DocumentKind
    package var document: String
    package var sender: String
    /// The superseded document's id (same sender), of a correction or cancellation.
    package var supersedes: String?
    package var documentDay: Day
    /// Nil where the sender says `unknown`.
    package var eventDay: Day?
    /// `KZ-75`: the place of the event.
    package var region: String
    /// All values of the document, in ascending order of field numbers, computed ones included; a set's elements
    /// follow each other. Of a correction: only envelope fields; its content is in `changes`.
    package var values: [FieldValue]
    package var changes: [FieldChange]
    package var warnings: [Problem]
    /// The document as canonical JSON (members sorted by bytes, no white space, least escapes) without its
    /// `signature`: what is hashed to tell a repeat, and what the sender signs.
    package var canonical: [UInt8]

    package init(
        edition: Edition, kind: CardKind, act: DocumentKind, document: String, sender: String, supersedes: String?,
        documentDay: Day, eventDay: Day?, region: String, values: [FieldValue], changes: [FieldChange],
        warnings: [Problem], canonical: [UInt8]
    ) {
        self.edition = edition
        self.kind = kind
        self.act = act
        self.document = document
        self.sender = sender
        self.supersedes = supersedes
        self.documentDay = documentDay
        self.eventDay = eventDay
        self.region = region
        self.values = values
        self.changes = changes
        self.warnings = warnings
        self.canonical = canonical
    }
}

package enum CheckOutcome: Sendable {
    case accepted(CheckedDocument)
    /// Every problem found, errors and warnings, in the order of the document's fields.
    case refused([Problem])
}

/// What the node knows while it checks a document.
package struct CheckContext: Sendable {
    /// How a sender stands with this cluster.
    package enum Standing: Hashable, Sendable {
        /// Known by name alone: no signature is asked.
        case named
        /// Registered with a certificate: a valid signature is required (V002, V003).
        case certified
        case unknown
    }

    /// What a certified sender's signature stands under.
    package struct Signed: Hashable, Sendable {
        package var sender: String
        /// The id of a certificate (`cert_id`); empty where none is named.
        package var certificate: String
        package var signature: String
        /// The document without its signature, as `CheckedDocument.canonical`.
        package var canonical: [UInt8]
        /// The day it was signed: the document's own.
        package var day: Day
    }

    package enum Verdict: Hashable, Sendable {
        case good
        /// Unknown, revoked, or not valid on the day of signing.
        case certificateNotValid
        case wrong
    }

    /// The territory whose node checks; nil at the centre, where every region is at home.
    package var territory: String?
    /// Milliseconds since 1970 UTC.
    package var receivedMilliseconds: UInt64
    package var standing: @Sendable (_ sender: String) -> Standing
    /// Whether the signature is the sender's over the canonical bytes, and the certificate was valid.
    package var verify: @Sendable (Signed) -> Verdict

    package init(
        territory: String?, receivedMilliseconds: UInt64,
        standing: @escaping @Sendable (_ sender: String) -> Standing = { _ in .named },
        verify: @escaping @Sendable (Signed) -> Verdict = { _ in .wrong }
    ) {
        self.territory = territory
        self.receivedMilliseconds = receivedMilliseconds
        self.standing = standing
        self.verify = verify
    }

    /// The day of receipt in UTC+5.
    package var today: Day { Day(milliseconds: receivedMilliseconds) }
}
