/// Why a connection was not made, or ended. Each says what was seen, for the operator's log.
package enum TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A frame's header or body breaks the format or a limit.
    case badFrame(String)
    /// LZ4 bytes that do not expand to the length they state.
    case badCompression
    /// A message that does not decode, or one above a limit.
    case badMessage(String)
    /// No TLS, no valid certificate, or none in time. TLS 1.3 with a certificate of the cluster's authority is asked.
    case refused(String)
    /// The other end speaks another version of the wire.
    case wrongVersion(UInt32)
    case wrongCluster
    /// A peer without a certificate sent something other than a join request.
    case strangerMayOnlyJoin
    /// Nothing was heard for the stated time.
    case silent(milliseconds: Int64)
    case tooManyConnections(limit: Int)
    /// More was waiting to be sent than a connection may hold.
    case backlogFull
    case cannotBind(address: String, reason: String)
    case cannotReach(address: String, reason: String)
    case badCertificate(String)
    case closed(String)

    package var description: String {
        switch self {
        case .badFrame(let what): "not a frame: \(what)"
        case .badCompression: "compressed bytes do not expand to the length they state"
        case .badMessage(let what): "not a message: \(what)"
        case .refused(let why): "refused: \(why)"
        case .wrongVersion(let version): "the other end speaks version \(version) of the wire"
        case .wrongCluster: "the other end belongs to another cluster"
        case .strangerMayOnlyJoin: "a peer without a certificate may only ask to join"
        case .silent(let milliseconds): "nothing was heard for \(milliseconds) ms"
        case .tooManyConnections(let limit): "more than \(limit) connections"
        case .backlogFull: "the other end does not take what it is sent"
        case .cannotBind(let address, let reason): "cannot listen on \(address): \(reason)"
        case .cannotReach(let address, let reason): "cannot reach \(address): \(reason)"
        case .badCertificate(let what): "certificate: \(what)"
        case .closed(let why): "closed: \(why)"
        }
    }
}
