/// Why a node did not do what it was asked: what was seen, and what the asker can do about it.
///
/// Every operating failure of the node reaches a caller in this one form, and the HTTP API maps it to an RFC 9457
/// problem. A refused *document* is no error: it is a `SubmissionOutcome` with its problems.
package struct NodeError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The request itself is wrong: a field, a period, a number's form.
        case invalid
        /// Nothing of that name or number is known here.
        case notFound = "not-found"
        /// The rules forbid it: a cancelled record, a blocked person, an excluded account type.
        case refused
        /// It is not this role's work: a token is issued at the centre, documents are taken by territories.
        case wrongRole = "wrong-role"
        /// Two things cannot both be: another process holds the directory, the token was used, the name is taken.
        case conflict
        /// The request names no basis or purpose, or its token or certificate is not accepted.
        case forbidden
        /// More waits than the node takes at a time.
        case busy
        /// The node serves reads only: the disk is full, or it is fenced.
        case readOnly = "read-only"
        /// The question needs the centre and there is no line to it.
        case noLine = "no-line"
        /// The centre has no leader just now, or this replica is not it.
        case noLeader = "no-leader"
        /// It took longer than the deadline.
        case timedOut = "timed-out"
        /// The node has just started, and does not give numbers yet.
        case starting
        /// The node is going down.
        case stopping
        /// A file on disk is not what it must be.
        case damaged
        /// A fault of the program itself; the log says more.
        case inner
    }

    package var code: Code
    /// What was seen, in one sentence.
    package var sentence: String
    /// What to do next, in one sentence; empty where nothing can be done by the asker.
    package var remedy: String
    /// The request's field that is at fault, as a dotted path; empty where it is none.
    package var field: String
    /// True: the request has certainly not taken effect. False: it may have, so look before asking again.
    package var isDefinite: Bool

    package init(
        _ code: Code, _ sentence: String, remedy: String = "", field: String = "", isDefinite: Bool = true
    ) {
        self.code = code
        self.sentence = sentence
        self.remedy = remedy
        self.field = field
        self.isDefinite = isDefinite
    }
}

extension NodeError: CustomStringConvertible {
    package var description: String {
        remedy.isEmpty ? sentence : "\(sentence) \(remedy)"
    }
}
