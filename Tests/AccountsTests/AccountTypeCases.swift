import Accounts
import Law
import Records

/// A card handed to the account rules by hand: the facts its rules ask for, and no more.
struct Card {
    var kind: String
    /// Two cards of one name are one record; the later states it as corrected.
    var name: String
    var fields: [(String, Value)]
    /// The subject in each slot.
    var parties: [UInt16: UInt64]
    var isCancelled = false

    init(_ kind: String, _ name: String, _ fields: [(String, Value)], parties: [UInt16: UInt64] = [1: 1]) {
        self.kind = kind
        self.name = name
        self.fields = fields
        self.parties = parties
    }

    var cancelled: Card {
        var card = self
        card.isCancelled = true
        return card
    }

    var text: String { kind + (isCancelled ? " cancelled" : "") }
}

/// How one account type is opened, changed and ended: cards, and the state each leaves.
struct TypeCase {
    var type: String
    /// A day the type's edition is in force: type 12 has two.
    var on = day("2026-03-10")
    var opened: [Card]
    var openState: String
    var changed: Card
    var changeState: String
    /// What must differ where the state stays: the day it counts from.
    var changesDay = false
    /// Nil: by itself, when the term has passed.
    var ended: Card?
    var endState: String
}

func day(_ text: String) -> Day { Day(text: text) ?? Day(0) }
private func code(_ path: String, _ text: String) -> (String, Value) { (path, .text(text)) }
private func date(_ path: String, _ text: String) -> (String, Value) { (path, .day(day(text))) }

extension TypeCase {
    static let all: [TypeCase] =
        persons + searches + bodies + [inspections, accidents] + debts + offices + seized

    private static func suspect(_ status: String, _ on: String, mark: String? = nil) -> Card {
        Card(
            "CR-2", "P1",
            [code("case_no", "75-1"), code("status", status), date("doc_date", on)]
                + (mark.map { [code("marks", $0)] } ?? []))
    }

    private static func acquitted(_ name: String = "C1") -> Card {
        Card(
            "CT-1", name, [code("case_no", "75-1"), code("outcome", "ACQ"), date("court.act_date", "2026-06-20")])
    }

    private static func prosecuted(_ type: String, mark: String?) -> TypeCase {
        TypeCase(
            type: type, opened: [suspect("SUSP", "2026-03-05", mark: mark)], openState: "SUSP",
            changed: suspect("ACCU", "2026-04-05", mark: mark), changeState: "ACCU", ended: acquitted(),
            endState: "ACQ")
    }

    private static func decision(_ inForce: String, _ more: [(String, Value)] = []) -> Card {
        Card("AD-1", "A1", [code("outcome", "FINE"), date("in_force", inForce)] + more)
    }

    private static let persons: [TypeCase] =
        [
            ("1", nil), ("9", "CORR"), ("10-1", "TERR"), ("11", "EXTR"), ("16", "LAUN"), ("16-1", "SEXMIN"),
        ].map(prosecuted) + [
            TypeCase(
                type: "2",
                opened: [
                    Card(
                        "FP-1", "F1",
                        [code("case_no", "75-1"), code("reason", "DETAINED"), date("taken_at", "2026-03-05")])
                ], openState: "DETAINED",
                changed: Card(
                    "FP-1", "F2", [code("case_no", "75-1"), code("reason", "CUSTODY"), date("taken_at", "2026-03-08")]),
                changeState: "CUSTODY", ended: acquitted(), endState: "ACQ"),
            TypeCase(
                type: "6", opened: [decision("2026-03-05")], openState: "PENALTY", changed: decision("2026-03-15"),
                changeState: "PENALTY", changesDay: true, ended: decision("2026-03-15").cancelled,
                endState: "CANCELLED"),
            TypeCase(
                type: "6-2", opened: [abroad("PROS")], openState: "PROS", changed: abroad("SERV"), changeState: "SERV",
                ended: abroad("SERV", date("served", "2027-01-01")), endState: "SERVED"),
            TypeCase(
                type: "7", opened: [capacity("V1", "LIMITED", "2026-03-05")], openState: "LIMITED",
                changed: capacity("V1", "INCAP", "2026-03-05"), changeState: "INCAP",
                ended: capacity("V2", "RESTORED", "2026-09-05", code("start_ref", "S/V1")), endState: "RESTORED"),
            TypeCase(
                type: "8", opened: [deprived("2026-09-01")], openState: "DEPRIVED", changed: deprived("2027-03-01"),
                changeState: "DEPRIVED", changesDay: true, ended: nil, endState: "TERM-END"),
        ]

    private static func abroad(_ stage: String, _ more: (String, Value)...) -> Card {
        Card("FC-1", "B1", [code("stage", stage), date("doc_date", "2026-03-05")] + more)
    }

    private static func capacity(_ name: String, _ kind: String, _ on: String, _ more: (String, Value)...) -> Card {
        Card("CV-1", name, [code("capacity", kind), date("court.in_force", on)] + more)
    }

    private static func deprived(_ until: String) -> Card {
        Card(
            "CT-1", "C1",
            [
                code("case_no", "75-1"), code("deprivation.kind", "POST"), date("court.in_force", "2026-03-01"),
                date("deprivation.until", until),
            ])
    }

    private static func search(_ type: String, _ kind: String, _ word: String, _ value: String, end: Card) -> TypeCase {
        let start = kind == "WN-1" ? "started" : "doc_date"
        func card(_ on: String) -> Card { Card(kind, "W1", [code(word, value), date(start, on)]) }
        return TypeCase(
            type: type, opened: [card("2026-03-10")], openState: "WANTED", changed: card("2026-03-09"),
            changeState: "WANTED", changesDay: true, ended: end, endState: end.fields.isEmpty ? "" : "FOUND-A")
    }

    private static let searches: [TypeCase] = {
        func end(_ kind: String) -> Card {
            Card(
                kind, "E1", [code("start_ref", "S/W1"), code("outcome", "FOUND-A"), date("date", "2026-03-12")],
                parties: [:])
        }
        return [
            search("3", "WN-1", "wanted_ground", "INQ", end: end("WN-2")),
            search("15", "WN-1", "wanted_ground", "ALIM", end: end("WN-2")),
            search("4", "MS-1", "missing_kind", "MISS", end: end("MS-2")),
            search("16-2", "MS-1", "missing_kind", "LOST", end: end("MS-2")),
        ]
    }()

    private static let bodies: [TypeCase] = {
        func found(_ kind: String, _ on: String) -> Card { Card(kind, "U1", [date("found_at", on)], parties: [:]) }
        func end(_ kind: String, _ outcome: String, _ on: String) -> Card {
            Card(
                kind, "E-\(outcome)",
                [code("start_ref", "S/U1"), date("date", on)] + (kind == "UC-2" ? [code("outcome", outcome)] : []),
                parties: [:])
        }
        return [
            TypeCase(
                type: "5", opened: [found("UC-1", "2026-03-10")], openState: "UNKNOWN",
                changed: end("UC-2", "BURIED", "2026-04-10"), changeState: "BURIED",
                ended: end("UC-2", "IDENT", "2026-08-10"), endState: "IDENT"),
            TypeCase(
                type: "16-3", opened: [found("UP-1", "2026-03-10")], openState: "UNKNOWN",
                changed: found("UP-1", "2026-03-09"), changeState: "UNKNOWN", changesDay: true,
                ended: end("UP-2", "IDENT", "2026-08-10"), endState: "IDENT"),
        ]
    }()

    private static let inspections = TypeCase(
        type: "10",
        opened: [
            Card(
                "IN-1", "I1",
                [
                    code("registration_decision", "REG"), date("registered_on", "2026-03-10"),
                    code("subject.bin", "010140000017"),
                ])
        ], openState: "REG",
        changed: Card("IN-2", "I2", [code("appointment_ref", "S/I1"), date("act_date", "2026-03-16")], parties: [:]),
        changeState: "EXTENDED",
        ended: Card("IN-3", "I3", [code("appointment_ref", "S/I1"), date("delivered_on", "2026-03-20")]),
        endState: "DONE")

    private static let accidents: TypeCase = {
        func accident(_ dead: Int64, _ injured: Int64) -> Card {
            Card(
                "RA-1", "R1",
                [("dead", .integer(dead)), ("injured", .integer(injured)), date("doc_date", "2026-03-10")],
                parties: [:])
        }
        return TypeCase(
            type: "13", opened: [accident(0, 2)], openState: "INJURY", changed: accident(1, 1), changeState: "DEATH",
            ended: accident(1, 1).cancelled, endState: "CANCELLED")
    }()

    private static let debts: [TypeCase] = {
        func fine(_ name: String, _ more: (String, Value)...) -> Card {
            Card("AD-2", name, [code("decision_ref", "S/A1")] + more, parties: [:])
        }
        let decided = decision("2026-02-01")
        return [
            TypeCase(
                type: "14",
                opened: [decided, fine("F1", date("due", "2026-03-10"), code("state", "UNPAID"))], openState: "OWES",
                changed: fine("F1", date("due", "2026-03-11"), code("state", "UNPAID")), changeState: "OWES",
                changesDay: true,
                ended: fine(
                    "F2", date("due", "2026-03-11"), code("state", "PAID"), date("paid", "2026-04-01")),
                endState: "PAID")
        ]
    }()

    private static let offices: [TypeCase] =
        [("11-1", "DS-1", "2026-03-10"), ("12", "DS-2", "2026-03-10"), ("12", "DS-2", "2027-03-10")].map {
            (type: String, kind: String, on: String) in
            let later = on.dropLast(2) + "12"
            return TypeCase(
                type: type, on: day(on), opened: [Card(kind, "D1", [date("order_date", on)])], openState: "ORDER",
                changed: Card(kind, "D1", [date("order_date", String(later))]), changeState: "ORDER",
                changesDay: true,
                ended: Card(kind, "D1", [date("order_date", String(later)), date("annulled.on", "2027-06-01")]),
                endState: "ANNULLED")
        }

    private static let seized: [TypeCase] = {
        func amount(_ name: String, _ kind: String, _ on: String) -> Card {
            Card(
                "CF-1", name, [code("asset_no", "A-7"), code("amount_kind", kind), date("date", on)], parties: [:])
        }
        func request(_ more: (String, Value)...) -> Card {
            Card("MR-1", "M1", [date("sent", "2026-03-10")] + more, parties: [:])
        }
        return [
            TypeCase(
                type: "17", opened: [amount("K1", "DUE", "2026-03-10")], openState: "DUE",
                changed: amount("K2", "RET", "2026-05-10"), changeState: "RET",
                ended: amount("K1", "DUE", "2026-03-10").cancelled, endState: "CANCELLED"),
            TypeCase(
                type: "18", opened: [request()], openState: "OPEN",
                changed: Card("MR-1", "M1", [date("sent", "2026-03-09")], parties: [:]), changeState: "OPEN",
                changesDay: true, ended: request(date("done", "2026-07-01"), code("result", "FULL")),
                endState: "FULL"),
        ]
    }()
}
