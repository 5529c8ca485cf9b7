import ArgumentParser
import Contract
import Foundation
import Law

/// The act that a decision of the nation rests on, as every such command takes it.
struct ActOptions: ParsableArguments {
    @Option(help: "The act's number.") var act: String
    @Option(help: "The day of the act: 2026-03-31; absent: today.") var date: String?
    @Option(help: "What the act rests on: article, order, request.") var basis: String

    mutating func validate() throws {
        if let date, Day(text: date) == nil { throw ValidationError("--date is a date: 2026-03-31.") }
    }

    var fields: ActFields { ActFields(number: act, date: date ?? today.text, basis: basis) }
}

/// Today in UTC+5, the time of the law.
var today: Day { Day(milliseconds: UInt64(Date().timeIntervalSince1970 * 1000)) }

/// A file's text, or a sentence that says why there is none.
func textFile(_ path: String) throws -> String {
    do {
        return try String(contentsOfFile: path, encoding: .utf8)
    } catch {
        throw Failure("The file \(path) cannot be read: \(error.localizedDescription).", remedy: "Name another.")
    }
}
