import Law
import Testing

@Suite struct ExampleTests {
    @Test func everyExamplePassesTheCheckerWithoutAnError() throws {
        var desk = try Desk()
        for kind in desk.catalogue.newest.kinds {
            let example = try desk.example(kind.code)
            let codes = desk.codes(example).filter { !$0.hasPrefix("V103") }
            #expect(codes == [], "\(kind.code)")
            guard case .accepted = desk.check(example) else {
                Issue.record("\(kind.code) is refused")
                continue
            }
        }
    }
}
