import JSON

/// Finds quotients whose divisor is nothing, or may be. A divisor that is a field is guarded where the same `all` says
/// that it is not zero: `["all", ["cmp", X, ">", 0], ["cmp", ["div", Y, X], "<", 5]]`.
struct DivisionProof {
    let files: [String: SourceFile]

    func defects() throws(CatalogueDefect) -> [CatalogueDefect] {
        var found: [CatalogueDefect] = []
        for name in files.keys.sorted() {
            guard let file = files[name] else { continue }
            try walk(file.root, guards: [], &found)
        }
        return found
    }

    private func walk(_ cell: Cell, guards: Set<String>, _ found: inout [CatalogueDefect]) throws(CatalogueDefect) {
        switch cell.node.kind {
        case .object:
            for member in try cell.members() { try walk(member.value, guards: guards, &found) }
        case .array:
            let parts = try cell.elements()
            var guards = guards
            if Self.isHead("all", of: parts) {
                for part in parts.dropFirst() {
                    if let divisor = try guarded(by: part) { guards.insert(divisor) }
                }
            }
            if Self.isHead("div", of: parts), parts.count == 3, let defect = Self.defect(of: parts[2], guards) {
                found.append(defect)
            }
            for part in parts { try walk(part, guards: guards, &found) }
        default: return
        }
    }

    private static func isHead(_ name: String, of parts: [Cell]) -> Bool {
        guard let head = parts.first, head.node.kind == .string else { return false }
        return head.raw == name
    }

    private static func defect(of divisor: Cell, _ guards: Set<String>) -> CatalogueDefect? {
        var defect: CatalogueDefect
        if divisor.node.kind == .number {
            guard Double(divisor.raw) == 0 else { return nil }
            defect = divisor.defect("the rule divides by zero")
            defect.remedy = "divide by something else"
        } else {
            guard !guards.contains(written(divisor)) else { return nil }
            defect = divisor.defect("the rule divides by \(written(divisor)), which may be zero")
            defect.remedy = "put [\"cmp\", \(written(divisor)), \">\", 0] beside it within \"all\""
        }
        return defect
    }

    /// The operand that a condition keeps from being zero.
    private func guarded(by cell: Cell) throws(CatalogueDefect) -> String? {
        guard cell.node.kind == .array else { return nil }
        let parts = try cell.elements()
        guard Self.isHead("cmp", of: parts), parts.count == 4, let bound = Double(parts[3].raw) else { return nil }
        let isGuard =
            switch parts[2].raw {
            case ">": bound >= 0
            case ">=": bound > 0
            case "!=": bound == 0
            default: false
            }
        return isGuard ? Self.written(parts[1]) : nil
    }

    /// As it stands, without white space; a text in its quotation marks.
    private static func written(_ cell: Cell) -> String {
        cell.written.filter { !$0.isWhitespace }
    }
}

/// The act an edition rests on, where the edition says it itself: `edition.json` with `from` and `act` {`number`,
/// `date`}.
struct ActOfEdition {
    let loader: EditionLoader

    func defects() throws(CatalogueDefect) -> [CatalogueDefect] {
        guard let file = loader.files["edition.json"] else { return [] }
        var found: [CatalogueDefect] = []
        let from = try file.root.required("from")
        if try from.day() != loader.from {
            var defect = from.defect("the edition says another first day than \(loader.from.text)")
            defect.remedy = "let the file, the folder and --from name one day"
            found.append(defect)
        }
        let act = try file.root.required("act")
        let number = act.member("number")
        if try number?.text().isEmpty ?? true {
            var defect = (number ?? act).defect("the act has no number")
            defect.remedy = "write the number of the act that enacts the edition"
            found.append(defect)
        }
        _ = try act.required("date").day()
        return found
    }
}
