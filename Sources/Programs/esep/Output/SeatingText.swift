import Contract

/// What became of a log that could not go on, in a sentence, with the next step.
enum SeatingText {
    /// - Parameter all: name every entry that was moved, as far as they were told.
    static func text(_ seating: SeatingAnswer, of name: String, all: Bool = false) -> String {
        var lines = ["\(name) \(seating.state): \(seating.sentence)"]
        if !seating.next.isEmpty { lines.append("next: \(seating.next)") }
        guard all, !seating.moved.isEmpty else { return lines.joined(separator: "\n") }
        var table = Table(.text("moved from"), .text("to"), .text("number"))
        for moved in seating.moved { table.add(moved.from, moved.to, moved.number ?? "") }
        lines.append(table.text)
        return lines.joined(separator: "\n")
    }
}
