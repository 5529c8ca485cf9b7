import Law
import Records
import Roles
import Storage
import Wire

/// One document entry of a record, read back and opened.
struct ReadEntry {
    var at: LogAddress
    var stamp: Stamp
    var document: DocumentEntry
    var opened: [OpenedBlock] = []

    init?(_ at: LogAddress, bytes: [UInt8]) {
        guard let entry = try? EntryCodec.decode(bytes), case .document(let document) = entry.body else { return nil }
        (self.at, stamp, self.document) = (at, entry.stamp, document)
    }

    init(_ document: CentreDocument) {
        (at, stamp, self.document, opened) = (document.at, document.stamp, document.entry, document.opened)
    }

    var opens: Bool { document.act == .register || document.act == .zero }
}

extension [ReadEntry] {
    /// What the product makes of them.
    var merged: RecordView? {
        guard let first = first(where: \.opens), let kind = Papers.kind(first.document) else { return nil }
        let state = reduce(into: RecordState()) { state, one in
            state.apply(one.document, at: one.at, stamp: one.stamp, opened: one.opened.flatMap(\.writes))
        }
        return state.view { kind.field($0)?.accumulates ?? false }
    }
}
