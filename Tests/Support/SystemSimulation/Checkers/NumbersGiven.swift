import Records
import Roles
import Simulation
import Vault

/// A provisional number is given to one document, over all branches of a log (design §5). What alone is excused is a
/// node whose machine was put back as a whole, so that it cannot know: it gives numbers without the centre's word only
/// where there is no line, and its clerks were told what that means.
struct NumbersGiven {
    private struct Given {
        var digest: Digest
        var isExcused: Bool
    }

    private var given: [String: Given] = [:]

    mutating func wrote(_ line: WrittenLogs.Line, by host: TerritoryHost) throws {
        guard case .document(let document) = line.appended.entry.body else { return }
        let number = document.number
        let name = "\(host.name)/\(host.shard.seat.seat)/\(document.kind)/\(number.year)/\(number.serial)"
        if let before = given[name], before.digest != line.after, !before.isExcused, !host.isExcused {
            throw Violation("numbers", "\(host.label) gives \(name) a second time")
        }
        given[name] = Given(digest: line.after, isExcused: host.isExcused)
    }
}
