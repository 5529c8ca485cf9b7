/// What one request may cost. Every figure is told to the sender when it is passed.
package enum Limits {
    /// Bytes of one document: a card of 35 fields has about 600, the largest seen with free text about 20,000.
    package static let documentBytes = 256 * 1024
    /// Bytes of any other request's body.
    package static let requestBytes = 64 * 1024
    /// Bytes of a request that enacts an edition: its files as text.
    package static let editionBytes = 6 * 1024 * 1024
    /// Bytes of one frame of a bundle.
    package static let bundleBytes = 5 * 1024 * 1024
    /// Bytes of all header fields of a request.
    package static let headerBytes = 16 * 1024
    package static let headerFields = 64
    /// Bytes of a request's path and query.
    package static let targetBytes = 4096
    /// Connections served at a time; more wait in the system's queue.
    package static let connections = 512
    /// Seconds a connection may stand idle, and the time for a request's header to arrive whole.
    package static let idleSeconds = 60
    /// Seconds in which the body of a request (not of a stream) must arrive whole.
    package static let bodySeconds = 30
    /// Bytes of an answer that passes between territory and centre: under the frame limit of 8 MiB with its head.
    package static let forwardedBytes = 7 * 1024 * 1024
    /// Lines of a list when the request names no limit, and the most it may name.
    package static let listLines = 100
    package static let listLinesMost = 10_000
    /// Seconds a join token lives when nothing else is asked, and at most.
    package static let tokenSeconds: UInt64 = 3600
    package static let tokenSecondsMost: UInt64 = 7 * 24 * 3600
}
