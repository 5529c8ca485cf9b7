import Foundation
import Transport
import Vault

/// The node's key and certificates as PEM files under `tls/`.
enum NodeCertificates {
    static func save(
        _ directory: NodeDirectory, keyPEM: String, certificates: [[UInt8]], authority: [UInt8]
    ) throws {
        try directory.write(Array(keyPEM.utf8), to: directory.privateKey)
        try directory.write(Array(certificates.map(pem).joined().utf8), to: directory.certificate)
        try directory.write(Array(pem(authority).utf8), to: directory.authority)
    }

    static func identity(_ directory: NodeDirectory, cluster: [UInt8]) throws(NodeError) -> Identity {
        do {
            let key = String(decoding: try directory.read(directory.privateKey), as: UTF8.self)
            let chain = certificates(String(decoding: try directory.read(directory.certificate), as: UTF8.self))
            let anchors = certificates(String(decoding: try directory.read(directory.authority), as: UTF8.self))
            return try Identity(cluster: cluster, certificates: chain, keyPEM: key, authorities: anchors)
        } catch {
            throw NodeError(
                .damaged, "The node's certificate under \(directory.root.path)/tls cannot be used: \(error)",
                remedy: "Put the files back as `node init` or `node join` wrote them.")
        }
    }

    /// Who may sign decisions of the nation: the authorities this node believes.
    static func authorityKeys(of identity: Identity) throws(NodeError) -> [SenderKey] {
        do throws(TransportError) {
            return try identity.authorityKeys
        } catch {
            throw NodeError(.damaged, "The cluster's authority cannot be read: \(error).")
        }
    }

    private static let head = "-----BEGIN CERTIFICATE-----"
    private static let tail = "-----END CERTIFICATE-----"

    private static func pem(_ der: [UInt8]) -> String {
        let base64 = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "\(head)\n\(base64)\n\(tail)\n"
    }

    private static func certificates(_ pem: String) -> [[UInt8]] {
        pem.components(separatedBy: head).dropFirst().compactMap { part in
            let base64 = part.components(separatedBy: tail)[0].split(whereSeparator: \.isWhitespace).joined()
            return Data(base64Encoded: base64).map { [UInt8]($0) }
        }
    }
}
