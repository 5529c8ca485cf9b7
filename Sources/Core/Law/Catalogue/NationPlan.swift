/// What the rules of nation scope have to do with one card kind: worked out once for an edition.
package struct NationPlan: Sendable {
    /// Tests about cards of the kind, in the catalogue's order.
    package let presence: [NationalTest]
    package let absence: [NationalTest]
    /// Key fields of the kind under which tests of other cards wait for one, and the domains of their search terms.
    package let awaitedKeys: [(field: FieldNumber, domain: String)]
    /// Whether some test waits for a card of the kind by its name.
    package let isAwaitedByName: Bool
    /// Tests of absence about any kind that look for cards of this one.
    package let absenceElsewhere: [NationalTest]
    /// Tests of presence about other kinds that look for cards of this one by their subject, whenever they came.
    package let presenceElsewhere: [NationalTest]

    static func all(_ tests: [NationalTest], _ kinds: [CardKind]) -> [String: NationPlan] {
        var plans: [String: NationPlan] = [:]
        for kind in kinds { plans[kind.code] = NationPlan(kind, tests, kinds) }
        return plans
    }

    static let none = NationPlan()

    private init() {
        presence = []
        absence = []
        awaitedKeys = []
        isAwaitedByName = false
        absenceElsewhere = []
        presenceElsewhere = []
    }

    private init(_ kind: CardKind, _ tests: [NationalTest], _ kinds: [CardKind]) {
        presence = tests.filter { $0.kind == kind.code && !$0.isOfAbsence }
        absence = tests.filter { $0.kind == kind.code && $0.isOfAbsence }
        var keys: [String] = []
        var elsewhere: [NationalTest] = []
        var isReferred = false
        for test in tests {
            let looked = test.lookedFor(in: kinds)
            guard looked.kinds.contains(kind.code) else { continue }
            if let path = looked.keyPath, !keys.contains(path) { keys.append(path) }
            if looked.keyPath == nil { isReferred = true }
            if test.isOfAbsence { elsewhere.append(test) }
        }
        // Findings of presence speak of another record, and wait for the card that ends it.
        for test in tests {
            guard case .found(let search) = test.probe, let unless = search.unlessReferred, unless.kind == kind.code,
                !keys.contains(unless.path)
            else { continue }
            keys.append(unless.path)
        }
        awaitedKeys = keys.compactMap { path in
            kind.field(path: path).map { ($0.number, kind.code + "." + path) }
        }
        isAwaitedByName = isReferred
        absenceElsewhere = elsewhere
        presenceElsewhere = tests.filter { test in
            guard case .found(let search) = test.probe else { return false }
            return test.kind != kind.code && search.kind == kind.code && search.subject != nil && search.key == nil
                && search.reference == nil && !search.isEarlier
        }
    }
}

extension NationalTest {
    /// Kinds of which a card may change the answer by coming, and under which key; nil where by its name.
    func lookedFor(in kinds: [CardKind]) -> (kinds: [String], keyPath: String?) {
        switch probe {
        case .missing(let search), .found(let search):
            if let reference = search.reference {
                let own = kinds.first { $0.code == kind }
                guard case .reference(let named)? = own?.field(reference)?.type else { return ([], nil) }
                return (named, nil)
            }
            if isOfAbsence, let path = search.referring { return ([search.kind], path) }
            guard isOfAbsence, let key = search.key else { return ([], "") }
            return ([search.kind], key.otherPath)
        case .countDiffers(let referring, _): return ([referring.kind], referring.path)
        case .sumExceeds(let balance): return ([balance.kind], balance.key.otherPath)
        case .onAccount, .overdue: return ([], "")
        }
    }
}
