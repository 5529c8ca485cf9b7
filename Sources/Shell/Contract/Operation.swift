/// Every operation of `/v1`. The server matches requests against this list and the OpenAPI document is made from it, so
/// neither can know a route that the other does not.
package enum Operation: String, CaseIterable, Hashable, Sendable {
    case submitDocuments, listRecords, showRecord, showHistory, correctRecord, cancelRecord
    case findPersons, listConflicts, decidePersons, listCandidates, reviewCandidate
    case listAccounts, countAccounts, showAccount, startAccountsCheck, showAccountsCheck
    case listDiscrepancies, showDiscrepancy, resolveDiscrepancy
    case listFindings, listReconciliation
    case listReports, listDueReports, runReport, listTerritories
    case showStatus, showNode, showJournal, issueToken
    case listMembers, changeMembers, transferLead, checkCluster
    case exportBundle, importBundle, receiptOfBundle, rekeyBundles, listBundles
    case changeBody, transferRecords
    case listSenders, registerSender, revokeSender, listMissing
    case listEditions, enactEdition, showEdition, placeReport
    case listCatalogue, showKind, showSchema, showExample
    case showContract, stopNode

    /// Who answers.
    package enum Scope: Hashable, Sendable {
        /// Whichever node is asked.
        case here
        /// The centre: a territory passes question and answer through and stores neither.
        case centre
        /// The node asked, and only over its own socket: whoever may open it is the operator.
        case operatorHere
        /// The centre's leader, and only over the socket of one of the centre's nodes.
        case operatorCentre

        package var isOperators: Bool { self == .operatorHere || self == .operatorCentre }
    }

    /// At the centre: whether only the leader can answer, since it journals, writes, or rests on all that is committed.
    package var needsLeader: Bool {
        switch self {
        case .showStatus, .showNode, .stopNode, .listCatalogue, .showKind, .showSchema, .showExample, .showContract,
            .listSenders, .listEditions, .showEdition, .startAccountsCheck, .showAccountsCheck, .listBundles:
            false
        default: true
        }
    }

    package var method: String {
        switch self {
        case .submitDocuments, .correctRecord, .cancelRecord, .findPersons, .decidePersons, .reviewCandidate,
            .startAccountsCheck, .resolveDiscrepancy, .issueToken, .stopNode, .changeMembers, .transferLead,
            .registerSender, .revokeSender, .enactEdition, .placeReport, .exportBundle, .importBundle,
            .receiptOfBundle, .rekeyBundles, .changeBody, .transferRecords:
            "POST"
        default:
            "GET"
        }
    }

    /// `{number}` stands for a provisional or confirmed number with its slashes as they are.
    package var path: String {
        switch self {
        case .submitDocuments: "/v1/documents"
        case .listRecords: "/v1/records"
        case .showRecord: "/v1/records/{number}"
        case .showHistory: "/v1/records/{number}/history"
        case .correctRecord: "/v1/records/{number}/corrections"
        case .cancelRecord: "/v1/records/{number}/cancel"
        case .findPersons: "/v1/persons/find"
        case .listConflicts: "/v1/persons/conflicts"
        case .decidePersons: "/v1/persons/decisions"
        case .listCandidates: "/v1/persons/candidates"
        case .reviewCandidate: "/v1/persons/reviews"
        case .listAccounts: "/v1/accounts"
        case .startAccountsCheck, .showAccountsCheck: "/v1/accounts/check"
        case .countAccounts: "/v1/accounts/count"
        case .showAccount: "/v1/accounts/{type}/{number}"
        case .listDiscrepancies: "/v1/discrepancies"
        case .showDiscrepancy: "/v1/discrepancies/{number}"
        case .resolveDiscrepancy: "/v1/discrepancies/{number}/resolve"
        case .listFindings: "/v1/findings"
        case .listReconciliation: "/v1/reconciliation"
        case .listReports: "/v1/reports"
        case .listDueReports: "/v1/reports/due"
        case .runReport: "/v1/reports/{form}"
        case .listTerritories, .changeBody: "/v1/territories"
        case .transferRecords: "/v1/transfers"
        case .showStatus: "/v1/status"
        case .showNode: "/v1/node"
        case .showJournal: "/v1/journal"
        case .issueToken: "/v1/tokens"
        case .listMembers, .changeMembers: "/v1/members"
        case .transferLead: "/v1/members/transfer"
        case .checkCluster: "/v1/check"
        case .listBundles: "/v1/bundles"
        case .exportBundle: "/v1/bundles/export"
        case .importBundle: "/v1/bundles/import"
        case .receiptOfBundle: "/v1/bundles/receipt"
        case .rekeyBundles: "/v1/bundles/rekey"
        case .listSenders, .registerSender: "/v1/senders"
        case .revokeSender: "/v1/senders/{code}/revoke"
        case .listMissing: "/v1/senders/missing"
        case .listEditions, .enactEdition: "/v1/editions"
        case .placeReport: "/v1/reports/{form}/place"
        case .showEdition: "/v1/editions/files"
        case .listCatalogue: "/v1/catalogue"
        case .showKind: "/v1/catalogue/{kind}"
        case .showSchema: "/v1/catalogue/{kind}/schema"
        case .showExample: "/v1/catalogue/{kind}/example"
        case .showContract: "/v1/openapi.json"
        case .stopNode: "/v1/stop"
        }
    }

    package var scope: Scope {
        switch self {
        case .findPersons, .listAccounts, .countAccounts, .showAccount, .listReports, .listDueReports, .runReport,
            .listTerritories, .listFindings, .listReconciliation, .listMissing:
            .centre
        case .showJournal, .stopNode, .startAccountsCheck, .showAccountsCheck, .exportBundle, .importBundle,
            .receiptOfBundle, .rekeyBundles, .listBundles:
            .operatorHere
        case .issueToken, .changeMembers, .transferLead, .registerSender, .revokeSender, .enactEdition, .placeReport,
            .listConflicts, .decidePersons, .listCandidates, .reviewCandidate, .changeBody, .transferRecords:
            .operatorCentre
        default: .here
        }
    }

    package var summary: String {
        switch self {
        case .submitDocuments: "Hand in one document, or a stream of them; answered when stored on this node's disk."
        case .listRecords: "Numbers and states of records, a page at a time, in the order they were opened."
        case .showRecord: "A record as it stands, merged."
        case .showHistory: "Every document of a record, oldest first: who wrote what, and when."
        case .correctRecord: "Correct some fields of a record."
        case .cancelRecord: "Cancel a record."
        case .findPersons: "What the nation knows of a person or organisation. Journaled before it is answered."
        case .listConflicts: "Subjects that may be one and wait for an official to decide. Journaled."
        case .decidePersons: "Decide that two subjects are one person, or two. Journaled, reversible."
        case .listAccounts: "Entries of the special accounts."
        case .listCandidates: "Open records of nobody named that may be of one person, the likest first."
        case .reviewCandidate: "Say of two such records that they were looked at, or are not alike. Journaled."
        case .startAccountsCheck: "Derive all accounts anew from the archive and compare, beside the running node."
        case .showAccountsCheck: "How far that check is, or what it found."
        case .countAccounts: "Open entries of each special account."
        case .showAccount: "An entry of a special account with its history."
        case .listDiscrepancies: "Fields with several values that nobody has resolved yet."
        case .showDiscrepancy: "The values of one field: who, when, where, what."
        case .resolveDiscrepancy: "Choose one of the values, or give a new one."
        case .listFindings: "What the national rules say of records, open and withdrawn."
        case .listReconciliation: "Cards that another card should stand beside, and does not."
        case .listReports: "The forms that can be run."
        case .listDueReports: "Which form for which period is due when, and whether it is late."
        case .runReport: "Run a form for a period."
        case .listTerritories: "The territories as the centre sees them."
        case .showStatus: "The cluster as this node knows it."
        case .showNode: "This node: state, sizes, line, certificate."
        case .showJournal: "Who did what, to whom, on what basis."
        case .issueToken: "A token that lets one node join. At the centre only."
        case .listMembers: "The nodes of the centre: who votes, who learns, how far each has come."
        case .changeMembers:
            "Add, promote, demote, remove or replace nodes of the centre, or tell what it would come to."
        case .transferLead: "Hand the lead of the centre to another voter."
        case .checkCluster: "Whether each node of the centre may be restarted now, and why."
        case .changeBody: "Open a territorial body, close it, or give it another node. At the centre only."
        case .transferRecords: "Hand records over by jurisdiction. At the centre only."
        case .exportBundle: "The next part of this territory's log as a frame of a bundle."
        case .importBundle:
            "One frame of a bundle: a log at the centre, a receipt at a territory. In any order, any number of times."
        case .receiptOfBundle: "The next part of the receipt for a territory whose bundle was imported."
        case .rekeyBundles: "Draw a new key that bundles are sealed to. At the centre only."
        case .listBundles: "The epoch of bundles, and what lies staged."
        case .listSenders: "The senders registered, as this node has heard of them."
        case .registerSender: "Make a sender known, give it a certificate, say which cards it owes. At the centre only."
        case .revokeSender: "Revoke a sender's certificates. At the centre only."
        case .listMissing: "Who owed cards of a period and handed in neither a document nor a zero report (V015)."
        case .listEditions: "The editions of the catalogue in force here."
        case .enactEdition: "Enact an edition of the catalogue for the whole nation. At the centre only."
        case .showEdition: "The files of an edition."
        case .placeReport: "Place a form of a period that is over, or a revision of it. At the centre only."
        case .listCatalogue: "The card kinds."
        case .showKind: "Fields and rules of a card kind."
        case .showSchema: "The JSON Schema (2020-12) of a card kind's documents."
        case .showExample: "A valid document of a card kind."
        case .showContract: "This description."
        case .stopNode: "Stop the node in order."
        }
    }

    /// Query parameters: name, whether required, what it means.
    package var query: [(name: String, isRequired: Bool, meaning: String)] {
        let limit = ("limit", false, "At most this many; \(Limits.listLines) where absent.")
        return switch self {
        case .submitDocuments:
            [
                ("kind", false, "Refuse documents of other kinds; absent: any kind."),
                (
                    "control", false,
                    "What a stream holds, documents=N,persons=N,amount=N.NN: its last line compares (V014)."
                ), ("check", false, "only: check and count a stream, store nothing."),
            ]
        case .listRecords:
            [
                ("territory", false, "Opened by this territory."), ("kind", false, "A card kind."),
                ("after", false, "The next of the page before."), limit,
            ]
        case .listAccounts:
            [("type", false, "An account type: 3."), ("state", false, "A state of the account."), limit]
        case .listConflicts: [limit]
        case .listCandidates: [("number", false, "Of the record with this confirmed number."), limit]
        case .listDiscrepancies:
            [("territory", false, "Of records this territory opened."), ("kind", false, "A card kind."), limit]
        case .showDiscrepancy: [("field", true, "The field's dotted path.")]
        case .listFindings, .listReconciliation:
            [
                ("territory", false, "Of records this territory opened."), ("body", false, "Of this sender's records."),
                ("code", false, "Of this rule: V212."), ("kind", false, "A card kind."),
                ("open", false, "true: only what still stands."), limit,
            ]
        case .listDueReports:
            [("from", false, "First day, 2026-03-01."), ("to", false, "Last day, included.")]
        case .runReport:
            [
                ("period", true, "2026-03, 2026-Q1, 2026-H1 or 2026."),
                ("territory", false, "One territory's figures alone."),
                ("complete", false, "true: refused while a territory may still hold documents of the period."),
                ("language", false, "Of names and labels: en, kk or ru; en where absent."),
            ]
        case .showJournal:
            [
                ("officer", false, "Of this officer."), ("action", false, "Of this kind: person.find."),
                ("iin", false, "About the person or organisation of this number."), limit,
            ]
        case .checkCluster: [("node", false, "Of this node alone: its name or number.")]
        case .importBundle: [("check", false, "only: look at the frame, take nothing.")]
        case .listMissing: [("period", true, "2026-03, 2026-Q1, 2026-H1 or 2026; over.")]
        case .showKind, .showSchema, .showExample, .listCatalogue, .showEdition:
            [("at", false, "The edition in force on this day; absent: today.")]
        default: []
        }
    }
}

/// A request's operation and what its path names.
package struct OperationMatch: Hashable, Sendable {
    package var operation: Operation
    /// The values of the path's names, decoded.
    package var names: [String: String]

    package init(operation: Operation, names: [String: String]) {
        self.operation = operation
        self.names = names
    }

    /// - Parameter segments: the path's parts between slashes, decoded one by one.
    /// - Returns: nil when no operation has this path; the methods it has when none has this method.
    package static func find(method: String, segments: [String]) -> Result<OperationMatch, OperationMismatch> {
        var methods: [String] = []
        for operation in Operation.allCases {
            let template = operation.path.split(separator: "/").map(String.init)
            guard let names = names(template: template[...], segments: segments[...]) else { continue }
            if operation.method == method { return .success(OperationMatch(operation: operation, names: names)) }
            methods.append(operation.method)
        }
        return .failure(methods.isEmpty ? .noSuchPath : .otherMethods(methods))
    }

    private static func names(
        template: ArraySlice<String>, segments: ArraySlice<String>
    ) -> [String: String]? {
        guard let part = template.first else { return segments.isEmpty ? [:] : nil }
        guard let segment = segments.first, !segment.isEmpty else { return nil }
        guard part.hasPrefix("{") else {
            return part == segment ? names(template: template.dropFirst(), segments: segments.dropFirst()) : nil
        }
        let name = String(part.dropFirst().dropLast())
        // A number takes all segments but those the rest of the template needs.
        let taken = name == "number" ? segments.count - (template.count - 1) : 1
        guard taken >= 1, taken <= segments.count,
            var rest = names(template: template.dropFirst(), segments: segments.dropFirst(taken))
        else { return nil }
        // A word that ends another operation's path ends no number.
        if name == "number", ["history", "corrections", "cancel", "resolve"].contains(segments.prefix(taken).last) {
            return nil
        }
        rest[name] = segments.prefix(taken).joined(separator: "/")
        return rest
    }
}

package enum OperationMismatch: Error, Hashable, Sendable {
    case noSuchPath
    case otherMethods([String])
}
