extension DocumentInHand {
    /// V112: BIN not 12 digits or check digit wrong; month not 01-12 (refused when it is read); digit 5 not 4-6 (W).
    func businessNumbers(_ values: Values, _ problems: inout [Problem]) {
        for (field, path) in plan.businessNumbers {
            guard let member = field.member else {
                if let number = values.text(field.field) { businessNumber(number, path, &problems) }
                continue
            }
            for element in values[field.field] {
                guard case .group(let members) = element.value else { continue }
                for case .text(let number) in members.lazy.filter({ $0.field == member }).map(\.value) {
                    businessNumber(number, path, &problems)
                }
            }
        }
    }

    private func businessNumber(_ number: String, _ path: String, _ problems: inout [Problem]) {
        guard !Identification.hasKnownKind(bin: number) else { return }
        problems.append(edition.problem("V112", path: path, severity: .warning))
    }
}
