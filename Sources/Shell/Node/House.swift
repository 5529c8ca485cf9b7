import Consensus
import Foundation
import Law
package import Logging
import Records
import Roles
import Storage
import Transport
import Vault
import Wire

/// The ways into a node: make a centre, join a territory, open what was made.
package struct House: NodeHouse {
    let logger: Logger

    package init(logger: Logger) {
        self.logger = logger
    }

    // MARK: A new centre

    package func initCentre(_ options: InitOptions) async throws(NodeError) -> NodeIdentity {
        let directory = try emptyDirectory(options.directory)
        guard HostAndPort.parse(options.listen) != nil else {
            throw NodeError(
                .invalid, "\(options.listen) is not an address.", remedy: "Give HOST:PORT.", field: "listen")
        }
        let cluster = SystemRandom.bytes(JoinToken.clusterLength)
        let configuration = NodeConfiguration(
            name: options.name, role: .centre, place: "centre", cluster: Hex.encode(cluster),
            author: AuthorName.centreNumber, seat: 1, listen: options.listen, http: options.http,
            centre: [options.listen])
        let name = PeerName(cluster: cluster, replica: CentreService.firstReplica, name: options.name)
        guard name.isWellFormed else {
            throw NodeError(
                .invalid, "\(options.name) is not a node's name.",
                remedy: "Give up to 64 ASCII letters, digits, dots, underscores and dashes.", field: "name")
        }
        let seed = SystemRandom.secret()
        let keyring = try OpenedFiles.makeKeyring(
            directory, configuration: configuration, secretFile: options.secretFile, seed: seed)
        do {
            let now = SystemClock.wallMilliseconds / 1000
            let authority = try Authority(cluster: cluster, nowSeconds: now)
            try keyring.store(Array(try authority.keyPEM().utf8), name: CentreNode.authorityKeyName)
            try keyring.close()
            let (key, request) = try NodeKey.make(name: options.name)
            let certificate = try authority.sign(request: request, as: name, nowSeconds: now)
            try NodeCertificates.save(
                directory, keyPEM: key, certificates: [certificate, authority.certificate],
                authority: authority.certificate)
            // The configuration is what makes a directory a node's: it comes last.
            try configuration.save(directory)
        } catch {
            throw NodeError(.inner, "The centre could not be made in \(options.directory): \(error).")
        }
        return identity(of: configuration, directory)
    }

    // MARK: Joining

    package func join(_ options: JoinOptions) async throws(NodeError) -> NodeIdentity {
        let token: JoinToken
        do throws(JoinToken.Failure) {
            token = try JoinToken(word: options.token)
        } catch {
            throw NodeError(
                .invalid, "The token cannot be read (\(error)).",
                remedy: "Copy it whole, as `esep cluster token` printed it.", field: "token")
        }
        if token.expirySeconds < SystemClock.wallMilliseconds / 1000 {
            throw NodeError(
                .forbidden, "The token has expired.",
                remedy: "Ask the centre for a new one: `esep cluster token`; if it is new, look at this clock.",
                field: "token")
        }
        let directory = try emptyDirectory(options.directory)
        let seed = SystemRandom.secret()
        let key: (keyPEM: String, signingRequest: [UInt8])
        do throws(TransportError) {
            key = try NodeKey.make(name: options.name ?? token.territory)
        } catch {
            throw NodeError(.inner, "No key could be made: \(error).")
        }
        if token.role == .centre, options.isRebuild {
            throw NodeError(
                .invalid, "A node of the centre is not rebuilt: it joins anew and gets a copy of the leader's store.",
                remedy: "Leave --rebuild away, and replace the lost one: `esep centre member replace`.",
                field: "rebuild")
        }
        if token.role == .centre, options.listen.flatMap(HostAndPort.parse) == nil || options.name == nil {
            throw NodeError(
                .invalid, "A node of the centre has a name, and listens for the others.",
                remedy: "Give --name centre-2 and --listen HOST:PORT.", field: "listen")
        }
        let addresses = options.peers ?? token.addresses
        let (answer, keys, bundleKey) = try await seat(
            JoinRequest(
                cluster: token.cluster, secret: token.secret, name: options.name ?? token.name,
                signingRequest: key.signingRequest, treeSeed: seed, address: options.listen ?? "",
                wallMilliseconds: SystemClock.wallMilliseconds, isRebuild: options.isRebuild), token: token,
            addresses: addresses)
        let isCentre = token.role == .centre
        var configuration = NodeConfiguration(
            name: answer.name, role: isCentre ? .centre : .territory, place: answer.territory,
            cluster: Hex.encode(answer.cluster),
            author: answer.author, seat: answer.seat, listen: options.listen, http: options.http,
            centre: options.peers ?? answer.peers.map(\.address), centreIsPinned: options.peer == nil ? nil : true)
        if options.isRebuild { configuration.formers = answer.formers.map { NodeConfiguration.Former($0) } }
        let keyring = try OpenedFiles.makeKeyring(
            directory, configuration: configuration, secretFile: options.secretFile, seed: isCentre ? nil : seed)
        do {
            if let keys { _ = try keyring.merge(keys) }
            if let bundleKey { try BundleKeys(keyring: keyring).learn(bundleKey.number, key: bundleKey.key) }
            try keyring.close()
            guard let authority = answer.certificates.last else {
                throw TransportError.badCertificate("the answer holds no certificate")
            }
            try NodeCertificates.save(
                directory, keyPEM: key.keyPEM, certificates: answer.certificates, authority: authority)
            try configuration.save(directory)
        } catch {
            throw NodeError(
                .inner, "The node was seated, but its directory could not be filled: \(error).",
                remedy: "Empty the directory and join with a new token.", isDefinite: false)
        }
        return identity(of: configuration, directory)
    }

    private func seat(
        _ request: JoinRequest, token: JoinToken, addresses: [String]
    ) async throws(NodeError) -> (JoinAnswer, KeyringCopy?, BundleKey?) {
        var reasons: [String] = []
        var refused: NodeError?
        for address in addresses {
            guard let (host, port) = HostAndPort.parse(address) else {
                throw NodeError(.invalid, "\(address) is not an address.", remedy: "Give HOST:PORT.", field: "peer")
            }
            do throws(TransportError) {
                let (first, keys, bundleKey) = try await ask(request, host: host, port: port, token: token)
                switch first {
                case .joined(let answer):
                    guard keys != nil || (token.role == .territory && !request.isRebuild) else {
                        throw TransportError.badMessage("the answer came without the keys")
                    }
                    return (answer, keys, bundleKey)
                case .joinRefused(let refusal) where refusal.code == .notLeader:
                    reasons.append("\(address): \(refusal.reason)")
                case .joinRefused(let refusal):
                    refused = NodeError(
                        .forbidden, "The centre refuses the token: \(refusal.reason)",
                        remedy: "Ask the centre for a new one: `esep cluster token`.", field: "token")
                default: reasons.append("\(address): it did not answer the request to join")
                }
            } catch {
                reasons.append("\(address): \(error)")
            }
            if let refused { throw refused }
        }
        throw NodeError(
            .noLine, "No node of the centre could be joined: \(reasons.joined(separator: "; ")).",
            remedy: "Check the line and the address; `--peer HOST:PORT` names another one.", isDefinite: false)
    }

    private func ask(
        _ request: JoinRequest, host: String, port: Int, token: JoinToken
    ) async throws(TransportError) -> (Message?, KeyringCopy?, BundleKey?) {
        let connection = try await Dialer.connect(
            host: host, port: port, cluster: token.cluster, identity: nil, trust: .pinned(token.authority))
        defer { connection.close("the answer is read") }
        connection.post(.join(request), .control)
        var messages = connection.messages.makeAsyncIterator()
        var first = try await messages.next()
        var bundleKey: BundleKey?
        if case .bundleKey(let key)? = first {
            bundleKey = key
            first = try await messages.next()
        }
        guard token.role == .centre || request.isRebuild, case .joined? = first,
            case .peer(.keys(_, let keys))? = try await messages.next()
        else { return (first, nil, bundleKey) }
        return (first, keys, bundleKey)
    }

    // MARK: Opening

    package func open(_ options: OpenOptions) async throws(NodeError) -> any RunningNode {
        let files = try OpenedFiles.open(options)
        let catalogue = try Self.catalogue()
        switch files.configuration.role {
        case .territory: return try TerritoryService(files, catalogue: catalogue, peer: options.peer, logger: logger)
        case .centre: return try CentreService(files, catalogue: catalogue, logger: logger)
        }
    }

    private static func catalogue() throws(NodeError) -> Catalogue {
        do throws(CatalogueDefect) {
            return try Catalogue.embedded()
        } catch {
            throw NodeError(.damaged, "The catalogue cannot be loaded: \(error.file) \(error.place): \(error.reason).")
        }
    }

    package func verify(
        _ options: OpenOptions, accountsOnly: Bool, progress: @escaping @Sendable (UInt64, UInt64) -> Void
    ) async throws(NodeError) -> VerifyReport {
        let files = try OpenedFiles.open(options)
        var checks = [
            VerifyReport.Check(
                name: "keyring", passed: true,
                finding: "opens under the operator's secret, epoch \(files.keyring.epochNumber)")
        ]
        switch files.configuration.role {
        case .territory where accountsOnly:
            throw NodeError(
                .wrongRole, "A territory holds no accounts.", remedy: "The centre alone does: verify there.")
        case .territory:
            let seat = TerritorySeat(
                cluster: files.configuration.clusterBytes, territory: files.configuration.place,
                author: AuthorNumber(files.configuration.author), seat: files.configuration.seat)
            do throws(StorageError) {
                let store = try TerritoryStore(path: files.directory.store, seat: seat)
                let entries = try store.verifyLog()
                checks.append(
                    VerifyReport.Check(
                        name: "log", passed: true, finding: "\(entries) entries read; every stored digest agrees"))
                try store.close()
            } catch {
                checks.append(VerifyReport.Check(name: "log", passed: false, finding: "\(error)"))
            }
        case .centre:
            checks += CentreVerification(files: files, catalogue: try Self.catalogue())
                .run(accountsOnly: accountsOnly, progress: progress)
        }
        return VerifyReport(checks: checks)
    }

    // MARK: Directories

    private func emptyDirectory(_ path: String) throws(NodeError) -> NodeDirectory {
        let directory = NodeDirectory(path)
        if directory.isInitialised {
            throw NodeError(
                .conflict, "\(path) holds a node already; nothing was changed.",
                remedy: "Give another directory, or start that node.", field: "data")
        }
        do {
            try directory.create()
            // What an interrupted attempt left behind was never a node's.
            for stale in [directory.keyring, directory.epochSlot, directory.store, directory.index] {
                for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: stale + suffix) {
                    try FileManager.default.removeItem(atPath: stale + suffix)
                }
            }
        } catch {
            throw NodeError(
                .refused, "\(path) cannot be made or written: \(error.localizedDescription).",
                remedy: "Give a directory this user may write.", field: "data")
        }
        return directory
    }

    func identity(of configuration: NodeConfiguration, _ directory: NodeDirectory) -> NodeIdentity {
        NodeIdentity(configuration, directory)
    }
}

extension NodeIdentity {
    init(_ configuration: NodeConfiguration, _ directory: NodeDirectory) {
        let role: Role =
            switch configuration.role {
            case .centre: .centre
            case .territory: .territory(configuration.place)
            }
        self.init(
            name: configuration.name, role: role, cluster: configuration.cluster, directory: directory.root.path,
            http: configuration.http, certificateFile: directory.certificate, keyFile: directory.privateKey)
    }
}
