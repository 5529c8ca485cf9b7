/// The limits of everything that travels or is kept as bytes. Checked before memory is taken for what they bound.
package enum Limits {
    /// The wire's version: both ends must speak it. Raised with every change that an older program would misread.
    package static let version: UInt32 = 1

    /// A frame before compression. Above a batch and the largest answer with its head.
    package static let frameBytes = 8 << 20
    /// A frame before the peer has shown who it is: a join request with its signing request is far smaller.
    package static let strangerFrameBytes = 64 << 10
    /// A document as its sender hands it in (JSON).
    package static let documentBytes = 256 << 10
    /// An entry: a document's fields, sealed or clear, with what registration adds.
    package static let entryBytes = 512 << 10
    /// An entry of the centre that decides for the nation: it may hold a whole edition of the catalogue.
    package static let decisionBytes = 3 << 20
    /// The entries of one batch together. One entry always fits.
    package static let batchBytes = 4 << 20
    package static let batchEntries = 1 << 16
    /// The plaintext of one block.
    package static let blockBytes = 256 << 10
    /// The body of a question or an answer between nodes, below a frame by room for its head.
    package static let answerBytes = frameBytes - (64 << 10)
    /// Fields, set elements and removals of one entry or block.
    package static let writes = 1 << 14
    /// Dots that one write replaces.
    package static let replacedDots = 1 << 12
    package static let blocks = 1 << 10
    /// Whole figures of one placed form.
    package static let figures = 1 << 14
    /// Groups within groups.
    package static let groupDepth = 4
    /// Any text of an entry's head or of a message other than a field's value.
    package static let textBytes = 4 << 10
    /// Subjects one access entry names.
    package static let subjects = 1 << 14
    package static let downlinkItems = 1 << 12
}
