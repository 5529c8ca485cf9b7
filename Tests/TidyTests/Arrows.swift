/// The table of design: which module may import what. The manifest draws the same arrows; this test reads every file.
enum Arrows {
    static let core: [String: Set<String>] = [
        "JSON": [],
        "Law": ["JSON", "LawData"],
        "Records": ["Law"],
        "Accounts": ["Law", "Records"],
        "Reports": ["Law"],
        "Vault": ["Crypto", "CryptoExtras"],
        "Consensus": [],
        "Uplink": ["Vault"],
        "Wire": ["Records", "Law", "Vault", "Consensus", "Uplink", "SwiftProtobuf", "FoundationEssentials"],
        "Roles": [
            "JSON", "Law", "Records", "Accounts", "Reports", "Vault", "Consensus", "Uplink", "Wire", "DequeModule",
        ],
        "Generator": ["Law"],
    ]

    static let everyCore: Set<String> = Set(core.keys).subtracting(["Generator"])

    /// What all of the shell may use: logs, metrics, the system's own libraries.
    static let common: Set<String> = [
        "Foundation", "FoundationEssentials", "Glibc", "Musl", "Dispatch", "Synchronization", "Logging", "Metrics",
    ]

    static let shell: [String: Set<String>] = [
        "Storage": everyCore.union(["GRDB", "GRDBSQLite", "SQLite3"]),
        "Transport": [
            "Wire", "Vault", "Uplink", "Records", "Law", "Consensus", "CLZ4", "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS",
            "NIOConcurrencyHelpers", "X509", "SwiftASN1", "Crypto",
        ],
        "Node": everyCore.union(["Storage", "Transport", "CFiles", "ServiceLifecycle"]),
        "Contract": ["Law", "JSON"],
        "Portal": [
            "Contract", "Law", "JSON", "Node", "Hummingbird", "HummingbirdCore", "HummingbirdTLS", "HTTPTypes",
            "NIOCore",
            "NIOPosix", "NIOSSL", "ServiceLifecycle",
        ],
    ]

    static let programs: [String: Set<String>] = [
        "esep": [
            "Contract", "Portal", "Node", "Generator", "Law", "JSON", "ArgumentParser", "AsyncHTTPClient", "NIOCore",
            "NIOFoundationCompat", "NIOHTTP1", "NIOSSL", "ServiceLifecycle", "UnixSignals",
        ]
    ]
}
