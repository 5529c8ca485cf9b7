/// A promise that was broken, by whom it was seen, and how.
package struct Violation: Error, Hashable, Sendable, CustomStringConvertible {
    package var checker: String
    package var sentence: String

    package init(_ checker: String, _ sentence: String) {
        self.checker = checker
        self.sentence = sentence
    }

    package var description: String { "\(checker): \(sentence)" }
}
