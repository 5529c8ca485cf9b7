package import Law
package import ServiceLifecycle

/// Everything the HTTP API asks of a node, and nothing else of it is visible above.
///
/// Values in, values out, no storage or wire type. A call returns when its promise is durable (a number given, an
/// access entry committed) and throws `NodeError` otherwise. Questions about persons take the `Caller` they are
/// journaled under: the node commits the access entry before it returns the answer (design §3.8).
package protocol NodeService: NationActs, BundleActs, BodyActs {
    /// What the node is; does not change while it runs.
    var identity: NodeIdentity { get }
    /// The catalogue in force here, with all its dated editions.
    var catalogue: Catalogue { get }

    // Documents
    func submit(_ document: [UInt8], kind: String?, caller: Caller) async throws(NodeError) -> SubmissionOutcome
    /// Opens a stream of documents. `kind` nil: every document names its own in `form_code`.
    func openIntake(kind: String?, counting: IntakeCounting, caller: Caller) async throws(NodeError) -> any Intake
    func correct(_ correction: Correction, caller: Caller) async throws(NodeError) -> SubmissionOutcome
    func cancel(number: String, reason: String, caller: Caller) async throws(NodeError) -> SubmissionOutcome

    // Records and discrepancies
    func record(_ number: String, caller: Caller) async throws(NodeError) -> RecordView
    /// Numbers and states, no content: a page in the order the records were opened here. Names nobody.
    func records(_ filter: RecordFilter) async throws(NodeError) -> RecordPage
    func history(_ number: String, caller: Caller) async throws(NodeError) -> [HistoryLine]
    func discrepancies(_ filter: DiscrepancyFilter, caller: Caller) async throws(NodeError) -> [DiscrepancyView]
    func discrepancy(number: String, field: String, caller: Caller) async throws(NodeError) -> DiscrepancyView
    func resolve(_ resolution: Resolution, caller: Caller) async throws(NodeError) -> SubmissionOutcome

    // The nation: answered at the centre; a territory forwards the whole request instead of calling these
    func findPersons(_ query: PersonQuery, caller: Caller) async throws(NodeError) -> PersonAnswer
    func accounts(_ filter: AccountFilter, caller: Caller) async throws(NodeError) -> [AccountView]
    func account(type: String, number: String, caller: Caller) async throws(NodeError) -> AccountView
    /// Open entries of each account type of the catalogue, in the catalogue's order.
    func accountCounts() async throws(NodeError) -> [AccountCount]
    /// Findings of the rules of nation scope, oldest record first. Names nobody.
    func findings(_ filter: FindingFilter) async throws(NodeError) -> [FindingView]
    /// Subjects that may be one and wait for an official to decide, the oldest first.
    func conflicts(limit: Int, caller: Caller) async throws(NodeError) -> [ConflictView]
    /// An act of the centre about two subjects; journaled with its basis, and reversible.
    func decide(_ decision: PersonDecision, caller: Caller) async throws(NodeError)
    /// Open records of nobody named that may be of one person, the likest first; of one record, or of all.
    func candidates(of number: String?, limit: Int) async throws(NodeError) -> [CandidateView]
    /// An act of the centre about two records proposed as alike. `isRejected` false: looked at, and still possible.
    func review(_ first: String, _ second: String, isRejected: Bool, caller: Caller) async throws(NodeError)
    /// Derives all accounts anew beside the running node: starts unless one runs, and tells how far it is.
    func checkAccounts(begin: Bool) async throws(NodeError) -> AccountsCheckView
    /// - Parameter language: of names and labels; the figures are the same in all.
    func runReport(
        form: String, period: String, territory: String?, whenComplete: Bool, language: Language
    ) async throws(NodeError) -> ReportAnswer
    func reportForms() async throws(NodeError) -> [ReportFormView]
    /// Reports due from `from` to `to`, both included; nil: 31 days either side of today.
    func reportsDue(from: Day?, to: Day?) async throws(NodeError) -> [ReportDueView]
    func territories() async throws(NodeError) -> [TerritoryView]
    func issueToken(_ request: TokenRequest, caller: Caller) async throws(NodeError) -> IssuedToken

    // The node itself
    func clusterStatus() async throws(NodeError) -> ClusterStatus
    func nodeStatus() async throws(NodeError) -> NodeStatus
    func journal(_ filter: JournalFilter, caller: Caller) async throws(NodeError) -> [JournalLine]
    /// Asks the node to stop in order; returns at once.
    func stop() async

    // Territory → centre
    /// At a territory: carries a national question to the centre over the node session and its answer back. At a node
    /// of the centre: to the one that leads.
    /// Neither is stored. Throws `.noLine` without one.
    func forward(_ request: [UInt8]) async throws(NodeError) -> [UInt8]
    /// At the centre: who answers forwarded questions. The asker is what the asking session's certificate says.
    func onForwarded(_ answer: @escaping @Sendable (_ request: [UInt8], _ asker: Asker) async -> [UInt8])

    // The centre's group: answered by a node of the centre (see `CentreGroup`)
    /// At the centre: whether another node leads, so that what rests on the whole nation is asked there by `forward`.
    func asksLeader() async -> Bool
    func members() async throws(NodeError) -> [MemberView]
    func change(_ change: MemberChange, caller: Caller) async throws(NodeError) -> ChangeOutcome
    /// Hands the lead to a voter, nil: to whoever is furthest; or tells who it would be.
    func transferLead(to node: String?, isDryRun: Bool, caller: Caller) async throws(NodeError) -> TransferOutcome
    /// Which members may be restarted now; of all where `node` is nil.
    func checkCluster(node: String?) async throws(NodeError) -> ClusterCheck
}

/// An upload in progress. One task hands in, one task takes out; both may run at once.
package protocol Intake: Sendable {
    /// Hands in the next documents, in the order they count. Returns when there is room for more, not when they are
    /// stored: at most a stated number of lines waits between this and `next`.
    func send(_ lines: DocumentLines) async throws(NodeError)
    /// No more documents follow. What was handed in is still decided and answered.
    func finish() async
    /// The outcomes of the next documents, one for each line and in their order, as soon as they are durable;
    /// nil after `finish` when all were told. Throws when the node cannot go on: whatever was not told is indefinite.
    func next() async throws(NodeError) -> [SubmissionOutcome]?
    /// What was handed in, counted; nil where it was not to be counted. After `next` has given nil: all of it.
    func totals() async -> BatchTotals?
}

/// Whether a stream's documents are counted for control totals (V014).
package enum IntakeCounting: Hashable, Sendable {
    case none
    /// Stored, and counted.
    case beside
    /// Checked and counted; nothing is stored.
    case only
}

/// Documents as they came, without a copy for each: one array of bytes and where each document stands in it.
package struct DocumentLines: Sendable {
    package var bytes: [UInt8]
    /// Ranges of `bytes`, without line ends, none empty.
    package var lines: [Range<Int>]

    package init(bytes: [UInt8], lines: [Range<Int>]) {
        self.bytes = bytes
        self.lines = lines
    }
}

/// What became of one document.
package enum SubmissionOutcome: Hashable, Sendable {
    /// Stored under this provisional number.
    case registered(number: String)
    /// The same id and content came before and has this provisional number.
    case repeated(number: String)
    /// Refused with at least one problem; nothing was stored.
    case refused([DocumentProblem])
    /// It was only to be checked, and no rule refuses it; nothing was stored.
    case sound
}

/// What is wrong with a document, where, and what would be right.
package struct DocumentProblem: Hashable, Sendable {
    /// The rule's code: `V004`, …
    package var code: String
    /// The field's dotted path; empty where the whole document is meant.
    package var field: String
    package var message: String
    package var remedy: String

    package init(code: String, field: String, message: String, remedy: String) {
        self.code = code
        self.field = field
        self.message = message
        self.remedy = remedy
    }
}

/// On whose behalf a request is made: what the journal names.
package struct Caller: Hashable, Sendable {
    /// The operator's system account on the node's own machine (`root@socket`), or who the network says it is.
    package var officer: String
    /// The territory a forwarded question came from; nil for questions asked here.
    package var territory: String?
    /// The legal basis and the purpose given with a question about persons; empty where none was given.
    package var basis: String
    package var purpose: String

    package init(officer: String, territory: String? = nil, basis: String = "", purpose: String = "") {
        self.officer = officer
        self.territory = territory
        self.basis = basis
        self.purpose = purpose
    }
}

/// A correction of the record that has `number` (provisional or confirmed).
package struct Correction: Hashable, Sendable {
    package var number: String
    package var reason: String
    /// A JSON object with the changed fields alone, nested as in a COR document.
    package var changes: [UInt8]

    package init(number: String, reason: String, changes: [UInt8]) {
        self.number = number
        self.reason = reason
        self.changes = changes
    }
}

/// What a node is.
package struct NodeIdentity: Hashable, Sendable {
    package enum Role: Hashable, Sendable {
        case centre
        case territory(String)
    }

    package var name: String
    package var role: Role
    /// The cluster's id, 32 hexadecimal digits.
    package var cluster: String
    /// The node's directory, where the socket lies.
    package var directory: String
    /// `HOST:PORT` of the network API; nil: the socket only.
    package var http: String?
    /// PEM files of the certificate chain and key for the network API; nil before the node has them.
    package var certificateFile: String?
    package var keyFile: String?

    package init(
        name: String, role: Role, cluster: String, directory: String, http: String?, certificateFile: String?,
        keyFile: String?
    ) {
        self.name = name
        self.role = role
        self.cluster = cluster
        self.directory = directory
        self.http = http
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}

/// A node that serves: run as one `Service` of the program's group, stopped by graceful shutdown.
package protocol RunningNode: NodeService, Service {
    /// After `run`: whether it ended because its files were replaced, so that the same directory is to be started anew.
    var wantsReopening: Bool { get }
    /// Returns when the node takes what it is made for, or has decided that it does not: a territory's waits for the
    /// centre's first word, some seconds at the most.
    func settled() async
}

extension RunningNode {
    package func settled() async {}
    package var wantsReopening: Bool { false }
}

extension JoinOptions {
    var peers: [String]? { peer.map { $0.split(separator: ",").map(String.init) } }
}

/// The ways into a node that stand before any request: each is one call of the program.
package protocol NodeHouse: Sendable {
    /// Makes a centre of one voter in an empty directory, with a new cluster and its authority.
    func initCentre(_ options: InitOptions) async throws(NodeError) -> NodeIdentity
    /// Makes a key, spends the token, and fills an empty directory with what the centre answers.
    func join(_ options: JoinOptions) async throws(NodeError) -> NodeIdentity
    /// Opens and locks a directory. The node serves once it runs in a service group.
    func open(_ options: OpenOptions) async throws(NodeError) -> any RunningNode
    /// Reads a stopped node's files through and compares digests, numbers and indices; changes nothing. Throws `.busy`
    /// while the node runs.
    ///
    /// - Parameters:
    ///   - accountsOnly: nothing but the accounts of a centre.
    ///   - progress: told rows read and rows to read, while the accounts are derived anew.
    func verify(
        _ options: OpenOptions, accountsOnly: Bool, progress: @escaping @Sendable (UInt64, UInt64) -> Void
    ) async throws(NodeError) -> VerifyReport
    /// Takes over what another copy of a stopped territory's directory holds alone: the node moves it under its own
    /// author when it starts. Throws where the copy is not of the same territory and log.
    func adopt(_ options: OpenOptions, from copy: String, isTrial: Bool) async throws(NodeError) -> AdoptReport
    /// An operator's word that nothing was written under the author of a stopped territory's node after its files were
    /// copied: it goes on under that author. Throws where they lie in their place.
    ///
    /// - Parameter sentence: as this returns it; nil: only returns it.
    func declareMoved(_ options: OpenOptions, sentence: String?) async throws(NodeError) -> String
    /// What is left of a centre that has lost its quorum, and what is to be done. Changes nothing.
    func planRecovery(_ options: RecoveryOptions) async throws(NodeError) -> RecoveryAnswer
    /// The first step: copies what will be changed, and writes the order beside it.
    func prepareRecovery(_ options: RecoveryOptions, officer: String) async throws(NodeError) -> RecoveryOrder
    /// The second step: carries the order out. A step that broke is gone on with by asking again.
    func carryOutRecovery(_ options: OpenOptions, sentence: String) async throws(NodeError) -> RecoveryOrder
}

package struct InitOptions: Hashable, Sendable {
    package var directory: String
    package var name: String
    /// `HOST:PORT` other nodes dial.
    package var listen: String
    package var http: String?
    package var secretFile: String?

    package init(directory: String, name: String, listen: String, http: String?, secretFile: String?) {
        self.directory = directory
        self.name = name
        self.listen = listen
        self.http = http
        self.secretFile = secretFile
    }
}

package struct JoinOptions: Hashable, Sendable {
    package var directory: String
    package var token: String
    /// Nil: the territory's code in lower case and its seat, `kz-75-1`.
    package var name: String?
    package var listen: String?
    package var http: String?
    /// Reach the centre here and not at the address the token names; several with commas between.
    package var peer: String?
    package var secretFile: String?
    /// The territory's disk was lost: this node brings its shard back from the centre and goes on in its place.
    package var isRebuild: Bool

    package init(
        directory: String, token: String, name: String?, listen: String?, http: String?, peer: String?,
        secretFile: String?, isRebuild: Bool = false
    ) {
        self.isRebuild = isRebuild
        self.directory = directory
        self.token = token
        self.name = name
        self.listen = listen
        self.http = http
        self.peer = peer
        self.secretFile = secretFile
    }
}

package struct OpenOptions: Hashable, Sendable {
    package var directory: String
    package var secretFile: String?
    /// Reach the centre here and not at the addresses it tells; several with commas between.
    package var peer: String?

    package init(directory: String, secretFile: String? = nil, peer: String? = nil) {
        self.directory = directory
        self.secretFile = secretFile
        self.peer = peer
    }
}

/// What reading a node's files through has shown.
/// What was found in another copy of a territory's directory.
package struct AdoptReport: Hashable, Sendable {
    /// The log's author, and its last entry there.
    package var author: UInt32
    package var last: UInt64
    /// Entries that stand in that copy alone.
    package var entries: UInt64
}

package struct VerifyReport: Hashable, Sendable {
    package struct Check: Hashable, Sendable {
        package var name: String
        package var passed: Bool
        /// What was compared and how much of it, or what is wrong and where.
        package var finding: String

        package init(name: String, passed: Bool, finding: String) {
            self.name = name
            self.passed = passed
            self.finding = finding
        }
    }

    package var checks: [Check]

    package init(checks: [Check]) {
        self.checks = checks
    }
}
