import Law
import Testing

@Suite struct RuleTests {
    @Test(arguments: ruleTable + inspectionRuleTable)
    func aRuleFiresWhereItMustAndNotOnTheExample(rule: RuleCase) throws {
        var desk = try Desk()
        let example = try desk.example(rule.kind)
        let blamed = rule.code + " " + rule.path
        #expect(!desk.codes(example).contains(blamed))
        let changed = rule.changes.reduce(example) { $0.setting($1.0, $1.1) }
        let codes = desk.codes(changed)
        #expect(codes.contains(blamed), "\(codes)")
    }

    @Test func everyRuleADocumentAloneDecidesHasACase() throws {
        let edition = try Catalogue.embedded().newest
        let elsewhere: Set = ["V002", "V003", "V006"]
        let covered = Set((ruleTable + inspectionRuleTable).map(\.code))
        for rule in edition.rules where rule.scope == .document && !rule.code.hasPrefix("J") {
            #expect(covered.contains(rule.code) || elsewhere.contains(rule.code), "\(rule.code)")
        }
    }

    @Test func warningsAcceptAndErrorsRefuse() throws {
        var desk = try Desk()
        let late = try desk.example("CR-1").setting("reported_at", .text("2026-03-01T09:00:00+05:00"))
        guard case .accepted(let document) = desk.check(late) else {
            Issue.record("a warning refused the document")
            return
        }
        #expect(document.warnings.map(\.code) == ["V204"])
        #expect(document.warnings.allSatisfy { $0.severity == .warning && !$0.message.kk.isEmpty })
    }

    /// V201: an article that was in its list on the day of the document, and not on the day of the act.
    @Test func anArticleIsInForceOnTheDayOfTheAct() throws {
        var source = try #require(EditionSource.embedded().last)
        let lists = String(decoding: try #require(source.files["code_lists.json"]), as: UTF8.self)
        let example = try Desk().example("CR-1")
        for (from, isRefused) in [("2026-03-02", false), ("2026-03-03", true)] {
            source.files["code_lists.json"] = Array(
                lists.replacing("{\"code\":\"CC-188\"", with: "{\"from\":\"\(from)\",\"code\":\"CC-188\"").utf8)
            var desk = Desk(catalogue: Catalogue(editions: [try source.load()]))
            let codes = desk.codes(example)
            #expect(codes.contains("V201 articles") == isRefused, "\(codes)")
        }
    }

    /// V112: digit 5 not 4-6 (W), for an organisation of the card and for one of a set.
    @Test func aBusinessNumberOfAnUnknownKindIsTakenAndMarked() throws {
        var desk = try Desk()
        let strange = "940770000013"
        #expect(Identification.hasValidCheckDigit(strange))
        for (kind, path, document) in [
            ("IN-1", "subject.bin", try desk.example("IN-1").setting("subject.bin", .text(strange))),
            (
                "PL-1", "subjects.bin",
                try desk.example("PL-1").setting(
                    "subjects",
                    .array([
                        .object([
                            ("bin", .text(strange)), ("name_kk", .text("«Жер» ЖШС")), ("name_ru", .text("ТОО «Жер»")),
                            ("location", .text("Рудный қаласы")), ("starts_on", .text("2026-05-04")),
                            ("ends_on", .text("2026-05-20")), ("matter_kk", .text("Есеп")),
                            ("matter_ru", .text("Учёт")),
                        ])
                    ]))
            ),
        ] {
            guard case .accepted(let taken) = desk.check(document) else {
                Issue.record("\(kind) was refused: \(desk.codes(document))")
                continue
            }
            #expect(taken.warnings.contains { $0.code == "V112" && $0.path == path && $0.severity == .warning })
            guard case .accepted(let sound) = desk.check(try desk.example(kind)) else { continue }
            #expect(!sound.warnings.contains { $0.code == "V112" }, "\(kind)")
        }
    }

    @Test func everyProblemIsNamedAtOnce() throws {
        var desk = try Desk()
        let example = try desk.example("CR-1")
        let codes = desk.codes(
            example.setting("severity", .text("HUGE")).setting("case_no", nil).setting("colour", .flag(true)))
        #expect(Set(codes) == ["V010 severity", "V009 case_no", "V008 colour"])
    }

    @Test func aDocumentAfterItsTermIsMarkedLate() throws {
        var desk = try Desk()
        let example = try desk.example("CR-1")
        var context = Desk.context(for: example)
        // The card's term is one working day; its day is Tuesday 3 March 2026.
        context.receivedMilliseconds += 86_400_000
        #expect(!desk.codes(example, in: context).contains("V006 doc_date"))
        context.receivedMilliseconds += 86_400_000
        #expect(desk.codes(example, in: context).contains("V006 doc_date"))
    }

    @Test func aDocumentOfTomorrowIsRefusedButForTheClocksTolerance() throws {
        var desk = try Desk()
        let example = try desk.example("CR-1")
        var context = Desk.context(for: example)
        context.receivedMilliseconds = UInt64(Day(year: 2026, month: 3, day: 3).number) * 86_400_000 - 5 * 3_600_000
        let midnight = context.receivedMilliseconds
        context.receivedMilliseconds = midnight - 4 * 60_000
        #expect(!desk.codes(example, in: context).contains("V005 doc_date"))
        context.receivedMilliseconds = midnight - 6 * 60_000
        #expect(desk.codes(example, in: context).contains("V005 doc_date"))
    }

    @Test func aNodeTakesEventsOfItsOwnRegionAndAnEquatedBodyOfAll() throws {
        var desk = try Desk()
        let example = try desk.example("CR-1")
        var context = Desk.context(for: example)
        context.territory = "KZ-75"
        #expect(desk.codes(example, in: context).contains("V007 region"))
        for territory in ["MIL", nil] {
            context.territory = territory
            #expect(!desk.codes(example, in: context).contains("V007 region"))
        }
    }

    @Test func sendersAreKnownAndTheirSignaturesProved() throws {
        var desk = try Desk()
        let example = try desk.example("CR-1")
        var context = Desk.context(for: example)
        context.standing = { _ in .unknown }
        #expect(desk.codes(example, in: context).contains("V002 sender_subject"))
        context.standing = { _ in .certified }
        #expect(desk.codes(example, in: context).contains("V003 signature"))
        let signed = example.setting("signature", .text("good")).setting("cert_id", .text("c1"))
        context.verify = { signed in
            if signed.certificate != "c1" || signed.day != Day(year: 2026, month: 3, day: 3) {
                return .certificateNotValid
            }
            let isOverTheRest = !String(decoding: signed.canonical, as: UTF8.self).contains("good")
            return signed.signature == "good" && isOverTheRest ? .good : .wrong
        }
        #expect(!desk.codes(signed, in: context).contains("V003 signature"))
        #expect(!desk.codes(signed, in: context).contains("V002 cert_id"))
        #expect(desk.codes(signed.setting("signature", .text("bad")), in: context).contains("V003 signature"))
        #expect(desk.codes(signed.setting("cert_id", .text("c2")), in: context).contains("V002 cert_id"))
    }

    @Test func textThatIsNoDocumentIsRefusedWithTheByte() throws {
        var desk = try Desk()
        let context = CheckContext(territory: nil, receivedMilliseconds: 1_780_000_000_000)
        guard case .refused(let problems) = desk.checker.check(Array("{\"a\":1,\"a\":2}".utf8), in: context) else {
            Issue.record("a doubled member was taken")
            return
        }
        #expect(problems.map(\.code) == ["J013"])
        #expect(problems.first?.offset == 7)
        for text in ["[]", "7", "{}", "null"] {
            guard case .refused(let problems) = desk.checker.check(Array(text.utf8), in: context) else {
                Issue.record("\(text) was taken")
                continue
            }
            #expect(problems.count == 1)
        }
    }
}
