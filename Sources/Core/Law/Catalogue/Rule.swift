package enum Severity: UInt8, Hashable, Sendable, CaseIterable {
    /// Refuse, or return with the code.
    case error = 1
    /// Accept and mark.
    case warning = 2
}

/// Who can decide a rule.
package enum RuleScope: String, Hashable, Sendable, CaseIterable {
    /// A document alone.
    case document
    /// With the node's own store.
    case store
    /// With the whole nation: at the centre.
    case nation
    /// Over a batch or a period.
    case batch
    /// Over a report.
    case report
}

/// A rule of an edition with its words. Its number is stable for ever.
package struct Rule: Hashable, Sendable {
    package var code: String
    package var severity: Severity
    package var scope: RuleScope
    /// Card kinds it concerns; empty is all.
    package var kinds: [String]
    package var message: Labels
    package var remedy: Labels
    /// The law's article, or `A` for an assumption.
    package var basis: String
    package var from: Day?
    package var to: Day?
    /// Why no node decides it yet: the part it belongs to, and what is missing until then.
    package var later: Labels?

    package init(
        code: String, severity: Severity, scope: RuleScope, kinds: [String], message: Labels, remedy: Labels,
        basis: String, from: Day? = nil, to: Day? = nil, later: Labels? = nil
    ) {
        self.later = later
        self.code = code
        self.severity = severity
        self.scope = scope
        self.kinds = kinds
        self.message = message
        self.remedy = remedy
        self.basis = basis
        self.from = from
        self.to = to
    }
}

/// One way in which a rule fires on a card kind: its condition over that kind's fields. A rule may have several.
package struct BoundRule: Hashable, Sendable {
    package var code: String
    package var severity: Severity
    package var condition: Condition
    /// The field blamed.
    package var path: String
    /// It speaks of the envelope alone, so corrections, cancellations and zero reports are judged by it too.
    package var isOfEnvelope: Bool
    package var from: Day?
    package var to: Day?

    package init(
        code: String, severity: Severity, condition: Condition, path: String, isOfEnvelope: Bool = false,
        from: Day? = nil, to: Day? = nil
    ) {
        self.code = code
        self.severity = severity
        self.isOfEnvelope = isOfEnvelope
        self.condition = condition
        self.path = path
        self.from = from
        self.to = to
    }
}
