import TestSupport
import Testing

/// Arrows: programs → shell → core, never back, and within a row only as the table says.
struct ArrowTests {
    /// `package import struct Law.Day` → `Law`; anything that is not an import → nil.
    static func importedModule(_ line: Substring) -> String? {
        var words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
        if let first = words.first, ["public", "package", "internal", "fileprivate", "private"].contains(first) {
            words.removeFirst()
        }
        guard words.first == "import", words.count > 1 else { return nil }
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
        return String(name.split(separator: ".")[0])
    }

    static func imports(of path: String) throws -> [String] {
        try Repository.text(of: path).split(separator: "\n").compactMap(importedModule)
    }

    static func strays(row: String, table: [String: Set<String>], common: Set<String>) throws -> [String] {
        var found: [String] = []
        for path in try Repository.files(under: "Sources/\(row)", suffix: ".swift")
        where !path.hasSuffix(".pb.swift") {
            let module = String(path.split(separator: "/")[2])
            guard let allowed = table[module] else {
                found.append("\(path): no module of this name in the table of arrows")
                continue
            }
            for name in try imports(of: path) where !allowed.contains(name) && !common.contains(name) {
                found.append("\(path): may not import \(name)")
            }
        }
        return found
    }

    @Test func coreImportsOnlyWhatTheTableAllows() throws {
        #expect(try Self.strays(row: "Core", table: Arrows.core, common: []) == [])
    }

    @Test func shellImportsOnlyWhatTheTableAllows() throws {
        #expect(try Self.strays(row: "Shell", table: Arrows.shell, common: Arrows.common) == [])
    }

    @Test func programsImportOnlyWhatTheTableAllows() throws {
        #expect(try Self.strays(row: "Programs", table: Arrows.programs, common: Arrows.common) == [])
    }

    @Test func everyOutsidePackageHasOneOwner() throws {
        let owners = ["GRDB": "Storage", "SwiftProtobuf": "Wire", "ArgumentParser": "esep", "AsyncHTTPClient": "esep"]
        for row in ["Core", "Shell", "Programs"] {
            for path in try Repository.files(under: "Sources/\(row)", suffix: ".swift")
            where !path.hasSuffix(".pb.swift") {
                let module = String(path.split(separator: "/")[2])
                for name in try Self.imports(of: path) {
                    if let owner = owners[name] { #expect(owner == module, "\(path) imports \(name)") }
                }
            }
        }
    }

    @Test func theReaderOfImportsSeesEveryForm() {
        #expect(Self.importedModule("package import Law") == "Law")
        #expect(Self.importedModule("import struct Foundation.URL") == "Foundation")
        #expect(Self.importedModule("@testable import Node") == "Node")
        #expect(Self.importedModule("let important = 1") == nil)
    }
}
