/// A block's place in a card: where its relative paths and numbers begin.
struct FieldScope {
    /// `person.`; empty at the top.
    var prefix = ""
    var base: FieldNumber = 0
    var placement: Placement = .clear
    /// Code lists that replace those of a block's fields, by relative path.
    var lists: [String: String] = [:]
    /// Inside a set's element paths stay relative.
    var isElement = false
}

/// Reads fields of cards and blocks. Conditions are kept as cells until all paths of the kind are known.
struct FieldLoader {
    let blocks: [String: Cell]

    /// A field whose condition and computation still wait for the kind's paths.
    struct Draft {
        var field: Field
        var when: Cell?
        var compute: Cell?
        /// Prefix of relative paths in `when` and `compute`.
        var prefix: String
        /// The fields of an optional block: this one is required when any of them stands.
        var optionalBlock: String?
    }

    func drafts(_ cell: Cell, in scope: FieldScope) throws(CatalogueDefect) -> [Draft] {
        if let block = cell.member("block") { return try placed(block.text(), cell, in: scope) }
        var drafts: [Draft] = []
        let relative = try cell.text("path")
        let number = try scope.base + number(cell, "n")
        var type = try type(cell.required("type"))
        if case .code = type, let list = scope.lists[relative] { type = .code(list: list) }
        var field = Field(number: number, path: scope.prefix + relative, labels: try cell.labels("labels"), type: type)
        field.requirement = cell.flag("req") ? .required : .optional
        if let by = cell.member("by") { field.requirement = try by.text() == "computed" ? .computed : .assigned }
        field.unknownAllowed = cell.flag("unknown")
        field.isSet = cell.flag("set")
        field.isFact = cell.flag("fact")
        field.isKey = cell.flag("key")
        field.isOfAct = cell.flag("act")
        field.placement =
            try cell.member("place").map { cell throws(CatalogueDefect) in try placement(cell) } ?? scope.placement
        // What reports count stands in clear even where it belongs to a person's block.
        if field.isFact, field.type != .group { field.placement = .clear }
        if let role = cell.member("role") {
            guard let known = FieldRole(rawValue: try role.text()) else { throw role.defect("no such role") }
            field.role = known
        }
        var element = FieldScope()
        element.isElement = true
        element.base = scope.base
        element.placement = field.placement
        for member in try cell.elements("members") {
            field.members += try self.drafts(member, in: element).map(\.field)
        }
        drafts.append(
            Draft(
                field: field, when: cell.member("when"), compute: cell.member("compute"), prefix: scope.prefix,
                optionalBlock: nil))
        return drafts
    }

    /// A block at its place: spread into the card, or the members of a set's elements.
    private func placed(_ name: String, _ cell: Cell, in scope: FieldScope) throws(CatalogueDefect) -> [Draft] {
        guard let block = blocks[name] else { throw cell.unresolved("no such block: \(name)") }
        let at = try cell.text("at")
        var inner = FieldScope()
        inner.base = try number(cell, "n")
        inner.placement = try cell.member("place").map { cell throws(CatalogueDefect) in try placement(cell) } ?? .clear
        if let lists = cell.member("lists") {
            for (path, list) in try lists.members() { inner.lists[path] = try list.text() }
        }
        if cell.flag("set") {
            inner.isElement = true
            var set = Field(
                number: inner.base, path: at, labels: try cell.labels("labels"), type: .group,
                requirement: cell.flag("req") ? .required : .optional, isSet: true, isFact: cell.flag("fact"),
                placement: inner.placement)
            for field in try block.elements("fields") { set.members += try self.drafts(field, in: inner).map(\.field) }
            return [Draft(field: set, when: nil, compute: nil, prefix: "", optionalBlock: nil)]
        }
        inner.prefix = at + "."
        // A card that has a block twice says of whom each speaks.
        let own = cell.member("labels") == nil ? nil : try cell.labels("labels")
        var drafts: [Draft] = []
        for field in try block.elements("fields") {
            for var draft in try self.drafts(field, in: inner) {
                if let own { draft.field.labels = draft.field.labels.standing(under: own) }
                if !cell.flag("req"), draft.field.requirement == .required {
                    draft.field.requirement = .optional
                    draft.optionalBlock = inner.prefix
                }
                drafts.append(draft)
            }
        }
        return drafts
    }

    private func number(_ cell: Cell, _ name: StaticString) throws(CatalogueDefect) -> FieldNumber {
        let number = try cell.required(name).integer()
        guard (1...4000).contains(number) else { throw cell.defect("a field number is 1…4000") }
        return FieldNumber(number)
    }

    /// `text:100`, `code:severity`, `integer:0..9`, `decimal:2`, `ref:WN-1,WN-2`, or a word alone.
    private func type(_ cell: Cell) throws(CatalogueDefect) -> FieldType {
        let parts = try cell.text().split(separator: ":", maxSplits: 1).map(String.init)
        let argument = parts.count == 2 ? parts[1] : ""
        switch parts.first {
        case "text": if let limit = Int(argument) { return .text(limit: limit) }
        case "code": if !argument.isEmpty { return .code(list: argument) }
        case "decimal": if let scale = UInt8(argument), scale <= 9 { return .decimal(scale: scale) }
        case "ref": return .reference(kinds: argument.split(separator: ",").map(String.init))
        case "integer":
            let limits = argument.split(separator: ".", omittingEmptySubsequences: true).compactMap { Int64($0) }
            if limits.count == 2, limits[0] <= limits[1] { return .integer(least: limits[0], most: limits[1]) }
        case "day": return .day
        case "time": return .time
        case "flag": return .flag
        case "iin": return .iin
        case "bin": return .bin
        case "settlement": return .settlement
        case "group": return .group
        default: break
        }
        throw cell.defect("no such type")
    }

    private func placement(_ cell: Cell) throws(CatalogueDefect) -> Placement {
        let parts = try cell.text().split(separator: ":").map(String.init)
        if parts == ["clear"] { return .clear }
        if parts == ["text"] { return .text }
        if parts.count == 2, let slot = UInt16(parts[1]), slot > 0 {
            if parts[0] == "person" { return .person(slot: slot) }
            if parts[0] == "people" { return .eachPerson(first: slot) }
        }
        throw cell.defect("no such place")
    }
}
