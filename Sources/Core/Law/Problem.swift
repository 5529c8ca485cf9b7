/// What is wrong with a document, for the one who handed it in.
package struct Problem: Hashable, Sendable {
    /// The rule's number (`V009`) or the scanner's (`J004`).
    package var code: String
    package var severity: Severity
    /// The dotted path of the field; empty where the document as a whole is meant.
    package var path: String
    package var message: Labels
    package var remedy: Labels
    /// The byte in the document where the scanner stopped.
    package var offset: Int?

    package init(
        code: String, severity: Severity, path: String, message: Labels, remedy: Labels, offset: Int? = nil
    ) {
        self.code = code
        self.severity = severity
        self.path = path
        self.message = message
        self.remedy = remedy
        self.offset = offset
    }
}

/// What a national rule found about a record, sent down with its receipt. Its words stand in the catalogue's rule.
package struct Finding: Hashable, Sendable {
    package var code: String
    package var severity: Severity
    package var path: String
    /// The other record it speaks of, as its number or `SENDER/DOCUMENT`; empty where there is none.
    package var other: String

    package init(code: String, severity: Severity, path: String, other: String = "") {
        self.code = code
        self.severity = severity
        self.path = path
        self.other = other
    }
}
