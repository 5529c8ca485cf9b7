extension CardKind {
    /// The persons and entities a document or merged record speaks of, in ascending order of slots.
    package func parties(in values: Values) -> [PartyIdentity] {
        var parties: [PartyIdentity] = []
        for position in partyPositions {
            let field = fields[position]
            switch field.placement {
            case .person(let slot):
                for value in values[field.number] { Self.note(value.value, of: field, slot: slot, in: &parties) }
            case .eachPerson(let first):
                for (position, value) in values[field.number].enumerated() {
                    guard case .group(let members) = value.value else { continue }
                    let slot = first + UInt16(clamping: position)
                    for member in members {
                        guard let known = field.members.first(where: { $0.number == member.field }) else { continue }
                        Self.note(member.value, of: known, slot: slot, in: &parties)
                    }
                }
            default: continue
            }
        }
        // Facts of a person stand in clear, and still tell who he is.
        if let sexNumber, case .text(let code)? = values.first(sexNumber),
            let position = parties.firstIndex(where: { !$0.isEntity })
        {
            parties[position].sex = code
        }
        return parties.sorted { $0.slot < $1.slot }
    }

    /// Everything the record can be found by: its parties, its key fields, plates. Sorted, without repetition.
    package func searchTerms(of values: Values) -> [SearchTerm] {
        var terms: [SearchTerm] = []
        for party in parties(in: values) { terms += party.searchTerms }
        for position in searchPositions {
            let field = fields[position]
            if field.isKey {
                for value in values[field.number] {
                    guard case .text(let text) = value.value else { continue }
                    terms.append(SearchTerm(domain: code + "." + field.path, text: text))
                }
            }
            for member in field.members where member.role == .plate {
                for value in FieldPath(field: field.number, member: member.number).values(in: values) {
                    guard case .text(let text) = value else { continue }
                    terms.append(SearchTerm(domain: "plate", text: SearchTerm.compact(text)))
                }
            }
        }
        return Array(Set(terms)).sorted { $0.sortKey < $1.sortKey }
    }

    private static func note(_ value: Value, of field: Field, slot: UInt16, in parties: inout [PartyIdentity]) {
        guard let role = field.role else { return }
        var position = parties.firstIndex { $0.slot == slot } ?? -1
        if position < 0 {
            position = parties.count
            parties.append(PartyIdentity(slot: slot, isEntity: false))
        }
        switch (role, value) {
        case (.iin, .text(let text)): parties[position].iin = text
        case (.bin, .text(let text)):
            parties[position].bin = text
            parties[position].isEntity = true
        case (.entityName, .text(let text)):
            parties[position].entityNames.append(text)
            parties[position].isEntity = true
        case (.surname, .text(let text)): parties[position].present.surname = text
        case (.name, .text(let text)): parties[position].present.name = text
        case (.patronymic, .text(let text)): parties[position].present.patronymic = text
        case (.birthDay, .day(let day)): parties[position].birthDay = day
        case (.documentNumber, .text(let text)): parties[position].documentNumbers.append(text)
        case (.previousNames, .group(let members)):
            var name = PartyIdentity.Name(surname: "", name: "", patronymic: "")
            for member in members {
                guard case .text(let text) = member.value else { continue }
                switch field.members.first(where: { $0.number == member.field })?.role {
                case .previousSurname: name.surname = text
                case .previousName: name.name = text
                case .previousPatronymic: name.patronymic = text
                default: break
                }
            }
            parties[position].previousNames.append(name)
        default: break
        }
    }
}

extension PartyIdentity {
    /// The present name to write into.
    fileprivate var present: Name {
        get { name ?? Name(surname: "", name: "", patronymic: "") }
        set { name = newValue }
    }

    /// All names, the present one first; a previous name takes from the present one what it leaves out.
    package var allNames: [Name] {
        let now = present
        let previous = previousNames.map {
            Name(
                surname: $0.surname.isEmpty ? now.surname : $0.surname, name: $0.name.isEmpty ? now.name : $0.name,
                patronymic: $0.patronymic.isEmpty ? now.patronymic : $0.patronymic)
        }
        return (name == nil ? [] : [now]) + previous
    }

    /// Terms to look this party up by, strongest first.
    package var searchTerms: [SearchTerm] {
        var terms: [SearchTerm] = []
        if let iin { terms.append(SearchTerm(domain: "iin", text: iin, slot: slot)) }
        if let bin { terms.append(SearchTerm(domain: "bin", text: bin, slot: slot)) }
        for number in documentNumbers {
            terms.append(SearchTerm(domain: "document", text: SearchTerm.compact(number), slot: slot))
        }
        for name in allNames {
            let key = Names.key(surname: name.surname, name: name.name)
            guard key.utf8.count > 1 else { continue }
            if let birthDay {
                terms.append(SearchTerm(domain: "name+birth", text: key + "|" + birthDay.text, slot: slot))
            }
            terms.append(SearchTerm(domain: "name", text: key, slot: slot))
            let surname = Names.fold(name.surname)
            if !surname.isEmpty { terms.append(SearchTerm(domain: "surname", text: surname, slot: slot)) }
        }
        for name in entityNames {
            let key = Names.fold(name)
            if !key.isEmpty { terms.append(SearchTerm(domain: "entity", text: key, slot: slot)) }
        }
        var seen: Set<SearchTerm> = []
        return terms.filter { seen.insert($0).inserted }
    }
}

extension SearchTerm {
    /// Letters and digits only, upper case, Cyrillic look-alikes as Latin: how plates and document numbers compare.
    package static func compact(_ text: String) -> String {
        var compact: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x30...0x39, 0x41...0x5A: compact.append(UInt8(scalar.value))
            case 0x61...0x7A: compact.append(UInt8(scalar.value - 32))
            default:
                if let position = lookAlikes.firstIndex(of: scalar) {
                    compact.append(Array("ABCEHKMOPTXYABCEHKMOPTXY".utf8)[position])
                } else if scalar.value > 0x7F {
                    compact.append(contentsOf: String(scalar).utf8)
                }
            }
        }
        return String(decoding: compact, as: UTF8.self)
    }

    private static let lookAlikes = Array("АВСЕНКМОРТХУавсенкмортху".unicodeScalars)

    fileprivate var sortKey: (String, String, UInt16) { (domain, text, slot) }
}
