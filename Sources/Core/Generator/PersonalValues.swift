package import Law

/// The personal values that stand in a run's lines: what a search through files must not find in clear.
package struct PersonalValues: Hashable, Sendable {
    /// Present and previous surnames, each at least eight bytes long; sorted, without repetition.
    package var surnames: [String]
    /// Given names and patronymics, sorted, without repetition.
    package var names: [String]
    /// Sorted, without repetition.
    package var iins: [String]

    package var all: [String] { surnames + names + iins }
}

extension DocumentGenerator {
    /// Generates the run once more and lists whom it speaks of; takes as long as the run and memory for each person.
    package static func personalValues(
        catalogue: Catalogue, settings: GeneratorSettings
    ) throws(GeneratorRefusal) -> PersonalValues {
        var generator = try DocumentGenerator(catalogue: catalogue, settings: settings)
        generator.met = []
        var buffer: [UInt8] = []
        while generator.next(into: &buffer) != nil { buffer.removeAll(keepingCapacity: true) }
        var surnames: Set<String> = []
        var names: Set<String> = []
        var iins: Set<String> = []
        for number in generator.met ?? [] {
            let person = People.person(number)
            surnames.insert(person.surname)
            if let previous = person.previousSurname { surnames.insert(previous) }
            names.insert(person.name)
            names.insert(person.patronymic)
            iins.insert(String(person.iin))
        }
        return PersonalValues(surnames: surnames.sorted(), names: names.sorted(), iins: iins.sorted())
    }
}
