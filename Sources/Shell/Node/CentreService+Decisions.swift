import Consensus
import Law
import Records
import Reports
import Roles
import Storage
import Transport
import Vault
import Wire

/// Decisions of the nation, made here: checked, signed by the authority, committed, and sent down.
extension CentreService {
    // MARK: Senders

    func registerSender(
        _ request: SenderRequest, act: ActRequest, caller: Caller
    ) async throws(NodeError) -> SenderView {
        try refuseNodes(request.code)
        var matters: [Decision.Matter] = []
        let certificate = try request.certificatePEM.map { pem throws(NodeError) in try self.certificate(pem, request) }
        let isKnown = law.current.senders.sender(request.code) != nil
        if !isKnown || certificate != nil || !request.name.isEmpty {
            matters.append(
                .senderRegistered(
                    SenderRegistration(code: request.code, name: request.name, certificate: certificate)))
        }
        if let duty = try duty(request, from: request.from ?? act.date) { matters.append(.senderOwes(duty)) }
        guard !matters.isEmpty else {
            throw NodeError(
                .invalid, "\(request.code) is registered already, and nothing new is said of it.",
                remedy: "Give --name, --cert or --owes.", field: "code")
        }
        try await decide(matters, act, caller)
        return try view(ofSender: request.code)
    }

    /// What the request says the sender owes; nil where it says nothing of it.
    private func duty(_ request: SenderRequest, from day: Day) throws(NodeError) -> SenderDuty? {
        let held = law.current.senders.sender(request.code)?.duties.last
        guard request.owes != nil || request.territory != nil else { return nil }
        guard let owes = request.owes ?? held?.kinds else {
            throw NodeError(
                .invalid, "\(request.code) owes nothing that a territory could be given to.",
                remedy: "Give --owes with it.", field: "territory")
        }
        let edition = catalogue.edition(on: today)
        for kind in owes where edition.kind(kind) == nil {
            throw NodeError(
                .invalid, "There is no card kind \(kind).", remedy: "See `esep catalogue show`.", field: "owes")
        }
        let territory = request.territory ?? held?.territory ?? ""
        guard territory.utf8.count <= 32 else {
            throw NodeError(
                .invalid, "\(territory) is no territory.", remedy: "Give a code like KZ-75.", field: "territory")
        }
        return SenderDuty(code: request.code, kinds: Set(owes).sorted(), from: day, territory: territory)
    }

    func revokeSender(
        _ code: String, certificateID: String?, act: ActRequest, caller: Caller
    ) async throws(NodeError) -> SenderView {
        let held = try view(ofSender: code).certificates.filter { $0.revoked == nil }
        guard held.contains(where: { certificateID == nil || $0.id == certificateID }) else {
            throw NodeError(
                .notFound, "\(code) has no such certificate in force.",
                remedy: held.isEmpty ? "See `esep sender list`." : "It has \(held.map(\.id).joined(separator: ", ")).",
                field: "cert-id")
        }
        try await decide([.senderRevoked(code: code, certificateID: certificateID ?? "")], act, caller)
        return try view(ofSender: code)
    }

    func senders() async throws(NodeError) -> [SenderView] { sendersHeard }

    func missing(period text: String) async throws(NodeError) -> [MissingView] {
        guard let period = ReportPeriod(text) else {
            throw NodeError(
                .invalid, "\(text) is not a period.", remedy: "Give 2026-03, 2026-Q1, 2026-H1 or 2026.", field: "period"
            )
        }
        guard period.lastDay < today else {
            throw NodeError(
                .refused,
                "\(text) is not over: what is missing is known from \(period.lastDay.adding(days: 1).text) on.",
                remedy: "Ask for a period that is over.", field: "period")
        }
        let edition = catalogue.edition(on: period.lastDay)
        let found = try NodeError.translating { () throws(StorageError) in try store.missing(in: period) }
        return found.map { one in
            MissingView(
                sender: one.sender, name: one.name, kind: one.kind, period: one.month.text,
                problem: edition.documentProblem(code: "V015", field: "kind"))
        }
    }

    private var today: Day { Day(milliseconds: now()) }

    /// A node's own acts carry its place as their sender; they are not signed.
    private func refuseNodes(_ code: String) throws(NodeError) {
        let isNode = code == AuthorName.centre.place || catalogue.newest.region(code) != nil
        let isWellFormed =
            !code.isEmpty && code.utf8.count <= 32
            && code.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
        guard !isNode, isWellFormed else {
            throw NodeError(
                .invalid, "\(code) cannot be a sender's code.",
                remedy: "Give the code that its documents carry in sender_subject: up to 32 ASCII characters.",
                field: "code")
        }
    }

    private func certificate(_ pem: String, _ request: SenderRequest) throws(NodeError) -> SenderCertificate {
        let file: X509File
        do throws(TransportError) {
            file = try X509File(pem: pem)
        } catch {
            throw NodeError(
                .invalid, "The certificate cannot be read: \(error).",
                remedy: "Give one X.509 certificate in PEM, of P-256 or Ed25519.", field: "cert")
        }
        let own = (Day(milliseconds: file.notBefore * 1000), Day(milliseconds: file.notAfter * 1000))
        let from = request.from ?? own.0
        let to = request.to ?? own.1
        guard own.0 <= from, from <= to, to <= own.1 else {
            throw NodeError(
                .invalid,
                "The certificate is valid from \(own.0.text) to \(own.1.text), not from \(from.text) to \(to.text).",
                remedy: "Give days within its own.", field: "from")
        }
        return SenderCertificate(id: file.id, key: file.key, bytes: file.bytes, from: from, to: to)
    }

    private func view(ofSender code: String) throws(NodeError) -> SenderView {
        guard let sender = law.current.senders.sender(code) else {
            throw NodeError(
                .notFound, "No sender \(code) is registered.", remedy: "See `esep sender list`.", field: "code")
        }
        return SenderView(sender, on: today)
    }

    // MARK: Editions

    func enactEdition(
        _ request: EditionRequest, act: ActRequest, caller: Caller
    ) async throws(NodeError) -> EditionView {
        guard request.from >= act.date else {
            throw NodeError(
                .invalid, "The edition would begin on \(request.from.text), before its act of \(act.date.text).",
                remedy: "Let it begin on the act's day or later.", field: "from")
        }
        let text = EditionSource(request).text
        try await decide([.editionEnacted(text)], act, caller)
        guard let view = editionsInForce.first(where: { $0.from == request.from }) else {
            throw NodeError(.inner, "The edition was committed and is not in force here.", isDefinite: false)
        }
        return view
    }

    func editions() async throws(NodeError) -> [EditionView] { editionsInForce }

    func editionFiles(on day: Day) async throws(NodeError) -> EditionRequest {
        let held = try NodeError.translating { () throws(StorageError) in try store.decisions() }
        return editionFiles(on: day, decisions: held.map(\.decision))
    }

    // MARK: Deciding

    func decide(
        _ matters: [Decision.Matter], _ act: ActRequest, _ caller: Caller
    ) async throws(NodeError) {
        for (name, text) in [("act", act.number), ("basis", act.basis)] where text.allSatisfy(\.isWhitespace) {
            throw NodeError(.invalid, "\(name) is empty.", remedy: "Give --\(name): it is journaled.", field: name)
        }
        guard act.date <= today else {
            throw NodeError(
                .invalid, "The act's date, \(act.date.text), is in the future.", remedy: "Give the day it was signed.",
                field: "date")
        }
        var acts: [OwnAct] = []
        for matter in matters {
            var decision = Decision(
                act: Decision.Act(number: act.number, date: act.date, basis: act.basis, officer: caller.officer),
                matter: matter)
            let signed = DecisionCodec.signed(decision, cluster: files.configuration.clusterBytes)
            guard signed.count <= Limits.decisionBytes - 4096 else {
                throw NodeError(
                    .invalid, "The decision has \(signed.count) bytes.",
                    remedy: "At most \(Limits.decisionBytes - 4096) travel as one.", field: "files")
            }
            do throws(TransportError) {
                decision.signature = try authority.signature(over: signed)
            } catch {
                throw NodeError(.inner, "The authority cannot sign: \(error).")
            }
            // What would be refused when applied is refused here, and leaves no entry that tried.
            var trial = law.current
            do throws(NationLaw.Refusal) {
                try trial.take(decision)
            } catch {
                throw NodeError(.refused, error.reason, remedy: error.remedy)
            }
            acts.append(.control(.decision(decision)))
        }
        for outcome in try await self.act(acts) {
            switch outcome {
            case .recorded: continue
            case .refused(_, let reason): throw NodeError(.refused, reason)
            case .indefinite(let reason):
                throw NodeError(
                    .noLeader, reason, remedy: "See whether it stands before repeating it.", isDefinite: false)
            case .document, .seated: throw NodeError(.inner, "A decision was answered as an act of another kind.")
            }
        }
    }
}

/// What any node tells of the decisions it has heard.
extension DocumentService {
    var sendersHeard: [SenderView] {
        let today = Day(milliseconds: now())
        return law.current.senders.list.map { SenderView($0, on: today) }
    }

    var editionsInForce: [EditionView] {
        let law = law.current
        return law.catalogue.editions.map { edition in
            let act = law.enacted.last { $0.from == edition.from }?.act
            return EditionView(
                from: edition.from, kinds: edition.kinds.count, rules: edition.rules.count, act: act?.number,
                actDate: act?.date)
        }
    }

    func editionFiles(on day: Day, decisions: [Decision]) -> EditionRequest {
        let from = catalogue.edition(on: day).from
        for decision in decisions {
            if case .editionEnacted(let text) = decision.matter, text.from == from {
                return EditionRequest(
                    from: from, files: text.files.map { EditionRequest.File(name: $0.name, bytes: $0.bytes) })
            }
        }
        let source = EditionSource.embedded().first { $0.from == from }
        return EditionRequest(
            from: from,
            files: (source?.files ?? [:]).sorted { $0.key < $1.key }.map {
                EditionRequest.File(name: $0.key, bytes: $0.value)
            })
    }
}

extension TerritoryService {
    func senders() async throws(NodeError) -> [SenderView] { sendersHeard }

    func editions() async throws(NodeError) -> [EditionView] { editionsInForce }

    func editionFiles(on day: Day) async throws(NodeError) -> EditionRequest {
        let heard = try NodeError.translating { () throws(StorageError) in try node.store.decisions() }
        return editionFiles(on: day, decisions: heard.filter { $0.refused == nil }.map(\.decision))
    }
}

extension EditionSource {
    fileprivate init(_ request: EditionRequest) {
        self.init(
            from: request.from, files: Dictionary(request.files.map { ($0.name, $0.bytes) }) { first, _ in first })
    }
}

extension SenderView {
    fileprivate init(_ sender: SenderRegister.Sender, on day: Day) {
        self.init(
            code: sender.code, name: sender.name,
            certificates: sender.certificates.map { held in
                Certificate(
                    id: held.certificate.id, from: held.certificate.from, to: held.certificate.to,
                    revoked: held.revoked?.number)
            },
            owes: (sender.duties.last { $0.from <= day } ?? sender.duties.last)?.kinds ?? [],
            territory: (sender.duties.last { $0.from <= day } ?? sender.duties.last)?.territory ?? "",
            act: sender.act.number, actDate: sender.act.date, basis: sender.act.basis)
    }
}
