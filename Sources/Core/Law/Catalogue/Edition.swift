/// The law as it stands from one day on: cards, lists, accounts, forms, rules, places. Immutable.
package final class Edition: Sendable {
    /// The first day it is in force: its name.
    package let from: Day
    package let kinds: [CardKind]
    package let codeLists: [CodeList]
    package let accountTypes: [AccountType]
    package let forms: [Form]
    /// All rules, in ascending order of codes.
    package let rules: [Rule]
    package let regions: [Region]
    package let settlements: [Settlement]
    package let calendar: Calendar
    /// Tests of the rules of nation scope, in ascending order of codes.
    package let nationalTests: [NationalTest]
    /// What is compared of records nobody has named.
    package let likeness: LikenessRules
    let kindTable: ByteTable
    let listTable: ByteTable
    let ruleTable: ByteTable
    let settlementOrder: [Int64]
    /// What the checker needs of each kind, in the order of `kinds`.
    let plans: [KindPlan]
    private let nationPlans: [String: NationPlan]

    package init(
        from: Day, kinds: [CardKind], codeLists: [CodeList], accountTypes: [AccountType], forms: [Form],
        rules: [Rule], regions: [Region], settlements: [Settlement], calendar: Calendar,
        nationalTests: [NationalTest] = [], likeness: LikenessRules = .none
    ) {
        self.from = from
        self.kinds = kinds
        self.codeLists = codeLists
        self.accountTypes = accountTypes
        self.forms = forms
        self.rules = rules
        self.regions = regions
        self.settlements = settlements.sorted { $0.id < $1.id }
        self.calendar = calendar
        self.nationalTests = nationalTests
        self.likeness = likeness
        kindTable = ByteTable(keys: kinds.map(\.code))
        listTable = ByteTable(keys: codeLists.map(\.name))
        ruleTable = ByteTable(keys: rules.map(\.code))
        settlementOrder = self.settlements.map(\.id)
        let listTable = self.listTable
        nationPlans = NationPlan.all(nationalTests, kinds)
        plans = kinds.map { KindPlan($0, listPosition: { listTable.position(of: $0) }) }
    }

    package func kind(_ code: String) -> CardKind? {
        kindTable.position(of: code).map { kinds[$0] }
    }

    package func nationPlan(of kind: String) -> NationPlan {
        nationPlans[kind] ?? .none
    }

    package func codeList(_ name: String) -> CodeList? {
        listTable.position(of: name).map { codeLists[$0] }
    }

    package func rule(_ code: String) -> Rule? {
        ruleTable.position(of: code).map { rules[$0] }
    }

    package func form(_ key: String) -> Form? {
        forms.first { $0.key == key }
    }

    /// The account type of this number in force on a day; nil when excluded or still to come.
    package func accountType(_ code: String, on day: Day) -> AccountType? {
        accountTypes.first {
            $0.code == code && $0.status != .excluded && ($0.from.map { $0 <= day } ?? true)
                && ($0.to.map { day <= $0 } ?? true)
        }
    }

    package func region(_ code: String) -> Region? {
        regions.first { $0.code == code }
    }

    package func settlement(_ id: Int64) -> Settlement? {
        var low = 0
        var high = settlementOrder.count
        while low < high {
            let middle = (low + high) / 2
            if settlementOrder[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < settlementOrder.count && settlementOrder[low] == id ? settlements[low] : nil
    }
}

/// All editions a node knows, in ascending order of their first days.
package struct Catalogue: Sendable {
    package let editions: [Edition]

    /// - Precondition: at least one edition.
    package init(editions: [Edition]) {
        precondition(!editions.isEmpty, "a catalogue has at least one edition")
        self.editions = editions.sorted { $0.from < $1.from }
    }

    /// The edition in force on a day. Days before the first edition are judged by the first.
    package func edition(on day: Day) -> Edition {
        editions.last { $0.from <= day } ?? editions[0]
    }

    package var newest: Edition { editions[editions.count - 1] }
}

/// Why an edition cannot be loaded: which file, which place in it, what is wrong, and what would be right.
package struct CatalogueDefect: Error, Hashable, Sendable {
    package var file: String
    package var place: String
    package var reason: String
    package var remedy: String

    package init(file: String, place: String, reason: String, remedy: String = "mend the file at this place") {
        self.file = file
        self.place = place
        self.reason = reason
        self.remedy = remedy
    }

    /// The remedy of whatever names what is not there.
    static let naming = "name one that the edition has (esep catalogue show tells them), or add it to the edition"

    /// `rules.json, line 12: …`
    package var sentence: String {
        [file, place].filter { !$0.isEmpty }.joined(separator: ", ") + (file.isEmpty ? "" : ": ") + reason
    }
}
