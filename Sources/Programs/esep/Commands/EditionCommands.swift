import ArgumentParser
import Contract
import Foundation
import Law

struct CatalogueEditions: Command {
    static let configuration = CommandConfiguration(
        commandName: "editions", abstract: "The editions of the catalogue, and the acts that enacted them.",
        discussion: "Of this program; with --data or --address, of the node: those enacted at the centre too.")

    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let editions: [EditionAnswer]
        if connection.data == nil, connection.address == nil {
            editions = try embeddedCatalogue().editions.map {
                EditionAnswer(
                    from: $0.from.text, kinds: UInt64($0.kinds.count), rules: UInt64($0.rules.count), act: nil,
                    date: nil)
            }
        } else {
            editions = try await connection.withClient { try await $0.list("/v1/editions") }
        }
        guard !json else { return Console.say(JSONValue.values(editions)) }
        Console.say(Self.table(editions))
    }

    static func table(_ editions: [EditionAnswer]) -> String {
        var table = Table(.text("from"), .number("kinds"), .number("rules"), .text("act"), .text("of"))
        for edition in editions {
            table.add(
                edition.from, "\(edition.kinds)", "\(edition.rules)", edition.act ?? "the program's", edition.date ?? ""
            )
        }
        return table.text
    }
}

struct CatalogueExport: Command {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the files of an edition into a folder: where a new one begins.",
        discussion: """
              esep catalogue export 2027-01-01 --data centre
              esep catalogue check 2027-01-01 --from 2027-01-01 --data centre
            """)

    @Argument(help: ArgumentHelp("A folder that is empty or not there yet.", valueName: "dir")) var folder: String
    @Option(help: "The edition in force on this day; absent: today.") var at: String?
    @OptionGroup var connection: Connection

    mutating func validate() throws {
        if let at, Day(text: at) == nil { throw ValidationError("--at is a date: 2026-03-31.") }
    }

    func execute() async throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard try manager.contentsOfDirectory(atPath: folder).isEmpty else {
            throw Failure("The folder \(folder) is not empty.", remedy: "Name another.")
        }
        let source = try await EditionFolder.inForce(at: at.flatMap { Day(text: $0) } ?? today, connection)
        for (name, bytes) in source.files.sorted(by: { $0.key < $1.key }) {
            try Data(bytes).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name))
        }
        Console.say("\(source.files.count) files of the edition of \(source.from.text) are in \(folder)")
    }
}

struct CatalogueCheck: Command {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Prove an edition before it is enacted.",
        discussion: """
            Every reference resolves, every rule and label has its three languages, every card a valid example, no rule
            divides by zero, no field's number changes its meaning, no code, rule or account type vanishes, no two
            editions begin on one day, the act has a number. A folder is a whole edition; a file is proved in the place
            of its namesake in the edition in force. Without a node it stands beside the program's own editions.

              esep catalogue check 2027-01-01 --from 2027-01-01
              esep catalogue check rules.json
            """)

    @Argument(help: ArgumentHelp("A folder of an edition, or one of its files.", valueName: "file|dir"))
    var path: String
    @Option(help: "The day it is to begin; absent: what edition.json or the folder's name says.") var from: String?
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    mutating func validate() throws {
        if let from, Day(text: from) == nil { throw ValidationError("--from is a date: 2027-01-01.") }
    }

    func execute() async throws {
        let (source, base) = try await EditionFolder.read(path, from: from.flatMap { Day(text: $0) }, connection)
        let defects = EditionProof(source: source, base: base).defects()
        if json {
            Console.say(
                .members([
                    "from": .string(source.from.text), "files": .integer(Int64(source.files.count)),
                    "defects": .array(
                        defects.map { defect in
                            .members([
                                "file": .string(defect.file), "place": .string(defect.place),
                                "reason": .string(defect.reason), "remedy": .string(defect.remedy),
                            ])
                        }),
                ]))
        } else if defects.isEmpty {
            Console.say("sound: \(source.files.count) files, to begin on \(source.from.text)")
        } else {
            for defect in defects { Console.say("\(defect.sentence)\n    \(defect.remedy)") }
        }
        if !defects.isEmpty { throw ExitCode(1) }
    }
}

struct CatalogueEnact: Command {
    static let configuration = CommandConfiguration(
        commandName: "enact", abstract: "Enact an edition for the whole nation. At the centre.",
        discussion: """
            The edition is proved, signed by the cluster's authority, committed by the centre and sent down to every
            territory. Documents are judged by the edition in force on their own day. An edition that is refused changes
            nothing.

              esep catalogue enact 2027-01-01 --act 5-q --date 2026-12-01 --basis "Law 510" --data centre
            """)

    @Argument(help: ArgumentHelp("The folder of the edition.", valueName: "dir")) var folder: String
    @Option(help: "The day it begins; absent: what edition.json or the folder's name says.") var from: String?
    @OptionGroup var act: ActOptions
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    mutating func validate() throws {
        if let from, Day(text: from) == nil { throw ValidationError("--from is a date: 2027-01-01.") }
    }

    func execute() async throws {
        let source = try EditionFolder.folder(folder, from: from.flatMap { Day(text: $0) })
        let request = EditionEnactRequest(
            from: source.from.text,
            files: source.files.sorted { $0.key < $1.key }.map {
                EditionFile(name: $0.key, text: String(decoding: $0.value, as: UTF8.self))
            }, act: act.fields)
        let answer: EditionAnswer = try await connection.withClient { try await $0.post("/v1/editions", request) }
        if json { Console.say(answer.json) } else { Console.say(CatalogueEditions.table([answer])) }
    }
}

/// An edition as it lies in a folder.
enum EditionFolder {
    /// What is to be proved, and the editions it is to stand beside.
    static func read(
        _ path: String, from: Day?, _ connection: Connection
    ) async throws -> (source: EditionSource, base: Catalogue) {
        let base = try await editions(connection)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure("There is no \(path).", remedy: "Name a folder of an edition, or one of its files.")
        }
        if isFolder.boolValue { return (try folder(path, from: from), base) }
        // One file, in the place of its namesake: proved as if it were enacted on a day of its own.
        var source = try await inForce(at: today, connection)
        source.files[URL(fileURLWithPath: path).lastPathComponent] = Array(try textFile(path).utf8)
        source.from = from ?? today
        while base.editions.contains(where: { $0.from == source.from }) { source.from = source.from.adding(days: 1) }
        return (source, base)
    }

    static func folder(_ path: String, from: Day?) throws -> EditionSource {
        let folder = URL(fileURLWithPath: path)
        var files: [String: [UInt8]] = [:]
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasSuffix(".json") {
                files[name] = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
            }
        } catch {
            throw Failure("The folder \(path) cannot be read: \(error.localizedDescription).", remedy: "Name another.")
        }
        let said = files["edition.json"].flatMap { try? JSONReader.read($0)["from"] }
        var day = from
        if day == nil, case .string(let text)? = said { day = Day(text: text) }
        guard let day = day ?? Day(text: folder.lastPathComponent) else {
            throw Failure(
                "Nothing says when the edition in \(path) begins.",
                remedy: "Give --from, or name the folder by the day: 2027-01-01.")
        }
        return EditionSource(from: day, files: files)
    }

    /// The edition in force: the node's where one is named, else the program's.
    static func inForce(at day: Day, _ connection: Connection) async throws -> EditionSource {
        guard connection.data != nil || connection.address != nil else {
            let from = try embeddedCatalogue().edition(on: day).from
            return EditionSource.embedded().first { $0.from == from } ?? EditionSource(from: from, files: [:])
        }
        return try await connection.withClient { try await files(at: day, $0) }
    }

    private static func files(at day: Day, _ client: Client) async throws -> EditionSource {
        let answer: EditionFilesAnswer = try await client.get("/v1/editions/files", [("at", day.text)])
        return EditionSource(
            from: Day(text: answer.from) ?? day,
            files: Dictionary(answer.files.map { ($0.name, Array($0.text.utf8)) }) { first, _ in first })
    }

    private static func editions(_ connection: Connection) async throws -> Catalogue {
        var catalogue = try embeddedCatalogue()
        guard connection.data != nil || connection.address != nil else { return catalogue }
        let sources = try await connection.withClient { client in
            let listed: [EditionAnswer] = try await client.list("/v1/editions")
            var sources: [EditionSource] = []
            for edition in listed where edition.act != nil {
                sources.append(try await files(at: Day(text: edition.from) ?? today, client))
            }
            return sources
        }
        for source in sources { catalogue = catalogue.adding(try source.load()) }
        return catalogue
    }
}
