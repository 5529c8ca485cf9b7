/// A text for people in the three languages the law is read in. Kazakh is never empty where Russian stands (V018).
package struct Labels: Hashable, Sendable {
    package var en: String
    package var kk: String
    package var ru: String

    package init(en: String, kk: String, ru: String) {
        self.en = en
        self.kk = kk
        self.ru = ru
    }

    /// `Handed over by: Post`.
    func standing(under group: Labels) -> Labels {
        Labels(en: group.en + ": " + en, kk: group.kk + ": " + kk, ru: group.ru + ": " + ru)
    }

    package subscript(language: Language) -> String {
        switch language {
        case .en: en
        case .kk: kk
        case .ru: ru
        }
    }
}

package enum Language: String, Hashable, Sendable, CaseIterable {
    case en
    case kk
    case ru
}
