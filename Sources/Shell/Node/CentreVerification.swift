import Consensus
import Law
import Records
import Storage
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
