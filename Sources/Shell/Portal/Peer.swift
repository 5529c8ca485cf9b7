import Glibc
import Hummingbird
import NIOCore
import Node

/// Who is on the other end of a connection, as the system says.
enum Peer {
    /// The kernel's `ucred`: three 32-bit integers.
    private struct Credentials {
        var process: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    /// The caller on the node's own socket: his system account, which the kernel vouches for.
    static func operatorAccount(of channel: any Channel) async -> Caller {
        guard let options = channel as? any SocketOptionProvider,
            let credentials: Credentials = try? await options.unsafeGetSocketOption(
                level: .socket, name: .init(rawValue: SO_PEERCRED)
            ).get()
        else { return Caller(officer: "system:unknown") }
        return Caller(officer: "system:\(account(credentials.user))")
    }

    /// The caller over the network: where he calls from is all that is known of him.
    static func networkCaller(of channel: any Channel) -> Caller {
        Caller(officer: "network:\(channel.remoteAddress?.ipAddress ?? "unknown")")
    }

    /// The account's name, or its number where it has none.
    private static func account(_ user: UInt32) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        return buffer.withUnsafeMutableBufferPointer { room in
            guard getpwuid_r(user, &entry, room.baseAddress!, room.count, &found) == 0, found != nil,
                let name = entry.pw_name
            else { return String(user) }
            return String(cString: name)
        }
    }
}
