import Consensus
import Law
import Records
import Roles
import Storage
import Transport
import Vault

/// Reads a stopped centre's files through: every archived log against its digests, every account against its
/// derivation.
struct CentreVerification {
    let files: OpenedFiles
    let catalogue: Catalogue

    func run(
        accountsOnly: Bool, progress: @escaping @Sendable (UInt64, UInt64) -> Void
    ) -> [VerifyReport.Check] {
        do throws(NodeError) {
            let certificate = try NodeCertificates.identity(files.directory, cluster: files.configuration.clusterBytes)
            let authorities = try NodeCertificates.authorityKeys(of: certificate)
            return run(authorities: authorities, accountsOnly: accountsOnly, progress: progress)
        } catch {
            return [VerifyReport.Check(name: "certificate", passed: false, finding: error.sentence)]
        }
    }

    private func run(
        authorities: [SenderKey], accountsOnly: Bool, progress: @escaping @Sendable (UInt64, UInt64) -> Void
    ) -> [VerifyReport.Check] {
        do throws(StorageError) {
            let opener = BlockOpener(
                dictionaries: BlockDictionaries(catalogue), trees: try files.keyring.trees())
            let store = try CentreStore(
                path: files.directory.store, owner: files.owner,
                founding: .founding(voters: [CentreService.firstReplica]), centre: AuthorName.centre.place,
                catalogue: catalogue, authorities: authorities, blind: files.blind, opening: opener,
                index: try NodeIndex(path: files.directory.index, owner: files.owner))
            var checks: [VerifyReport.Check] = []
            if !accountsOnly { checks += try group(store) }
            if !accountsOnly { checks.append(check("archive", try store.verifyArchive(), of: "entries")) }
            let accounts = try store.verifyAccounts { seen in
                progress(seen.done, seen.total)
                return true
            }
            checks.append(check("accounts", accounts, of: "account entries derived anew"))
            if !accountsOnly {
                let state = try store.stateDigests()
                let digest = Digest.of(state.tables.flatMap { Array($0.name.utf8) + $0.digest.bytes })
                checks.append(
                    VerifyReport.Check(
                        name: "state", passed: true, finding: "applied \(state.applied), digest \(digest.hex)"))
            }
            try store.close()
            return checks
        } catch {
            return [VerifyReport.Check(name: "store", passed: false, finding: "\(error)")]
        }
    }

    /// The Raft log, who decides by it, and whether this node is who its certificate and its group say.
    private func group(_ store: CentreStore) throws(StorageError) -> [VerifyReport.Check] {
        let replica = ReplicaID(UInt64(files.configuration.author))
        let stored = try store.load(
            replica: replica, limits: ReplicaLimits(), opening: .started(nonceSalt: 0, software: "")
        ).stored
        let damage: Replica.Damage?
        do throws(Replica.Damage) {
            _ = try Replica(id: replica, limits: ReplicaLimits(), stored: stored)
            damage = nil
        } catch {
            damage = error
        }
        let waiting = stored.last.number - stored.applied.number
        let log = VerifyReport.Check(
            name: "raft log", passed: damage == nil && store.mended.isEmpty,
            finding: damage.map { "\($0)" }
                ?? (store.mended.isEmpty
                    ? "entries \(stored.base.mark.index.next) to "
                        + "\(stored.last) are as written; \(waiting) wait to be applied when the node starts"
                    : "entries \(store.mended) were damaged; they are applied, and the log is cut behind them"))
        let membership = stored.memberships.last?.membership ?? stored.base.membership
        let certified = try? NodeCertificates.identity(
            files.directory, cluster: files.configuration.clusterBytes
        ).name
        let isOwn = certified?.replica == replica
        let generation = try store.generation()
        let recovered = generation == 0 ? "" : "; recovered \(generation) times"
        let group = VerifyReport.Check(
            name: "group", passed: isOwn,
            finding: isOwn
                ? "number \(replica); voters \(membership.voters), learners \(membership.learners)"
                    + (membership.isRetired(replica) ? ": this number belongs to nobody any more" : "") + recovered
                : "node.json says number \(replica), the certificate \(certified?.replica?.description ?? "none")")
        return [log, group]
    }

    private func check(
        _ name: String, _ verification: CentreStore.Verification, of what: String
    ) -> VerifyReport.Check {
        let differences = verification.differences
        return VerifyReport.Check(
            name: name, passed: differences.isEmpty,
            finding: differences.isEmpty
                ? "\(verification.compared) \(what); all agree"
                : "\(verification.compared) \(what); \(differences.joined(separator: "; "))")
    }
}
