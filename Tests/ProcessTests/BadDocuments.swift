import Foundation
import TestSupport

/// Documents that must be refused, made from a valid one, each with the code that must be told.
struct BadDocument {
    var name: String
    var bytes: [UInt8]
    var code: String
    /// False where the bytes hold a line end or NUL that a file of lines could not carry as one document.
    var fitsALine = true

    static func all(from valid: [UInt8]) throws -> [BadDocument] {
        let text = String(decoding: valid, as: UTF8.self)
        func changed(_ change: (inout [String: Any]) -> Void) throws -> [UInt8] {
            var object = try JSONSerialization.jsonObject(with: Data(valid)) as? [String: Any] ?? [:]
            change(&object)
            return [UInt8](try JSONSerialization.data(withJSONObject: object))
        }
        func inserted(_ member: String) -> [UInt8] { Array("{\(member),\(text.dropFirst())".utf8) }
        func inserted(_ member: [UInt8]) -> [UInt8] { [0x7B] + member + [0x2C] + valid.dropFirst() }
        let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        let quote = UInt8(ascii: "\"")
        let invalid = Array("\"means\":".utf8) + [quote, 0xC3, 0x28, quote]
        let nul = Array("\"means\":".utf8) + [quote, 0x00, quote]
        return [
            BadDocument(name: "broken JSON", bytes: Array("{nonsense".utf8), code: "J004"),
            BadDocument(name: "JSON that ends too early", bytes: valid.dropLast(), code: "J005"),
            BadDocument(name: "bytes after the end", bytes: valid + Array("}".utf8), code: "J006"),
            BadDocument(name: "a wrong type", bytes: try changed { $0["victims_count"] = "three" }, code: "D002"),
            BadDocument(name: "a text for a group", bytes: try changed { $0["damage"] = "much" }, code: "D002"),
            BadDocument(name: "an unknown kind", bytes: try changed { $0["form_code"] = "ZZ-9" }, code: "V001"),
            BadDocument(name: "an unknown field", bytes: try changed { $0["shoe_size"] = 43 }, code: "V008"),
            BadDocument(name: "a field of the centre", bytes: try changed { $0["confirmed_no"] = "1" }, code: "V008"),
            BadDocument(name: "an unknown region", bytes: try changed { $0["region"] = "KZ-99" }, code: "V007"),
            BadDocument(
                name: "300 KiB", bytes: try changed { $0["fabula_ru"] = String(repeating: "ж", count: 150 * 1024) },
                code: "J002"),
            BadDocument(name: "invalid UTF-8", bytes: inserted(invalid), code: "J007"),
            BadDocument(name: "nesting of 10,000", bytes: inserted("\"marks\":\(deep)"), code: "J003"),
            BadDocument(name: "a duplicate name", bytes: inserted("\"region\":\"KZ-75\""), code: "J013"),
            BadDocument(name: "a duplicate name, escaped", bytes: inserted(#""regi\u006fn":"KZ-75""#), code: "J013"),
            BadDocument(name: "a raw NUL", bytes: inserted(nul), code: "J009"),
            BadDocument(name: "an escaped NUL", bytes: inserted(#""means":"a\u0000b""#), code: "J009"),
            BadDocument(name: "a lone surrogate", bytes: inserted(#""means":"\ud800""#), code: "J011"),
        ]
    }
}
