import Law
import Records
import Storage
import Synchronization
import Vault

/// Drafters at rest: each keeps scratch space and a path of the key tree, so they are used again, one task at a time.
final class DrafterPool: Sendable {
    private let resting = Mutex<[Drafter]>([])
    private let law: LawInForce
    private let make: @Sendable (NationLaw) -> Drafter
    /// More than this many are not kept: callers beyond it had theirs made for them.
    private static let kept = 16

    init(law: LawInForce, make: @escaping @Sendable (NationLaw) -> Drafter) {
        self.law = law
        self.make = make
    }

    /// One that goes by the law in force now.
    func take() -> Drafter {
        let generation = law.generation
        let rested = resting.withLock { resting -> Drafter? in
            resting.removeAll { $0.generation != generation }
            return resting.popLast()
        }
        return rested ?? make(law.current)
    }

    /// The same, or another where the law has changed since it was made.
    func renewed(_ drafter: Drafter) -> Drafter {
        drafter.generation == law.generation ? drafter : take()
    }

    func rest(_ drafter: Drafter) {
        resting.withLock { resting in
            if resting.count < Self.kept { resting.append(drafter) }
        }
    }

    func using<Answer>(_ body: (inout Drafter) -> Answer) -> Answer {
        var drafter = take()
        defer { rest(drafter) }
        return body(&drafter)
    }
}

/// What lies in the block of an access entry: fields of no catalogue, numbered here.
enum AccessNote {
    static let basis: FieldNumber = 1
    static let purpose: FieldNumber = 2
    static let terms: FieldNumber = 3

    static func writes(basis: String, purpose: String, terms: String) -> [Write] {
        [(Self.basis, basis), (Self.purpose, purpose), (Self.terms, terms)]
            .filter { !$0.1.isEmpty }
            .enumerated()
            .map { Write(field: $1.0, place: UInt16($0), value: .text($1.1)) }
    }

    static func text(_ field: FieldNumber, in writes: [Write]) -> String {
        writes.first { $0.field == field }?.value?.plainText ?? ""
    }
}
