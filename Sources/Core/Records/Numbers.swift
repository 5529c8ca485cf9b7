/// A number given by a territory at once: `KZ-75/2026/CR-1/000123-P` (design §5).
///
/// Gapless per territory, year, card kind and author. From the second seating of a territory on it names the seat
/// (`…-P2`), so a number that was once on paper is never given again.
package struct ProvisionalNumber: Hashable, Sendable {
    package var territory: String
    package var kind: String
    package var number: Serial
    /// Counts the seatings of the territory, from 1.
    package var seat: UInt32

    package init(territory: String, kind: String, number: Serial, seat: UInt32) {
        self.territory = territory
        self.kind = kind
        self.number = number
        self.seat = seat
    }

    package var text: String {
        let digits = String(number.serial)
        let padding = String(repeating: "0", count: max(0, 6 - digits.utf8.count))
        let suffix = seat == 1 ? "P" : "P\(seat)"
        return "\(territory)/\(number.year)/\(kind)/\(padding)\(digits)-\(suffix)"
    }

    /// Nil unless the text is such a number.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, !parts[0].isEmpty, !parts[2].isEmpty, let year = UInt16(parts[1]) else { return nil }
        let tail = parts[3].split(separator: "-", omittingEmptySubsequences: false)
        guard tail.count == 2, let serial = UInt32(tail[0]), serial > 0, tail[1].first == "P" else { return nil }
        let seat = tail[1].count == 1 ? 1 : UInt32(tail[1].dropFirst()) ?? 0
        guard seat > 0 else { return nil }
        self.init(
            territory: String(parts[0]), kind: String(parts[2]), number: Serial(year: year, serial: serial), seat: seat)
    }
}

/// A number given by the centre when it accounts: `2026/00000123`, gapless per year of accounting.
package struct ConfirmedNumber: Hashable, Sendable {
    package var number: Serial

    package init(_ number: Serial) {
        self.number = number
    }

    package var text: String {
        let digits = String(number.serial)
        return "\(number.year)/" + String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
    }

    /// Nil unless the text is such a number.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let year = UInt16(parts[0]), let serial = UInt32(parts[1]), serial > 0
        else { return nil }
        self.init(Serial(year: year, serial: serial))
    }
}
