import Vault

/// Chance, drawn from the system: the one place the shell takes it.
enum SystemRandom {
    static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    static func secret() -> Secret {
        guard let secret = Secret(bytes(Secret.byteCount)) else {
            preconditionFailure("a secret has \(Secret.byteCount) bytes")
        }
        return secret
    }

    static func number() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
