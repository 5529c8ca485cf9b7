extension DocumentInHand {
    func envelope(_ values: Values, _ canonical: [UInt8], _ problems: inout [Problem]) {
        editionInForce(values, &problems)
        senderStanding(values, canonical, &problems)
        documentID(values, &problems)
        receivedInTerm(&problems)
        jurisdiction(values, &problems)
        accountTypes(values, &problems)
        attachments(values, &problems)
    }

    /// V001: unknown form code or edition not in force on document date (the form code was looked up before).
    private func editionInForce(_ values: Values, _ problems: inout [Problem]) {
        if let named = values.day(plan.envelope.edition), named != edition.from {
            problems.append(edition.problem("V001", path: "form_edition"))
        }
    }

    /// V002: sender not registered, or certificate not valid at signing time.
    /// V003: signature does not match the bytes.
    private func senderStanding(_ values: Values, _ canonical: [UInt8], _ problems: inout [Problem]) {
        guard let name = values.text(plan.envelope.sender) else { return }
        switch context.standing(name) {
        case .named: return
        case .unknown: problems.append(edition.problem("V002", path: path(plan.envelope.sender)))
        case .certified:
            guard let signature = values.text(plan.envelope.signature) else {
                problems.append(edition.problem("V003", path: "signature"))
                return
            }
            let signed = CheckContext.Signed(
                sender: name, certificate: values.text(plan.envelope.certificate) ?? "", signature: signature,
                canonical: canonical, day: documentDay)
            switch context.verify(signed) {
            case .good: return
            case .certificateNotValid:
                problems.append(edition.problem("V002", path: path(plan.envelope.certificate)))
            case .wrong: problems.append(edition.problem("V003", path: "signature"))
            }
        }
    }

    /// D001: a document id stands in clear for ever, so it must not hold a person's number.
    private func documentID(_ values: Values, _ problems: inout [Problem]) {
        for number in [plan.envelope.documentID, plan.envelope.supersedes] {
            guard var id = values.text(number) else { continue }
            if id.withUTF8({ Identification.containsIIN($0) }) {
                problems.append(edition.problem("D001", path: path(number)))
            }
        }
    }

    private func path(_ number: FieldNumber) -> String { plan.kind.field(number)?.path ?? "" }

    /// V006: document received later than its term: accepted, marked late for ever.
    private func receivedInTerm(_ problems: inout [Problem]) {
        if edition.isLate(plan.kind, written: documentDay, received: context.today) {
            problems.append(edition.problem("V006", path: "doc_date"))
        }
    }

    /// V007: node outside its jurisdiction (an unknown region was refused while reading). A node of an equated body has
    /// no region of its own and takes documents of the whole country.
    private func jurisdiction(_ values: Values, _ problems: inout [Problem]) {
        guard let territory = context.territory, let region = values.text(plan.envelope.region), region != territory,
            edition.region(territory) != nil
        else { return }
        problems.append(edition.problem("V007", path: "region"))
    }

    /// V016: account type excluded or future on the event date.
    private func accountTypes(_ values: Values, _ problems: inout [Problem]) {
        let day = values.day(plan.envelope.eventDay) ?? documentDay
        for value in values[plan.envelope.accounts] {
            guard case .text(let code) = value.value, edition.accountType(code, on: day) == nil else { continue }
            problems.append(edition.problem("V016", path: "account_types"))
        }
    }

    /// V017: attachment is a copy of an identity document without exception code.
    private func attachments(_ values: Values, _ problems: inout [Problem]) {
        guard let field = plan.envelope.attachments else { return }
        for value in values[field.number] {
            guard case .group(let members) = value.value else { continue }
            let element = Values(members.map { FieldValue(field: $0.field, value: $0.value) })
            func text(_ path: String) -> String? {
                field.members.first { $0.path == path }.flatMap { element.text($0.number) }
            }
            if text("kind") == "IDCOPY", text("exception") == nil {
                problems.append(edition.problem("V017", path: "attachments"))
            }
        }
    }

    /// V018: Kazakh text field empty where Russian is filled (official texts), or the reverse.
    func texts(_ values: Values, _ problems: inout [Problem]) {
        guard act == .new else { return }
        for (kk, ru) in plan.pairs {
            let hasKazakh = values.first(kk) != nil
            guard hasKazakh != (values.first(ru) != nil) else { continue }
            let blamed = plan.kind.field(hasKazakh ? ru : kk)?.path ?? ""
            problems.append(edition.problem("V018", path: blamed))
        }
    }

    /// V606: coordinates farther than 50 km from the settlement, or outside the region.
    ///
    /// Borders are not in the catalogue: outside means that some settlement of another region is near, within 50 km,
    /// while none of the region is.
    func place(_ values: Values, _ problems: inout [Problem]) {
        guard case .decimal(let latitude, let scale)? = values.first(plan.envelope.latitude),
            case .decimal(let longitude, _)? = values.first(plan.envelope.longitude)
        else { return }
        var unit = 1.0
        for _ in 0..<scale { unit *= 10 }
        let point = (latitude: Double(latitude) / unit, longitude: Double(longitude) / unit)
        guard (-90...90).contains(point.latitude), (-180...180).contains(point.longitude) else {
            problems.append(edition.problem("D003", path: "lat"))
            return
        }
        let region = values.text(plan.envelope.region)
        if let id = values.integer(plan.envelope.settlement), let settlement = edition.settlement(id) {
            if settlement.region != region || settlement.isFarther(than: 50, from: point) {
                problems.append(edition.problem("V606", path: "lat"))
            }
            return
        }
        let near = edition.settlements.filter { !$0.isFarther(than: 50, from: point) }
        if !near.isEmpty, !near.contains(where: { $0.region == region }) {
            problems.append(edition.problem("V606", path: "region"))
        }
    }
}

extension Settlement {
    /// Plane distance at the settlement's own latitude: within a part in a hundred at these distances.
    ///
    /// - Parameter kilometres: the limit; compared squared, so that no root is drawn.
    func isFarther(than kilometres: Double, from point: (latitude: Double, longitude: Double)) -> Bool {
        let north = (point.latitude - latitude) * 111.2
        guard abs(north) <= kilometres else { return true }
        let east = (point.longitude - longitude) * 111.2 * Self.cosine(degrees: latitude)
        return north * north + east * east > kilometres * kilometres
    }

    /// The cosine of a latitude by its series to the eighth power: error below 0.00003 up to 90 degrees.
    private static func cosine(degrees: Double) -> Double {
        let x = degrees * .pi / 180
        let square = x * x
        return 1 - square / 2 * (1 - square / 12 * (1 - square / 30 * (1 - square / 56)))
    }
}
