import JSON

/// One document while its members are read into values and changes.
struct Reading {
    let bytes: UnsafeBufferPointer<UInt8>
    let plan: KindPlan
    let isCorrection: Bool
    var reader: ValueReader
    var values: [FieldValue] = []
    var changes: [FieldChange] = []
    /// Rule codes with the paths they blame, in the order found.
    var found: [(code: String, path: String)] = []
    /// The path of the member being read.
    private var path: [UInt8] = []

    init(bytes: UnsafeBufferPointer<UInt8>, plan: KindPlan, isCorrection: Bool, reader: ValueReader) {
        self.bytes = bytes
        self.plan = plan
        self.isCorrection = isCorrection
        self.reader = reader
        values.reserveCapacity(64)
        path.reserveCapacity(64)
    }

    /// Reads an object's members; nested groups by their dotted paths.
    mutating func members(of object: Int, in tape: borrowing Tape) {
        var at = object + 1
        let end = Int(tape.nodes[object].next)
        let prefix = path.count
        while at < end {
            let name = tape.nodes[at]
            let value = at + 1
            path.removeSubrange(prefix...)
            if prefix > 0 { path.append(UInt8(ascii: ".")) }
            if name.hasEscapes {
                path.append(contentsOf: Tape.decoded(name, in: bytes))
            } else {
                path.append(contentsOf: Tape.slice(name, in: bytes))
            }
            member(value, in: tape)
            at = Int(tape.nodes[value].next)
        }
        path.removeSubrange(prefix...)
    }

    private mutating func member(_ value: Int, in tape: borrowing Tape) {
        if let position = path.withUnsafeBufferPointer({ plan.names.position(of: $0) }) {
            return field(plan.entries[position], value, in: tape)
        }
        let node = tape.nodes[value]
        if path.withUnsafeBufferPointer({ plan.groups.position(of: $0) }) != nil {
            return node.kind == .object ? members(of: value, in: tape) : blame("D002")
        }
        // V008: a field outside the approved list of the form.
        blame("V008")
    }

    private mutating func field(_ entry: KindPlan.Entry, _ index: Int, in tape: borrowing Tape) {
        guard entry.isWritable else { return blame("V008") }
        let node = tape.nodes[index]
        let isChange = isCorrection && !entry.isOfAct
        if node.kind == .null {
            if isChange { changes.append(.clear(entry.number)) } else { blame("D002") }
            return
        }
        guard entry.isSet else {
            guard let value = element(entry, index, in: tape) else { return }
            if isChange {
                changes.append(.set(entry.number, value))
            } else {
                values.append(FieldValue(field: entry.number, value: value))
            }
            return
        }
        if isChange { return setChange(entry, index, in: tape) }
        guard node.kind == .array else { return blame("D002") }
        for element in elements(entry, index, in: tape) {
            values.append(FieldValue(field: entry.number, value: element))
        }
    }

    /// `{"add": […], "remove": […]}`.
    private mutating func setChange(_ entry: KindPlan.Entry, _ index: Int, in tape: borrowing Tape) {
        guard tape.nodes[index].kind == .object else { return blame("D002") }
        let add = tape.member("add", of: index, in: bytes)
        let remove = tape.member("remove", of: index, in: bytes)
        guard Int(tape.nodes[index].count) == (add == nil ? 0 : 1) + (remove == nil ? 0 : 1) else {
            return blame("D002")
        }
        if let remove {
            for value in elements(entry, remove, in: tape) { changes.append(.remove(entry.number, value)) }
        }
        if let add {
            for value in elements(entry, add, in: tape) { changes.append(.add(entry.number, value)) }
        }
    }

    private mutating func elements(_ entry: KindPlan.Entry, _ array: Int, in tape: borrowing Tape) -> [Value] {
        guard tape.nodes[array].kind == .array else {
            blame("D002")
            return []
        }
        guard tape.nodes[array].count <= 256 else {
            blame("D003")
            return []
        }
        var values: [Value] = []
        var at = array + 1
        for _ in 0..<Int(tape.nodes[array].count) {
            if let value = element(entry, at, in: tape) { values.append(value) }
            at = Int(tape.nodes[at].next)
        }
        return values
    }

    /// One value; nil where it is empty or wrong, the latter being noted.
    private mutating func element(_ entry: KindPlan.Entry, _ index: Int, in tape: borrowing Tape) -> Value? {
        let node = tape.nodes[index]
        if case .group(let table) = entry.form {
            guard node.kind == .object else {
                blame("D002")
                return nil
            }
            return group(plan.memberTables[Int(table)], index, in: tape)
        }
        do throws(ValueProblem) {
            return try reader.value(node, entry)
        } catch {
            let own: String? = if case .outOfLimits = error { plan.kind.limitRules[entry.number] } else { nil }
            blame(own ?? error.code)
            return nil
        }
    }

    private mutating func group(_ table: KindPlan.Members, _ object: Int, in tape: borrowing Tape) -> Value? {
        var members: [Value.Member] = []
        members.reserveCapacity(8)
        var at = object + 1
        let end = Int(tape.nodes[object].next)
        let length = path.count
        while at < end {
            path.append(UInt8(ascii: "."))
            let name = tape.nodes[at]
            path.append(
                contentsOf: name.hasEscapes ? Tape.decoded(name, in: bytes) : Array(Tape.slice(name, in: bytes)))
            let found = path.withUnsafeBufferPointer {
                table.names.position(of: UnsafeBufferPointer(rebasing: $0[(length + 1)...]))
            }
            if let found, table.entries[found].isWritable, !table.entries[found].isSet {
                if let value = element(table.entries[found], at + 1, in: tape) {
                    members.append(Value.Member(field: table.entries[found].number, value: value))
                }
            } else {
                blame("V008")
            }
            path.removeSubrange(length...)
            at = Int(tape.nodes[at + 1].next)
        }
        members.sort { $0.field < $1.field }
        for entry in table.entries where entry.isRequired {
            if !members.contains(where: { $0.field == entry.number }) { blame("V009") }
        }
        return members.isEmpty ? nil : .group(members)
    }

    private mutating func blame(_ code: String) {
        found.append((code, String(decoding: path, as: UTF8.self)))
    }

    /// Values in ascending order of fields; elements of a set keep their order. Nearly sorted as senders write them.
    mutating func sortValues() {
        for index in values.indices.dropFirst() {
            var at = index
            while at > 0, values[at - 1].field > values[at].field {
                values.swapAt(at - 1, at)
                at -= 1
            }
        }
    }
}
