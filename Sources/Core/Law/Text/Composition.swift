/// Brings text to NFC for the letters that names and addresses here are written in, and tells where it cannot.
///
/// Some keyboards and systems send `й` as `и` and a combining breve. Two texts that differ only so are one text to a
/// reader and two to the store, so composition happens once, at the edge. Marks that no pair below knows are refused.
enum Composition {
    /// Nil where a combining mark stands that cannot be composed.
    static func composed(_ text: String) -> String? {
        guard text.unicodeScalars.contains(where: { isMark($0) }) else { return text }
        var scalars = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if isMark(scalar) {
                guard let base = last, let whole = pairs[UInt64(base.value) << 32 | UInt64(scalar.value)] else {
                    return nil
                }
                last = whole
            } else {
                if let last { scalars.append(last) }
                last = scalar
            }
        }
        if let last { scalars.append(last) }
        return String(scalars)
    }

    /// Whether the bytes of a UTF-8 text may hold a combining mark (U+0300…U+036F): lead bytes CC and CD.
    static func mayHoldMarks(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.contains { $0 == 0xCC || $0 == 0xCD }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        (0x300...0x36F).contains(scalar.value)
    }

    private static let pairs: [UInt64: Unicode.Scalar] = {
        let table: [(Unicode.Scalar, String, String)] = [
            ("\u{306}", "иИуУaAgGuU", "йЙўЎăĂğĞŭŬ"), ("\u{308}", "еЕиИaAoOuU", "ёЁӥӤäÄöÖüÜ"),
            ("\u{301}", "гГкКaAoOuUnNiIgGeE", "ѓЃќЌáÁóÓúÚńŃíÍǵǴéÉ"), ("\u{304}", "иИуУuUaAeE", "ӣӢӯӮūŪāĀēĒ"),
            ("\u{303}", "nNaAoO", "ñÑãÃõÕ"), ("\u{327}", "sScC", "şŞçÇ"), ("\u{300}", "aAeE", "àÀèÈ"),
            ("\u{302}", "aAeEiIoOuU", "âÂêÊîÎôÔûÛ"), ("\u{30C}", "cCsSzZ", "čČšŠžŽ"), ("\u{30A}", "aA", "åÅ"),
            ("\u{307}", "IzZ", "İżŻ"),
        ]
        var pairs: [UInt64: Unicode.Scalar] = [:]
        for (mark, bases, wholes) in table {
            for (base, whole) in zip(bases.unicodeScalars, wholes.unicodeScalars) {
                pairs[UInt64(base.value) << 32 | UInt64(mark.value)] = whole
            }
        }
        return pairs
    }()
}
