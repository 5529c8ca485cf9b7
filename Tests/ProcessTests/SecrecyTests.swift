import TestSupport
import Testing

extension ProcessTests {
    @Suite(.serialized) struct Secrecy {
        /// Words of the catalogue, which lies in the program and in nodes' files in clear.
        static func catalogueText() throws -> String {
            try Repository.files(under: "Sources/Shell/LawData", suffix: ".json")
                // The examples are synthetic persons, not words that facts may hold.
                .filter { !$0.hasSuffix("examples.json") && !$0.hasSuffix("dictionary.json") }
                .map { try Repository.text(of: $0) }.joined(separator: "\n").lowercased()
        }

        @Test func noGeneratedNameOrNumberStandsInAnyFileOfAnyNode() throws {
            let cluster = try TestCluster()
            let seats = try ["KZ-75", "KZ-10"].map { try cluster.join($0) }
            var values: Set<String> = []
            for (seat, territory) in zip(seats, ["KZ-75", "KZ-10"]) {
                let file = try cluster.generate(territory, count: 1500, seed: 21)
                #expect(try seat.register(file)["accepted"].integer == 1500)
                values.formUnion(try People.personalValues(file))
            }
            for seat in seats { try seat.waitForEmptyBacklog() }
            // Questions about persons leave traces too: in journals, in logs, in the index.
            let asked = try #require(values.filter { $0.count == 12 && $0.allSatisfy(\.isNumber) }.sorted().first)
            for seat in [cluster.centre] + seats {
                _ = try seat.done(["person", "find", "--iin", asked, "--basis", "case 2", "--purpose", "a test"])
            }
            let catalogue = try Self.catalogueText()
            let kept = values.filter { !catalogue.contains($0.lowercased()) }
            #expect(kept.count * 10 > values.count * 9, "too many names are words of the catalogue to test anything")
            let scanner = ByteScanner(kept)

            let whileRunning = ByteScanner.files(under: cluster.places)
            #expect(whileRunning.contains { $0.hasSuffix("-wal") }, "the write-ahead logs must be among the files")
            try Self.expectNothing(scanner, whileRunning)
            for seat in seats + [cluster.centre] { #expect(seat.stop() == 0) }
            try Self.expectNothing(scanner, ByteScanner.files(under: cluster.places))
        }

        static func expectNothing(_ scanner: ByteScanner, _ files: [String]) throws {
            var hits: [ByteScanner.Hit] = []
            for file in files { hits += try scanner.scan(file: file) }
            #expect(hits.isEmpty, "\(hits.count) hits, among them \(hits.prefix(10))")
        }

        /// The scanner itself can fail: a planted name is found in each form and at every alignment.
        @Test(arguments: ["Әбдірахманов", "Сергеевич", "850707100017"])
        func aPlantedValueIsFoundInEveryForm(value: String) throws {
            let scanner = ByteScanner([value])
            let folder = try TemporaryFolder()
            for (form, bytes) in ByteScanner.forms(of: value) where bytes.count >= 8 {
                for place in [0, 1, 7, 4090] {
                    let file = folder.path("planted")
                    try TestFile.write([UInt8](repeating: 0x5A, count: place) + bytes + [0x00, 0xFF], to: file)
                    let hits = try scanner.scan(file: file)
                    #expect(hits.contains { $0.offset == place }, "\(form) at \(place)")
                }
            }
            let clean = folder.path("clean")
            try TestFile.write((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 3) }, to: clean)
            #expect(try scanner.scan(file: clean).isEmpty)
        }
    }
}
