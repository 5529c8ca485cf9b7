package import Law

// One byte form of what a node knows of a record, for digests that two nodes compare (invariant I5).
//
//   state   = count32 source*  count32 written*  count32 dot*
//   source  = address64 act8 stamp64 suspect8
//   written = dot field16 value
//   dot     = address64 place16
//   value   = tag8 payload: text = length32 utf8, integer = 64, decimal = 64 scale8, day = 32, time = 64, flag = 8,
//             group = count32 (field16 value)*, unknown = nothing
//
// Integers stand big-endian. The arrays are ascending, so equal knowledge has equal bytes.

extension RecordState {
    /// The bytes of the parts that `including` lets through: two nodes compare the clear fields, of which each holds
    /// all. Sources and replaced dots are always part of it.
    package func canonicalBytes(including: (FieldNumber) -> Bool = { _ in true }) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(UInt32(sources.count))
        for source in sources {
            bytes.appendBigEndian(UInt64(bitPattern: source.at.packed))
            bytes.append(source.act.rawValue)
            bytes.appendBigEndian(source.stamp.bits)
            bytes.append(source.suspect ? 1 : 0)
        }
        let kept = written.filter { including($0.field) }
        bytes.appendBigEndian(UInt32(kept.count))
        for one in kept {
            bytes.append(one.dot)
            bytes.appendBigEndian(one.field)
            one.value.appendCanonicalBytes(to: &bytes)
        }
        bytes.appendBigEndian(UInt32(replaced.count))
        for dot in replaced { bytes.append(dot) }
        return bytes
    }
}

extension Value {
    package var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        appendCanonicalBytes(to: &bytes)
        return bytes
    }

    package func appendCanonicalBytes(to bytes: inout [UInt8]) {
        switch self {
        case .text(let text):
            bytes.append(1)
            let utf8 = Array(text.utf8)
            bytes.appendBigEndian(UInt32(utf8.count))
            bytes.append(contentsOf: utf8)
        case .integer(let integer):
            bytes.append(2)
            bytes.appendBigEndian(UInt64(bitPattern: integer))
        case .decimal(let unscaled, let scale):
            bytes.append(3)
            bytes.appendBigEndian(UInt64(bitPattern: unscaled))
            bytes.append(scale)
        case .day(let day):
            bytes.append(4)
            bytes.appendBigEndian(UInt32(bitPattern: day.number))
        case .time(let milliseconds):
            bytes.append(5)
            bytes.appendBigEndian(UInt64(bitPattern: milliseconds))
        case .flag(let flag):
            bytes.append(6)
            bytes.append(flag ? 1 : 0)
        case .group(let members):
            bytes.append(7)
            bytes.appendBigEndian(UInt32(members.count))
            for member in members {
                bytes.appendBigEndian(member.field)
                member.value.appendCanonicalBytes(to: &bytes)
            }
        case .unknown:
            bytes.append(8)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func appendBigEndian(_ integer: some FixedWidthInteger) {
        var rest = integer.bitWidth
        while rest > 0 {
            rest -= 8
            append(UInt8(truncatingIfNeeded: integer >> rest))
        }
    }

    fileprivate mutating func append(_ dot: Dot) {
        appendBigEndian(UInt64(bitPattern: dot.at.packed))
        appendBigEndian(dot.place)
    }
}
