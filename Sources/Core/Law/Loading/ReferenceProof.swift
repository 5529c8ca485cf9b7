extension EditionLoader {
    /// Every reference resolves: lists, kinds, states.
    func prove(_ edition: Edition) throws(CatalogueDefect) {
        for kind in edition.kinds {
            try proveFields(of: kind, in: edition)
            for rule in kind.rules
            where !kind.fields.contains(where: { $0.path == rule.path || $0.path.hasPrefix(rule.path + ".") }) {
                throw unresolved("\(rule.code): \(kind.code) has no field \(rule.path)", rule.path, near: rule.code)
            }
            for rule in kind.rules {
                for list in rule.condition.rateLists where edition.codeList(list) == nil {
                    throw unresolved("\(rule.code): no code list \(list)", list, near: rule.code)
                }
            }
        }
        for type in edition.accountTypes {
            for rule in type.rules {
                guard case .open(let source) = rule.effect, case .constant(let state) = source else { continue }
                guard type.states.contains(where: { $0.code == state }) else {
                    throw unresolved(
                        "type \(type.code) has no state \(state)", ["\"state\":\"\(state)\""],
                        in: ["account_types.json"])
                }
            }
        }
    }

    private func proveFields(of kind: CardKind, in edition: Edition) throws(CatalogueDefect) {
        // A card's fields stand in its own file, in the blocks it places, in the envelope.
        let files = [kind.code + ".json", "blocks.json", "envelope.json"]
        for field in kind.fields.flatMap({ [$0] + $0.members }) {
            if let list = field.codeList, edition.codeList(list) == nil {
                throw unresolved(
                    "\(kind.code) \(field.path): no code list \(list)", ["\"code:\(list)\"", "\"\(list)\""], in: files)
            }
            guard case .reference(let kinds) = field.type else { continue }
            for other in kinds where edition.kind(other) == nil {
                throw unresolved(
                    "\(kind.code) \(field.path): no card kind \(other)",
                    ["ref:\(other)", ",\(other)", "\"\(other)\""], in: files)
            }
        }
    }

    /// A name in `rules.json` that stands for nothing: told by the line of the name after the rule's code, else by the
    /// rule's own.
    func unresolved(_ reason: String, _ name: String, near rule: String) -> CatalogueDefect {
        let bytes = files["rules.json"]?.bytes
        let code = Array("\"code\":\"\(rule)\"".utf8)
        let start = bytes.flatMap { Self.first(code, in: $0, from: 0) } ?? 0
        let named = bytes.flatMap { Self.first(Array("\"\(name)\"".utf8), in: $0, from: start) }
        return Self.defect(reason, in: "rules.json", at: named ?? start, of: bytes)
    }

    /// A name that stands for nothing, told by the first of the files that has one of these texts.
    private func unresolved(_ reason: String, _ texts: [String], in names: [String]) -> CatalogueDefect {
        for text in texts {
            for name in names {
                guard let bytes = files[name]?.bytes, let at = Self.first(Array(text.utf8), in: bytes, from: 0) else {
                    continue
                }
                return Self.defect(reason, in: name, at: at, of: bytes)
            }
        }
        return Self.defect(reason, in: names[0], at: nil, of: nil)
    }

    private static func defect(
        _ reason: String, in file: String, at position: Int?, of bytes: UnsafeBufferPointer<UInt8>?
    ) -> CatalogueDefect {
        var place = ""
        if let position, let bytes { place = "line \(bytes.prefix(position).count { $0 == 0x0A } + 1)" }
        return CatalogueDefect(file: file, place: place, reason: reason, remedy: CatalogueDefect.naming)
    }

    private static func first(_ text: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let head = text.first, bytes.count >= start + text.count else { return nil }
        return (start...bytes.count - text.count).first { at in
            bytes[at] == head && bytes[at..<at + text.count].elementsEqual(text)
        }
    }
}
