/// One scanned JSON text as a flat list of nodes with ranges into the bytes. Nothing is copied or decoded while
/// scanning; the list is reused from document to document, so scanning allocates nothing once it has grown.
///
/// An object's node is followed by name, value, name, value…; an array's by its elements. `Node.next` leads over a
/// node with all it holds.
package struct Tape: Sendable {
    package enum Kind: UInt8, Sendable {
        case object, array, string, number, `true`, `false`, null
    }

    package struct Node: Sendable {
        package var kind: Kind
        /// A string with escapes must be decoded; one without is its bytes.
        package var hasEscapes: Bool
        /// First byte of the value; of a string, the first after the quote.
        package var start: UInt32
        /// One past the last byte; of a string, the closing quote.
        package var end: UInt32
        /// The node after this one and all it holds.
        package var next: UInt32
        /// Members of an object, elements of an array; of a member's name, its hash.
        package var count: UInt32
    }

    /// Limits: design §5. Deeper or larger texts are refused before anything is kept of them.
    package static let depthLimit = 32
    package static let sizeLimit = 256 * 1024

    package private(set) var nodes: ContiguousArray<Node> = []
    /// Hashes and positions of one object's names while a wide object is searched for doubles.
    private var scratch: ContiguousArray<UInt64> = []

    package init() {
        nodes.reserveCapacity(256)
    }

    /// Scans one JSON text that fills `bytes` (white space around it is allowed).
    ///
    /// - Throws: the first thing wrong, with its byte offset. `nodes` is then not to be used.
    package mutating func scan(
        _ bytes: UnsafeBufferPointer<UInt8>, sizeLimit: Int = Tape.sizeLimit
    ) throws(ScanProblem) {
        guard bytes.count <= sizeLimit else { throw ScanProblem(.tooLarge, at: sizeLimit) }
        guard let base = bytes.baseAddress, !bytes.isEmpty else { throw ScanProblem(.empty, at: 0) }
        nodes.removeAll(keepingCapacity: true)
        // The list moves into the cursor and back, so that it is grown in place.
        var cursor = Cursor(base: base, count: bytes.count, nodes: nodes, scratch: scratch)
        nodes = []
        scratch = []
        defer {
            swap(&nodes, &cursor.nodes)
            swap(&scratch, &cursor.scratch)
        }
        cursor.skipSpace()
        guard cursor.at < cursor.count else { throw ScanProblem(.empty, at: cursor.at) }
        try cursor.value(depth: 1)
        cursor.skipSpace()
        guard cursor.at == cursor.count else { throw ScanProblem(.trailingBytes, at: cursor.at) }
    }
}

/// What is wrong with a JSON text, and at which byte.
package struct ScanProblem: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        case empty = "J001"
        case tooLarge = "J002"
        case tooDeep = "J003"
        case unexpectedByte = "J004"
        case unfinished = "J005"
        case trailingBytes = "J006"
        case invalidUTF8 = "J007"
        case controlCharacter = "J008"
        case nul = "J009"
        case badEscape = "J010"
        case loneSurrogate = "J011"
        case badNumber = "J012"
        case duplicateName = "J013"
    }

    package var code: Code
    package var offset: Int

    package init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }
}
