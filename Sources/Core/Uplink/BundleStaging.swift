/// Pieces of one author's log that came in bundles and lie staged, in any order, until the frontier reaches them.
///
/// 1. A piece that ends at or before the frontier is of no more use: dropped, whoever brought its entries meanwhile.
/// 2. A piece that begins at or before the entry after the frontier, and ends after it, is taken: of several the one
///    that goes furthest. What of it the frontier has passed is left out by whoever reads it.
/// 3. Otherwise all wait for the entries between, which are named.
/// 4. Pieces and bytes are bounded. A new piece that others cover adds nothing and is not staged.
package struct BundleStaging: Sendable {
    package struct Piece: Hashable, Sendable {
        package var first: UInt64
        package var last: UInt64
        /// Where it lies.
        package var name: String
        package var bytes: Int

        package init(first: UInt64, last: UInt64, name: String, bytes: Int) {
            self.first = first
            self.last = last
            self.name = name
            self.bytes = bytes
        }
    }

    package enum Step: Hashable, Sendable {
        case drop(Piece)
        case take(Piece)
        case wait
    }

    /// The most pieces, and bytes, that lie staged of one author.
    package static let piecesMost = 4_096
    package static let bytesMost = 4 << 30

    /// Ascending by first entry.
    package private(set) var pieces: [Piece] = []
    package var bytes: Int { pieces.reduce(0) { $0 + $1.bytes } }

    package init() {}

    package enum Admission: Hashable, Sendable {
        case staged
        /// All its entries lie here already.
        case covered
        case full
    }

    /// Whether a piece is worth staging, and there is room.
    package func admission(of piece: Piece) -> Admission {
        if pieces.contains(where: { $0.first <= piece.first && $0.last >= piece.last }) { return .covered }
        return pieces.count < Self.piecesMost && bytes + piece.bytes <= Self.bytesMost ? .staged : .full
    }

    package mutating func add(_ piece: Piece) {
        let place = pieces.firstIndex { ($0.first, $0.last) > (piece.first, piece.last) } ?? pieces.endIndex
        pieces.insert(piece, at: place)
    }

    package mutating func remove(_ piece: Piece) {
        pieces.removeAll { $0 == piece }
    }

    /// What to do next, with the frontier at this entry.
    package func next(frontier: UInt64) -> Step? {
        guard !pieces.isEmpty else { return nil }
        if let passed = pieces.first(where: { $0.last <= frontier }) { return .drop(passed) }
        let reaching = pieces.filter { $0.first <= frontier + 1 }
        return reaching.max { $0.last < $1.last }.map { .take($0) } ?? .wait
    }

    /// The entries that lack between the frontier and the last one staged, ascending.
    package func missing(after frontier: UInt64) -> [ClosedRange<UInt64>] {
        var gaps: [ClosedRange<UInt64>] = []
        var end = frontier
        for piece in pieces {
            if piece.first > end + 1 { gaps.append(end + 1...piece.first - 1) }
            end = max(end, piece.last)
        }
        return gaps
    }
}
