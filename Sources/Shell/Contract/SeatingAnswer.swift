/// What became of a territory's log that could not go on (restored, diverged, cloned, lost): a member `seating` of the
/// territory in `GET /v1/status` and `/v1/territories`, and of `GET /v1/node`. Absent where nothing of it ever was.
package struct SeatingAnswer: ContractValue {
    /// An entry that was set aside and moved: where it stood, where it stands, as AUTHOR/INDEX, and its number.
    package struct Moved: ContractValue {
        package var from: String
        package var to: String
        package var number: String?

        package init(from: String, to: String, number: String?) {
            self.from = from
            self.to = to
            self.number = number
        }

        package init(json: JSONValue) throws(ContractError) {
            let members = try JSONFields(json)
            from = try members.text("from")
            to = try members.text("to")
            number = try members.optionalText("number")
        }

        package var json: JSONValue {
            .members(["from": .string(from), "to": .string(to), "number": .text(number)])
        }
    }

    /// `restored`, `restoring`, `moving`, `fenced`.
    package var state: String
    package var sentence: String
    /// What the operator does next; empty where nothing is to be done.
    package var next: String
    /// Entries that were told of, and are neither at the centre nor here: at least so many.
    package var missing: UInt64
    package var waiting: UInt64
    package var movedCount: UInt64
    /// The first thousand of them.
    package var moved: [Moved]
    /// Records with a moved entry and a discrepancy that nobody has resolved.
    package var discrepancies: [String]

    package init(
        state: String, sentence: String, next: String, missing: UInt64, waiting: UInt64, movedCount: UInt64,
        moved: [Moved], discrepancies: [String]
    ) {
        self.state = state
        self.sentence = sentence
        self.next = next
        self.missing = missing
        self.waiting = waiting
        self.movedCount = movedCount
        self.moved = moved
        self.discrepancies = discrepancies
    }

    package init(json: JSONValue) throws(ContractError) {
        let members = try JSONFields(json)
        state = try members.text("state")
        sentence = try members.text("sentence")
        next = try members.text("next")
        missing = try members.count("missing")
        waiting = try members.count("waiting")
        movedCount = try members.count("moved_count")
        moved = try members.values("moved")
        discrepancies = try members.texts("discrepancies")
    }

    package var json: JSONValue {
        .members([
            "state": .string(state), "sentence": .string(sentence), "next": .string(next), "missing": .count(missing),
            "waiting": .count(waiting), "moved_count": .count(movedCount), "moved": .values(moved),
            "discrepancies": .texts(discrepancies),
        ])
    }
}

extension JSONFields {
    func seating() throws(ContractError) -> SeatingAnswer? {
        guard let json = value("seating") else { return nil }
        return try SeatingAnswer(json: json)
    }
}

extension JSONValue {
    /// The same members, and `seating` where there is one.
    func with(_ seating: SeatingAnswer?) -> JSONValue {
        guard let seating, case .object(let members) = self else { return self }
        return .object(members + [Member("seating", seating.json)])
    }
}
