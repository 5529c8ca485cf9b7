import Foundation
import Storage
import Vault

/// A node's directory, opened and locked: who it is, its keys, and the key of its index.
struct OpenedFiles: Sendable {
    let directory: NodeDirectory
    let configuration: NodeConfiguration
    /// Held as long as this value lives.
    let lock: DirectoryLock
    let keyring: Keyring
    let blind: BlindIndexKey

    /// The name of the index's key in the keyring.
    static let blindKeyName = "index"

    var owner: FileOwner { Self.owner(of: configuration) }

    static func owner(of configuration: NodeConfiguration) -> FileOwner {
        FileOwner(cluster: configuration.clusterBytes, node: "\(configuration.role.rawValue) \(configuration.place)")
    }

    static func open(_ options: OpenOptions) throws(NodeError) -> OpenedFiles {
        let directory = NodeDirectory(options.directory)
        guard directory.isInitialised else {
            throw NodeError(
                .notFound, "\(options.directory) holds no node.",
                remedy: "Make one with `esep node init` (a centre) or `esep node join` (a territory).", field: "data")
        }
        let lock = try NodeError.translating { () throws(StorageError) in
            try DirectoryLock(directory: directory.root.path)
        }
        let configuration: NodeConfiguration
        do {
            configuration = try NodeConfiguration.load(directory)
        } catch {
            throw NodeError(
                .damaged, "\(directory.configuration) cannot be read: \(error).",
                remedy: "Put the file back as `node init` or `node join` wrote it.")
        }
        let secret = try operatorsSecret(directory, file: options.secretFile)
        return try NodeError.translating { () throws(StorageError) in
            let keyring = try Keyring(
                path: directory.keyring, slot: directory.epochSlot, owner: owner(of: configuration), secret: secret,
                draw: SystemRandom.bytes)
            guard let bytes = try keyring.secret(blindKeyName), let blind = Secret(bytes) else {
                throw StorageError.damaged(file: directory.keyring, what: "the key of the index is missing")
            }
            return OpenedFiles(
                directory: directory, configuration: configuration, lock: lock, keyring: keyring,
                blind: BlindIndexKey(blind))
        }
    }

    /// Makes the keyring of a new node, with the key of its index and its own key tree; a node that joins the centre
    /// has neither of its own and is given the others' keys.
    static func makeKeyring(
        _ directory: NodeDirectory, configuration: NodeConfiguration, secretFile: String?, seed: Secret?
    ) throws(NodeError) -> Keyring {
        let secret = try operatorsSecret(directory, file: secretFile)
        return try NodeError.translating { () throws(StorageError) in
            let keyring = try Keyring(
                path: directory.keyring, slot: directory.epochSlot, owner: owner(of: configuration), secret: secret,
                draw: SystemRandom.bytes)
            if let seed {
                try keyring.store(SystemRandom.secret().bytes, name: blindKeyName)
                try keyring.plant(author: configuration.author, seed: seed)
            }
            return keyring
        }
    }

    /// The operator's secret: from the file he names, else from the directory, where it is drawn at the first start.
    private static func operatorsSecret(_ directory: NodeDirectory, file: String?) throws(NodeError) -> [UInt8] {
        let path = file ?? directory.secret
        do {
            if !FileManager.default.fileExists(atPath: path) {
                if file != nil, directory.isInitialised {
                    throw NodeError(
                        .notFound, "There is no secret at \(path).",
                        remedy: "Give the file that was given when the node was made.", field: "secret-file")
                }
                try directory.write(SystemRandom.bytes(32), to: path)
            }
            let secret = try directory.read(path)
            guard secret.count >= 16 else {
                throw NodeError(
                    .invalid, "The secret at \(path) has \(secret.count) bytes.",
                    remedy: "Give a file of at least 16 bytes.", field: "secret-file")
            }
            return secret
        } catch let error as NodeError {
            throw error
        } catch {
            throw NodeError(.damaged, "The secret at \(path) cannot be read or made: \(error).")
        }
    }
}

extension NodeError {
    /// A failure of the store, in the words of the node.
    init(_ error: StorageError) {
        let code: Code
        switch error {
        case .full: code = .readOnly
        case .locked: code = .conflict
        case .foreign, .newer, .unsafeSettings: code = .refused
        case .wrongSecret: code = .forbidden
        case .damaged, .shortLog, .failedSync: code = .damaged
        case .failed: code = .inner
        }
        self.init(code, "\(error)", isDefinite: !error.isIndefinite)
    }

    static func translating<Result>(_ body: () throws(StorageError) -> Result) throws(NodeError) -> Result {
        do throws(StorageError) {
            return try body()
        } catch {
            throw NodeError(error)
        }
    }
}
