import Foundation

/// An answer of the program, read by names: what scripts do with `jq`. Whatever is missing reads as nil.
package struct Reading: CustomStringConvertible {
    private let value: Any?

    package init(_ bytes: [UInt8]) throws {
        do {
            value = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        } catch {
            throw Child.Failure(description: "not JSON: \(String(decoding: bytes.prefix(500), as: UTF8.self))")
        }
    }

    private init(value: Any?) {
        self.value = value
    }

    package subscript(name: String) -> Reading {
        let found = (value as? [String: Any])?[name]
        return Reading(value: found is NSNull ? nil : found)
    }

    package subscript(position: Int) -> Reading {
        let elements = value as? [Any] ?? []
        return Reading(value: elements.indices.contains(position) ? elements[position] : nil)
    }

    package var text: String? { value as? String }
    package var integer: Int? { (value as? NSNumber)?.intValue }
    package var number: Double? { (value as? NSNumber)?.doubleValue }
    package var flag: Bool? { (value as? NSNumber)?.boolValue }
    package var exists: Bool { value != nil }
    package var list: [Reading] { (value as? [Any] ?? []).map { Reading(value: $0 is NSNull ? nil : $0) } }
    /// Sorted, for a dictionary's own order changes from run to run.
    package var names: [String] { ((value as? [String: Any]) ?? [:]).keys.sorted() }
    /// The same for equal values: names sorted.
    package var description: String {
        guard let value else { return "nothing" }
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .fragmentsAllowed, .withoutEscapingSlashes]
        let bytes = try? JSONSerialization.data(withJSONObject: value, options: options)
        return bytes.map { String(decoding: $0, as: UTF8.self) } ?? "\(value)"
    }
}
