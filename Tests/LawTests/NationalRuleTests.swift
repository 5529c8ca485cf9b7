import Law
import Testing

/// A nation of a few records held in a list; subjects are equal when their IINs or BINs are. It shows of a record what
/// rules are said to ask of others, as the centre does: a rule that asks for more finds nothing.
struct SmallNation: NationView {
    let edition: Edition
    var all: [NationRecord] = []
    var accounts: [String: [String]] = [:]
    private let asked: [String: Set<FieldNumber>]

    init(edition: Edition) {
        self.edition = edition
        asked = edition.askedOfOthers
    }

    private func shown(_ record: NationRecord) -> NationRecord {
        var record = record
        record.values = record.values.only(asked[record.kind] ?? [])
        return record
    }

    func records(kind: String, keyPath: String, text: String) -> [NationRecord] {
        guard let field = edition.kind(kind)?.field(path: keyPath) else { return [] }
        return all.filter { $0.kind == kind && $0.values.text(field.number) == text }.map(shown)
    }

    func count(kind: String, keyPath: String, text: String) -> Int {
        records(kind: kind, keyPath: keyPath, text: text).count
    }

    func record(sender: String, document: String) -> NationRecord? {
        all.first { $0.sender == sender && $0.document == document }.map(shown)
    }

    func records(kind: String, sameSubjectAs record: NationRecord, slot: UInt16) -> [NationRecord] {
        guard let wanted = iin(record, slot) else { return [] }
        return all.filter { $0.kind == kind && iin($0, slot) == wanted }.map(shown)
    }

    func accountStates(type: String, of record: NationRecord, slot: UInt16) -> [String] { accounts[type] ?? [] }

    private func iin(_ record: NationRecord, _ slot: UInt16) -> String? {
        edition.kind(record.kind)?.parties(in: record.values).first { $0.slot == slot }
            .flatMap { $0.iin ?? $0.bin }
    }
}

extension Desk {
    /// An example with changes, as a record of the nation.
    mutating func record(
        _ kind: String, _ changes: [(String, JSONValue?)], at milliseconds: UInt64 = 0
    ) throws -> NationRecord {
        let document = changes.reduce(try example(kind)) { $0.setting($1.0, $1.1) }
        switch check(document) {
        case .accepted(let checked):
            return NationRecord(
                kind: kind, sender: checked.sender, document: checked.document, acceptedMilliseconds: milliseconds,
                values: Values(checked.values))
        case .refused(let problems):
            Issue.record("\(kind): \(problems.map { $0.code + " " + $0.path })")
            throw CancellationError()
        }
    }
}

@Suite struct NationalRuleTests {
    private var desk: Desk
    private var nation: SmallNation

    init() throws {
        desk = try Desk()
        nation = SmallNation(edition: desk.catalogue.newest)
    }

    private mutating func record(
        _ kind: String, _ changes: (String, JSONValue?)..., at milliseconds: UInt64 = 0
    ) throws -> NationRecord {
        try desk.record(kind, changes, at: milliseconds)
    }

    /// Codes found about the record while it and the others stand.
    private func found(_ record: NationRecord, beside others: [NationRecord] = [], today: String = "2026-07-01")
        -> [String]
    {
        var nation = nation
        nation.all = [record] + others
        let day = Day(text: today) ?? Day(0)
        return NationalRules.findings(about: record, in: nation, edition: nation.edition, today: day).map(\.code)
    }

    @Test mutating func aRegistrationNumberStandsOnce() throws {
        let own = try record("CR-1")
        let double = try record("CR-1", ("doc_id", .text("other")))
        #expect(found(own) == [])
        #expect(found(own, beside: [double]) == ["V205"])
        let elsewhere = try record(
            "CR-1", ("sender_subject", .text("POL-KZ-10")), ("registration_no", .text("1")))
        #expect(found(own, beside: [elsewhere]) == ["V205"])
        let second = try record("CR-1", ("doc_id", .text("second")), ("registration_no", .text("2")))
        #expect(found(own, beside: [second]) == [])
    }

    @Test mutating func aPersonNeedsTheCardOfHisCase() throws {
        let person = try record("CR-2")
        #expect(found(person) == ["V206"])
        #expect(found(person, beside: [try record("CR-1")]) == [])
    }

    @Test mutating func aStatusDoesNotGoBack() throws {
        let offence = try record("CR-1")
        let accused = try record("CR-2", ("doc_id", .text("first")), ("status", .text("ACCU")), at: 1)
        let suspect = try record("CR-2", at: 2)
        #expect(found(suspect, beside: [offence, accused]) == ["V207"])
        #expect(found(accused, beside: [offence, suspect]) == [])
    }

    @Test mutating func anEndOnRehabilitatingGroundAsksForTheAccount() throws {
        let end = try record("CR-3", ("decision", .text("TERM-R")))
        #expect(found(end) == [])
        nation.accounts = ["1": ["SUSP"]]
        #expect(found(end) == ["V211"])
        nation.accounts = ["1": ["TERM"]]
        #expect(found(end) == [])
    }

    @Test mutating func aHidingPersonIsSearchedForWithinAWorkingDay() throws {
        let suspended = try record("CR-3")
        #expect(found(suspended) == ["V212"])
        #expect(found(suspended, beside: [try record("WN-1")]) == [])
        nation.all = [suspended]
        func severity(_ today: String) -> Severity? {
            NationalRules.findings(
                about: suspended, in: nation, edition: nation.edition, today: Day(text: today) ?? Day(0)
            ).first?.severity
        }
        #expect(severity("2026-03-11") == .warning)
        #expect(severity("2026-03-12") == .error)
    }

    @Test mutating func anAcquittedPersonLeavesTheAccount() throws {
        let acquitted = try record("CT-1", ("outcome", .text("ACQ")))
        nation.accounts = ["16-1": ["CONV"]]
        #expect(found(acquitted) == ["V305"])
        nation.accounts = [:]
        #expect(found(acquitted) == [])
    }

    @Test mutating func aPersonIsSearchedForOnceByOneInitiatorInOneCase() throws {
        let own = try record("WN-1")
        let double = try record("WN-1", ("doc_id", .text("wn1-000001")))
        #expect(found(own, beside: [double]) == ["V402"])
        let ended = try record("WN-2", ("start_ref", .text("POL-KZ-39/wn1-000001")))
        #expect(found(own, beside: [double, ended]) == [])
    }

    @Test mutating func aSearchEndsOnlyAfterItBegan() throws {
        let end = try record("WN-2", ("started", nil))
        #expect(found(end) == ["V403"])
        #expect(found(end, beside: [try record("WN-1")]) == [])
        #expect(found(end, beside: [try record("WN-1", ("started", .text("2026-03-13")))]) == ["V404"])
    }

    @Test(arguments: [
        ("MS-2", "MS-1", "last_seen_at", "2026-03-17"), ("UC-2", "UC-1", "found_at", "2026-03-19"),
        ("UP-2", "UP-1", "found_at", "2026-03-17"),
    ]) mutating func whatEndsHasBegunAndNoLaterThanItsEnd(
        end: String, start: String, day: String, later: String
    ) throws {
        let ended = try record(end, ("started", nil))
        #expect(found(ended) == ["V403"])
        #expect(found(ended, beside: [try record(start)]) == [])
        let late = try record(
            start, (day, .text(later)), ("event_date", .text(later)), ("doc_date", .text(later)), ("death", nil))
        #expect(found(ended, beside: [late]) == ["V404"])
    }

    @Test mutating func aWantedPersonWhoDiedIsPointedOut() throws {
        let own = try record("WN-1")
        let victim = try record(
            "RA-2", ("injury", .text("DEAD-0")), ("person.iin", .text("850707100017")),
            ("person.birth_date", .text("1985-07-07")), ("person.sex", .text("M")))
        #expect(found(own, beside: [victim]) == ["V405"])
        #expect(found(own, beside: [try record("RA-2")]) == [])
    }

    @Test mutating func aRepeatWithinAYearIsMarked() throws {
        let own = try record("AD-1")
        let before = try record(
            "AD-1", ("doc_id", .text("before")), ("offence_at", .text("2025-03-01")))
        let long = try record("AD-1", ("doc_id", .text("long")), ("offence_at", .text("2025-02-01")))
        let today = "2026-03-03"
        #expect(found(own, beside: [before], today: today) == ["V505"])
        #expect(found(own, beside: [long], today: today) == [])
    }

    @Test mutating func victimsAndAccidentsBelongTogether() throws {
        let accident = try record("RA-1")
        let victim = try record("RA-2")
        #expect(found(victim) == ["V603"])
        #expect(found(victim, beside: [accident]) == [])
        #expect(found(accident, beside: [victim]) == [])
        #expect(found(accident) == ["V604"])
        #expect(found(accident, today: "2026-02-24") == [], "its victims' cards may still come")
    }
}
