import Foundation
import Logging
import Records
import Roles
import Storage
import Synchronization
import Uplink
import Vault

/// Seats a territory's node anew, from inside it: the new author's key tree is kept, then who the node is, and then the
/// process begins anew over its files as that. Whatever is interrupted is found again at the next hello.
final class TerritoryReseating: Sendable {
    private let files: OpenedFiles
    private let author: UInt32
    private let logger: Logger
    private let stopping: StopSignal
    private let isReopening = Mutex(false)

    init(files: OpenedFiles, stopping: StopSignal, logger: Logger) {
        self.files = files
        author = files.configuration.author
        self.stopping = stopping
        self.logger = logger
    }

    var wantsReopening: Bool { isReopening.withLock { $0 } }

    /// The seed of the author who comes after this one: drawn once, so that a question asked again is the same. A copy
    /// of the directory draws its own: with one secret both would be given the same seat.
    func seed(for store: TerritoryStore) throws(StorageError) -> Secret {
        let copy = try PlaceMark(directory: files.directory).nameOfCopy(of: store)
        return try files.keyring.lastingSecret("seat after \(author)" + (copy.map { " at \($0)" } ?? ""))
    }

    func reseat(_ answer: Reseated, _ store: TerritoryStore) throws(StorageError) {
        guard !wantsReopening else { return }
        if try !files.keyring.trees().contains(where: { $0.author == answer.author }) {
            try files.keyring.plant(author: answer.author, seed: try seed(for: store))
        }
        do {
            var configuration = try NodeConfiguration.load(files.directory)
            configuration.author = answer.author
            configuration.seat = answer.seat
            configuration.formers = answer.formers.map { NodeConfiguration.Former($0) }
            try configuration.save(files.directory)
        } catch {
            throw .failed(file: files.directory.configuration, code: 0, message: "\(error)")
        }
        // Not before: under the author before, files that were copied stay so.
        try PlaceMark(directory: files.directory).make(in: store)
        logger.notice("seated anew as author \(answer.author), seat \(answer.seat): beginning anew as that")
        reopen()
    }

    func reopen() {
        isReopening.withLock { $0 = true }
        stopping.stop()
    }
}
