import ArgumentParser
import Contract
import Foundation
import Law
import Node

struct SenderCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sender", abstract: "Agencies that hand documents in: certificates, signatures, what they owe.",
        subcommands: [SenderRegister.self, SenderList.self, SenderRevoke.self, SenderMissing.self, SenderSign.self])
}

struct SenderRegister: Command {
    static let configuration = CommandConfiguration(
        commandName: "register", abstract: "Make a sender known to the nation. At the centre.",
        discussion: """
            With --cert its documents must be signed from now on (V002, V003), at every territory that has heard of it.
            With --owes it is expected to hand in these cards every month, or a zero report (V015); with --territory
            the form DISCIPLINE counts them there.

              esep sender register POLICE-75 --cert police.pem --act 17-o --basis "Order 25" --data centre
              esep sender register COURT-10 --owes CT-1 --territory KZ-10 --act 18-o --basis "Order 25" --data centre
            """)

    @Argument(help: "The code its documents carry in sender_subject.") var code: String
    @Option(help: "What it is called.") var name: String?
    @Option(help: ArgumentHelp("Its X.509 certificate in PEM, of P-256 or Ed25519.", valueName: "file"))
    var cert: String?
    @Option(help: "Use it from this day on: 2026-03-31; absent: as the certificate says.") var from: String?
    @Option(help: "Use it up to this day, included.") var to: String?
    @Option(help: "Card kinds owed every month: CR-1,CR-2; an empty list ends it.") var owes: String?
    @Option(help: "Where these cards are owed: KZ-75.") var territory: String?
    @OptionGroup var act: ActOptions
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let request = SenderRegisterRequest(
            code: code, name: name, certificate: try cert.map(textFile), from: from, to: to,
            owes: owes.map { $0.split(separator: ",").map(String.init) }, territory: territory,
            act: act.fields)
        let answer: SenderAnswer = try await connection.withClient { try await $0.post("/v1/senders", request) }
        if json { Console.say(answer.json) } else { Console.say(SenderList.table([answer])) }
    }
}

struct SenderList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The senders registered, as the node has heard of them.")

    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let senders: [SenderAnswer] = try await connection.withClient { try await $0.list("/v1/senders") }
        if json { Console.say(JSONValue.values(senders)) } else { Console.say(Self.table(senders)) }
    }

    static func table(_ senders: [SenderAnswer]) -> String {
        var table = Table(
            .text("code"), .text("name"), .text("certificate"), .text("from"), .text("to"), .text("state"),
            .text("owes"), .text("act"))
        for sender in senders {
            let owes = sender.owes.joined(separator: " ") + (sender.territory.isEmpty ? "" : " at \(sender.territory)")
            if sender.certificates.isEmpty { table.add(sender.code, sender.name, "", "", "", "", owes, sender.act) }
            for (place, certificate) in sender.certificates.enumerated() {
                let state = certificate.revoked.map { "revoked by \($0)" } ?? "in force"
                table.add(
                    place == 0 ? sender.code : "", place == 0 ? sender.name : "", certificate.id, certificate.from,
                    certificate.to, state, place == 0 ? owes : "", place == 0 ? sender.act : "")
            }
        }
        return table.text
    }
}

struct SenderRevoke: Command {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a sender's certificates. At the centre.",
        discussion: """
            Documents signed with it are refused (V002) wherever the revocation has been heard, whatever their date.

              esep sender revoke POLICE-75 --cert-id 0a1b2c3d4e5f6071 --act 19-o --basis "key lost" --data centre
            """)

    @Argument(help: "The sender's code.") var code: String
    @Option(help: "One certificate, as `sender list` shows it; absent: all of them.") var certID: String?
    @OptionGroup var act: ActOptions
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let request = SenderRevokeRequest(certificateID: certID, act: act.fields)
        let answer: SenderAnswer = try await connection.withClient {
            try await $0.post("/v1/senders/\(percent(code))/revoke", request)
        }
        if json { Console.say(answer.json) } else { Console.say(SenderList.table([answer])) }
    }
}

struct SenderMissing: Command {
    static let configuration = CommandConfiguration(
        commandName: "missing", abstract: "Who owed cards of a period and handed in nothing, not even a zero report.")

    @Option(help: "A period that is over: 2026-03, 2026-Q1, 2026-H1 or 2026.") var period: String
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let missing: [MissingAnswer] = try await connection.withClient {
            try await $0.list("/v1/senders/missing", [("period", period)])
        }
        guard !json else { return Console.say(JSONValue.values(missing)) }
        var table = Table(.text("sender"), .text("name"), .text("card"), .text("period"), .text("finding"))
        for one in missing { table.add(one.sender, one.name, one.kind, one.period, "\(one.code) \(one.severity)") }
        Console.say(table.text)
        if let first = missing.first { Console.say("\(first.message). \(first.remedy).") }
    }
}

struct SenderSign: Command {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign documents as a sender registered with a certificate must.",
        discussion: """
            Reads documents, a line of JSON each, and writes them with cert_id and signature, in canonical form: members
            sorted by the bytes of their names, no white space, least escapes. The signature is over these bytes without
            the signature itself. The key stays where it is; no node is asked.

              esep sender sign --key police.key --cert police.pem < cards.ndjson > signed.ndjson
            """)

    @Option(help: ArgumentHelp("The private key in PEM, of P-256 or Ed25519.", valueName: "file")) var key: String
    @Option(help: ArgumentHelp("The certificate registered for it, in PEM.", valueName: "file")) var cert: String
    @Option(help: ArgumentHelp("The documents, NDJSON; - reads stdin.", valueName: "file")) var file = "-"

    func execute() async throws {
        let signing = try SenderSigning(keyPEM: try textFile(key), certificatePEM: try textFile(cert))
        let input = file == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: file)
        guard let input else { throw Failure("The file \(file) cannot be read.", remedy: "Name another.") }
        var carry: [UInt8] = []
        var line = 0
        while case let piece = input.availableData, !piece.isEmpty {
            carry += piece
            guard let last = carry.lastIndex(of: UInt8(ascii: "\n")) else { continue }
            try sign(carry[...last], signing, &line)
            carry.removeSubrange(...last)
        }
        try sign(carry[...], signing, &line)
    }

    private func sign(_ lines: ArraySlice<UInt8>, _ signing: SenderSigning, _ line: inout Int) throws {
        var output: [UInt8] = []
        for document in lines.split(separator: UInt8(ascii: "\n")) {
            line += 1
            do {
                output += try signing.sign(Array(document)) + [UInt8(ascii: "\n")]
            } catch {
                throw Failure("Line \(line): \(error.sentence)", remedy: error.remedy)
            }
        }
        if !output.isEmpty { Console.write(output, to: 1) }
    }
}
