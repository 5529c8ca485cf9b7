import Law
import Records
import TestSupport

/// The slow, plain model of design §6: everything ever written and everything ever replaced, asked anew each time.
struct PlainModel {
    struct Said: Hashable {
        var dot: Dot
        var field: FieldNumber
        var value: Value
    }

    var said: Set<Said> = []
    var replaced: Set<Dot> = []
    var sources: [LogAddress: RecordState.Source] = [:]

    mutating func hear(_ one: Arrival) {
        sources[one.source.at] = one.source
        for write in one.writes {
            if let value = write.value {
                said.insert(Said(dot: Dot(at: one.source.at, place: write.place), field: write.field, value: value))
            }
            replaced.formUnion(write.replaces)
        }
        if one.source.act == .cancel {
            said.insert(Said(dot: Dot(at: one.source.at, place: .max), field: 0, value: .flag(true)))
        }
    }

    /// The values of a field that stand, by their dots.
    func values(of field: FieldNumber) -> [Dot: Value] {
        var standing: [Dot: Value] = [:]
        for one in said where one.field == field && !replaced.contains(one.dot) { standing[one.dot] = one.value }
        return standing
    }

    /// The shown value of a register: nobody else's stamp is greater, nobody sound stands beside a suspect one.
    func shown(of field: FieldNumber) -> Value? {
        let standing = values(of: field)
        let sound = standing.filter { !sources[$0.key.at]!.suspect }
        let eligible = sound.isEmpty ? standing : sound
        return eligible.max { left, right in
            let (leftStamp, rightStamp) = (sources[left.key.at]!.stamp, sources[right.key.at]!.stamp)
            return leftStamp == rightStamp ? left.key < right.key : leftStamp < rightStamp
        }?.value
    }
}

/// One entry as it reaches a node.
struct Arrival: Hashable {
    var source: RecordState.Source
    var writes: [Write]
}
