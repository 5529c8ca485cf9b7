package import Records

/// A decision of an official of the centre about subjects, or about two records that may speak of one person.
///
/// It stands in the centre's own log as the access entry that journals it: who decided, about whom, on what basis.
/// The same words in a territory's log are no decision.
package enum SubjectAct: Hashable, Sendable {
    /// Both are one person.
    case link(SubjectBonds.Bond)
    /// They are two persons: a bond ends, or a conflict that waits is decided so.
    case unlink(SubjectBonds.Bond)
    /// A proposed likeness has been looked at.
    case judge(Serial, Serial, Verdict)

    package enum Verdict: String, Hashable, Sendable, CaseIterable {
        /// Looked at and still thought possible: it stays in the list.
        case reviewed
        /// Not the same person: it leaves the list.
        case rejected
    }

    package init?(_ entry: AccessEntry) {
        let words = entry.action.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        switch words[0] {
        case "person.link", "person.unlink":
            guard words.count == 1, entry.subjects.count == 2, entry.subjects[0] != entry.subjects[1] else {
                return nil
            }
            let bond = SubjectBonds.Bond(SubjectNumber(entry.subjects[0]), SubjectNumber(entry.subjects[1]))
            self = words[0] == "person.link" ? .link(bond) : .unlink(bond)
        case "candidate.judge":
            guard words.count == 4, let verdict = Verdict(rawValue: words[1]), let first = Self.serial(words[2]),
                let second = Self.serial(words[3])
            else { return nil }
            self = .judge(first, second, verdict)
        default: return nil
        }
    }

    /// As the journal names it. The numbers of two records say nothing of their persons.
    package var action: String {
        switch self {
        case .link: "person.link"
        case .unlink: "person.unlink"
        case .judge(let first, let second, let verdict):
            "candidate.judge \(verdict.rawValue) \(first.year)/\(first.serial) \(second.year)/\(second.serial)"
        }
    }

    package var subjects: [SubjectNumber] {
        switch self {
        case .link(let bond), .unlink(let bond): [bond.first, bond.second]
        case .judge: []
        }
    }

    private static func serial(_ text: String) -> Serial? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let year = UInt16(parts[0]), let serial = UInt32(parts[1]) else { return nil }
        return Serial(year: year, serial: serial)
    }
}
