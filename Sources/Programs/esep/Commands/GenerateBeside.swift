import Contract
import Foundation
import Generator
import Law
import Node

/// The folder beside generated documents: what signs them, what they add up to, and with faults what no line can show.
struct BesideFolder {
    private let folder: URL
    private let beside: Beside
    private let catalogue: Catalogue
    private let isFaulty: Bool
    private let senders: [String: SeededSender]
    /// Counts as a node does, of the lines as they are handed in.
    private var checker: Checker
    private let context: CheckContext

    /// - Throws: where the folder is not empty, or cannot be made.
    init(_ path: String, catalogue: Catalogue, settings: GeneratorSettings) throws {
        folder = URL(fileURLWithPath: path)
        self.catalogue = catalogue
        isFaulty = settings.faults > 0
        beside = try Beside(catalogue: catalogue, settings: settings)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard try FileManager.default.contentsOfDirectory(atPath: path).isEmpty else {
            throw Failure("The folder \(path) is not empty.", remedy: "Name another.")
        }
        var senders: [String: SeededSender] = [:]
        for code in beside.signers { senders[code] = try SeededSender(code: code, seed: settings.seed) }
        self.senders = senders
        checker = Checker(catalogue: catalogue)
        checker.totals = BatchTotals()
        context = CheckContext(
            territory: settings.territory, receivedMilliseconds: UInt64(max(0, settings.to.number) + 1) * 86_400_000)
    }

    /// The line as its sender hands it in: signed, or as the fault wants it.
    mutating func handIn(_ document: [UInt8], _ line: GeneratedLine) throws -> [UInt8] {
        var bytes = document
        if let sender = line.signer.flatMap({ senders[$0] }), let way = Self.way(line.fault) {
            bytes = try sender.sign(document, way)
        }
        _ = checker.check(bytes, in: context)
        return bytes
    }

    /// Nil where nobody signs.
    private static func way(_ fault: Fault?) -> SeededSender.Way? {
        guard case .signature(let wrong)? = fault else { return .soundly }
        return switch wrong {
        case .unsigned: nil
        case .otherBytes: .overOtherBytes
        case .otherSender: .underAnother
        case .expired: .underExpired
        }
    }

    /// Writes all that stands beside the documents, once they are written.
    /// - Returns: the rules that some of it breaks, each with its file.
    func write() throws -> [(file: String, code: String)] {
        for (code, sender) in senders.sorted(by: { $0.key < $1.key }) {
            try write(sender.certificatePEM, "senders/\(code).pem")
            try write(sender.keyPEM, "senders/\(code).key")
            if isFaulty { try write(sender.expiredPEM, "senders/\(code).expired.pem") }
        }
        try write(totals, Self.totalsFile)
        guard isFaulty else {
            try write(steps, "steps.txt")
            return []
        }
        for edition in beside.editions {
            for (name, bytes) in edition.source.files { try write(bytes, "\(edition.name)/\(name)") }
        }
        try write(try lateCards(), Self.lateFile)
        try write(steps, "steps.txt")
        return [(Self.totalsFile, Beside.totalsRule)]
            + beside.editions.flatMap { edition in edition.rules.map { ("\(edition.name)/forms.json", $0) } }
            + [(Self.lateFile, beside.late.rule)]
    }

    private static let totalsFile = "control.txt"
    private static let lateFile = "late.ndjson"

    /// What `register --control` takes; with faults one document more than there are.
    private var totals: String {
        let counted = checker.totals ?? BatchTotals()
        let amount = ControlTotals.text(hundredths: counted.amount)
        return "documents=\(counted.documents + (isFaulty ? 1 : 0)),persons=\(counted.persons),amount=\(amount)\n"
    }

    private func lateCards() throws -> [UInt8] {
        var generator = try DocumentGenerator(catalogue: catalogue, settings: beside.late.settings)
        var bytes: [UInt8] = []
        var line: [UInt8] = []
        while let written = generator.next(into: &line) {
            let document = Array(line.dropLast())
            bytes += try written.signer.flatMap { senders[$0] }?.sign(document, .soundly) ?? document
            bytes.append(UInt8(ascii: "\n"))
            line.removeAll(keepingCapacity: true)
        }
        return bytes
    }

    /// The commands in the order in which each shows what it is for.
    private var steps: String {
        let centre = "--basis generated --data CENTRE"
        var lines = ["# The senders who sign; the territory hears of them (esep sender list --data TERRITORY)."]
        for code in senders.keys.sorted() {
            lines.append("esep sender register \(code) --cert senders/\(code).pem --act 1-g \(centre)")
            if isFaulty {
                lines.append("esep sender register \(code) --cert senders/\(code).expired.pem --act 1-g \(centre)")
            }
        }
        guard isFaulty else {
            lines.append("# What the documents add up to.")
            lines.append("esep register --kind auto --file DOCUMENTS --control \"$(cat control.txt)\" --data TERRITORY")
            return lines.joined(separator: "\n") + "\n"
        }
        let late = beside.late
        lines.append("# \(Beside.totalsRule): the totals are not those of the documents. Nothing is registered.")
        lines.append("esep register --kind auto --file DOCUMENTS --control \"$(cat control.txt)\" --data TERRITORY")
        lines.append("# The documents: refused lines land beside the file, the nation's findings at the centre.")
        lines.append("esep register --kind auto --file DOCUMENTS --data TERRITORY")
        lines.append("esep finding list --data CENTRE")
        lines.append("# \(late.rule): the form is placed, then cards of its period come.")
        lines.append("esep report place \(late.form) --period \(late.period) --act 2-g \(centre)")
        lines.append("esep register --kind auto --file \(Self.lateFile) --data TERRITORY")
        lines.append("esep report run \(late.form) --period \(late.period) --data CENTRE")
        for edition in beside.editions {
            let day = edition.source.from.text
            lines.append("# \(edition.rules.joined(separator: ", ")): forms that are wrong.")
            lines.append("esep catalogue check \(edition.name) --from \(day)")
            lines.append("esep catalogue enact \(edition.name) --from \(day) --date \(day) --act 3-g \(centre)")
            // What the proof refuses is never enacted, so nothing can be counted by it.
            guard EditionProof(source: edition.source, base: catalogue).defects().isEmpty else { continue }
            // The centre counts a card in the month in which it heard of it, and that is the month of these steps.
            for form in edition.forms {
                lines.append("esep report run \(form) --period \(today.text.prefix(7)) --data CENTRE")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func write(_ text: String, _ name: String) throws { try write(Array(text.utf8), name) }

    private func write(_ bytes: [UInt8], _ name: String) throws {
        let file = folder.appendingPathComponent(name)
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        } catch {
            throw Failure("The file \(file.path) cannot be written: \(error.localizedDescription).")
        }
    }
}
