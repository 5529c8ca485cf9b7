import Consensus
import Law
import Records
import Reports
import Roles
import Storage
import TestSupport
import Testing
import Vault
import Wire

/// A key of these tests alone, in the place of a cluster's authority.
enum TestAuthority {
    static let key: SenderPrivateKey = {
        let pem = """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgY6i/iq85H0H82K14
            595Iu7K0NtZzT96SJ0QhTmNs9F2hRANCAAToSQlJoIe9cuOrVjfSftk+SN9/KHGK
            JFZtiwmNn4I8n3RoU7Z12j+XstAuPCI9dA7uAxXWCPbdu2hQYtFaFDxX
            -----END PRIVATE KEY-----
            """
        guard let key = try? SenderPrivateKey(pem: pem) else { preconditionFailure("the key of the tests is read") }
        return key
    }()

    static func decided(_ matter: Decision.Matter, number: String = "17-o", signed: Bool = true) -> Decision {
        let act = Decision.Act(
            number: number, date: Day(year: 2026, month: 3, day: 1), basis: "Order 25", officer: "operator")
        var decision = Decision(act: act, matter: matter)
        let bytes = DecisionCodec.signed(decision, cluster: CentreFixture.cluster)
        if signed { decision.signature = key.signature(over: bytes) }
        return decision
    }

    static func registered(_ code: String) -> Decision.Matter {
        .senderRegistered(SenderRegistration(code: code, name: "", certificate: nil))
    }

    /// The program's edition with one more card, `ZZ-1`, made as CR-1 is.
    static func edition(from day: Day, changing: (inout [String: String]) -> Void = { _ in }) -> EditionText {
        var files = (EditionSource.embedded().last?.files ?? [:]).mapValues { String(decoding: $0, as: UTF8.self) }
        files["ZZ-1.json"] = files["CR-1.json"]?.replacing(
            "\"code\":\"CR-1\"", with: "\"code\":\"ZZ-1\"", maxReplacements: 1)
        let examples = files["examples.json"] ?? ""
        let own = Catalogue.example(of: "CR-1").replacing("\"CR-1\"", with: "\"ZZ-1\"", maxReplacements: 1)
        files["examples.json"] = examples.replacing("\"examples\":[", with: "\"examples\":[\(own),", maxReplacements: 1)
        changing(&files)
        return EditionSource(from: day, files: files.mapValues { Array($0.utf8) }).text
    }
}

extension Catalogue {
    fileprivate static func example(of kind: String) -> String {
        (try? Catalogue.embedded().newest.kind(kind)?.example) ?? ""
    }
}

@Suite struct CentreDecisionTests {
    private func downlink(_ fixture: CentreFixture, _ territory: String) throws -> [Decision] {
        try fixture.store.downlink(of: territory, from: 1, maximumBytes: 64 << 20).compactMap { bytes in
            guard case .entry(let foreign) = try DownlinkItem(decoding: bytes),
                case .control(.decision(let decision)) = try EntryCodec.decode(foreign.bytes).body
            else { return nil }
            return decision
        }
    }

    @Test func aDecisionGoesDownToEveryTerritoryAndToThoseSeatedLaterInOrder() throws {
        let fixture = try CentreFixture()
        _ = try fixture.seat("KZ-75")
        let decisions = ["A", "B", "C"].map { TestAuthority.decided(TestAuthority.registered($0), number: $0) }
        for decision in decisions {
            guard case .recorded = try fixture.own(.control(.decision(decision))) else {
                Issue.record("\(decision.act.number) was not recorded")
                return
            }
        }
        #expect(try downlink(fixture, "KZ-75") == decisions)
        _ = try fixture.seat("KZ-10")
        #expect(try downlink(fixture, "KZ-10") == decisions)
        // A second seat of a territory reads the same downlink from its beginning.
        _ = try fixture.seat("KZ-10")
        #expect(try downlink(fixture, "KZ-10") == decisions)
        #expect(fixture.store.lawInForce.current.senders.list.map(\.code) == ["A", "B", "C"])
        try fixture.reopen()
        #expect(fixture.store.lawInForce.current.senders.list.map(\.code) == ["A", "B", "C"])
        #expect(
            try fixture.store.journal(action: "sender.registered", limit: 9).map { $0.act?.number } == ["A", "B", "C"])
    }

    @Test func whatTheAuthorityHasNotSignedHasNoEffect() throws {
        let fixture = try CentreFixture()
        _ = try fixture.seat("KZ-75")
        var forged = TestAuthority.decided(TestAuthority.registered("A"))
        forged.matter = TestAuthority.registered("B")
        for decision in [forged, TestAuthority.decided(TestAuthority.registered("A"), signed: false)] {
            guard case .refused(let code, _) = try fixture.own(.control(.decision(decision))) else {
                Issue.record("an unsigned decision was taken")
                continue
            }
            #expect(code == "decision-signature")
        }
        guard
            case .refused(let code, _) = try fixture.own(
                .control(.decision(TestAuthority.decided(TestAuthority.registered("A"), number: ""))))
        else {
            Issue.record("an act without a number was taken")
            return
        }
        #expect(code == "decision-act")
        #expect(try downlink(fixture, "KZ-75") == [])
        #expect(fixture.store.lawInForce.current.senders.list == [])
    }

    @Test func aMatterOfALaterProgramIsKeptAndSentOn() throws {
        let fixture = try CentreFixture()
        _ = try fixture.seat("KZ-75")
        let later = TestAuthority.decided(.unknown(kind: 77, bytes: [1, 2, 3]))
        _ = try fixture.own(.control(.decision(later)))
        #expect(try downlink(fixture, "KZ-75") == [later])
    }

    @Test func aNewEditionsCardIsCountedAtTheCentreFromItsDay() throws {
        let fixture = try CentreFixture()
        let territory = try fixture.seat("KZ-75")
        let text = TestAuthority.edition(from: Day(year: 2026, month: 3, day: 2))
        let outcome = try fixture.own(.control(.decision(TestAuthority.decided(.editionEnacted(text)))))
        guard case .recorded = outcome else {
            Issue.record("the edition was not enacted: \(outcome)")
            return
        }
        let catalogue = fixture.store.catalogue
        #expect(catalogue.editions.map(\.from.text) == ["2024-01-01", "2026-03-02"])
        let writer = TestTerritory(
            territory: territory.territory, author: territory.author, seat: territory.seat, catalogue: catalogue)
        writer.register("ZZ-1", "z-1", [("region", .text("KZ-75")), ("severity", .text("MEDIUM"))])
        guard case .advanced = try fixture.send(writer) else {
            Issue.record("the batch was not taken")
            return
        }
        #expect(try fixture.store.recordLines(territory: nil, kind: "ZZ-1", after: 0, limit: 9).count == 1)
        try fixture.reopen(withoutIndex: true)
        #expect(fixture.store.catalogue.newest.kind("ZZ-1") != nil)
        #expect(try fixture.store.recordLines(territory: nil, kind: "ZZ-1", after: 0, limit: 9).count == 1)
    }

    /// Each bad edition: what is changed, and what the node says of it.
    static let badEditions: [(what: String, file: String, text: String, other: String, said: [String])] = [
        (
            "a broken reference", "rules.json", "[\"cmp\",\"victim_age\",\"<\",18]",
            "[\"cmp\",\"victim_aged\",\"<\",18]",
            ["rules.json, line ", "victim_aged", "name one that the edition has"]
        ),
        (
            "a rule that divides by zero", "rules.json", "[\"cmp\",\"victim_age\",\"<\",18]",
            "[\"cmp\",[\"div\",\"victim_age\",0],\"<\",18]",
            ["rules.json, line ", "divides by zero", "divide by something else"]
        ),
        (
            "a code that is gone", "code_lists.json", "{\"code\":\"GRAVE\"", "{\"code\":\"GRAVER\"",
            ["code_lists.json, line ", "GRAVE", "keep the code and end it"]
        ),
    ]

    @Test(arguments: badEditions.indices)
    func aBadEditionIsRefusedWithTheLineAndTheRemedyAndTheOneInForceStays(place: Int) throws {
        let bad = Self.badEditions[place]
        let fixture = try CentreFixture()
        _ = try fixture.seat("KZ-75")
        let text = TestAuthority.edition(from: Day(year: 2026, month: 3, day: 2)) { files in
            let old = files[bad.file] ?? ""
            files[bad.file] = old.replacing(bad.text, with: bad.other, maxReplacements: 1)
            #expect(files[bad.file] != old, "\(bad.file) has no \(bad.text)")
        }
        let outcome = try fixture.own(.control(.decision(TestAuthority.decided(.editionEnacted(text)))))
        guard case .refused("edition", let reason) = outcome else {
            Issue.record("\(bad.what) was enacted: \(outcome)")
            return
        }
        for words in bad.said { #expect(reason.contains(words), "\(bad.what): \(reason)") }
        #expect(fixture.store.catalogue.editions.count == 1)
        #expect(try downlink(fixture, "KZ-75") == [])
    }

    @Test func aSecondEditionFromOneDayAndAnActWithoutANumberAreRefused() throws {
        let fixture = try CentreFixture()
        let text = TestAuthority.edition(from: Day(year: 2026, month: 3, day: 2))
        let nameless = TestAuthority.decided(.editionEnacted(text), number: "")
        guard case .refused("decision-act", let reason) = try fixture.own(.control(.decision(nameless))) else {
            Issue.record("an act without a number was taken")
            return
        }
        #expect(reason.contains("no number") && reason.contains("--act"))
        #expect(fixture.store.catalogue.editions.count == 1)
        let decision = TestAuthority.decided(.editionEnacted(text))
        guard case .recorded = try fixture.own(.control(.decision(decision))),
            case .refused("edition", let again) = try fixture.own(.control(.decision(decision)))
        else {
            Issue.record("two editions begin on one day")
            return
        }
        #expect(again.contains("already") && again.contains("another day"))
        #expect(fixture.store.catalogue.editions.count == 2)
    }

    @Test func anEditionThatDropsACodeInUseIsRefusedAndTheOneInForceStays() throws {
        let fixture = try CentreFixture()
        let territory = try fixture.seat("KZ-75")
        territory.register("CR-1", "c-1", [("region", .text("KZ-75")), ("severity", .text("GRAVE"))])
        _ = try fixture.send(territory)
        let text = TestAuthority.edition(from: Day(year: 2026, month: 3, day: 2)) { files in
            files["code_lists.json"] = files["code_lists.json"]?.replacing(
                "{\"code\":\"GRAVE\"", with: "{\"code\":\"GRAVER\"", maxReplacements: 1)
        }
        let outcome = try fixture.own(.control(.decision(TestAuthority.decided(.editionEnacted(text)))))
        guard case .refused(let code, let reason) = outcome else {
            Issue.record("the edition was enacted: \(outcome)")
            return
        }
        #expect(code == "edition")
        #expect(reason.contains("GRAVE"))
        #expect(fixture.store.catalogue.editions.count == 1)
    }

    @Test func completenessIsCountedFromWhatCameAndWhatIsOwed() throws {
        let fixture = try CentreFixture()
        let almaty = try fixture.seat("KZ-75")
        let march = Day(year: 2026, month: 3, day: 1)
        for duty in [
            SenderDuty(code: "MVD", kinds: ["CR-1", "CR-2", "CR-3"], from: march, territory: "KZ-75"),
            SenderDuty(code: "COURT", kinds: ["CT-1"], from: march, territory: "KZ-10"),
        ] {
            _ = try fixture.own(.control(.decision(TestAuthority.decided(.senderOwes(duty), number: duty.code))))
        }
        almaty.register("CR-1", "c-1", [("region", .text("KZ-75"))])
        almaty.register("CR-2", "zero-1", act: .zero, [("period", .text("2026-03"))])
        _ = try fixture.send(almaty)
        func figures(_ period: String) throws -> [String] {
            let edition = fixture.catalogue.newest
            let counting = try FormCounting(
                form: try #require(edition.form("DISCIPLINE")), edition: edition,
                period: try #require(ReportPeriod(period)))
            let counted = try fixture.store.count(counting.plans)
            let report = counting.report(territories: ["KZ-10", "KZ-75"], answers: counted.answers)
            return report.figures.filter { $0.indicator == "DI.02" && $0.cut == nil }.map(\.text)
        }
        #expect(try figures("2026-03") == ["", "", ""], "March is not over")
        fixture.leaderMilliseconds += 30 * 86_400_000
        try fixture.apply([.own([])])
        // Two of four; COURT handed in nothing; two of three.
        #expect(try figures("2026-03") == ["50.00", "0.00", "66.67"])
        #expect(try figures("2026-Q1") == ["50.00", "0.00", "66.67"])
        #expect(try figures("2026-02") == ["", "", ""], "nothing was owed before")
    }

    @Test func whatASenderOwedAndDidNotHandInIsListed() throws {
        let fixture = try CentreFixture()
        let territory = try fixture.seat("KZ-75")
        let duty = SenderDuty(code: "MVD", kinds: ["CR-1", "CR-2", "CR-3"], from: Day(year: 2026, month: 3, day: 1))
        _ = try fixture.own(.control(.decision(TestAuthority.decided(.senderOwes(duty)))))
        territory.register("CR-1", "c-1", [("region", .text("KZ-75"))])
        territory.register("CR-2", "zero-1", act: .zero, [("period", .text("2026-03"))])
        _ = try fixture.send(territory)
        func missing(_ period: String) throws -> [String] {
            try fixture.store.missing(in: try #require(ReportPeriod(period))).map { "\($0.month.text) \($0.kind)" }
        }
        #expect(try missing("2026-03") == ["2026-03 CR-3"])
        #expect(try missing("2026-04") == ["2026-04 CR-1", "2026-04 CR-2", "2026-04 CR-3"])
        // Before the duty began nothing is owed.
        #expect(try missing("2026-02") == [])
        #expect(try missing("2026-Q1") == ["2026-03 CR-3"])
    }
}
