import Foundation
import Law
import Records
import Roles
import Storage
import Transport
import Uplink
import Wire

/// What a territory's node says of itself, and what it asks the centre.
extension TerritoryService {
    func clusterStatus() async throws(NodeError) -> ClusterStatus {
        let state = await node.standing.state
        return .territory(
            TerritoryStatus(
                territory: node.seat.territory, last: state.last, frontier: state.frontier,
                backlog: state.last - min(state.last, state.frontier), isConnected: node.lines.count > 0,
                centreAddress: link.addresses.all.joined(separator: ", "), seating: try await seating()))
    }

    func nodeStatus() async throws(NodeError) -> NodeStatus {
        let standing = await node.standing
        let records = standing.state.counters.reduce(0) { $0 + UInt64($1.last) }
        var status = NodeStatus(files, certificate: certificate, traffic: node.lines.traffic, since: started)
        status.records = records
        status.entries = standing.state.last
        status.seating = try await seating()
        switch standing.unavailability {
        case nil: break
        case .diskFull?: status.readOnly("The disk is full.")
        case .fenced(let reason)?: status.readOnly(reason)
        case .exhausted(let what)?: status.readOnly(what)
        case .starting?:
            status.state = "starting"
            status.reason = "The centre's first word is waited for, some seconds at the most."
        }
        return status
    }

    func journal(_ filter: JournalFilter, caller: Caller) async throws(NodeError) -> [JournalLine] {
        if filter.iin != nil {
            throw NodeError(
                .wrongRole, "A territory's journal names records, not subjects.",
                remedy: "Ask the centre for the journal of a person.", field: "iin")
        }
        var lines: [JournalLine] = []
        var after: LogAddress?
        while true {
            let addresses = try NodeError.translating { () throws(StorageError) in
                try node.store.journal(after: after, limit: 1_000)
            }
            guard let last = addresses.last else { break }
            after = last
            for address in addresses {
                let stored = try NodeError.translating { () throws(StorageError) in try node.store.entry(address) }
                guard let stored, let entry = try? EntryCodec.decode(stored.bytes) else { continue }
                let opened: [Write]
                if case .access(let access) = entry.body {
                    opened = node.opener.open(access, at: address, salt: stored.nonceSalt ?? 0) ?? []
                } else {
                    opened = []
                }
                guard
                    let line = JournalLine(entry, at: address, author: node.seat.territory, notes: opened),
                    filter.officer.map({ $0 == line.officer }) ?? true,
                    filter.action.map({ $0 == line.action }) ?? true
                else { continue }
                lines.append(line)
            }
            if lines.count > 2 * filter.limit { lines.removeFirst(lines.count - filter.limit) }
        }
        return lines.suffix(filter.limit)
    }

    // MARK: Asking the centre

    /// A question without an answer after this long is given up.
    private static let patience = Duration.seconds(30)

    func forward(_ request: [UInt8]) async throws(NodeError) -> [UInt8] {
        guard let session = node.lines.newest else { throw .noLine }
        let (number, reply) = node.questions.open()
        node.lines.send(.question(number: number, bytes: request), to: session)
        let questions = node.questions
        let giveUp = Task {
            try await Task.sleep(for: Self.patience)
            questions.give(number, nil)
        }
        defer { giveUp.cancel() }
        guard let answer = await reply.value() else { throw .noLine }
        return answer
    }
}

extension NodeError {
    static let noLine = NodeError(
        .noLine, "There is no line to the centre, and only the centre can answer this.",
        remedy: "Ask again when the line is back; `esep cluster status` shows it.", isDefinite: false)
}

extension NodeStatus {
    init(_ files: OpenedFiles, certificate: Identity, traffic: Traffic, since started: ContinuousClock.Instant) {
        let now = SystemClock.wallMilliseconds / 1000
        self.init(
            version: TerritoryService.software, state: "serving", reason: "",
            uptimeSeconds: UInt64((ContinuousClock.now - started).components.seconds), records: 0, entries: 0,
            lineBytesRaw: UInt64(traffic.rawIn + traffic.rawOut),
            lineBytesSent: UInt64(traffic.wireIn + traffic.wireOut), residentBytes: ResidentMemory.bytes,
            diskFreeBytes: DiskSpace.free(at: files.directory.root.path) ?? 0,
            certificateDays: Int((Int64(certificate.expirySeconds) - Int64(now)) / 86_400))
    }

    mutating func readOnly(_ reason: String) {
        state = "read-only"
        self.reason = reason
    }
}

extension JournalLine {
    /// Nil for documents: the journal is made of access and control entries.
    init?(_ entry: Entry, at address: LogAddress, author: String, notes: [Write]) {
        switch entry.body {
        case .document: return nil
        case .access(let access):
            self.init(
                author: author, index: address.index, atMilliseconds: entry.stamp.milliseconds,
                officer: access.officer, action: access.action, subjects: access.subjects,
                basis: AccessNote.text(AccessNote.basis, in: notes),
                purpose: AccessNote.text(AccessNote.purpose, in: notes), position: access.position)
        case .control(let control):
            self.init(
                author: author, index: address.index, atMilliseconds: entry.stamp.milliseconds,
                officer: control.officer, action: control.action, subjects: [], basis: control.basis,
                purpose: control.purpose, position: 0)
        }
    }
}

extension ControlEntry {
    fileprivate var action: String {
        switch self {
        case .started: "node.started"
        case .tokenIssued: "token.issued"
        case .seated: "node.seated"
        case .reseated(_, _, _, _, let cause, _, _): "node.reseated.\(cause)"
        case .member(let action, _, _, _, _): "member." + action
        case .decision(let decision): decision.matter.action
        case .recovered: "centre.recovered"
        case .bundleEpoch: "bundle.rekeyed"
        case .territory(let act): act.verb.action
        case .transferred: "record.transferred"
        }
    }

    fileprivate var officer: String {
        switch self {
        case .tokenIssued(_, _, _, _, let officer), .member(_, _, _, _, let officer): officer
        case .decision(let decision): decision.act.officer
        case .recovered(let recovery): recovery.officer
        case .bundleEpoch(let epoch): epoch.officer
        case .territory(let act): act.act.officer
        case .transferred(let transfer): transfer.act.officer
        case .started, .seated, .reseated: ""
        }
    }

    fileprivate var basis: String {
        switch self {
        case .decision(let decision): decision.act.basis
        case .territory(let act): act.act.basis
        case .transferred(let transfer): transfer.act.basis
        default: ""
        }
    }

    fileprivate var purpose: String {
        switch self {
        case .started(_, let software): software
        case .tokenIssued(_, let role, let territory, _, _): "\(role) \(territory)"
        case .seated(_, let name, _, let territory, _, _): "\(name) at \(territory)"
        case .reseated(_, let name, let territory, let former, _, _, _):
            "\(name) at \(territory), in place of author \(former.number)"
        case .member(_, let number, let name, let address, _): "\(name), number \(number), at \(address)"
        case .decision(let decision): "act \(decision.act.number) of \(decision.act.date.text)"
        case .recovered(let recovery):
            "generation \(recovery.generation): \(recovery.name), number \(recovery.number), kept to \(recovery.kept)"
        case .territory(let act):
            act.successor.isEmpty ? "\(act.territory), act \(act.act.number)" : "\(act.territory) to \(act.successor)"
        case .transferred(let transfer): "a record to \(transfer.to), act \(transfer.act.number)"
        case .bundleEpoch(let epoch): "epoch \(epoch.number), open from \(epoch.openFrom)"
        }
    }
}

/// The process's own memory, as the system counts it.
enum ResidentMemory {
    /// Bytes resident now; 0 where the system does not say.
    static var bytes: UInt64 {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = UInt64(fields[1]) else { return 0 }
        return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
