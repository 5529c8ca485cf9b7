import ArgumentParser
import Contract
import Foundation
import Law
import Node

/// Why a command ends without having done its work.
struct Failure: Error, CustomStringConvertible {
    var sentence: String
    var remedy: String
    var exit: Int32

    init(_ sentence: String, remedy: String = "", exit: Int32 = 1) {
        self.sentence = sentence
        self.remedy = remedy
        self.exit = exit
    }

    var description: String { remedy.isEmpty ? sentence : "\(sentence)\n  \(remedy)" }
}

/// A command of the program: errors are told in plain words on stderr and end it with the stated exit status.
protocol Command: AsyncParsableCommand {
    func execute() async throws
}

extension Command {
    func run() async throws {
        do {
            try await execute()
        } catch let exit as ExitCode {
            throw exit
        } catch let failure as Failure {
            Console.complain(failure.description)
            throw ExitCode(failure.exit)
        } catch let problem as ProblemAnswer {
            Console.complain(ProblemText.text(problem))
            throw ExitCode(1)
        } catch let error as NodeError {
            Console.complain(error.remedy.isEmpty ? error.sentence : "\(error.sentence)\n  \(error.remedy)")
            throw ExitCode(1)
        } catch let defect as CatalogueDefect {
            Console.complain("The catalogue cannot be loaded: \(defect.sentence)\n  \(defect.remedy)")
            throw ExitCode(1)
        } catch let error as ContractError {
            Console.complain("The answer is not what the contract says: \(error)\n  Compare the versions.")
            throw ExitCode(1)
        }
    }
}

/// A problem in plain words: what was seen, the field, what to do; then each problem of a refused document.
enum ProblemText {
    static func text(_ problem: ProblemAnswer) -> String {
        var lines = [problem.field.isEmpty ? problem.detail : "\(problem.field): \(problem.detail)"]
        if !problem.remedy.isEmpty { lines.append("  " + problem.remedy) }
        for one in problem.problems {
            lines.append("  \(one.code) \(one.field.isEmpty ? "document" : one.field): \(one.message) \(one.remedy)")
        }
        if !problem.isDefinite { lines.append("  It may have taken effect: look before asking again.") }
        return lines.joined(separator: "\n")
    }
}
