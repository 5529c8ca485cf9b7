package import Law

/// Acts of the centre that hold for the nation, and what every node knows of them. At a territory only what it has
/// heard can be asked; the rest it answers with `wrongRole`.
package protocol NationActs: Sendable {
    /// Makes a sender known, gives it a certificate, says which cards it owes: one act.
    func registerSender(_ request: SenderRequest, act: ActRequest, caller: Caller) async throws(NodeError) -> SenderView
    func revokeSender(
        _ code: String, certificateID: String?, act: ActRequest, caller: Caller
    ) async throws(NodeError) -> SenderView
    /// As this node has heard of them, in ascending order of codes.
    func senders() async throws(NodeError) -> [SenderView]
    /// Who owes cards of a month and has handed in neither a document nor a zero report (V015).
    func missing(period: String) async throws(NodeError) -> [MissingView]
    func enactEdition(_ request: EditionRequest, act: ActRequest, caller: Caller) async throws(NodeError) -> EditionView
    /// Places a form of a period that is over: counted now, refused while a territory is behind or a rule of error
    /// fires. Placed with other figures before, it wants a note (V906).
    func placeReport(
        form: String, period: String, note: String, act: ActRequest, caller: Caller
    ) async throws(NodeError) -> ReportAnswer
    /// In force here, in ascending order of their first days.
    func editions() async throws(NodeError) -> [EditionView]
    /// The files of the edition in force on a day.
    func editionFiles(on day: Day) async throws(NodeError) -> EditionRequest
}

/// The act that a decision rests on. Dates are `2026-03-31`.
package struct ActRequest: Hashable, Sendable {
    package var number: String
    package var date: Day
    package var basis: String

    package init(number: String, date: Day, basis: String) {
        self.number = number
        self.date = date
        self.basis = basis
    }
}

package struct SenderRequest: Hashable, Sendable {
    package var code: String
    package var name: String
    /// An X.509 certificate in PEM; nil: known by name.
    package var certificatePEM: String?
    /// Days it may be used; nil: the certificate's own.
    package var from: Day?
    package var to: Day?
    /// Card kinds owed every month; nil: as before; empty: none.
    package var owes: [String]?
    /// Where it owes them; nil: as before.
    package var territory: String?

    package init(
        code: String, name: String = "", certificatePEM: String? = nil, from: Day? = nil, to: Day? = nil,
        owes: [String]? = nil, territory: String? = nil
    ) {
        self.territory = territory
        self.code = code
        self.name = name
        self.certificatePEM = certificatePEM
        self.from = from
        self.to = to
        self.owes = owes
    }
}

package struct SenderView: Hashable, Sendable {
    package struct Certificate: Hashable, Sendable {
        package var id: String
        package var from: Day
        package var to: Day
        /// The act that revoked it.
        package var revoked: String?
    }

    package var code: String
    package var name: String
    package var certificates: [Certificate]
    package var owes: [String]
    /// Where it owes them; empty where no act says so.
    package var territory: String
    /// The act by which it was registered.
    package var act: String
    package var actDate: Day
    package var basis: String
}

/// A card kind that a sender owed for a month.
package struct MissingView: Hashable, Sendable {
    package var sender: String
    package var name: String
    package var kind: String
    package var period: String
    /// V015 in the words of the catalogue.
    package var problem: DocumentProblem
}

package struct EditionRequest: Hashable, Sendable {
    package struct File: Hashable, Sendable {
        package var name: String
        package var bytes: [UInt8]

        package init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    package var from: Day
    package var files: [File]

    package init(from: Day, files: [File]) {
        self.from = from
        self.files = files
    }
}

package struct EditionView: Hashable, Sendable {
    package var from: Day
    package var kinds: Int
    package var rules: Int
    /// The act that enacted it; nil for what the program carries.
    package var act: String?
    package var actDate: Day?
}

extension NationActs {
    private var atTheCentre: NodeError {
        NodeError(.wrongRole, "This is decided at the centre.", remedy: "Ask it there: --data of a centre's node.")
    }

    package func registerSender(
        _ request: SenderRequest, act: ActRequest, caller: Caller
    ) async throws(NodeError) -> SenderView { throw atTheCentre }
    package func revokeSender(
        _ code: String, certificateID: String?, act: ActRequest, caller: Caller
    ) async throws(NodeError) -> SenderView { throw atTheCentre }
    package func senders() async throws(NodeError) -> [SenderView] { throw atTheCentre }
    package func missing(period: String) async throws(NodeError) -> [MissingView] { throw atTheCentre }
    package func enactEdition(
        _ request: EditionRequest, act: ActRequest, caller: Caller
    ) async throws(NodeError) -> EditionView { throw atTheCentre }
    package func placeReport(
        form: String, period: String, note: String, act: ActRequest, caller: Caller
    ) async throws(NodeError) -> ReportAnswer { throw atTheCentre }
    package func editions() async throws(NodeError) -> [EditionView] { throw atTheCentre }
    package func editionFiles(on day: Day) async throws(NodeError) -> EditionRequest { throw atTheCentre }
}
