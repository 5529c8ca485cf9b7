import TestSupport
import Testing
import Vault

extension Dice {
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    mutating func secret() throws -> Secret {
        try #require(Secret(bytes(32)))
    }
}
