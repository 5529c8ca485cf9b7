import JSON

/// Checks documents one after another against the catalogue; keeps its scratch space between them. One for each task.
package struct Checker {
    package let catalogue: Catalogue
    private var tape = Tape()
    /// What was checked since this was set, counted; nil where nobody asks.
    package var totals: BatchTotals?

    /// Clocks of two machines may differ by so much before a date counts as in the future (V005).
    static let toleranceMilliseconds: UInt64 = 5 * 60 * 1000

    package init(catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    /// Checks one document: one JSON object of at most 256 KiB. Never throws: what is wrong is in the outcome.
    package mutating func check(_ line: [UInt8], in context: CheckContext) -> CheckOutcome {
        line.withUnsafeBufferPointer { check($0, in: context) }
    }

    package mutating func check(_ line: UnsafeBufferPointer<UInt8>, in context: CheckContext) -> CheckOutcome {
        totals?.documents += 1
        do throws(ScanProblem) {
            try tape.scan(line)
        } catch {
            return refuse(error.code.rawValue, offset: error.offset)
        }
        guard tape.nodes[0].kind == .object else { return refuse("D002", offset: Int(tape.nodes[0].start)) }
        let documentDay = slice("doc_date", line).flatMap { Day(bytes: $0) } ?? context.today
        let edition = catalogue.edition(on: documentDay)
        guard let form = slice("form_code", line), let position = edition.kindTable.position(of: form) else {
            return refuse("V001", path: "form_code", edition)
        }
        guard let act = slice("kind", line).flatMap({ DocumentKind(rawValue: String(decoding: $0, as: UTF8.self)) })
        else { return refuse(slice("kind", line) == nil ? "V009" : "V010", path: "kind", edition) }

        let plan = edition.plans[position]
        let reader = ValueReader(
            bytes: line, edition: edition, day: documentDay,
            sender: slice("sender_subject", line).map { String(decoding: $0, as: UTF8.self) } ?? "")
        var reading = Reading(bytes: line, plan: plan, isCorrection: act == .correction, reader: reader)
        reading.members(of: 0, in: tape)
        reading.sortValues()
        totals?.add(reading.values, of: plan)
        let document = DocumentInHand(
            act: act, edition: edition, plan: plan, documentDay: documentDay, context: context)
        return conclude(document, reading, line)
    }

    /// The bytes of a text member of the outermost object.
    private func slice(_ name: StaticString, _ line: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
        guard let index = tape.member(name, of: 0, in: line), tape.nodes[index].kind == .string,
            !tape.nodes[index].hasEscapes
        else { return nil }
        return Tape.slice(tape.nodes[index], in: line)
    }

    private func conclude(
        _ document: DocumentInHand, _ reading: consuming Reading, _ line: UnsafeBufferPointer<UInt8>
    ) -> CheckOutcome {
        var canonical: [UInt8] = []
        canonical.reserveCapacity(line.count)
        tape.appendCanonical(0, in: line, omitting: "signature", to: &canonical)
        let judged = document.judge(&reading, canonical: canonical)
        if judged.contains(where: { $0.severity == .error }) { return .refused(judged) }
        let values = Values(reading.values)
        let envelope = document.plan.envelope
        return .accepted(
            CheckedDocument(
                edition: document.edition, kind: document.plan.kind, act: document.act,
                document: values.text(envelope.documentID) ?? "", sender: values.text(envelope.sender) ?? "",
                supersedes: values.text(envelope.supersedes),
                documentDay: document.documentDay, eventDay: values.day(envelope.eventDay),
                region: values.text(envelope.region) ?? "", values: reading.values, changes: reading.changes,
                warnings: judged, canonical: canonical))
    }

    private func refuse(_ code: String, path: String = "", offset: Int? = nil, _ edition: Edition? = nil)
        -> CheckOutcome
    {
        .refused([(edition ?? catalogue.newest).problem(code, path: path, offset: offset)])
    }
}

extension Edition {
    /// A problem with the words of its rule.
    package func problem(_ code: String, path: String, severity: Severity? = nil, offset: Int? = nil) -> Problem {
        let rule = rule(code)
        let words = Labels(en: code, kk: code, ru: code)
        return Problem(
            code: code, severity: severity ?? rule?.severity ?? .error, path: path, message: rule?.message ?? words,
            remedy: rule?.remedy ?? words, offset: offset)
    }
}
