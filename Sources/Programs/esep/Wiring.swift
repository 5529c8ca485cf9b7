package import Node

/// The one place that says which house the program lives in; tests put their own there.
package enum Wiring {
    @TaskLocal package static var house: any NodeHouse = EmptyHouse()
}

/// A program without a node: every entrance says so.
private struct EmptyHouse: NodeHouse {
    private let refusal = NodeError(.inner, "This program was built without a node.")

    func initCentre(_ options: InitOptions) async throws(NodeError) -> NodeIdentity { throw refusal }
    func join(_ options: JoinOptions) async throws(NodeError) -> NodeIdentity { throw refusal }
    func open(_ options: OpenOptions) async throws(NodeError) -> any RunningNode { throw refusal }
    func verify(_ options: OpenOptions) async throws(NodeError) -> VerifyReport { throw refusal }
}
