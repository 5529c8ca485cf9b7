import Law
import Testing

@Suite struct DocumentTests {
    private func accepted(_ desk: inout Desk, _ document: JSONValue) throws -> CheckedDocument {
        switch desk.check(document) {
        case .accepted(let checked): return checked
        case .refused(let problems):
            Issue.record("\(problems.map { $0.code + " " + $0.path })")
            throw CancellationError()
        }
    }

    private func correction(_ desk: Desk, _ kind: String, _ members: [(String, JSONValue)]) throws -> JSONValue {
        var document = JSONValue.object([])
        let example = try desk.example(kind)
        guard case .object(let all) = example else { return example }
        for name in ["form_code", "sender_subject", "sender_unit", "official", "doc_date"] {
            document = document.setting(name, all.first { $0.name == name }?.value)
        }
        document = document.setting("doc_id", .text("cor-1")).setting("kind", .text("COR"))
            .setting("supersedes", .text("old-1")).setting("correction_reason", .text("ERR"))
        for (path, value) in members { document = document.setting(path, value) }
        return document
    }

    @Test func valuesAreSortedComputedAndTyped() throws {
        var desk = try Desk()
        let document = try accepted(&desk, try desk.example("CR-2"))
        #expect(document.values.map(\.field) == document.values.map(\.field).sorted())
        let kind = document.kind
        let values = Values(document.values)
        func value(_ path: String) throws -> Value? { values.first(try #require(kind.field(path: path)).number) }
        #expect(try value("age_on_act") == .integer(40))
        #expect(try value("minor") == .flag(false))
        #expect(try value("offence") == .text("POL-KZ-39/cr1-000017"))
        #expect(try value("person.birth_date") == .day(Day(year: 1985, month: 7, day: 7)))
    }

    @Test func moneyIsCountedInTenge() throws {
        var desk = try Desk()
        let example = try desk.example("CR-1")
        func tenge(_ document: JSONValue) throws -> Value? {
            let checked = try accepted(&desk, document)
            return Values(checked.values).first(try #require(checked.kind.field(path: "damage.tenge")).number)
        }
        #expect(try tenge(example) == .decimal(unscaled: 18_500_000, scale: 2))
        let dollars = example.setting("damage.currency", .text("USD")).setting("damage.amount", .number("10"))
        #expect(try tenge(dollars) == nil)
        let counted = dollars.setting("damage.tenge_equivalent", .text("5200.5"))
            .setting("damage.rate_date", .text("2026-03-02"))
        #expect(try tenge(counted) == .decimal(unscaled: 520_050, scale: 2))
    }

    @Test func aCorrectionChangesRegistersAndSets() throws {
        var desk = try Desk()
        let marks = JSONValue.object([("add", .array([.text("GROUP")])), ("remove", .array([.text("ALCO")]))])
        let document = try accepted(
            &desk,
            try correction(
                desk, "CR-2", [("status", .text("ACCU")), ("measure_of_restraint", .null), ("marks", marks)]))
        let kind = document.kind
        let status = try #require(kind.field(path: "status")).number
        let restraint = try #require(kind.field(path: "measure_of_restraint")).number
        let mark = try #require(kind.field(path: "marks")).number
        #expect(
            document.changes == [
                .set(status, .text("ACCU")), .clear(restraint), .remove(mark, .text("ALCO")),
                .add(mark, .text("GROUP")),
            ])
        #expect(document.supersedes == "old-1")
        #expect(document.values.allSatisfy { kind.field($0.field)?.isOfAct == true })
    }

    @Test func whatACorrectionSetsIsChecked() throws {
        var desk = try Desk()
        #expect(
            desk.codes(try correction(desk, "CR-2", [("person.iin", .text("850707100018"))])) == ["V102 person.iin"])
        #expect(
            desk.codes(try correction(desk, "CR-2", [("confidentiality", .text("SECRET"))])) == ["V013 confidentiality"]
        )
        #expect(desk.codes(try correction(desk, "CR-2", [("marks", .array([]))])) == ["D002 marks"])
    }

    @Test func aCancellationAndAZeroReportNeedOnlyTheirEnvelope() throws {
        var desk = try Desk()
        let base = try correction(desk, "CR-2", [])
        let cancelled = try accepted(&desk, base.setting("kind", .text("CAN")))
        #expect(cancelled.act == .cancellation)
        let zero = base.setting("kind", .text("ZERO")).setting("supersedes", nil).setting("correction_reason", nil)
        #expect(desk.codes(zero) == ["V009 period"])
        #expect(try accepted(&desk, zero.setting("period", .text("2026-03"))).act == .zero)
    }

    @Test func canonicalBytesForgetOrderAndTheSignature() throws {
        var desk = try Desk()
        let example = try desk.example("WN-2")
        guard case .object(let members) = example else { return }
        let one = try accepted(&desk, example)
        let two = try accepted(
            &desk, JSONValue.object(members.reversed()).setting("signature", .text("s")).setting("cert_id", .text("c")))
        let three = try accepted(
            &desk, JSONValue.object(members.reversed()).setting("cert_id", .text("c")))
        #expect(two.canonical == three.canonical)
        #expect(one.canonical != two.canonical)
        #expect(try accepted(&desk, .object(members.reversed())).canonical == one.canonical)
    }

    @Test func aLetterAndItsMarkBecomeOneLetterOrAreRefused() throws {
        var desk = try Desk()
        let example = try desk.example("CR-2")
        let document = try accepted(&desk, example.setting("person.name", .text("Сергеи\u{306}")))
        let name = try #require(document.kind.field(path: "person.name")).number
        #expect(Values(document.values).text(name).map { Array($0.utf8) } == Array("Сергей".utf8))
        #expect(desk.codes(example.setting("person.name", .text("Сергеq\u{306}"))).contains("D003 person.name"))
    }

    @Test func aRecordIsFoundByItsPartiesKeysAndPlates() throws {
        var desk = try Desk()
        let wanted = try accepted(&desk, try desk.example("WN-1"))
        let terms = wanted.kind.searchTerms(of: Values(wanted.values))
        let domains = Set(terms.map(\.domain))
        #expect(
            domains == ["WN-1.case_no", "WN-1.initiator", "document", "iin", "name", "name+birth", "surname"])
        let previous = Names.key(surname: "Абдрахманов", name: "Кайрат")
        #expect(terms.contains(SearchTerm(domain: "name", text: previous, slot: 1)))
        let accident = try accepted(&desk, try desk.example("RA-1"))
        let plates = accident.kind.searchTerms(of: Values(accident.values)).filter { $0.domain == "plate" }
        #expect(plates.map(\.text) == ["123KDA39", "777ABC10"])
    }

    @Test func eachPersonOfASetHasASlotOfHisOwn() throws {
        var desk = try Desk()
        func one(_ surname: String) -> JSONValue {
            .object([
                ("surname", .text(surname)), ("name", .text("Асан")), ("no_iin_reason", .text("UNKNOWN")),
            ])
        }
        let document = try accepted(
            &desk, try desk.example("CR-3").setting("per_person", .array([one("Омаров"), one("Оспанов")])))
        let parties = document.kind.parties(in: Values(document.values))
        #expect(parties.map(\.slot) == [1, 2])
        #expect(parties.map { $0.name?.surname } == ["Омаров", "Оспанов"])
    }

    @Test func factsAreOneForEachColumn() throws {
        var desk = try Desk()
        let document = try accepted(
            &desk,
            try desk.example("CR-1").setting("severity_reason", .text("QUAL")).setting(
                "articles",
                .array([.object([("code", .text("CC-190"))]), .object([("code", .text("CC-188"))])])))
        let facts = document.kind.facts(of: Values(document.values))
        let columns = document.kind.factColumns
        #expect(facts.count == columns.count)
        func fact(_ name: String) -> FactValue? { columns.firstIndex { $0.name == name }.map { facts[$0] } }
        #expect(fact("articles_code") == .text(",CC-188,CC-190,"))
        #expect(fact("iccs") == .text(",05,07,"))
        #expect(fact("severity") == .text("MEDIUM"))
        #expect(fact("damage_tenge") == .integer(18_500_000))
        #expect(fact("marks") == .absent)
    }
}
