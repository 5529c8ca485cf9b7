package import Law
package import Records
import Synchronization
package import Vault
import Wire

/// What a node goes by: the program's editions and all that the nation's decisions made of them, in their order. A
/// value, folded anew at each start; a turn that is undone takes it back by forgetting its copy.
package struct NationLaw: Sendable {
    package private(set) var catalogue: Catalogue
    package private(set) var senders = SenderRegister()
    package private(set) var placed = PlacedReports()
    /// Counts the decisions taken: who holds something made from the law sees by it that it is out of date.
    package private(set) var generation = 0
    /// The acts by which editions were enacted, in the order taken.
    package private(set) var enacted: [Enacted] = []
    private let cluster: [UInt8]
    private let authorities: [SenderKey]

    package struct Enacted: Hashable, Sendable {
        package var from: Day
        package var act: Decision.Act
    }

    /// Why a decision has no effect.
    package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        package var code: String
        package var reason: String
        package var remedy: String

        package var description: String { "\(reason) (\(remedy))" }
    }

    /// - Parameter authorities: who may sign decisions. With none, none is taken.
    package init(catalogue: Catalogue, cluster: [UInt8], authorities: [SenderKey]) {
        self.catalogue = catalogue
        self.cluster = cluster
        self.authorities = authorities
    }

    /// Puts a decision into effect, or says why it has none.
    ///
    /// - Parameter proven: it was proved when it was taken first; what was good then is not proved again at a start.
    package mutating func take(_ decision: Decision, proven: Bool = false) throws(Refusal) {
        let signed = DecisionCodec.signed(decision, cluster: cluster)
        guard authorities.contains(where: { $0.verifies(decision.signature, over: signed) }) else {
            throw Refusal(
                code: "decision-signature", reason: "the decision is not signed by this cluster's authority",
                remedy: "make it at the centre, with `esep catalogue enact` or `esep sender`")
        }
        guard !decision.act.number.isEmpty else {
            throw Refusal(
                code: "decision-act", reason: "the act has no number", remedy: "give the act's number with --act")
        }
        if case .editionEnacted(let text) = decision.matter { try enact(text, decision.act, proven: proven) }
        if case .reportPlaced(let report) = decision.matter, placed.lacksNote(report) {
            throw Refusal(
                code: "V906", reason: "\(report.form) of \(report.period) was placed with other figures",
                remedy: "say with --note why they changed")
        }
        senders.apply(decision)
        placed.apply(decision)
        generation += 1
    }

    private mutating func enact(_ text: EditionText, _ act: Decision.Act, proven: Bool) throws(Refusal) {
        let source = EditionSource(text)
        do throws(CatalogueDefect) {
            if !proven { try EditionProof(source: source, base: catalogue).requireSound() }
            catalogue = catalogue.adding(try source.load())
        } catch {
            throw Refusal(code: "edition", reason: error.sentence, remedy: error.remedy)
        }
        enacted.append(Enacted(from: text.from, act: act))
    }
}

extension EditionSource {
    package init(_ text: EditionText) {
        self.init(from: text.from, files: Dictionary(text.files.map { ($0.name, $0.bytes) }) { first, _ in first })
    }

    /// As a decision carries it.
    package var text: EditionText {
        EditionText(
            from: from, files: files.keys.sorted().map { EditionText.File(name: $0, bytes: files[$0] ?? []) })
    }
}

/// The law in force at a node, for everybody who asks; changed by its owner alone, whole.
package final class LawInForce: Sendable {
    private let held: Mutex<NationLaw>

    package init(_ law: NationLaw) {
        held = Mutex(law)
    }

    package var current: NationLaw { held.withLock { $0 } }
    package var catalogue: Catalogue { held.withLock { $0.catalogue } }
    package var generation: Int { held.withLock { $0.generation } }

    package func replace(with law: NationLaw) {
        held.withLock { $0 = law }
    }

    /// Takes a decision.
    ///
    /// - Returns: why it has no effect, and then everything is as before; nil where it has.
    package func refusal(of decision: Decision, proven: Bool = false) -> NationLaw.Refusal? {
        // Proving takes milliseconds, so it happens outside the lock: the owner alone writes.
        var law = current
        do throws(NationLaw.Refusal) {
            try law.take(decision, proven: proven)
        } catch {
            return error
        }
        replace(with: law)
        return nil
    }
}
