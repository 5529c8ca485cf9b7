import ArgumentParser
import Contract

struct PersonConflicts: Command {
    static let configuration = CommandConfiguration(
        commandName: "conflicts", abstract: "Subjects that may be one person and wait for a decision. At the centre.",
        discussion: """
            V109: one number, two names and birth dates. V110: one name and birth date, or one identity document, two
            numbers. Nothing is joined by machine: decide with person link or person unlink. The question is journaled.
            """)

    @Option(help: "At most this many.") var limit = Limits.listLines
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let conflicts: [ConflictAnswer] = try await connection.withClient {
            try await $0.list("/v1/persons/conflicts", [("limit", String(limit))])
        }
        guard !json else { return Console.say(.values(conflicts)) }
        var table = Table(
            .text("since"), .text("rule"), .number("subject"), .text("name"), .number("subject"), .text("name"),
            .text("record"))
        for one in conflicts {
            let (first, second) = (one.sides[0], one.sides[1])
            table.add(one.day, one.code, first.subject, first.name, second.subject, second.name, one.record)
        }
        Console.say(table.text)
    }
}

struct PersonLink: Command {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Decide that two subjects are one person. At the centre; journaled, reversible.",
        discussion: """
            Their accounts are shown together from then on, and ends of one end entries of the other. The subjects'
            numbers are those person find and person conflicts show.

              esep person link 17 204 --basis "answer of the civil registry 75-12/2026" --data centre
            """)

    @Argument(help: "A subject's number.") var first: UInt64
    @Argument(help: "The other's.") var second: UInt64
    @Option(help: "The act's basis: a document, an answer.") var basis: String
    @OptionGroup var connection: Connection

    func execute() async throws {
        try await decide("link", first, second, basis, connection)
        Console.say("\(first) and \(second) are one person from now on; undo with esep person unlink.")
    }
}

struct PersonUnlink: Command {
    static let configuration = CommandConfiguration(
        commandName: "unlink",
        abstract: "Decide that two subjects are two persons: undoes a link, or ends a conflict that waits.",
        discussion: "esep person unlink 17 204 --basis \"court act 12/2026\" --data centre")

    @Argument(help: "A subject's number.") var first: UInt64
    @Argument(help: "The other's.") var second: UInt64
    @Option(help: "The act's basis: a document, an answer.") var basis: String
    @OptionGroup var connection: Connection

    func execute() async throws {
        try await decide("unlink", first, second, basis, connection)
        Console.say("\(first) and \(second) are two persons.")
    }
}

private func decide(
    _ decision: String, _ first: UInt64, _ second: UInt64, _ basis: String, _ connection: Connection
) async throws {
    let request = PersonDecisionRequest(first: first, second: second, decision: decision, basis: basis)
    let _: DecisionAnswer = try await connection.withClient { try await $0.post("/v1/persons/decisions", request) }
}

struct PersonCandidates: Command {
    static let configuration = CommandConfiguration(
        commandName: "candidates",
        abstract: "Missing, unidentified and unnamed persons that may be one, the likest first. At the centre.",
        discussion: """
            Each new card is held against the open ones of the other kinds: sex, age, height, day, place, marks. Nothing
            is joined by machine. Say with person review that a pair was looked at.

              esep person candidates 2026/00000123 --data centre
            """)

    @Argument(help: "A record's confirmed number; absent: all pairs.") var number: String?
    @Option(help: "At most this many.") var limit = Limits.listLines
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let pairs: [CandidateAnswer] = try await connection.withClient {
            try await $0.list("/v1/persons/candidates", [("number", number), ("limit", String(limit))])
        }
        guard !json else { return Console.say(.values(pairs)) }
        var table = Table(
            .number("likeness"), .text("record"), .text("kind"), .text("record"), .text("kind"), .text("since"),
            .text("looked at"))
        for pair in pairs {
            let (first, second) = (pair.sides[0], pair.sides[1])
            table.add(
                "\(pair.likeness) %", first.number, first.kind, second.number, second.kind, pair.day,
                pair.isReviewed ? "yes" : "no")
        }
        Console.say(table.text)
    }
}

struct PersonReview: Command {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Say that a proposed pair was looked at, or is rejected. At the centre; journaled.",
        discussion:
            "esep person review 2026/00000123 2026/00000456 --rejected --basis \"expert 75-3/2026\" --data centre")

    @Argument(help: "A record's confirmed number.") var first: String
    @Argument(help: "The other's.") var second: String
    @Flag(help: "They are not one person: the pair leaves the list.") var rejected = false
    @Option(help: "The act's basis: a document, an answer.") var basis: String
    @OptionGroup var connection: Connection

    func execute() async throws {
        let request = CandidateReviewRequest(
            first: first, second: second, verdict: rejected ? "rejected" : "reviewed", basis: basis)
        let _: DecisionAnswer = try await connection.withClient { try await $0.post("/v1/persons/reviews", request) }
        Console.say(rejected ? "The pair is rejected." : "The pair was looked at.")
    }
}
