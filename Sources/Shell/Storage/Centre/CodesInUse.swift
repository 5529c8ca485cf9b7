import Law

/// Whether a code that a new edition drops stands in some stored record. Facts are counted; a field that is no fact may
/// lie sealed, so what it holds cannot be shown to be unused.
struct CodesInUse {
    let connection: Connection
    let tables: [String: FactTable]

    /// The first code that is removed while in use, and where the new edition should have ended it.
    func defect(of source: EditionSource, base: Catalogue) throws -> CatalogueDefect? {
        for removed in EditionProof(source: source, base: base).removedCodes() {
            for place in removed.places {
                guard let column = place.column, let table = tables[place.kind] else {
                    if try isEmpty(place.kind) { continue }
                    return removed.defect("\(place.kind) has it in \(place.path), whose values are not counted")
                }
                if try holds(removed.code, table, column) {
                    return removed.defect("records of \(place.kind) hold it in \(place.path)")
                }
            }
        }
        return nil
    }

    private func isEmpty(_ kind: String) throws -> Bool {
        let select = try connection.statement("SELECT 1 FROM record WHERE kind = ? LIMIT 1")
        select.bind(1, kind)
        defer { select.reset() }
        return try !select.next()
    }

    private func holds(_ code: String, _ table: FactTable, _ column: FactColumn) throws -> Bool {
        let name = "\"f_\(column.name)\""
        let condition = column.storage == .textSet ? "instr(\(name), ?) > 0" : "\(name) = ?"
        let select = try connection.statement("SELECT 1 FROM \(table.name) WHERE \(condition) LIMIT 1")
        select.bind(1, column.storage == .textSet ? ",\(code)," : code)
        defer { select.reset() }
        return try select.next()
    }
}
