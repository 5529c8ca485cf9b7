import Foundation
import Simulation

/// Runs seeds of the simulator in release mode on all cores. Behind `ops/simulate`.
@main
struct Simulate {
    static func main() async {
        do throws(Options.Wrong) {
            let options = try Options(Array(CommandLine.arguments.dropFirst()))
            if options.isPlanted {
                exit(await Planted(options).run() ? 0 : 1)
            } else if options.seeds == 1, let seed = options.seed {
                exit(Story(rung: options.rung, seed: seed, reduction: options.reduction).tell() ? 0 : 1)
            } else {
                exit(await Soak(options).run() ? 0 : 1)
            }
        } catch {
            FileHandle.standardError.write(Data("\(error.sentence)\n\(Options.usage)\n".utf8))
            exit(64)
        }
    }

    /// A seed nobody chose; small enough to read aloud.
    static func drawnSeed() -> UInt64 { UInt64.random(in: 1...1_000_000_000) }

    static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// Seconds of processor time this process has used.
    static var processorSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(0), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000 }
    }

    /// Prints a line at once, also into a pipe.
    static func say(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    static func shown(_ number: Double) -> String { String(format: number < 100 ? "%.1f" : "%.0f", number) }
}
