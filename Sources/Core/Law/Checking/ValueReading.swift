import JSON

/// Why a value is not what its field asks for; the rule that says so.
enum ValueProblem: Error {
    case wrongType
    case outOfLimits
    case unknownNotAllowed
    case notInList
    case notInRegions
    case numberDigits
    case numberCheck
    case binDigits

    var code: String {
        switch self {
        case .wrongType: "D002"
        case .outOfLimits: "D003"
        case .unknownNotAllowed: "V009"
        case .notInList: "V010"
        case .notInRegions: "V007"
        case .numberDigits: "V101"
        case .numberCheck: "V102"
        case .binDigits: "V112"
        }
    }
}

/// Reads single values out of scanned text by the types of their fields.
struct ValueReader {
    let bytes: UnsafeBufferPointer<UInt8>
    let edition: Edition
    /// Codes are judged by the lists as they stand on this day.
    let day: Day
    /// Who a reference without a sender means.
    var sender = ""

    /// Nil for an empty text: nothing was written.
    func value(_ node: Tape.Node, _ entry: KindPlan.Entry) throws(ValueProblem) -> Value? {
        if node.kind == .string {
            if !node.hasEscapes {
                return try text(Tape.slice(node, in: bytes), entry)
            }
            let decoded = Tape.decoded(node, in: bytes)
            let result: Result<Value?, ValueProblem> = decoded.withUnsafeBufferPointer { buffer in
                do throws(ValueProblem) { return .success(try text(buffer, entry)) } catch { return .failure(error) }
            }
            return try result.get()
        }
        switch (entry.form, node.kind) {
        case (.flag, .true): return .flag(true)
        case (.flag, .false): return .flag(false)
        case (.integer(let least, let most), .number):
            guard let integer = Tape.integer(node, in: bytes) else { throw .wrongType }
            guard least <= integer, integer <= most else { throw .outOfLimits }
            return .integer(integer)
        case (.decimal(let scale), .number): return try decimal(Tape.slice(node, in: bytes), scale: scale)
        case (.settlement, .number):
            guard let id = Tape.integer(node, in: bytes) else { throw .wrongType }
            guard edition.settlement(id) != nil else { throw .notInList }
            return .integer(id)
        default: throw .wrongType
        }
    }

    private func text(_ text: UnsafeBufferPointer<UInt8>, _ entry: KindPlan.Entry) throws(ValueProblem) -> Value? {
        if text.isEmpty { return nil }
        if Self.isUnknown(text) {
            guard entry.unknownAllowed else { throw .unknownNotAllowed }
            return .unknown
        }
        switch entry.form {
        case .text(let limit, let isName): return try free(text, limit: Int(limit), isName: isName)
        case .identifier:
            guard text.count <= 64, text.allSatisfy(Self.isIdentifier) else { throw .outOfLimits }
            return .text(String(decoding: text, as: UTF8.self))
        case .code(let list, let isRegion):
            let problem: ValueProblem = isRegion ? .notInRegions : .notInList
            guard list >= 0, let position = edition.codeLists[Int(list)].position(of: text) else { throw problem }
            guard edition.codeLists[Int(list)].isValid(position, on: day) else { throw problem }
            return .text(edition.codeLists[Int(list)].codes[position].code)
        case .decimal(let scale): return try decimal(text, scale: scale)
        case .day:
            guard let day = Day(bytes: text) else { throw .wrongType }
            return .day(day)
        case .time:
            guard let time = Self.time(text) else { throw .wrongType }
            return .time(time)
        case .iin:
            guard Identification.isTwelveDigits(text) else { throw .numberDigits }
            guard Identification.hasValidCheckDigit(text) else { throw .numberCheck }
            return .text(String(decoding: text, as: UTF8.self))
        case .bin:
            guard Identification.isTwelveDigits(text), Identification.hasValidCheckDigit(text),
                Identification.hasMonth(bin: text)
            else { throw .binDigits }
            return .text(String(decoding: text, as: UTF8.self))
        case .reference: return try reference(text)
        case .integer, .flag, .settlement, .group: throw .wrongType
        }
    }

    /// Text without blanks around it, composed; of a name, inner blanks are as written.
    private func free(
        _ text: UnsafeBufferPointer<UInt8>, limit: Int, isName: Bool
    ) throws(ValueProblem) -> Value {
        guard text.count <= limit else { throw .outOfLimits }
        guard text[0] != 0x20, text[text.count - 1] != 0x20 else { throw .outOfLimits }
        let string = String(decoding: text, as: UTF8.self)
        guard Composition.mayHoldMarks(text) else { return .text(string) }
        guard let composed = Composition.composed(string) else { throw .outOfLimits }
        return .text(composed)
    }

    /// `DOCUMENT` or `SENDER/DOCUMENT`.
    private func reference(_ text: UnsafeBufferPointer<UInt8>) throws(ValueProblem) -> Value {
        let slashes = text.count { $0 == UInt8(ascii: "/") }
        guard slashes <= 1, text.count <= 97,
            text.allSatisfy({ Self.isIdentifier($0) || $0 == UInt8(ascii: "/") }),
            text[0] != UInt8(ascii: "/"), text[text.count - 1] != UInt8(ascii: "/")
        else { throw .outOfLimits }
        let string = String(decoding: text, as: UTF8.self)
        return .text(slashes == 1 ? string : sender + "/" + string)
    }

    /// Digits with at most `scale` after the point, brought to exactly `scale`.
    private func decimal(_ text: UnsafeBufferPointer<UInt8>, scale: UInt8) throws(ValueProblem) -> Value {
        var unscaled: Int64 = 0
        var digits = 0
        var fraction = -1
        let negative = text[0] == UInt8(ascii: "-")
        guard text.count <= 20 else { throw .outOfLimits }
        for byte in text.dropFirst(negative ? 1 : 0) {
            if byte == UInt8(ascii: "."), fraction < 0, digits > 0 {
                fraction = 0
                continue
            }
            guard byte &- 48 <= 9 else { throw .wrongType }
            digits += 1
            if fraction >= 0 { fraction += 1 }
            guard fraction <= Int(scale), digits <= 17 else { throw .outOfLimits }
            unscaled = unscaled * 10 + Int64(byte - 48)
        }
        guard digits > 0, fraction != 0 else { throw .wrongType }
        for _ in max(0, fraction)..<Int(scale) {
            let (product, overflow) = unscaled.multipliedReportingOverflow(by: 10)
            guard !overflow else { throw .outOfLimits }
            unscaled = product
        }
        return .decimal(unscaled: negative ? -unscaled : unscaled, scale: scale)
    }

    /// `2026-03-02T18:40:00+05:00`, with seconds, with or without a fraction of up to three digits, offset or `Z`.
    static func time(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard text.count >= 20, text.count <= 32, text[10] == UInt8(ascii: "T"), text[13] == UInt8(ascii: ":"),
            text[16] == UInt8(ascii: ":"), let day = Day(bytes: UnsafeBufferPointer(rebasing: text[0..<10])),
            let hour = two(text, 11), hour < 24, let minute = two(text, 14), minute < 60, let second = two(text, 17),
            second < 60
        else { return nil }
        var at = 19
        var milliseconds = 0
        if text[at] == UInt8(ascii: ".") {
            at += 1
            var unit = 100
            while at < text.count, text[at] &- 48 <= 9 {
                milliseconds += Int(text[at] - 48) * unit
                unit /= 10
                at += 1
            }
        }
        guard at < text.count else { return nil }
        var offset = 0
        if text[at] == UInt8(ascii: "Z") {
            guard at + 1 == text.count else { return nil }
        } else {
            let sign = text[at] == UInt8(ascii: "+") ? 1 : text[at] == UInt8(ascii: "-") ? -1 : 0
            guard sign != 0, at + 6 == text.count, text[at + 3] == UInt8(ascii: ":"), let hours = two(text, at + 1),
                let minutes = two(text, at + 4), hours <= 14, minutes < 60
            else { return nil }
            offset = sign * (hours * 60 + minutes)
        }
        let minutes = Int64(day.number) * 1440 + Int64(hour * 60 + minute - offset)
        return (minutes * 60 + Int64(second)) * 1000 + Int64(milliseconds)
    }

    private static func two(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int? {
        guard text[at] &- 48 <= 9, text[at + 1] &- 48 <= 9 else { return nil }
        return Int(text[at] - 48) * 10 + Int(text[at + 1] - 48)
    }

    private static func isIdentifier(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        default: false
        }
    }

    private static func isUnknown(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.count == 7 && text[0] == UInt8(ascii: "u") && text.elementsEqual("unknown".utf8)
    }
}
