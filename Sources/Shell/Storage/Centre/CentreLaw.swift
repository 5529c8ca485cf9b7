import Accounts
import Law
import Records
import Synchronization

/// The law as the centre's store needs it: what follows from the editions, worked out once for each set of them.
struct CentreLaw: Sendable {
    private(set) var nation: NationLaw
    private(set) var rules: AccountRules
    private(set) var tables: [String: FactTable]
    private(set) var plans: [ObjectIdentifier: KindPlan]
    /// Account types that rules of nation scope ask about.
    private(set) var watchedTypes: Set<String>
    /// What rules of nation scope, in any edition, ask of records beside the one they judge: fields by kind.
    private(set) var askedOfOthers: [String: Set<FieldNumber>]

    var catalogue: Catalogue { nation.catalogue }
    /// What was prepared under another number was prepared under another catalogue.
    var editions: Int { nation.catalogue.editions.count }

    init(_ nation: NationLaw) {
        self.nation = nation
        rules = AccountRules(catalogue: nation.catalogue)
        tables = Self.tables(of: nation.catalogue)
        plans = KindPlan.all(of: nation.catalogue)
        askedOfOthers = nation.catalogue.editions.reduce(into: [:]) { asked, edition in
            asked.merge(edition.askedOfOthers) { $0.union($1) }
        }
        watchedTypes = Set(nation.catalogue.editions.flatMap { $0.nationalTests.compactMap(\.accountType) })
    }

    private static func tables(of catalogue: Catalogue) -> [String: FactTable] {
        Dictionary(uniqueKeysWithValues: FactTable.all(of: catalogue).map { ($0.kind, $0) })
    }

    /// A record that counts, as rules about others see it; nil where none asks for its kind.
    func seen(_ record: DescribedRecord, number: Serial, isAmended: Bool) -> SeenRecord? {
        guard let asked = askedOfOthers[record.kind.code] else { return nil }
        return SeenRecord(
            record: NationRecord(
                kind: record.kind.code, sender: record.sender, document: record.document,
                acceptedMilliseconds: record.accepted.milliseconds, values: record.values.only(asked)),
            number: number, isAmended: isAmended)
    }

    /// With the nation's law as decisions made it since.
    mutating func move(to nation: NationLaw) {
        let isOther = nation.catalogue.editions.count != editions
        self.nation = nation
        guard isOther else { return }
        self = CentreLaw(nation)
    }
}

/// The law after the last committed turn, for preparers on other cores and for readers.
final class CentreLawHolder: Sendable {
    private let held: Mutex<CentreLaw>
    /// The same, for everybody above the store.
    let inForce: LawInForce

    init(_ law: CentreLaw) {
        held = Mutex(law)
        inForce = LawInForce(law.nation)
    }

    var current: CentreLaw { held.withLock { $0 } }

    func replace(with law: CentreLaw) {
        held.withLock { $0 = law }
        inForce.replace(with: law.nation)
    }
}
