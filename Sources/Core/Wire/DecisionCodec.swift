import Law
package import Records

/// Decisions ↔ bytes, within a control entry (`Schema/entry.proto`).
///
///     Decision          1 act number   2 act date (zigzag day)   3 basis   4 officer   5 kind   6 matter   7 signature
///     kind 1 Registered {1 code, 2 name, 3 Certificate {1 id, 2 key, 3 bytes, 4 from, 5 to (zigzag days)}}
///     kind 2 Revoked    {1 code, 2 certificate id}
///     kind 3 Owes       {1 code, 2 kinds, 3 from}
///     kind 4 Edition    {1 from, 2 files {1 name, 2 bytes}}
///     kind 5 Placed     {1 form, 2 period, 3 note, 4 position, 5 figures {1 indicator, 2 territory, 3 value (zigzag)}}
///
/// A matter is bytes of its own, so that a node which does not know its kind keeps it, sends it on and proves its
/// signature all the same. Kinds 6 and on are for later parts (block, unblock, destroy).
package enum DecisionCodec {
    /// What the authority signs: the decision without its signature, bound to the cluster and to this use.
    package static func signed(_ decision: Decision, cluster: [UInt8]) -> [UInt8] {
        var writer = ProtoWriter(reserving: 512)
        var unsigned = decision
        unsigned.signature = []
        writer.decision(unsigned)
        return Array("esep decision 1\n".utf8) + cluster + writer.bytes
    }
}

extension ProtoWriter {
    mutating func decision(_ decision: Decision) {
        text(1, decision.act.number)
        number(2, Self.zigzag(Int64(decision.act.date.number)))
        text(3, decision.act.basis)
        text(4, decision.act.officer)
        let (kind, bytes) = Self.matter(decision.matter)
        number(5, kind)
        blob(6, bytes)
        blob(7, decision.signature)
    }

    private static func matter(_ matter: Decision.Matter) -> (kind: UInt32, bytes: [UInt8]) {
        var writer = ProtoWriter(reserving: 256)
        switch matter {
        case .senderRegistered(let registration):
            writer.text(1, registration.code)
            writer.text(2, registration.name)
            if let certificate = registration.certificate {
                writer.nested(3) { writer in
                    writer.text(1, certificate.id)
                    writer.blob(2, certificate.key)
                    writer.blob(3, certificate.bytes)
                    writer.number(4, zigzag(Int64(certificate.from.number)))
                    writer.number(5, zigzag(Int64(certificate.to.number)))
                }
            }
            return (1, writer.bytes)
        case .senderRevoked(let code, let id):
            writer.text(1, code)
            writer.text(2, id)
            return (2, writer.bytes)
        case .senderOwes(let duty):
            writer.text(1, duty.code)
            for kind in duty.kinds { writer.presentText(2, kind) }
            writer.number(3, zigzag(Int64(duty.from.number)))
            writer.text(4, duty.territory)
            return (3, writer.bytes)
        case .editionEnacted(let edition):
            writer.number(1, zigzag(Int64(edition.from.number)))
            for file in edition.files {
                writer.nested(2) { writer in
                    writer.text(1, file.name)
                    writer.blob(2, file.bytes)
                }
            }
            return (4, writer.bytes)
        case .reportPlaced(let report):
            writer.text(1, report.form)
            writer.text(2, report.period)
            writer.text(3, report.note)
            writer.number(4, report.position)
            for figure in report.figures {
                writer.nested(5) { writer in
                    writer.text(1, figure.indicator)
                    writer.text(2, figure.territory)
                    if let value = figure.value { writer.present(3, zigzag(value)) }
                }
            }
            return (5, writer.bytes)
        case .unknown(let kind, let bytes):
            return (kind, bytes)
        }
    }
}

extension ProtoReader {
    mutating func decision() throws(WireError) -> Decision {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var decision = Decision(
                act: Decision.Act(number: "", date: Day(0), basis: "", officer: ""),
                matter: .unknown(kind: 0, bytes: []))
            var kind: UInt32 = 0
            var bytes: [UInt8] = []
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.lengthForm): decision.act.number = try reader.shortText("act")
                case (2, ProtoWriter.varintForm): decision.act.date = try reader.day("act date")
                case (3, ProtoWriter.lengthForm): decision.act.basis = try reader.shortText("basis")
                case (4, ProtoWriter.lengthForm): decision.act.officer = try reader.shortText("officer")
                case (5, ProtoWriter.varintForm): kind = try reader.integer("kind")
                case (6, ProtoWriter.lengthForm): bytes = try reader.blob()
                case (7, ProtoWriter.lengthForm): decision.signature = try reader.blob()
                default: throw .unknownField(tag.field, of: "Decision")
                }
            }
            decision.matter = try ProtoReader.reading(bytes) { (reader: inout ProtoReader) throws(WireError) in
                switch kind {
                case 1: .senderRegistered(try reader.registration())
                case 2: try reader.revocation()
                case 3: .senderOwes(try reader.duty())
                case 4: .editionEnacted(try reader.edition())
                case 5: .reportPlaced(try reader.placed())
                default: .unknown(kind: kind, bytes: bytes)
                }
            }
            return decision
        }
    }

    private mutating func day(_ field: String) throws(WireError) -> Day {
        guard let number = Int32(exactly: try signed()) else { throw .outOfRange(field) }
        return Day(number)
    }

    private mutating func registration() throws(WireError) -> SenderRegistration {
        var registration = SenderRegistration(code: "", name: "", certificate: nil)
        while let tag = try next() {
            switch (tag.field, tag.form) {
            case (1, ProtoWriter.lengthForm): registration.code = try shortText("code")
            case (2, ProtoWriter.lengthForm): registration.name = try shortText("name")
            case (3, ProtoWriter.lengthForm): registration.certificate = try certificate()
            default: throw .unknownField(tag.field, of: "Registered")
            }
        }
        return registration
    }

    private mutating func certificate() throws(WireError) -> SenderCertificate {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var certificate = SenderCertificate(id: "", key: [], bytes: [], from: Day(0), to: Day(0))
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.lengthForm): certificate.id = try reader.shortText("id")
                case (2, ProtoWriter.lengthForm): certificate.key = try reader.blob()
                case (3, ProtoWriter.lengthForm): certificate.bytes = try reader.blob()
                case (4, ProtoWriter.varintForm): certificate.from = try reader.day("from")
                case (5, ProtoWriter.varintForm): certificate.to = try reader.day("to")
                default: throw .unknownField(tag.field, of: "Certificate")
                }
            }
            return certificate
        }
    }

    private mutating func revocation() throws(WireError) -> Decision.Matter {
        var texts = ["", ""]
        while let tag = try next() {
            switch (tag.field, tag.form) {
            case (1, ProtoWriter.lengthForm): texts[0] = try shortText("code")
            case (2, ProtoWriter.lengthForm): texts[1] = try shortText("certificate")
            default: throw .unknownField(tag.field, of: "Revoked")
            }
        }
        return .senderRevoked(code: texts[0], certificateID: texts[1])
    }

    private mutating func duty() throws(WireError) -> SenderDuty {
        var duty = SenderDuty(code: "", kinds: [], from: Day(0))
        while let tag = try next() {
            switch (tag.field, tag.form) {
            case (1, ProtoWriter.lengthForm): duty.code = try shortText("code")
            case (2, ProtoWriter.lengthForm):
                guard duty.kinds.count < Limits.blocks else { throw .tooLarge("kinds", limit: Limits.blocks) }
                duty.kinds.append(try shortText("kind"))
            case (3, ProtoWriter.varintForm): duty.from = try day("from")
            case (4, ProtoWriter.lengthForm): duty.territory = try shortText("territory")
            default: throw .unknownField(tag.field, of: "Owes")
            }
        }
        return duty
    }

    private mutating func edition() throws(WireError) -> EditionText {
        var edition = EditionText(from: Day(0), files: [])
        while let tag = try next() {
            switch (tag.field, tag.form) {
            case (1, ProtoWriter.varintForm): edition.from = try day("from")
            case (2, ProtoWriter.lengthForm):
                guard edition.files.count < Limits.blocks else { throw .tooLarge("files", limit: Limits.blocks) }
                edition.files.append(try editionFile())
            default: throw .unknownField(tag.field, of: "Edition")
            }
        }
        return edition
    }

    private mutating func editionFile() throws(WireError) -> EditionText.File {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var file = EditionText.File(name: "", bytes: [])
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.lengthForm): file.name = try reader.shortText("name")
                case (2, ProtoWriter.lengthForm): file.bytes = try reader.blob()
                default: throw .unknownField(tag.field, of: "File")
                }
            }
            return file
        }
    }

    private mutating func placed() throws(WireError) -> PlacedReport {
        var report = PlacedReport(form: "", period: "", note: "", position: 0, figures: [])
        while let tag = try next() {
            switch (tag.field, tag.form) {
            case (1, ProtoWriter.lengthForm): report.form = try shortText("form")
            case (2, ProtoWriter.lengthForm): report.period = try shortText("period")
            case (3, ProtoWriter.lengthForm): report.note = try shortText("note")
            case (4, ProtoWriter.varintForm): report.position = try integer("position")
            case (5, ProtoWriter.lengthForm):
                guard report.figures.count < Limits.figures else { throw .tooLarge("figures", limit: Limits.figures) }
                report.figures.append(try figure())
            default: throw .unknownField(tag.field, of: "Placed")
            }
        }
        return report
    }

    private mutating func figure() throws(WireError) -> PlacedReport.Figure {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var figure = PlacedReport.Figure(indicator: "", territory: "", value: nil)
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.lengthForm): figure.indicator = try reader.shortText("indicator")
                case (2, ProtoWriter.lengthForm): figure.territory = try reader.shortText("territory")
                case (3, ProtoWriter.varintForm): figure.value = try reader.signed()
                default: throw .unknownField(tag.field, of: "Figure")
                }
            }
            return figure
        }
    }
}
