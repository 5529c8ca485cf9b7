import Accounts
import Law
import Records
import Testing

/// Every account type of the catalogue, opened, changed and ended by the cards the law book names. The catalogue asks
/// for the cases: a type without one fails.
struct AccountTypeTableTests {
    private static let catalogue = Result { try Catalogue.embedded() }
    private let catalogue: Catalogue
    private let rules: AccountRules

    init() throws {
        catalogue = try Self.catalogue.get()
        rules = AccountRules(catalogue: catalogue)
    }

    /// The entries of one type, from records as they now stand.
    private func entries(_ cards: [Card], type: String) -> [AccountEntry] {
        entries(cards, type: type, catalogue, rules)
    }

    private func entries(
        _ cards: [Card], type: String, _ catalogue: Catalogue, _ rules: AccountRules
    ) -> [AccountEntry] {
        var records: [(card: Card, serial: UInt32)] = []
        for card in cards {
            if let known = records.firstIndex(where: { $0.card.name == card.name && $0.card.kind == card.kind }) {
                records[known].card = card
            } else {
                records.append((card, UInt32(records.count + 1)))
            }
        }
        var events: [AccountEvent] = []
        for (stamp, record) in records.enumerated() {
            let card = record.card
            let accounted = day("2026-03-10")
            guard let kind = catalogue.edition(on: accounted).kind(card.kind) else {
                Issue.record("the catalogue has no card \(card.kind)")
                continue
            }
            let values = card.fields.compactMap { path, value -> FieldValue? in
                guard let field = kind.field(path: path) else {
                    Issue.record("\(card.kind) has no field \(path)")
                    return nil
                }
                return FieldValue(field: field.number, value: value)
            }
            let claims = rules.claims(
                of: AccountRecord(
                    kind: card.kind, reference: "S/" + card.name, accounted: accounted, values: Values(values),
                    slots: card.parties.keys.sorted()))
            events += accountEvents(
                of: claims, basis: Serial(year: 2026, serial: record.serial),
                stamp: Stamp(milliseconds: UInt64(stamp + 1)), isCancelled: card.isCancelled,
                subject: { card.parties[$0].map { SubjectNumber($0) } },
                partiesOf: { name in
                    records.filter { "S/" + $0.card.name == name }
                        .flatMap { $0.card.parties.sorted { $0.key < $1.key }.map { SubjectNumber($0.value) } }
                })
        }
        return Set(events.map(\.scope)).filter { $0.type == type }.sorted().flatMap { scope in
            let own = events.filter { $0.scope == scope }
            return own.map(\.day).min().flatMap { rules.type(type, on: $0) }
                .map { accountEntries(of: own, type: $0) } ?? []
        }
    }

    @Test func everyTypeOfTheCatalogueIsOpenedChangedAndEnded() {
        var lines = ["type | opened | changed | ended"]
        var active = 0
        for type in catalogue.newest.accountTypes where type.status != .excluded {
            active += type.status == .active ? 1 : 0
            let on = type.from.map { max($0, day("2026-03-01")) } ?? day("2026-03-01")
            let cases = TypeCase.all.filter {
                $0.type == type.code && catalogue.newest.accountType(type.code, on: $0.on) == type
            }
            #expect(cases.count == 1, "type \(type.code) in force on \(on.text) has \(cases.count) cases")
            for one in cases { lines.append(row(one, type)) }
        }
        print(lines.joined(separator: "\n"))
        #expect(active == 24)
    }

    private func row(_ one: TypeCase, _ type: AccountType) -> String {
        let last = one.opened[one.opened.count - 1]
        let opened = entries(one.opened, type: type.code)
        #expect(opened.count == 1, "type \(type.code), opened")
        #expect(opened.first?.state == one.openState, "type \(type.code), opened")
        #expect(opened.first?.isEnded == false, "type \(type.code), opened")
        let changed = entries(one.opened + [one.changed], type: type.code)
        #expect(changed.map(\.state) == [one.changeState], "type \(type.code), changed")
        #expect(changed.first?.isEnded == false, "type \(type.code), changed")
        if one.changesDay {
            #expect(
                changed.first?.opened != opened.first?.opened || changed.first?.until != opened.first?.until,
                "type \(type.code): the change shows nowhere")
        } else {
            #expect(changed.first?.state != opened.first?.state, "type \(type.code): the change shows nowhere")
        }
        let cards = one.opened + [one.changed] + (one.ended.map { [$0] } ?? [])
        // A card of the change that stands beside the cancelled one goes with it.
        let all = one.ended?.isCancelled ?? false ? one.opened + [one.ended].compactMap(\.self) : cards
        let ended = entries(all, type: type.code)
        let after = day("2099-01-01")
        let states = ended.map { type.state($0.state, isEnded: $0.isEnded, until: $0.until, on: after) }
        #expect(states == [one.endState], "type \(type.code), ended")
        #expect(ended.first?.isEnded(on: after) == true, "type \(type.code), ended")
        #expect(ended.first?.basis.isEmpty == false && ended.first?.history.isEmpty == false)
        return [
            type.code, "\(last.text) → \(one.openState)", "\(one.changed.text) → \(one.changeState)",
            "\(one.ended?.text ?? "term") → \(one.endState)",
        ].joined(separator: " | ")
    }

    /// A state no rule can name would never be seen; a state named by a rule and not by the type would have no label.
    @Test func everyStateARuleNamesHasALabel() {
        for type in catalogue.newest.accountTypes {
            let codes = Set(type.states.map(\.code))
            #expect(codes.count == type.states.count, "type \(type.code) names a state twice")
            for rule in type.rules {
                let source: AccountRule.StateSource =
                    switch rule.effect {
                    case .open(let source), .change(let source), .end(let source): source
                    }
                if case .constant(let state) = source {
                    #expect(codes.contains(state), "type \(type.code), \(rule.kind): \(state)")
                }
                if case .end(.constant(let state)) = rule.effect {
                    #expect(type.states.first { $0.code == state }?.isEnd == true, "type \(type.code): \(state)")
                }
            }
            if let termState = type.termState { #expect(codes.contains(termState)) }
        }
    }

    @Test func excludedTypesOpenNothingAndStayReadable() throws {
        for code in ["6-1", "19", "20"] {
            let type = try #require(catalogue.newest.accountTypes.first { $0.code == code })
            #expect(type.status == .excluded)
            #expect(catalogue.newest.accountType(code, on: day("2026-03-10")) == nil)
            #expect(rules.type(code, on: day("2020-01-01"))?.labels.en.isEmpty == false)
        }
        // Type 6-1 was excluded on a known day; the rule holds before it and not after.
        let type = try #require(catalogue.newest.accountTypes.first { $0.code == "6-1" })
        #expect(type.isInForce(on: day("2022-11-17")) && !type.isInForce(on: day("2022-11-18")))
    }

    @Test func typeTwelveChangesItsEditionOnTheFirstOfJanuary() throws {
        let edition = catalogue.newest
        let old = try #require(edition.accountType("12", on: day("2026-12-31")))
        let new = try #require(edition.accountType("12", on: day("2027-01-01")))
        #expect(old.to == day("2026-12-31") && new.from == day("2027-01-01"))
        let dismissed = Card("DS-2", "D1", [("order_date", .day(day("2026-12-30")))])
        #expect(entries([dismissed], type: "12").map(\.state) == ["ORDER"])
        // Opened under the one, ended under the other: one entry.
        let annulled = Card(
            "DS-2", "D1",
            [("order_date", .day(day("2026-12-30"))), ("annulled.on", .day(day("2027-02-01")))])
        #expect(entries([annulled], type: "12").map(\.state) == ["ANNULLED"])
    }

    @Test func aRefusedInspectionIsAnEntryThatIsOverAtOnce() {
        let refused = Card(
            "IN-1", "I1",
            [("registration_decision", .text("REFUSED")), ("registered_on", .day(day("2026-03-10")))], parties: [:])
        let entries = entries([refused], type: "10")
        #expect(entries.map(\.state) == ["REFUSED"])
        #expect(entries.first?.isEnded == true)
    }

    @Test func aCourtsBanIsOnAccountUntilItIsLifted() {
        for (mark, type) in [("TERR", "10-1"), ("EXTR", "11")] {
            let banned: [(String, Value)] = [("mark", .text(mark)), ("court.in_force", .day(day("2026-03-10")))]
            #expect(entries([Card("CO-1", "O1", banned, parties: [:])], type: type).map(\.state) == ["BANNED"])
            let lifted = Card("CO-1", "O1", banned + [("lifted_on", .day(day("2026-09-10")))], parties: [:])
            #expect(entries([lifted], type: type).map(\.state) == ["LIFTED"])
        }
    }

    @Test func aDebtorOfAnEnforcementIsOnAccountUntilItEnds() {
        let opened = Card("ED-1", "D1", [("opened", .day(day("2026-03-10")))])
        #expect(entries([opened], type: "14").map(\.state) == ["OWES"])
        let ended = Card(
            "ED-2", "D2",
            [
                ("enforcement_ref", .text("S/D1")), ("end_ground", .text("RETURNED")),
                ("date", .day(day("2026-05-10"))),
            ], parties: [:])
        #expect(entries([opened, ended], type: "14").map(\.state) == ["RETURNED"])
    }

    @Test func aCorpseThatIsAMissingPersonEndsHisSearch() {
        let missing = Card("MS-1", "M1", [("missing_kind", .text("MISS")), ("doc_date", .day(day("2026-03-10")))])
        let corpse = Card(
            "UC-2", "E1",
            [
                ("missing_ref", .text("S/M1")), ("outcome", .text("IDENT")), ("date", .day(day("2026-05-10"))),
            ], parties: [:])
        #expect(entries([missing, corpse], type: "4").map(\.state) == ["FOUND-D"])
    }

    /// No seed gives a term of retention; where an edition gives one, it is followed.
    @Test func aTermOfRetentionEndsAnEntryByItself() throws {
        var types = catalogue.newest.accountTypes
        let place = try #require(types.firstIndex { $0.code == "6" })
        types[place].rules = types[place].rules.map {
            var rule = $0
            rule.months = 12
            return rule
        }
        let newest = catalogue.newest
        let edition = Edition(
            from: newest.from, kinds: newest.kinds, codeLists: newest.codeLists, accountTypes: types, forms: [],
            rules: newest.rules, regions: newest.regions, settlements: newest.settlements, calendar: newest.calendar)
        let termed = Catalogue(editions: [edition])
        let card = Card("AD-1", "A1", [("outcome", .text("FINE")), ("in_force", .day(day("2026-03-05")))])
        let entry = try #require(
            entries([card], type: "6", termed, AccountRules(catalogue: termed)).first)
        #expect(entry.until == day("2027-03-05"))
        #expect(!entry.isEnded(on: day("2027-03-05")) && entry.isEnded(on: day("2027-03-06")))
    }
}
