/// One synthetic organisation; everything about it follows from its number.
package struct Organisation: Equatable, Sendable {
    package static let count = 20_000

    package let bin: Int
    package let nameKazakh: String
    package let nameRussian: String

    /// The organisation with this number, `0 ..< count`. Its BIN has the shape of a resident legal entity's.
    package init(number: Int) {
        precondition((0..<Self.count).contains(number), "no synthetic organisation bears the number \(number)")
        let month = number % 240
        let digits = ((month / 12) * 100 + month % 12 + 1) * 100 + 40
        var serial = number / 240 * 8
        while People.checkDigit(digits * 100_000 + serial) == nil { serial += 1 }
        let eleven = digits * 100_000 + serial
        bin = eleven * 10 + (People.checkDigit(eleven) ?? 0)
        let word = Self.words[number % Self.words.count]
        nameKazakh = "«\(word)-\(number + 1)» ЖШС"
        nameRussian = "ТОО «\(word)-\(number + 1)»"
    }

    private static let words = [
        "Көктерек", "Самұрық", "Тұлпар", "Береке-Құрылыс", "Сарыарқа-Сауда", "Жұлдызай", "Ынтымақ",
    ]
}
