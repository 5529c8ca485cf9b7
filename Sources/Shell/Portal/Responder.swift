import Contract
import HTTPTypes
import Hummingbird
import NIOCore
import Node

/// What a request needs to know of its connection.
struct PortalContext: InitializableFromSource {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
    }
}

/// HTTP in, HTTP out. The documents' route stands first and goes straight to the node; everything else is a `Question`.
struct Responder: HTTPResponder {
    typealias Context = PortalContext

    let node: any NodeService
    let answering: Answering
    /// This server listens on the node's own socket.
    let isOperator: Bool

    func respond(to request: Request, context: PortalContext) async throws -> Response {
        let target = request.head.path ?? "/"
        guard target.utf8.count <= Limits.targetBytes else {
            return Response(.problem(.tooLarge("The path", limit: Limits.targetBytes)))
        }
        if request.method == .post, target == "/v1/documents" || target.hasPrefix("/v1/documents?") {
            return try await documents(request, target: target, context)
        }
        let caller =
            isOperator ? await Peer.operatorAccount(of: context.channel) : Peer.networkCaller(of: context.channel)
        do throws(ProblemAnswer) {
            let limit = isOperator ? Self.limit(ofOperators: target) : Limits.requestBytes
            let body = try await Self.collect(request.body, limit: limit, what: "The request")
            guard
                let question = Question(
                    method: request.method.rawValue, target: target, body: body, caller: caller,
                    isOperator: isOperator)
            else { return Response(.problem(.invalid("The path has a broken escape."))) }
            return Response(await answering.answer(question))
        } catch {
            return Response(.problem(error))
        }
    }

    private static func limit(ofOperators target: String) -> Int {
        if target == "/v1/editions" { return Limits.editionBytes }
        let isBundle = target == "/v1/bundles/import" || target.hasPrefix("/v1/bundles/import?")
        return isBundle ? Limits.bundleBytes : Limits.requestBytes
    }

    private func documents(_ request: Request, target: String, _ context: PortalContext) async throws -> Response {
        let type = request.headers[.contentType] ?? ""
        // Who hands a document in stands in the document; the connection says only whether it came from this machine.
        let caller = isOperator ? Caller(officer: "system") : Peer.networkCaller(of: context.channel)
        var kind: String?
        var control: ControlTotals?
        var isOnlyChecked = false
        if target.utf8.count > "/v1/documents".utf8.count {
            let question = Question(method: "POST", target: target, body: [], caller: caller, isOperator: isOperator)
            guard let question else { return Response(.problem(.invalid("The path has a broken escape."))) }
            kind = question[query: "kind"]
            isOnlyChecked = question[query: "check"] == "only"
            if let text = question[query: "control"] {
                control = ControlTotals(text)
                guard control != nil else {
                    return Response(
                        .problem(
                            .invalid(
                                "control is \(text).",
                                remedy: "Give documents=N,persons=N,amount=N.NN, or some of them.",
                                field: "control")))
                }
            }
        }
        if type.hasPrefix("application/x-ndjson") {
            return await Upload(
                node: node, kind: kind, control: control, isOnlyChecked: isOnlyChecked, caller: caller,
                channel: context.channel
            ).respond(to: request)
        }
        guard type.hasPrefix("application/json") else { return Response(.problem(.unsupportedType)) }
        do throws(ProblemAnswer) {
            let document = try await Self.collect(request.body, limit: Limits.documentBytes, what: "The document")
            do throws(NodeError) {
                let outcome = try await node.submit(document, kind: kind, caller: caller)
                return Response(Answering.acknowledgement(outcome))
            } catch {
                throw error.problem
            }
        } catch {
            return Response(.problem(error))
        }
    }

    /// The whole body within size and time. Time is looked at whenever a piece comes; silence is the idle limit's.
    private static func collect(
        _ body: RequestBody, limit: Int, what: String
    ) async throws(ProblemAnswer) -> [UInt8] {
        let begin = ContinuousClock.now
        var bytes: [UInt8] = []
        do {
            for try await piece in body {
                guard bytes.count + piece.readableBytes <= limit else {
                    throw ProblemAnswer.tooLarge(what, limit: limit)
                }
                bytes.append(contentsOf: piece.readableBytesView)
                guard ContinuousClock.now - begin < .seconds(Limits.bodySeconds) else {
                    throw ProblemAnswer.tooSlow(seconds: Limits.bodySeconds)
                }
            }
        } catch let problem as ProblemAnswer {
            throw problem
        } catch {
            throw .invalid("The request was cut.", remedy: "Send it again.")
        }
        return bytes
    }
}

extension Response {
    init(_ reply: Reply) {
        var headers = HTTPFields()
        headers[.contentType] = reply.contentType
        // An answer about a person belongs in no cache.
        headers[.cacheControl] = "no-store"
        // Whatever it is, it passes by itself, and the same request may then be answered.
        if reply.status == 503 { headers[.retryAfter] = "1" }
        self.init(
            status: .init(code: reply.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body)))
    }
}
