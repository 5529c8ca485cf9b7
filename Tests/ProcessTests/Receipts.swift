import TestSupport

/// What a territory's clerk holds in his hand: the numbers the node has acknowledged, `esep register --receipts FILE`.
enum Receipts {
    /// In the order of the lines. A last line that was cut by a kill is no receipt: nobody has read it whole.
    static func byLine(_ file: String) throws -> [(line: Int, number: String)] {
        var found: [(line: Int, number: String)] = []
        let bytes = (try? TestFile.bytes(file)) ?? []
        let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { bytes[...$0] } ?? []
        for line in whole.split(separator: UInt8(ascii: "\n")) {
            let receipt = try Reading(Array(line))
            guard let number = receipt["number"].text ?? receipt["repeat"].text else { continue }
            found.append((receipt["line"].integer ?? 0, number))
        }
        return found
    }

    static func numbers(_ file: String) throws -> [String] {
        try byLine(file).sorted { $0.line < $1.line }.map(\.number)
    }
}

/// What the centre and a territory say of the territory's numbers, compared.
struct Confirmed {
    let atCentre: [String: String]
    /// Each a sentence; none where everything holds.
    let faults: [String]

    init(centre: Seat, seat: Seat, territory: String) throws {
        var faults: [String] = []
        var confirmed: [String: String] = [:]
        var owners: [String: String] = [:]
        for (provisional, number) in try centre.confirmed(territory: territory) {
            if confirmed.updateValue(number, forKey: provisional) != nil {
                faults.append("\(provisional) was confirmed twice")
            }
            if let other = owners.updateValue(provisional, forKey: number) {
                faults.append("\(number) was given to \(provisional) and to \(other)")
            }
        }
        var told: [String: String] = [:]
        for (provisional, number) in try seat.confirmed() { told[provisional] = number }
        for (provisional, number) in confirmed.sorted(by: { $0.key < $1.key }) where told[provisional] != number {
            faults.append(
                "\(provisional) is \(number) at the centre, \(told[provisional] ?? "unknown") at \(seat.name)")
        }
        for (provisional, number) in told.sorted(by: { $0.key < $1.key }) where confirmed[provisional] == nil {
            faults.append("\(provisional) is \(number) at \(seat.name) and unknown at the centre")
        }
        atCentre = confirmed
        self.faults = faults
    }

    /// The acknowledged numbers that the centre has not confirmed.
    func missing(from acknowledged: some Collection<String>) -> [String] {
        acknowledged.filter { atCentre[$0] == nil }.sorted()
    }
}
