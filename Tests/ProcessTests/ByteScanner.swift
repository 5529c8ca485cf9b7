import Foundation
import TestSupport

/// Finds personal values in the bytes of files, in the forms they could leak in.
///
/// Every needle has at least eight bytes. A window of eight slides over the file; a bit table says whether any needle
/// begins so, and only then are the needles compared.
struct ByteScanner {
    struct Hit: CustomStringConvertible {
        var file: String
        var form: String
        var offset: Int
        /// Told by its form and place, not by itself: this text ends in logs.
        var description: String { "\(file): \(form) at byte \(offset)" }
    }

    private var table = [UInt64](repeating: 0, count: 1 << 14)
    private var needles: [UInt64: [(form: String, bytes: [UInt8])]] = [:]
    private(set) var count = 0

    init(_ values: some Collection<String>) {
        for value in values.sorted() {
            for (form, bytes) in Self.forms(of: value) where bytes.count >= 8 { add(form, bytes) }
        }
    }

    static func forms(of value: String) -> [(form: String, bytes: [UInt8])] {
        var forms: [(form: String, bytes: [UInt8])] = []
        let texts = Set([value, value.uppercased(), value.lowercased()]).sorted()
        for text in texts {
            let utf8 = Array(text.utf8)
            forms.append(("UTF-8", utf8))
            forms.append(("UTF-16LE", text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }))
            forms.append(("UTF-16BE", text.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }))
            let hex = utf8.map { String(format: "%02x", $0) }.joined()
            forms.append(("hex", Array(hex.utf8)))
            forms.append(("HEX", Array(hex.uppercased().utf8)))
            for shift in 0..<3 { forms.append(("base64", base64(utf8, shift: shift))) }
        }
        return forms
    }

    /// The part of a base64 text that `bytes` alone decide when they begin `shift` bytes after a group of three.
    private static func base64(_ bytes: [UInt8], shift: Int) -> [UInt8] {
        let padded = [UInt8](repeating: 0, count: shift) + bytes
        let text = Array(Data(padded).base64EncodedString().utf8.filter { $0 != UInt8(ascii: "=") })
        // Digits that also hold bits of what stands before or after are left out.
        let before = (shift * 8 + 5) / 6
        let whole = padded.count * 8 / 6
        return before < whole ? Array(text[before..<whole]) : []
    }

    private mutating func add(_ form: String, _ bytes: [UInt8]) {
        let start = bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
        let slot = Self.slot(start)
        table[slot >> 6] |= 1 << UInt64(slot & 63)
        needles[start, default: []].append((form, bytes))
        count += 1
    }

    /// 20 bits.
    private static func slot(_ window: UInt64) -> Int {
        Int(truncatingIfNeeded: (window &* 0x9E37_79B9_7F4A_7C15) >> 44)
    }

    func scan(file: String) throws -> [Hit] {
        try Data(contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped).withUnsafeBytes {
            scan($0, file: file)
        }
    }

    func scan(_ bytes: UnsafeRawBufferPointer, file: String) -> [Hit] {
        guard bytes.count >= 8 else { return [] }
        var hits: [Hit] = []
        table.withUnsafeBufferPointer { table in
            var window = bytes.loadUnaligned(as: UInt64.self).littleEndian
            var offset = 0
            while true {
                let slot = Self.slot(window)
                if table[slot >> 6] >> UInt64(slot & 63) & 1 == 1 { compare(bytes, offset, window, file, &hits) }
                guard offset &+ 8 < bytes.count else { return }
                window = window >> 8 | UInt64(bytes[offset &+ 8]) << 56
                offset &+= 1
            }
        }
        return hits
    }

    private func compare(
        _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ window: UInt64, _ file: String, _ hits: inout [Hit]
    ) {
        for needle in needles[window] ?? [] where bytes[offset...].starts(with: needle.bytes) {
            hits.append(Hit(file: file, form: needle.form, offset: offset))
        }
    }

    /// All regular files under these paths, each path a folder or a file.
    static func files(under paths: [String]) -> [String] {
        paths.flatMap { path -> [String] in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
            guard isFolder.boolValue else { return [path] }
            let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
            return names.sorted().map { path + "/" + $0 }.filter { name in
                (try? FileManager.default.attributesOfItem(atPath: name)[.type]) as? FileAttributeType == .typeRegular
            }
        }
    }
}
