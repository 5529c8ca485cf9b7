/// Which shapes an operation takes and answers with.
extension OpenAPISchemas {
    private static func content(_ type: String, _ schema: JSONValue) -> JSONValue {
        .members(["content": .object([.init(type, .members(["schema": schema]))])])
    }

    package static func requestBody(of operation: Operation) -> JSONValue? {
        switch operation {
        case .submitDocuments:
            .members([
                "required": .bool(true),
                "content": .members([
                    "application/json": .members(["schema": anyObject]),
                    "application/x-ndjson": .members(["schema": string]),
                ]),
            ])
        case .findPersons: content("application/json", reference("PersonFindRequest"))
        case .decidePersons: content("application/json", reference("PersonDecisionRequest"))
        case .reviewCandidate: content("application/json", reference("CandidateReviewRequest"))
        case .correctRecord: content("application/json", reference("CorrectionRequest"))
        case .cancelRecord: content("application/json", reference("CancelRequest"))
        case .resolveDiscrepancy: content("application/json", reference("ResolveRequest"))
        case .issueToken: content("application/json", reference("TokenIssueRequest"))
        case .changeMembers: content("application/json", reference("MemberChangeRequest"))
        case .transferLead: content("application/json", reference("TransferRequest"))
        case .exportBundle, .receiptOfBundle: content("application/json", reference("BundlePartRequest"))
        case .importBundle: content("application/octet-stream", string)
        case .rekeyBundles: content("application/json", reference("BundleRekeyRequest"))
        case .changeBody: content("application/json", reference("BodyChangeRequest"))
        case .transferRecords: content("application/json", reference("RecordTransferRequest"))
        case .registerSender: content("application/json", reference("SenderRegisterRequest"))
        case .revokeSender: content("application/json", reference("SenderRevokeRequest"))
        case .enactEdition: content("application/json", reference("EditionEnactRequest"))
        case .placeReport: content("application/json", reference("ReportPlaceRequest"))
        default: nil
        }
    }

    package static func responses(of operation: Operation) -> JSONValue {
        var members: [JSONValue.Member] = []
        if operation == .submitDocuments {
            let created = JSONValue.members([
                "application/json": .members(["schema": reference("Acknowledgement")]),
                "application/x-ndjson": .members(["schema": reference("DocumentAnswer")]),
            ])
            let described = "Stored; 200 for a repeat and for a stream, whose answer is a line for each document."
            members.append(.init("201", .members(["description": .string(described), "content": created])))
            members.append(.init("200", .members(["description": .string(described), "content": created])))
        } else {
            let status =
                switch operation {
                case .stopNode: "202"
                case .registerSender, .enactEdition, .placeReport: "201"
                default: "200"
                }
            members.append(
                .init(
                    status,
                    .members([
                        "description": .string("The answer."),
                        "content": .members([
                            "application/json": .members(["schema": answer(of: operation)])
                        ]),
                    ])))
        }
        members.append(
            .init(
                "default",
                .members([
                    "description": .string("An RFC 9457 problem."),
                    "content": .object([
                        .init(ProblemAnswer.contentType, .members(["schema": reference("Problem")]))
                    ]),
                ])))
        return .object(members)
    }

    private static func answer(of operation: Operation) -> JSONValue {
        switch operation {
        case .submitDocuments, .correctRecord, .cancelRecord, .resolveDiscrepancy: reference("Acknowledgement")
        case .listRecords: reference("RecordList")
        case .showRecord: reference("Record")
        case .showHistory: list(reference("HistoryLine"))
        case .findPersons: reference("PersonFindAnswer")
        case .listConflicts: list(reference("Conflict"))
        case .listCandidates: list(reference("Candidate"))
        case .decidePersons, .reviewCandidate: reference("Decision")
        case .startAccountsCheck, .showAccountsCheck: reference("AccountsCheck")
        case .listAccounts: list(reference("Account"))
        case .countAccounts: reference("AccountCount")
        case .showAccount: reference("Account")
        case .listDiscrepancies: reference("DiscrepancyList")
        case .showDiscrepancy: reference("Discrepancy")
        case .listFindings, .listReconciliation: list(reference("Finding"))
        case .listReports: list(reference("ReportForm"))
        case .listDueReports: list(reference("ReportDue"))
        case .runReport, .placeReport: reference("ReportRun")
        case .listTerritories: list(reference("Territory"))
        case .showStatus: reference("ClusterStatus")
        case .showNode: reference("NodeStatus")
        case .showJournal: list(reference("JournalLine"))
        case .issueToken: reference("Token")
        case .listMembers: list(reference("GroupMember"))
        case .changeMembers: reference("MemberChange")
        case .transferLead: reference("Transfer")
        case .checkCluster: reference("ClusterCheck")
        case .exportBundle, .receiptOfBundle: reference("BundlePart")
        case .importBundle: reference("BundleImport")
        case .rekeyBundles, .listBundles: reference("Bundles")
        case .changeBody: reference("BodyChange")
        case .transferRecords: list(reference("RecordTransfer"))
        case .listSenders: list(reference("Sender"))
        case .registerSender, .revokeSender: reference("Sender")
        case .listMissing: list(reference("MissingCard"))
        case .listEditions: list(reference("Edition"))
        case .enactEdition: reference("Edition")
        case .showEdition: reference("EditionFiles")
        case .listCatalogue, .showKind, .showSchema, .showExample, .showContract, .stopNode: anything
        }
    }
}
