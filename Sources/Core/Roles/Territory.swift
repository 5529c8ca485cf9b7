package import Records

/// Who a territory's node is: given by the centre at its seating.
package struct TerritorySeat: Hashable, Sendable {
    /// 16 random bytes that name the cluster.
    package var cluster: [UInt8]
    /// `KZ-75`, …
    package var territory: String
    package var author: AuthorNumber
    /// Counts the seatings of this territory, from 1.
    package var seat: UInt32

    package init(cluster: [UInt8], territory: String, author: AuthorNumber, seat: UInt32) {
        self.cluster = cluster
        self.territory = territory
        self.author = author
        self.seat = seat
    }
}
