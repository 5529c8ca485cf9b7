package import Records
package import Vault

/// One item of a territory's downlink. Positions are consecutive from 1 and stand outside it.
package enum DownlinkItem: Hashable, Sendable {
    case receipts(Receipts)
    case entry(ForeignEntry)
    case notice(Notice)
    /// How a record that was handed to the territory is called: after its entries.
    case held(HeldRecord)
}

/// What became of consecutive entries of the territory's log at the centre.
package struct Receipts: Hashable, Sendable {
    package var author: AuthorNumber
    package var first: EntryIndex
    /// The year of the confirmed numbers.
    package var year: UInt16
    /// For each entry its confirmed serial, or 0 where it gets none (access and control entries). Empty where findings
    /// alone are told, of entries whose numbers were told before.
    package var confirmed: [UInt32]
    package var findings: [Finding]

    package init(
        author: AuthorNumber, first: EntryIndex, year: UInt16, confirmed: [UInt32], findings: [Finding]
    ) {
        self.author = author
        self.first = first
        self.year = year
        self.confirmed = confirmed
        self.findings = findings
    }
}

/// What a national rule says of an accepted document.
package struct Finding: Hashable, Sendable {
    package enum Severity: UInt8, Hashable, Sendable, CaseIterable {
        case information = 1
        case warning = 2
        case error = 3
    }

    /// Which entry, counted from the first of the receipts.
    package var offset: UInt32
    /// The rule's code (V109, V606, …).
    package var code: String
    /// The dotted path of the field, or empty for the document as a whole.
    package var field: String
    package var severity: Severity
    /// It was told before, and does not hold any more.
    package var isWithdrawn: Bool

    package init(offset: UInt32, code: String, field: String, severity: Severity, isWithdrawn: Bool = false) {
        self.isWithdrawn = isWithdrawn
        self.offset = offset
        self.code = code
        self.field = field
        self.severity = severity
    }
}

/// An entry that another author wrote on a record this territory holds, with what opens its blocks.
package struct ForeignEntry: Hashable, Sendable {
    package var at: LogAddress
    package var bytes: [UInt8]
    /// The salt its author's nonces held when it was written.
    package var nonceSalt: UInt64
    package var granted: [GrantedLeaf]

    package struct GrantedLeaf: Hashable, Sendable {
        package var leaf: UInt64
        package var key: Secret

        package init(leaf: UInt64, key: Secret) {
            self.leaf = leaf
            self.key = key
        }
    }

    package init(at: LogAddress, bytes: [UInt8], nonceSalt: UInt64, granted: [GrantedLeaf]) {
        self.at = at
        self.bytes = bytes
        self.nonceSalt = nonceSalt
        self.granted = granted
    }
}

/// A sentence of the centre for the territory's operator.
package struct Notice: Hashable, Sendable {
    package var code: String
    package var text: String

    package init(code: String, text: String) {
        self.code = code
        self.text = text
    }
}
