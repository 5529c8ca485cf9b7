/// Asks again until the fact holds. The pace is that of the question itself, which runs a program or crosses a socket;
/// the limits only bound a failure.
///
/// A question that fails is asked again, too: a node that opens its files anew takes no connection for a moment.
///
/// - Parameters:
///   - tries: how often it is asked at the least before the test fails.
///   - seconds: for how long it is asked at the least: a machine may stand still for seconds while others use it.
package func untilTrue(
    _ what: @autoclosure () -> String, tries: Int = 400, seconds: Int = 60, file: StaticString = #fileID,
    line: UInt = #line, _ holds: () throws -> Bool
) throws {
    let begun = ContinuousClock.now
    var asked = 0
    var failure: (any Error)?
    while asked < tries || ContinuousClock.now - begun < .seconds(seconds) {
        asked += 1
        do {
            if try holds() { return }
            failure = nil
        } catch {
            failure = error
        }
    }
    let last = failure.map { "; the last time: \($0)" } ?? ""
    throw Child.Failure(description: "\(file):\(line): asked \(asked) times in vain: \(what())\(last)")
}
