/// Individual (IIN) and business (BIN) identification numbers: twelve digits, the last a check digit.
///
/// The number's digits prove nothing about a person: since Government resolution No. 853 of 26 August 2013 they may
/// disagree with birth date and sex, and an error in the eleventh digit passes in nine cases of ten.
package enum Identification {
    /// Twelve ASCII digits whose last is the check digit of the first eleven.
    package static func hasValidCheckDigit(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isTwelveDigits($0) && hasValidCheckDigit($0) }
    }

    /// - Precondition: twelve digits.
    static func hasValidCheckDigit(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        checkDigit(bytes) == bytes[11]
    }

    static func isTwelveDigits(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.count == 12 && bytes.allSatisfy { $0 &- 48 <= 9 }
    }

    /// The check digit (ASCII) of eleven ASCII digits; nil where they are never issued.
    package static func checkDigit(ofFirstEleven digits: [UInt8]) -> UInt8? {
        precondition(digits.count == 11, "a check digit belongs to eleven digits")
        return digits.withUnsafeBufferPointer { checkDigit($0) }
    }

    /// S1 = 1·a1 + … + 11·a11 modulo 11; if that is 10, S2 with weights 3…11, 1, 2; if that is 10 too, none.
    private static func checkDigit(_ digits: UnsafeBufferPointer<UInt8>) -> UInt8? {
        var first = 0
        var second = 0
        for index in 0..<11 {
            let digit = Int(digits[index]) - 48
            first += digit * (index + 1)
            second += digit * (index < 9 ? index + 3 : index - 8)
        }
        let remainder = first % 11 < 10 ? first % 11 : second % 11
        return remainder < 10 ? UInt8(remainder + 48) : nil
    }

    /// Whether the number's first six digits are the birth day's year, month and day (two digits each).
    ///
    /// The century digit is left out: test numbers are of the 1800s so that they are nobody's, and an age over 120 is
    /// refused anyway.
    package static func agrees(_ iin: String, withBirthDay day: Day) -> Bool {
        let (year, month, monthDay) = day.civil
        var expected: [UInt8] = []
        for number in [year % 100, month, monthDay] {
            expected.append(UInt8(48 + number / 10))
            expected.append(UInt8(48 + number % 10))
        }
        return iin.utf8.prefix(6).elementsEqual(expected)
    }

    /// The sex in the seventh digit (odd `M`, even `F`); nil for 0, given to foreigners, and for 7…9.
    package static func sex(of iin: String) -> String? {
        guard let digit = iin.utf8.dropFirst(6).first, (49...54).contains(digit) else { return nil }
        return digit % 2 == 1 ? "M" : "F"
    }

    /// Whether twelve digits in a row within a text are a valid number of a person: a birth date's digits and the
    /// check digit. Used to keep such numbers out of ids that stand in clear.
    static func containsIIN(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count >= 12 else { return false }
        for start in 0...(bytes.count - 12) {
            let candidate = UnsafeBufferPointer(rebasing: bytes[start..<start + 12])
            guard isTwelveDigits(candidate), hasValidCheckDigit(candidate) else { continue }
            let month = (candidate[2] - 48) * 10 + candidate[3] - 48
            let day = (candidate[4] - 48) * 10 + candidate[5] - 48
            if (1...12).contains(month), (1...31).contains(day) { return true }
        }
        return false
    }

    /// Digit 5 tells the kind: 4 resident, 5 non-resident, 6 joint entrepreneurs.
    static func hasKnownKind(bin: String) -> Bool {
        bin.utf8.dropFirst(4).first.map { (52...54).contains($0) } ?? false
    }

    /// Month 01–12 in digits 3 and 4.
    static func hasMonth(bin bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        (1...12).contains((bytes[2] - 48) * 10 + bytes[3] - 48)
    }
}
