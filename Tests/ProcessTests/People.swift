import Foundation
import TestSupport

/// Persons in generated documents, read from the documents themselves.
enum People {
    struct Person {
        var iin: String
        var name: String
        var birth: String
        var previousSurname: String
    }

    /// Somebody who stands in every one of these files, and bore another surname before.
    static func inBothWithPreviousName(_ files: [String]) throws -> Person? {
        var seen: [[String: Person?]] = []
        for file in files {
            var here: [String: Person?] = [:]
            for line in try TestFile.lines(file) {
                let person = try Reading(line)["person"]
                guard let iin = person["iin"].text else { continue }
                let previous = person["previous_names"][0]["surname"].text
                guard let previous, let name = person["name"].text, let birth = person["birth_date"].text else {
                    if here[iin] == nil { here[iin] = .some(nil) }
                    continue
                }
                here[iin] = Person(iin: iin, name: name, birth: birth, previousSurname: previous)
            }
            seen.append(here)
        }
        let common = seen.dropFirst().reduce(Set(seen.first?.keys.map { $0 } ?? [])) { $0.intersection($1.keys) }
        return common.sorted().lazy.compactMap { iin in seen.lazy.compactMap { $0[iin] ?? nil }.first }.first
    }

    /// Every surname, name, patronymic, previous name and IIN in a file of documents.
    static func personalValues(_ file: String) throws -> Set<String> {
        var values: Set<String> = []
        for line in try TestFile.lines(file) {
            let document = try Reading(line)
            collect(document["person"], into: &values)
            collect(document["legal_representative"], into: &values)
            // Whoever signed is named too; his names count one by one.
            for word in (document["official"].text ?? "").split(separator: " ") where word.count > 3 {
                values.insert(String(word))
            }
            for other in ["declared_by", "guardian"] {
                for word in (document[other].text ?? "").split(separator: " ") { values.insert(String(word)) }
            }
            for role in ["closed_by", "handed_by", "received_by"] {
                for word in (document[role]["person"].text ?? "").split(separator: " ") { values.insert(String(word)) }
            }
            // What a person without a name looked like, and what happened, are told of that person alone.
            for mark in ["scars", "tattoos", "clothes"] {
                if let text = document["description"][mark].text { values.insert(text) }
            }
            if let text = document["circumstances"].text { values.insert(text) }
            for person in document["per_person"].list + [document["entity"]["head"]] { collect(person, into: &values) }
        }
        return values
    }

    private static func collect(_ person: Reading, into values: inout Set<String>) {
        for name in ["iin", "surname", "name", "patronymic"] {
            if let text = person[name].text, text != "unknown" { values.insert(text) }
        }
        for previous in person["previous_names"].list { collect(previous, into: &values) }
        if person["person"].exists { collect(person["person"], into: &values) }
    }
}
