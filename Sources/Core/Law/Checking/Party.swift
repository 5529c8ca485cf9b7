/// A person or an entity as one card speaks of it: what linking compares.
package struct PartyIdentity: Hashable, Sendable {
    package struct Name: Hashable, Sendable {
        package var surname: String
        package var name: String
        package var patronymic: String

        package init(surname: String, name: String, patronymic: String) {
            self.surname = surname
            self.name = name
            self.patronymic = patronymic
        }
    }

    /// The slot of its block in the entry.
    package var slot: UInt16
    package var isEntity: Bool
    package var iin: String?
    package var bin: String?
    /// The person's present name; nil where the card has none.
    package var name: Name?
    package var previousNames: [Name]
    /// Names of an entity.
    package var entityNames: [String]
    package var birthDay: Day?
    package var documentNumbers: [String]
    package var sex: String?

    package init(slot: UInt16, isEntity: Bool) {
        self.slot = slot
        self.isEntity = isEntity
        previousNames = []
        entityNames = []
        documentNumbers = []
    }
}

/// Something a record can be found by. `text` is normalised already: equal terms have equal bytes.
///
/// Domains: `iin`, `bin`, `name` (folded `SURNAME|NAME`), `name+birth` (`SURNAME|NAME|2001-02-03`), `surname`,
/// `entity`, `document`, `plate`, and `KIND.path` for each key field.
package struct SearchTerm: Hashable, Sendable {
    package var domain: String
    package var text: String
    /// The block slot the term comes from; 0 for what stands in clear or in free text.
    package var slot: UInt16

    package init(domain: String, text: String, slot: UInt16 = 0) {
        self.domain = domain
        self.text = text
        self.slot = slot
    }
}
