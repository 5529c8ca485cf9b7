package import Law

package struct FindingFilter: Hashable, Sendable {
    package var territory: String?
    /// The sender whose card it is.
    package var body: String?
    package var code: String?
    package var kind: String?
    package var isOpen: Bool
    /// Only what cards lack beside each other: missing cards, counts and sums that differ.
    package var isReconciliation: Bool
    package var limit: Int

    package init(
        territory: String? = nil, body: String? = nil, code: String? = nil, kind: String? = nil, isOpen: Bool = false,
        isReconciliation: Bool = false, limit: Int
    ) {
        self.territory = territory
        self.body = body
        self.code = code
        self.kind = kind
        self.isOpen = isOpen
        self.isReconciliation = isReconciliation
        self.limit = limit
    }
}

/// What a rule of nation scope says of a record, and since when. It names no person.
package struct FindingView: Hashable, Sendable {
    package var code: String
    package var isError: Bool
    package var message: String
    package var territory: String
    package var body: String
    package var kind: String
    /// The record's confirmed number.
    package var number: String
    package var field: String
    package var other: String
    package var raised: Day
    package var withdrawn: Day?
    /// Days it has stood, or stood until it was withdrawn.
    package var days: Int

    package init(
        code: String, isError: Bool, message: String, territory: String, body: String, kind: String, number: String,
        field: String, other: String, raised: Day, withdrawn: Day?, days: Int
    ) {
        self.code = code
        self.isError = isError
        self.message = message
        self.territory = territory
        self.body = body
        self.kind = kind
        self.number = number
        self.field = field
        self.other = other
        self.raised = raised
        self.withdrawn = withdrawn
        self.days = days
    }
}
