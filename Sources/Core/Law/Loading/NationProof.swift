extension EditionLoader {
    /// What the centre takes for granted of tests of nation scope: what waits can be found by what it waits for, in
    /// both directions, and a finding leads back to the one test that made it.
    func proveNation(_ edition: Edition) throws(CatalogueDefect) {
        for test in edition.nationalTests {
            func defect(_ reason: String) -> CatalogueDefect {
                unresolved("\(test.code) on \(test.kind): \(reason)", test.path, near: test.code)
            }
            guard let kind = edition.kind(test.kind) else { throw defect("no card kind \(test.kind)") }
            guard edition.kind(test.kind)?.fields.contains(where: { test.blames($0) }) ?? false else {
                throw defect("no field \(test.path)")
            }
            guard test.isOfAbsence else { continue }
            let same = edition.nationalTests.filter {
                $0.kind == test.kind && $0.code == test.code && $0.path == test.path
            }
            guard same.count == 1 else { throw defect("\(test.path) is blamed by another test of the rule, too") }
            for (kind, field) in test.keys(of: kind, in: edition) where !(field?.isKey ?? false) {
                throw defect("\(kind): \(field?.path ?? "a field") is searched by, and is no key")
            }
        }
    }
}

extension NationalTest {
    fileprivate func blames(_ field: Field) -> Bool {
        field.path == path || field.path.hasPrefix(path + ".")
    }

    /// Fields by which this record and the others find each other.
    fileprivate func keys(of own: CardKind, in edition: Edition) -> [(kind: String, field: Field?)] {
        func other(_ kind: String, _ path: String) -> (String, Field?) { (kind, edition.kind(kind)?.field(path: path)) }
        switch probe {
        case .missing(let search):
            if let reference = search.reference { return [(own.code, own.field(reference))] }
            if let path = search.referring { return [other(search.kind, path)] }
            guard let key = search.key else { return [(own.code, nil)] }
            return [(own.code, own.field(key.own)), other(search.kind, key.otherPath)]
        case .countDiffers(let referring, _): return [other(referring.kind, referring.path)]
        case .sumExceeds(let balance): return [(own.code, own.field(balance.key.own))]
        case .found, .onAccount, .overdue: return []
        }
    }
}
