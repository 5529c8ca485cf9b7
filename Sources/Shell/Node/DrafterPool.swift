import Law
import Records
import Storage
import Synchronization
import Vault

/// Drafters at rest: each keeps scratch space and a path of the key tree, so they are used again, one task at a time.
final class DrafterPool: Sendable {
    private let resting = Mutex<[Drafter]>([])
    private let make: @Sendable () -> Drafter
    /// More than this many are not kept: callers beyond it had theirs made for them.
    private static let kept = 16

    init(make: @escaping @Sendable () -> Drafter) {
        self.make = make
    }

    func take() -> Drafter {
        resting.withLock { $0.popLast() } ?? make()
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
