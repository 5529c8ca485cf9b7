/// Search keys of names. One name is written in Kazakh Cyrillic, Russian Cyrillic and several Latin spellings; the key
/// brings them together, and errs towards finding too much: what is found is compared again.
package enum Names {
    /// The search key of a name: letters A–Z only; empty for a text without letters.
    ///
    /// 1. each letter becomes its Latin group (`қ`, `к`, `q`, `k` → K; `ә`, `а`, `a` → A; `ұ`, `ү`, `у`, `u` → U, …);
    /// 2. Latin pairs are brought to one (`zh` → J, `kh` → H, `gh` → G, `iy`, `yi` → I, …);
    /// 3. soft and hard signs go, doubled letters become one.
    package static func fold(_ name: String) -> String {
        var key: [UInt8] = []
        key.reserveCapacity(name.utf8.count)
        for scalar in name.unicodeScalars { append(scalar, to: &key) }
        return String(decoding: joined(key), as: UTF8.self)
    }

    /// The key of surname and name together, as terms of the domains `name` and `name+birth` begin.
    package static func key(surname: String, name: String) -> String {
        fold(surname) + "|" + fold(name)
    }

    private static func append(_ scalar: Unicode.Scalar, to key: inout [UInt8]) {
        guard scalar.value < table.count else { return }
        let letters = table[Int(scalar.value)]
        if letters & 0xFF != 0 { key.append(UInt8(letters & 0xFF)) }
        if letters >> 8 != 0 { key.append(UInt8(letters >> 8)) }
    }

    /// By scalar: one or two Latin letters, the first in the low byte.
    private static let table: [UInt16] = {
        var table = [UInt16](repeating: 0, count: 0x530)
        for letter in 0x41...0x5A {
            table[letter] = UInt16(letter)
            table[letter + 32] = UInt16(letter)
        }
        let groups: [(String, String)] = [
            ("аАәӘáÁäÄăĂàÀâÂāĀ", "A"), ("бБ", "B"), ("вВ", "V"), ("гГғҒğĞǵǴ", "G"), ("дД", "D"),
            ("еЕёЁэЭéÉèÈêÊ", "E"), ("жЖ", "J"), ("зЗžŽżŻ", "Z"), ("иИйЙіІыЫıİíÍîÎ", "I"), ("кКқҚ", "K"),
            ("лЛ", "L"), ("мМ", "M"), ("нНңҢñÑŋŊńŃ", "N"), ("оОөӨöÖóÓôÔ", "O"), ("пП", "P"), ("рР", "R"),
            ("сСцЦšŠ", "S"), ("тТ", "T"), ("уУұҰүҮūŪüÜúÚûÛ", "U"), ("фФ", "F"), ("хХһҺ", "H"), ("чЧçÇčČ", "CH"),
            ("шШщЩşŞ", "SH"), ("юЮ", "IU"), ("яЯ", "IA"),
        ]
        for (letters, latin) in groups {
            let bytes = Array(latin.utf8)
            for letter in letters.unicodeScalars {
                table[Int(letter.value)] = UInt16(bytes[0]) | (bytes.count > 1 ? UInt16(bytes[1]) << 8 : 0)
            }
        }
        return table
    }()

    /// Latin spellings of one sound are brought to one letter; doubles become one.
    private static func joined(_ letters: [UInt8]) -> [UInt8] {
        var key: [UInt8] = []
        var at = 0
        while at < letters.count {
            let letter = letters[at]
            let next = at + 1 < letters.count ? letters[at + 1] : 0
            var folded = letter
            var width = 1
            switch (letter, next) {
            case (0x5A, 0x48), (0x44, 0x4A): (folded, width) = (0x4A, 2)  // ZH, DJ
            case (0x4B, 0x48): (folded, width) = (0x48, 2)  // KH
            case (0x47, 0x48): (folded, width) = (0x47, 2)  // GH
            case (0x54, 0x53): (folded, width) = (0x53, 2)  // TS
            case (0x51, _): folded = 0x4B  // Q
            case (0x57, _): folded = 0x56  // W
            case (0x58, _): folded = 0x48  // X
            case (0x59, _): folded = 0x49  // Y
            default: break
            }
            // I before a vowel after a consonant pair (`iy`, `yi`, `ii`) and doubled letters count once.
            if key.last != folded { key.append(folded) }
            at += width
        }
        return key
    }
}
