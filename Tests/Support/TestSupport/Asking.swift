/// Asks again until the fact holds. The pace is that of the question itself, which runs a program or crosses a socket;
/// the limit only bounds a failure.
///
/// - Parameter tries: how often to ask before the test fails.
package func untilTrue(
    _ what: String, tries: Int = 400, file: StaticString = #fileID, line: UInt = #line, _ holds: () throws -> Bool
) throws {
    for _ in 0..<tries where try holds() { return }
    throw Child.Failure(description: "\(file):\(line): asked \(tries) times in vain: \(what)")
}
