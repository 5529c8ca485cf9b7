/// A key of the centre that territories seal their bundles to. Its private half lies in the keyrings of the centre's
/// nodes, by the public one.
package struct BundleEpoch: Hashable, Sendable {
    /// Counts from 1, without a gap.
    package var number: UInt32
    /// X25519, 32 bytes.
    package var key: [UInt8]
    /// Bundles of epochs below this one are opened no more: their private keys are gone.
    package var openFrom: UInt32
    package var officer: String

    package init(number: UInt32, key: [UInt8], openFrom: UInt32, officer: String) {
        self.number = number
        self.key = key
        self.openFrom = openFrom
        self.officer = officer
    }
}
