/// Which subjects an official of the centre has decided to be one: pairs, and the groups that follow from them.
///
/// A group goes by its least number. Linking by keys never writes here: a bond is an act with a basis, and taking it
/// away leaves the groups as they would be had it never been.
package struct SubjectBonds: Hashable, Sendable {
    package struct Bond: Hashable, Comparable, Sendable {
        package let first: SubjectNumber
        package let second: SubjectNumber

        /// The pair, whichever way round it is named.
        package init(_ one: SubjectNumber, _ other: SubjectNumber) {
            first = min(one, other)
            second = max(one, other)
        }

        package static func < (left: Bond, right: Bond) -> Bool {
            left.first == right.first ? left.second < right.second : left.first < right.first
        }
    }

    private var bonds: Set<Bond> = []
    private var neighbours: [SubjectNumber: Set<SubjectNumber>] = [:]
    /// Of subjects in a group only.
    private var roots: [SubjectNumber: SubjectNumber] = [:]

    package init(_ bonds: [Bond] = []) {
        for bond in bonds { insert(bond) }
    }

    package func contains(_ bond: Bond) -> Bool { bonds.contains(bond) }

    /// The number the subject's accounts go by.
    package func root(of subject: SubjectNumber) -> SubjectNumber { roots[subject] ?? subject }

    /// Each root once, in the order of its first subject.
    package func roots(of subjects: [SubjectNumber]) -> [SubjectNumber] {
        var found: [SubjectNumber] = []
        for subject in subjects {
            let root = root(of: subject)
            if !found.contains(root) { found.append(root) }
        }
        return found
    }

    /// Everyone in the subject's group, himself included, ascending.
    package func members(of subject: SubjectNumber) -> [SubjectNumber] {
        var found: Set<SubjectNumber> = [subject]
        var waiting = [subject]
        while let next = waiting.popLast() {
            for neighbour in neighbours[next, default: []] where found.insert(neighbour).inserted {
                waiting.append(neighbour)
            }
        }
        return found.sorted()
    }

    package mutating func insert(_ bond: Bond) {
        guard bond.first != bond.second, bonds.insert(bond).inserted else { return }
        neighbours[bond.first, default: []].insert(bond.second)
        neighbours[bond.second, default: []].insert(bond.first)
        settle(bond.first)
    }

    package mutating func remove(_ bond: Bond) {
        guard bonds.remove(bond) != nil else { return }
        part(bond.first, from: bond.second)
        part(bond.second, from: bond.first)
        settle(bond.first)
        settle(bond.second)
    }

    private mutating func part(_ subject: SubjectNumber, from other: SubjectNumber) {
        neighbours[subject]?.remove(other)
        if neighbours[subject]?.isEmpty ?? false { neighbours[subject] = nil }
    }

    private mutating func settle(_ subject: SubjectNumber) {
        let members = members(of: subject)
        for member in members { roots[member] = members.count > 1 ? members[0] : nil }
    }
}
