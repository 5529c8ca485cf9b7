import Contract
import Node

/// Bundles over the API: frames as they are in, frames with where they stand out.
extension Answering {
    func answerBundles(_ match: OperationMatch, _ question: Question) async throws(ProblemAnswer) -> Reply {
        let (node, caller) = (node, question.caller)
        switch match.operation {
        case .exportBundle, .receiptOfBundle:
            let request: BundlePartQuestion = try body(question)
            let wanted = BundlePartRequest(
                after: request.after, until: request.until, bytes: request.bytes.map { Int(clamping: $0) })
            if match.operation == .exportBundle {
                return .json(
                    try await asked { () async throws(NodeError) in
                        try await node.exportBundle(wanted, caller: caller)
                    }.answer)
            }
            let author = request.author.map { UInt32(clamping: $0) }
            guard author != nil || request.territory != nil else {
                throw .missing("territory", "the territory whose node the receipt is for")
            }
            return .json(
                try await asked { () async throws(NodeError) in
                    try await node.bundleReceipt(
                        territory: request.territory ?? "", author: author, wanted, caller: caller)
                }.answer)
        case .importBundle:
            let isCheck = question[query: "check"] == "only"
            return .json(
                try await asked { () async throws(NodeError) in
                    try await node.importBundle(question.body, isCheck: isCheck, caller: caller)
                }.answer)
        case .rekeyBundles:
            let request: BundleRekeyRequest = try body(question)
            return .json(
                try await asked { () async throws(NodeError) in
                    try await node.rekeyBundles(closing: request.isClosing, caller: caller)
                }.answer)
        default:
            return .json(try await asked { () async throws(NodeError) in try await node.bundles() }.answer)
        }
    }
}

extension BundlePart {
    fileprivate var answer: BundlePartAnswer {
        BundlePartAnswer(author: UInt64(author), first: first, last: last, until: until, frame: frame)
    }
}

extension BundleImport {
    fileprivate var answer: BundleImportAnswer {
        BundleImportAnswer(
            author: UInt64(author), territory: territory, first: first, last: last, outcome: outcome.rawValue,
            frontier: frontier, missing: missing, downlink: downlink)
    }
}

extension BundlesView {
    fileprivate var answer: BundlesAnswer {
        BundlesAnswer(
            epoch: UInt64(epoch), openFrom: UInt64(openFrom),
            staged: staged.map {
                BundlesAnswer.Staged(
                    author: UInt64($0.author), territory: $0.territory, frontier: $0.frontier,
                    pieces: UInt64($0.pieces),
                    bytes: $0.bytes, last: $0.last, missing: $0.missing)
            })
    }
}
