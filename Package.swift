// swift-tools-version: 6.2
import PackageDescription

// The map of the house. `Sources/Core` decides as values, `Sources/Shell` carries out, `Sources/Programs` are mains.
// The arrows below are the ones the README draws; `Tests/TidyTests` compares every file's imports with them.

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")

func core(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/Core/\(name)", exclude: ["DESIGN.md"] + exclude)
}

func shell(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/Shell/\(name)", exclude: ["DESIGN.md"])
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests", resources: resources)
}

let belowRoles: [Target.Dependency] = [
    "JSON", "Law", "Records", "Accounts", "Reports", "Vault", "Consensus", "Uplink", "Wire",
]
let everyCore: [Target.Dependency] = belowRoles + ["Roles"]
let everyPlantedCore: [Target.Dependency] = [
    "JSON", "Law", "PlantedRecords", "PlantedAccounts", "Reports", "Vault", "Consensus", "PlantedUplink", "PlantedWire",
]

/// The modules under the system rung once more, with the bugs that it must find: never part of the program.
let plantedModules = ["Records", "Accounts", "Uplink", "Wire", "Roles", "Storage"]

func planted(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = ["DESIGN.md"]) -> Target {
    let aliases = plantedModules.filter { $0 != name }.flatMap { ["-module-alias", "\($0)=Planted\($0)"] }
    return .target(
        name: "Planted\(name)",
        dependencies: dependencies, path: "Tests/Support/Planted/\(name)", exclude: exclude,
        swiftSettings: [.define("PLANTED"), .unsafeFlags(aliases)])
}

let package = Package(
    name: "esep",
    products: [
        .executable(name: "esep", targets: ["esep"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Core: values and decisions.
        core("JSON"),
        core("Law", ["JSON", "LawData"]),
        core("Records", ["Law"]),
        core("Accounts", ["Law", "Records"]),
        core("Reports", ["Law"]),
        core("Vault", [crypto, cryptoExtras]),
        core("Consensus"),
        core("Uplink", ["Vault"]),
        core("Wire", ["Law", "Records", "Vault", "Consensus", "Uplink", protobuf], exclude: ["Schema"]),
        core("Roles", belowRoles + [deque]),
        core("Generator", ["Law"]),

        // Shell: disk, network, time, chance, HTTP.
        .target(name: "LawData", path: "Sources/Shell/LawData", exclude: ["DESIGN.md", "Editions", "Stories"]),
        .systemLibrary(
            name: "CLZ4", path: "Sources/Shell/CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        .systemLibrary(name: "CFiles", path: "Sources/Shell/CFiles"),
        shell("Storage", everyCore + [grdb, grdbSQLite]),
        shell(
            "Transport",
            ["Wire", "Vault", "CLZ4", nioCore, nioPosix, nioSSL, nioTLS, x509, asn1, crypto, logging]),
        shell("Node", everyCore + ["Storage", "Transport", "CFiles", lifecycle, logging]),
        shell("Contract", ["Law"]),
        shell("Portal", ["Contract", "Law", "Node", hummingbird, hummingbirdTLS, nioCore, lifecycle, logging]),

        // Programs.
        .executableTarget(
            name: "esep",
            dependencies: [
                "Contract", "Portal", "Node", "Generator", "Law", argumentParser, asyncHTTPClient, nioCore, nioHTTP1,
                nioSSL, lifecycle, signals, logging,
            ],
            path: "Sources/Programs/esep", exclude: ["DESIGN.md"]),

        // Tests.
        .target(name: "TestSupport", path: "Tests/Support/TestSupport"),
        .target(name: "HandMade", dependencies: ["Law", "Reports"], path: "Tests/Support/HandMade"),
        .target(name: "Simulation", dependencies: ["Consensus"], path: "Tests/Support/Simulation"),
        // The same sources once more, with the bugs that the simulator must find: never part of the program.
        .target(
            name: "PlantedConsensus", path: "Tests/Support/Planted/Consensus", exclude: ["DESIGN.md"],
            swiftSettings: [.define("PLANTED")]),
        .target(
            name: "PlantedSimulation", dependencies: ["PlantedConsensus"], path: "Tests/Support/Planted/Simulation",
            swiftSettings: [
                .define("PLANTED"), .unsafeFlags(["-module-alias", "Consensus=PlantedConsensus"]),
            ]),
        .target(
            name: "SystemSimulation", dependencies: everyCore + ["Generator", "Storage", "Simulation"],
            path: "Tests/Support/SystemSimulation", exclude: ["README.md"]),
        planted("Records", ["Law"]),
        planted("Accounts", ["Law", "PlantedRecords"]),
        planted("Uplink", ["Vault"]),
        planted(
            "Wire", ["Law", "PlantedRecords", "Vault", "Consensus", "PlantedUplink", protobuf],
            exclude: ["DESIGN.md", "Schema"]),
        planted("Roles", everyPlantedCore + [deque]),
        planted("Storage", everyPlantedCore + ["PlantedRoles", grdb, grdbSQLite]),
        planted(
            "SystemSimulation",
            everyPlantedCore + ["PlantedRoles", "PlantedStorage", "Generator", "Simulation"],
            exclude: ["README.md"]),
        .executableTarget(
            name: "simulate",
            dependencies: [
                "Simulation", "SystemSimulation", "PlantedConsensus", "PlantedSimulation", "PlantedSystemSimulation",
            ],
            path: "Tests/Support/Simulate"),
        tests("JSON", ["JSON", "TestSupport"]),
        tests("Law", ["Law", "JSON", "TestSupport"]),
        tests("Records", ["Records", "Law", "TestSupport"]),
        tests("Accounts", ["Accounts", "Records", "Law", "TestSupport"]),
        tests("Reports", ["Reports", "Law", "HandMade", "TestSupport"]),
        tests("Vault", ["Vault", "TestSupport", crypto]),
        tests(
            "Consensus", ["Consensus", "Simulation", "PlantedConsensus", "PlantedSimulation", "TestSupport"],
            resources: [.copy("Scripts")]),
        tests("Uplink", ["Uplink", "Vault", "TestSupport"]),
        tests(
            "Wire", ["Wire", "Law", "Records", "Vault", "Consensus", "Uplink", "TestSupport", protobuf],
            resources: [.copy("Golden")]),
        tests("Roles", everyCore + ["TestSupport"]),
        tests("Generator", ["Generator", "Law", "TestSupport"]),
        tests("Storage", everyCore + ["Storage", "Generator", "HandMade", "TestSupport", grdb, grdbSQLite]),
        tests(
            "Transport",
            ["Transport", "Wire", "Uplink", "Vault", "TestSupport", "CLZ4", crypto, nioCore, nioPosix, nioSSL, x509]),
        tests("Node", everyCore + ["Node", "Storage", "Transport", "TestSupport", lifecycle, logging]),
        tests(
            "Contract",
            [
                "Contract", "Portal", "Node", "esep", "Law", "TestSupport", argumentParser, asyncHTTPClient, nioCore,
                nioHTTP1, lifecycle, logging,
            ]),
        tests("System", ["Simulation", "SystemSimulation", "PlantedSystemSimulation", "TestSupport"]),
        tests("Process", ["Node", "TestSupport", nioCore, nioPosix, nioSSL]),
        tests("Tidy", ["TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)

let strictness: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]
for target in package.targets where target.type != .system && target.name != "LawData" {
    target.swiftSettings = (target.swiftSettings ?? []) + strictness
}
