import Logging
import Roles
import Transport
import Uplink
import Wire

/// A territory's line to the centre: dials when the role asks, hands on what comes, says when it is gone.
///
/// One connection at a time; the addresses of the centre's nodes are tried in turn.
struct CentreLink: Sendable {
    let node: TerritoryNode
    let identity: Identity
    let addresses: [String]
    let logger: Logger

    /// Runs until its task is cancelled.
    func run() async {
        var attempt = 0
        for await pause in node.dialing {
            do {
                try await Task.sleep(for: .milliseconds(pause))
            } catch {
                return
            }
            let address = addresses[attempt % addresses.count]
            attempt += 1
            await connect(to: address)
        }
    }

    private func connect(to address: String) async {
        guard let (host, port) = HostAndPort.parse(address) else {
            logger.error("not an address of the form HOST:PORT", metadata: ["address": "\(address)"])
            node.give(.dialFailed)
            return
        }
        do throws(TransportError) {
            let connection = try await Dialer.connect(
                host: host, port: port, cluster: identity.cluster, identity: identity,
                trust: .authorities(identity.authorities))
            guard connection.peer?.role == .centre else {
                connection.close("not a centre's node")
                logger.error("the peer is not a centre's node", metadata: ["address": "\(address)"])
                node.give(.dialFailed)
                return
            }
            await converse(connection)
        } catch {
            logger.debug("the centre cannot be reached: \(error)", metadata: ["address": "\(address)"])
            node.give(.dialFailed)
        }
    }

    private func converse(_ connection: Connection) async {
        let session = node.lines.add(connection)
        node.give(.linkUp(session))
        logger.info("connected to the centre", metadata: ["address": "\(connection.remoteAddress)"])
        do throws(TransportError) {
            var messages = connection.messages.makeAsyncIterator()
            while let message = try await messages.next() {
                guard case .uplink(let uplink) = message else {
                    connection.close("a message that no territory takes")
                    break
                }
                node.give(.received(session, uplink))
            }
            logger.info("the centre closed the connection")
        } catch {
            logger.info("the connection to the centre is down: \(error)")
        }
        node.lines.remove(session)
        node.questions.giveAll(nil)
        node.give(.linkDown(session))
    }
}

/// `HOST:PORT`; an IPv6 host stands in brackets.
enum HostAndPort {
    static func parse(_ text: String) -> (host: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        return host.isEmpty ? nil : (host, port)
    }
}
