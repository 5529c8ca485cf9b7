import Consensus
import Law
import Records
import TestSupport
import Testing
import Uplink
import Vault
import Wire

/// Values of every shape: fixed ones for the golden files, drawn ones for the laws.
enum Samples {
    static let record = RecordID(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10)

    static let document = Entry(
        stamp: Stamp(milliseconds: 1_772_500_000_000, counter: 3), seen: 41,
        body: .document(
            DocumentEntry(
                act: .correct, record: record, kind: "CR-1", edition: Day(20_454),
                number: Serial(year: 2026, serial: 123), sender: "POLICE-75", document: "2026/17",
                writes: [
                    Write(field: 1, place: 0, value: .text("KZ-75")),
                    Write(field: 2, place: 1, value: .day(Day(20_510))),
                    Write(
                        field: 300, place: 5, value: .decimal(unscaled: -125_050, scale: 2),
                        replaces: [Dot(at: LogAddress(author: AuthorNumber(7), index: 9_000), place: 4)]),
                    Write(field: 301, place: 6, value: .integer(-1)),
                    Write(field: 302, place: 7, value: .time(1_772_500_000_000)),
                    Write(field: 303, place: 8, value: .flag(false)),
                    Write(field: 304, place: 9, value: .unknown),
                    Write(
                        field: 305, place: 10,
                        value: .group([
                            .init(field: 1, value: .text("")), .init(field: 2, value: .group([])),
                            .init(field: 3, value: .day(Day(-1))),
                        ])),
                    Write(
                        field: 306, place: 11, value: nil,
                        replaces: [Dot(at: LogAddress(author: .centre, index: 1), place: 0)]),
                ],
                blocks: [
                    SealedBlock(leaf: 200, slot: 0, rawLength: 60, sealed: [1, 2, 3]),
                    SealedBlock(leaf: 201, slot: 1, rawLength: 700, sealed: [UInt8](repeating: 9, count: 130)),
                ])))

    static let access = Entry(
        stamp: Stamp(milliseconds: 1_772_500_000_001), seen: 0,
        body: .access(
            AccessEntry(
                officer: "operator", action: "person.find", subjects: [1, 0xFFFF_FFFF_FFFF_FFFF], position: 12,
                block: SealedBlock(leaf: 1, slot: 0, rawLength: 5, sealed: [7]))))

    static let started = Entry(
        stamp: Stamp(bits: 1), seen: 0, body: .control(.started(nonceSalt: 0x1122_3344_5566_7788, software: "1.0")))
    static let tokenIssued = Entry(
        stamp: Stamp(bits: 2), seen: 0,
        body: .control(
            .tokenIssued(
                hash: [1, 2], role: "territory", territory: "KZ-75", expires: 1_800_000_000, officer: "operator")))
    static let actOfBodies = Decision.Act(number: "12-o", date: Day(20_520), basis: "CPC art. 187", officer: "operator")
    static let territory = Entry(
        stamp: Stamp(bits: 5), seen: 0,
        body: .control(
            .territory(
                TerritoryAct(
                    verb: .retired, territory: "KZ-47", successor: "KZ-61", name: "Түркістан", act: actOfBodies))))
    static let transferred = Entry(
        stamp: Stamp(bits: 6), seen: 0,
        body: .control(
            .transferred(
                RecordTransfer(
                    record: record, to: "KZ-10", releases: [LogAddress(author: AuthorNumber(7), index: 9_000)],
                    act: actOfBodies))))
    static let bundleEpoch = Entry(
        stamp: Stamp(bits: 4), seen: 0,
        body: .control(
            .bundleEpoch(
                BundleEpoch(number: 3, key: [UInt8](repeating: 0x44, count: 32), openFrom: 2, officer: "operator"))))
    static let seated = Entry(
        stamp: Stamp(bits: 3), seen: 0,
        body: .control(
            .seated(
                tokenHash: [1, 2], name: "kz-75-1", role: "territory", territory: "KZ-75",
                author: AuthorNumber(4), seat: 2)))

    static let recovered = Entry(
        stamp: Stamp(bits: 4), seen: 0,
        body: .control(
            .recovered(
                Recovery(
                    generation: 1, number: 70, name: "centre-3", address: "10.0.0.3:7510", kept: 4711,
                    officer: "operator"))))
    static let reseated = Entry(
        stamp: Stamp(bits: 5), seen: 0,
        body: .control(
            .reseated(
                secretHash: [1, 2], name: "kz-75-1", territory: "KZ-75", former: AuthorNumber(4), cause: .diverged,
                author: AuthorNumber(7), seat: 2)))
    /// An entry that was moved from a log that diverged.
    static let moved = Entry(
        stamp: access.stamp, seen: 7, body: access.body,
        origin: Origin(
            at: LogAddress(author: AuthorNumber(4), index: 300), digest: [UInt8](repeating: 0xD1, count: 32)))

    static let entries: [(name: String, entry: Entry)] =
        [
            ("entry-document", document), ("entry-access", access), ("entry-started", started),
            ("entry-token-issued", tokenIssued), ("entry-seated", seated),
            ("entry-recovered", recovered), ("entry-bundle-epoch", bundleEpoch),
            ("entry-reseated", reseated), ("entry-moved", moved),
            ("entry-territory", territory), ("entry-transferred", transferred),
        ] + decisions.map { ($0.name, decided($0.matter)) }

    static let decisions: [(name: String, matter: Decision.Matter)] = [
        (
            "decision-sender-registered",
            .senderRegistered(
                SenderRegistration(
                    code: "POLICE-75", name: "Полиция",
                    certificate: SenderCertificate(
                        id: "0a1b", key: [4, 5], bytes: [6, 7, 8], from: Day(20_454), to: Day(20_818))))
        ),
        ("decision-sender-revoked", .senderRevoked(code: "POLICE-75", certificateID: "0a1b")),
        (
            "decision-sender-owes",
            .senderOwes(SenderDuty(code: "COURT-10", kinds: ["CR-3", "CT-1"], from: Day(20_454)))
        ),
        (
            "decision-sender-owes-at",
            .senderOwes(SenderDuty(code: "COURT-10", kinds: ["CT-1"], from: Day(20_454), territory: "KZ-10"))
        ),
        (
            "decision-edition-enacted",
            .editionEnacted(
                EditionText(from: Day(20_820), files: [.init(name: "rules.json", bytes: [0x7B, 0x7D])]))
        ),
        (
            "decision-report-placed",
            .reportPlaced(
                PlacedReport(
                    form: "1-M", period: "2026-03", note: "late cards", position: 12,
                    figures: [
                        .init(indicator: "1M.01", territory: "", value: 7),
                        .init(indicator: "1M.01", territory: "KZ-75", value: -1),
                        .init(indicator: "DI.01", territory: "", value: nil),
                    ]))
        ),
        // What a later program may decide: its matter is kept as it came.
        ("decision-unknown", .unknown(kind: 77, bytes: [9, 9, 9])),
    ]

    static func decided(_ matter: Decision.Matter) -> Entry {
        let act = Decision.Act(number: "17-o", date: Day(20_500), basis: "Order 25", officer: "system:root")
        return Entry(
            stamp: Stamp(bits: 4), seen: 0,
            body: .control(.decision(Decision(act: act, matter: matter, signature: [1, 2, 3]))))
    }

    static let plain = BlockPlain(
        writes: [
            Write(field: 10, place: 12, value: .text("Әлия")), Write(field: 11, place: 13, value: .text("Сәрсен")),
        ], content: Digest.of([1]), signature: [5, 5])

    static let digest = Digest.of([2])

    static let proposals: [(name: String, proposal: Proposal)] = [
        (
            "proposal-batch",
            Proposal(
                leaderMilliseconds: 99,
                payload: .batch(
                    .init(
                        author: AuthorNumber(7), first: 5, previous: digest, entries: [[1, 2], [3]], digest: digest)))
        ),
        ("proposal-own", Proposal(leaderMilliseconds: 100, payload: .own([[4, 5, 6]]))),
    ]

    static let downlink: [(name: String, item: DownlinkItem)] = [
        (
            "downlink-held",
            .held(
                HeldRecord(
                    opening: LogAddress(author: AuthorNumber(7), index: 9_000), territory: "KZ-75", seat: 2,
                    kind: "CR-1", provisional: Serial(year: 2026, serial: 123),
                    confirmed: Serial(year: 2026, serial: 456)))
        ),
        (
            "downlink-receipts",
            .receipts(
                Receipts(
                    author: AuthorNumber(7), first: 3, year: 2026, confirmed: [0, 17, 18, 5, 0, .max, 1],
                    findings: [Finding(offset: 1, code: "V109", field: "person.iin", severity: .warning)]))
        ),
        (
            "downlink-findings",
            .receipts(
                Receipts(
                    author: AuthorNumber(7), first: 3, year: 0, confirmed: [],
                    findings: [
                        Finding(offset: 0, code: "V212", field: "decision", severity: .error),
                        Finding(offset: 70_000, code: "V604", field: "dead", severity: .error, isWithdrawn: true),
                    ]))
        ),
        (
            "downlink-entry",
            .entry(
                ForeignEntry(
                    at: LogAddress(author: .centre, index: 8), bytes: [1, 2, 3], nonceSalt: 77,
                    granted: Secret([UInt8](repeating: 3, count: 32)).map { [.init(leaf: 5, key: $0)] } ?? []))
        ),
        ("downlink-notice", .notice(Notice(code: "N001", text: "the centre was restored"))),
    ]
}

extension Dice {
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    mutating func text() -> String {
        let letters = Array("abcXYZ09 -әғқңөұүһіЖ語🙂")
        return String((0..<below(12)).map { _ in letters[below(letters.count)] })
    }

    mutating func value(depth: Int = 0) -> Value {
        switch below(depth < 3 ? 8 : 7) {
        case 0: .text(text())
        case 1: .integer(Int64(bitPattern: next() >> UInt64(below(64))))
        case 2: .decimal(unscaled: Int64(bitPattern: next()), scale: UInt8(below(19)))
        case 3: .day(Day(Int32(truncatingIfNeeded: next())))
        case 4: .time(Int64(bitPattern: next()))
        case 5: .flag(below(2) == 0)
        case 6: .unknown
        default:
            .group((0..<below(4)).map { _ in .init(field: UInt16(below(500)), value: value(depth: depth + 1)) })
        }
    }

    mutating func dot() -> Dot {
        let at = LogAddress(
            author: AuthorNumber(UInt32(1 + below(1 << 23 - 1))), index: UInt64(1 + below(1 << 40 - 1)))
        return Dot(at: at, place: UInt16(below(1 << 16)))
    }

    mutating func writes() -> [Write] {
        var place = below(3)
        return (0..<below(20)).map { _ in
            defer { place += 1 + (below(4) == 0 ? below(100) : 0) }
            let replaces = below(4) == 0 ? (0...below(3)).map { _ in dot() } : []
            let value = replaces.isEmpty || below(2) == 0 ? value() : nil
            return Write(field: UInt16(below(1 << 16)), place: UInt16(place), value: value, replaces: replaces)
        }
    }

    mutating func block() -> SealedBlock {
        SealedBlock(
            leaf: UInt64(below(1 << 40)), slot: UInt16(below(9)), rawLength: UInt32(below(9_000)),
            sealed: bytes(below(300)))
    }

    mutating func entry() -> Entry {
        let document = DocumentEntry(
            act: DocumentAct.allCases[below(4)], record: RecordID(high: next(), low: next()), kind: text(),
            edition: Day(Int32(below(40_000))),
            number: Serial(year: UInt16(below(3_000)), serial: UInt32(below(9_999))),
            sender: text(), document: text(), writes: writes(), blocks: (0..<below(4)).map { _ in block() })
        return Entry(stamp: Stamp(bits: next()), seen: UInt64(below(1 << 30)), body: .document(document))
    }
}
