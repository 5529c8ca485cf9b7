package import Contract
package import Law
import Portal

/// Rows of CSV as documents: the header's cells are field paths, each row one document. Empty cells are left out.
package struct CSVDocuments {
    private let catalogue: Catalogue
    /// The card kind of every row; nil: each row names it in `form_code`.
    private let kind: String?
    private var header: [String]?
    private var formColumn: Int?

    package init(catalogue: Catalogue, kind: String?) {
        self.catalogue = catalogue
        self.kind = kind
    }

    /// Takes the header, then rows.
    /// - Returns: the document; nil for the header.
    /// - Throws: `DocumentProblemAnswer` for a row that makes no document, `CSVReader.Broken` for a header that makes
    /// none.
    package mutating func document(_ row: CSVReader.Row) throws -> JSONValue? {
        guard let header else {
            try take(header: row)
            return nil
        }
        guard row.cells.count == header.count else {
            throw DocumentProblemAnswer(
                code: "CSV-CELLS", field: "",
                message: "The row has \(row.cells.count) cells, the header has \(header.count).",
                remedy: "Give each column a cell; put cells that hold separators in quotes.")
        }
        let code = formColumn.map { row.cells[$0] } ?? kind ?? ""
        let card = catalogue.newest.kind(code)
        var members: [JSONValue.Member] = []
        if formColumn == nil, let kind { members.append(.init("form_code", .string(kind))) }
        for (path, cell) in zip(header, row.cells) where !cell.isEmpty {
            members.append(.init(path, try value(cell, path, card)))
        }
        do {
            return try Nesting.document(.object(members))
        } catch {
            throw DocumentProblemAnswer(
                code: "CSV-FIELDS", field: error.field, message: error.detail, remedy: error.remedy)
        }
    }

    private mutating func take(header row: CSVReader.Row) throws(CSVReader.Broken) {
        let names = row.cells.map { $0.trimmingSpaces }
        for (position, name) in names.enumerated() {
            guard !name.isEmpty else {
                throw CSVReader.Broken(line: row.line, reason: "column \(position + 1) of the header has no field path")
            }
            guard !names[..<position].contains(name) else {
                throw CSVReader.Broken(line: row.line, reason: "the header names \(name) twice")
            }
        }
        header = names
        formColumn = names.firstIndex(of: "form_code")
    }

    private func value(_ cell: String, _ path: String, _ card: CardKind?) throws(DocumentProblemAnswer) -> JSONValue {
        let field = card?.field(path: path)
        guard cell.hasPrefix("{") || cell.hasPrefix("[") else {
            let scalar = FieldTyping.scalar(cell, field: field)
            return field?.isSet == true ? .array([scalar]) : scalar
        }
        do throws(ContractError) {
            return try JSONReader.read(Array(cell.utf8))
        } catch {
            throw DocumentProblemAnswer(
                code: "CSV-JSON", field: path, message: error.sentence,
                remedy: "A cell that begins with { or [ is JSON; quotes in it are doubled.")
        }
    }
}

extension DocumentProblemAnswer: Error {}

extension String {
    fileprivate var trimmingSpaces: String {
        let kept = drop { $0 == " " }
        return String(kept.reversed().drop { $0 == " " }.reversed())
    }
}
