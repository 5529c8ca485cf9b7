/// What a sender says that a batch holds: `documents=1000,persons=800,amount=125000.50`, any of the three (V014).
package struct ControlTotals: Hashable, Sendable {
    package var documents: Int?
    package var persons: Int?
    /// Hundredths.
    package var amount: Int64?

    /// Nil where the text says nothing, says it twice, or says what cannot be counted.
    package init?(_ text: String) {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2 else { return nil }
            switch sides[0] {
            case "documents" where documents == nil: documents = Int(sides[1]).flatMap { $0 >= 0 ? $0 : nil }
            case "persons" where persons == nil: persons = Int(sides[1]).flatMap { $0 >= 0 ? $0 : nil }
            case "amount" where amount == nil: amount = Self.hundredths(sides[1])
            default: return nil
            }
            guard [documents != nil, persons != nil, amount != nil].contains(true) else { return nil }
        }
        let named = text.split(separator: ",").count
        guard [documents != nil, persons != nil, amount != nil].count(where: { $0 }) == named else { return nil }
    }

    /// `12`, `12.5`, `-12.50` as hundredths.
    static func hundredths(_ text: String) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty, parts.allSatisfy({ $0.utf8.allSatisfy(isDigit) }),
            let whole = Int64(parts[0])
        else { return nil }
        let fraction = parts.count == 2 ? String(parts[1]) : "0"
        guard (1...2).contains(fraction.utf8.count),
            let rest = Int64(fraction.utf8.count == 1 ? fraction + "0" : fraction)
        else { return nil }
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: 100)
        guard !overflow else { return nil }
        return isNegative ? -(scaled + rest) : scaled + rest
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// `-12.50`.
    package static func text(hundredths: Int64) -> String {
        let rest = String(hundredths.magnitude % 100)
        return "\(hundredths < 0 ? "-" : "")\(hundredths.magnitude / 100).\(rest.count == 1 ? "0" : "")\(rest)"
    }
}

/// The last line of a stream that was counted: what it held, and V014 where that is not what its sender said.
package struct BatchTotalsAnswer: ContractValue {
    package var documents: UInt64
    package var persons: UInt64
    /// Hundredths; a decimal in the answer.
    package var amount: Int64
    /// Documents of this stream that stand on the node's disk now, repeats among them.
    package var stored: UInt64
    package var problem: DocumentProblemAnswer?

    package init(documents: UInt64, persons: UInt64, amount: Int64, stored: UInt64) {
        self.documents = documents
        self.persons = persons
        self.amount = amount
        self.stored = stored
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        documents = try fields.count("documents")
        persons = try fields.count("persons")
        amount = ControlTotals.hundredths(try fields.text("amount")) ?? 0
        stored = try fields.count("stored")
        problem = try fields.value("problem").map { json throws(ContractError) in try DocumentProblemAnswer(json: json)
        }
    }

    package var json: JSONValue {
        .members([
            "documents": .count(documents), "persons": .count(persons),
            "amount": .string(ControlTotals.text(hundredths: amount)), "stored": .count(stored),
            "problem": problem?.json ?? .null,
        ])
    }

    /// `documents: 10 declared, 9 counted`, one for each that differs.
    package func differences(from control: ControlTotals) -> [String] {
        var found: [String] = []
        if let declared = control.documents, UInt64(declared) != documents {
            found.append("documents: \(declared) declared, \(documents) counted")
        }
        if let declared = control.persons, UInt64(declared) != persons {
            found.append("persons: \(declared) declared, \(persons) counted")
        }
        if let declared = control.amount, declared != amount {
            let texts = (ControlTotals.text(hundredths: declared), ControlTotals.text(hundredths: amount))
            found.append("amount: \(texts.0) declared, \(texts.1) counted")
        }
        return found
    }
}
