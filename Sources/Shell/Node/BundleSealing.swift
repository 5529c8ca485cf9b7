import Transport
import Vault
import Wire

/// Puts frames of a bundle together and takes them apart: LZ4, then the envelope, then the signature.
enum BundleSealing {
    private static let dictionary = LZ4Dictionary([])

    /// What stands in the head of a frame besides lengths.
    struct Head {
        var what: BundleFrame.What
        var cluster: [UInt8]
        var author: UInt32
        var first: UInt64
        var last: UInt64
        var keyNumber: UInt32
        var wallMilliseconds: UInt64
        var reply = BundleFrame.Reply.none
        var certificate: [UInt8] = []
    }

    static func sealed(
        _ head: Head, _ body: [UInt8], to reader: [UInt8],
        signing: ([UInt8]) throws(TransportError) -> [UInt8]
    ) throws(NodeError) -> BundleFrame {
        guard body.count <= BundleFrame.rawLimit else {
            throw NodeError(.refused, "A frame of \(body.count) bytes is over the limit of \(BundleFrame.rawLimit).")
        }
        var frame = BundleFrame(
            head.what, cluster: head.cluster, author: head.author, first: head.first, last: head.last,
            keyNumber: head.keyNumber, rawLength: UInt32(body.count), wallMilliseconds: head.wallMilliseconds,
            reply: head.reply, certificate: head.certificate)
        do {
            let packed = LZ4Block.compress(body, dictionary: dictionary)
            (frame.key, frame.sealed) = try Envelope.seal(
                packed, to: reader, drawn: SystemRandom.secret(), head: frame.envelopeHead)
            frame.signature = try signing(frame.signed)
        } catch {
            throw NodeError(.inner, "A frame could not be sealed or signed: \(error).")
        }
        return frame
    }

    static func body(of frame: BundleFrame, with secret: Secret) throws(NodeError) -> [UInt8] {
        do {
            let packed = try Envelope.open(frame.sealed, key: frame.key, with: secret, head: frame.envelopeHead)
            return try LZ4Block.expand(
                packed, rawLength: Int(frame.rawLength), limit: BundleFrame.rawLimit, dictionary: dictionary)
        } catch {
            throw .changedBundle("its envelope does not open")
        }
    }

    static func frame(_ bytes: [UInt8]) throws(NodeError) -> BundleFrame {
        do throws(BundleFrame.Failure) {
            return try BundleFrame(decoding: bytes)
        } catch {
            throw named(error)
        }
    }

    static func named(_ failure: BundleFrame.Failure) -> NodeError {
        switch failure {
        case .notABundle:
            NodeError(
                .invalid, "This is no frame of a bundle.",
                remedy: "Give the files as `esep bundle export` or `bundle import --receipt` wrote them.",
                field: "bundle")
        case .unknownVersion(let version):
            NodeError(
                .refused, "The bundle is of version \(version), which a later program writes.",
                remedy: "Bring this program up to date.", field: "bundle")
        case .truncated: .changedBundle("it ends before its frame does")
        case .malformed(let why): .changedBundle(why)
        }
    }
}

extension NodeError {
    static func changedBundle(_ why: String) -> NodeError {
        NodeError(
            .refused, "The bundle was changed on its way: \(why).",
            remedy: "Copy the file again, or export again; nothing of it was taken.", field: "bundle")
    }

    static func foreignBundle(_ why: String) -> NodeError {
        NodeError(
            .refused, "This is a foreign bundle: \(why).",
            remedy: "Import it where it belongs; nothing of it was taken.", field: "bundle")
    }
}
