package import Law

/// The number of a subject at the centre: a plain counter, so it says nothing of the person and confirms no guess.
package struct SubjectNumber: Hashable, Comparable, Sendable {
    package var number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    package static func < (left: SubjectNumber, right: SubjectNumber) -> Bool {
        left.number < right.number
    }
}

/// What a card says of who a person or an organisation is. Lives in memory only, while blocks are open.
package struct SubjectIdentity: Hashable, Sendable {
    /// IIN or BIN.
    package var number: String?
    /// Folded names as `surname name patronymic`: the one borne now first, previous ones after it.
    package var names: [String]
    package var birth: Day?
    package var isEntity: Bool

    package init(number: String?, names: [String], birth: Day?, isEntity: Bool) {
        self.number = number
        self.names = names
        self.birth = birth
        self.isEntity = isEntity
    }
}

/// The blind keys of one identity. `Key` is whatever the node looks its index up by.
package struct SubjectKeys<Key: Hashable & Sendable>: Sendable {
    package var number: Key?
    /// Name with birth date (an organisation: name alone), for the present name first, then for previous ones.
    package var names: [Key]
    /// Numbers of identity documents.
    package var documents: [Key]

    package init(number: Key?, names: [Key], documents: [Key] = []) {
        self.number = number
        self.names = names
        self.documents = documents
    }

    package var all: [Key] { (number.map { [$0] } ?? []) + names + documents }
}

/// What linking asks of the node that links. Every answer must be exact: a key that was added is found.
package protocol SubjectLookup {
    associatedtype Key: Hashable & Sendable
    /// Subjects known under a key, ascending.
    func subjects(under key: Key) throws -> [SubjectNumber]
    /// Whether the subject is known by an IIN or BIN.
    func hasNumber(_ subject: SubjectNumber) throws -> Bool
    /// Every name and birth date that the subject's records state, as far as their blocks still open.
    func identities(of subject: SubjectNumber) throws -> [SubjectIdentity]
}

/// What linking found out beside the subject itself.
package enum LinkFinding: Hashable, Sendable {
    /// V109: the IIN is linked to somebody of another name *and* another birth date. Not merged.
    case numberOfAnother(SubjectNumber)
    /// V110: somebody of the same name and birth date, or with the same document, bears another IIN, or several do. Not
    /// merged.
    case possibleDuplicate(SubjectNumber)

    package var code: String {
        switch self {
        case .numberOfAnother: "V109"
        case .possibleDuplicate: "V110"
        }
    }

    package var subject: SubjectNumber {
        switch self {
        case .numberOfAnother(let subject), .possibleDuplicate(let subject): subject
        }
    }
}

/// The subject a card speaks of.
package struct LinkDecision: Hashable, Sendable {
    /// Nil: a subject not seen before.
    package var subject: SubjectNumber?
    /// By falling weight; at most one of a code.
    package var findings: [LinkFinding]

    package init(subject: SubjectNumber?, findings: [LinkFinding] = []) {
        self.subject = subject
        self.findings = findings
    }
}

/// Which subject a card speaks of, in words:
///
/// 1. An IIN or BIN that is known, with a name (present or previous) or the birth date of its bearer, is that subject.
///    An organisation's BIN alone is enough: names of organisations change and identify nobody. So is the IIN of a card
///    that states neither name nor birth date: nothing speaks against it.
/// 2. A known IIN with another name and no common birth date is somebody else's: V109, and the card opens a subject of
///    its own.
/// 3. An IIN that is not known: a bearer of the same name and birth date with no IIN so far is that subject. One with
///    another IIN is a possible duplicate: V110, and the card opens a subject of its own.
/// 4. No IIN: the one bearer of name and birth date; among several the one without an IIN; else V110 and a new subject.
/// 5. Where none of these knows him, the bearer of the identity document with a common name or birth date is meant,
///    unless both have an IIN: then, or with neither in common, V110 and a new subject.
/// 6. Otherwise a subject not seen before.
package func linkSubject<Lookup: SubjectLookup>(
    _ identity: SubjectIdentity, keys: SubjectKeys<Lookup.Key>, in lookup: Lookup
) throws -> LinkDecision {
    guard let number = keys.number else {
        return try linkByName(identity, keys, in: lookup)
    }
    let bearers = try lookup.subjects(under: number)
    if identity.isEntity || identity.statesNobody, let first = bearers.first {
        return LinkDecision(subject: first)
    }
    if identity.isEntity { return LinkDecision(subject: nil) }
    guard !bearers.isEmpty else {
        return try linkNewNumber(identity, keys, in: lookup)
    }
    // The usual case costs no opened block: the same name and birth date were seen with this number before.
    let namesakes = try subjects(underAnyOf: keys.names, in: lookup)
    if let same = bearers.first(where: namesakes.contains) {
        return LinkDecision(subject: same)
    }
    for bearer in bearers {
        let known = try lookup.identities(of: bearer)
        if known.contains(where: { $0.isCompatible(with: identity) }) { return LinkDecision(subject: bearer) }
    }
    return LinkDecision(subject: nil, findings: [.numberOfAnother(bearers[0])])
}

extension SubjectIdentity {
    /// Neither a name nor a birth date.
    var statesNobody: Bool { names.isEmpty && birth == nil }

    /// Whether both may be one person: a name of either is a name of the other, the birth dates agree, or one of them
    /// states neither.
    package func isCompatible(with other: SubjectIdentity) -> Bool {
        if statesNobody || other.statesNobody { return true }
        if let birth, birth == other.birth { return true }
        return names.contains(where: other.names.contains)
    }
}

private func linkNewNumber<Lookup: SubjectLookup>(
    _ identity: SubjectIdentity, _ keys: SubjectKeys<Lookup.Key>, in lookup: Lookup
) throws -> LinkDecision {
    let namesakes = try subjects(underAnyOf: keys.names, in: lookup)
    var numbered: SubjectNumber?
    for namesake in namesakes {
        if try !lookup.hasNumber(namesake) { return LinkDecision(subject: namesake) }
        numbered = numbered ?? namesake
    }
    guard let numbered else { return try linkByDocument(identity, keys, in: lookup) }
    return LinkDecision(subject: nil, findings: [.possibleDuplicate(numbered)])
}

private func linkByName<Lookup: SubjectLookup>(
    _ identity: SubjectIdentity, _ keys: SubjectKeys<Lookup.Key>, in lookup: Lookup
) throws -> LinkDecision {
    let namesakes = try subjects(underAnyOf: keys.names, in: lookup)
    if namesakes.isEmpty { return try linkByDocument(identity, keys, in: lookup) }
    if namesakes.count == 1 { return LinkDecision(subject: namesakes.first) }
    for namesake in namesakes where try !lookup.hasNumber(namesake) {
        return LinkDecision(subject: namesake)
    }
    return LinkDecision(subject: nil, findings: [.possibleDuplicate(namesakes[0])])
}

private func linkByDocument<Lookup: SubjectLookup>(
    _ identity: SubjectIdentity, _ keys: SubjectKeys<Lookup.Key>, in lookup: Lookup
) throws -> LinkDecision {
    let bearers = try subjects(underAnyOf: keys.documents, in: lookup)
    for bearer in bearers {
        if keys.number != nil, try lookup.hasNumber(bearer) { continue }
        if try lookup.identities(of: bearer).contains(where: { $0.isCompatible(with: identity) }) {
            return LinkDecision(subject: bearer)
        }
    }
    return LinkDecision(subject: nil, findings: bearers.prefix(1).map { .possibleDuplicate($0) })
}

/// Ascending, each once.
private func subjects<Lookup: SubjectLookup>(
    underAnyOf keys: [Lookup.Key], in lookup: Lookup
) throws -> [SubjectNumber] {
    var found: [SubjectNumber] = []
    for key in keys {
        for subject in try lookup.subjects(under: key) where !found.contains(subject) { found.append(subject) }
    }
    return found.sorted()
}
