import Records
import Vault

extension ProtoWriter {
    mutating func bundleEpoch(_ epoch: BundleEpoch) {
        number(1, epoch.number)
        blob(2, epoch.key)
        number(3, epoch.openFrom)
        text(4, epoch.officer)
    }
}

extension ProtoReader {
    mutating func bundleEpoch() throws(WireError) -> BundleEpoch {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var epoch = BundleEpoch(number: 0, key: [], openFrom: 0, officer: "")
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.varintForm): epoch.number = try reader.integer("number")
                case (2, ProtoWriter.lengthForm): epoch.key = try reader.blob()
                case (3, ProtoWriter.varintForm): epoch.openFrom = try reader.integer("open from")
                case (4, ProtoWriter.lengthForm): epoch.officer = try reader.shortText("officer")
                default: throw .unknownField(tag.field, of: "BundleEpoch")
                }
            }
            guard epoch.key.count == Envelope.keyLength, epoch.number > 0, epoch.openFrom <= epoch.number else {
                throw .outOfRange("epoch")
            }
            return epoch
        }
    }
}
