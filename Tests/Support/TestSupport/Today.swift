import Foundation

/// Days as the country counts them, UTC+5.
package enum Today {
    /// `2026-03-03`.
    package static func text(daysAgo: Int) -> String {
        let day = Date().addingTimeInterval(5 * 3600 - Double(daysAgo) * 86_400)
        return String(day.ISO8601Format().prefix(10))
    }

    /// `2026-03`.
    package static var month: String { String(text(daysAgo: 0).prefix(7)) }
}
