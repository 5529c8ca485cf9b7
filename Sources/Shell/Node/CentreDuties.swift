import Consensus
import Records
import Roles
import Storage
import Uplink

/// What a centre's turns ask of the rest of its node: each is called on the turns' own thread and returns at once, but
/// `plant`, which is durable when it returns.
struct CentreDuties: Sendable {
    var send: @Sendable (RaftMessage) -> Void
    var refused: @Sendable (ReplicaID, String) -> Void
    var copyNeeded: @Sendable (ReplicaID) -> Void
    /// A copy of the leader's store lies here whole and takes the store's place as this write says.
    var install: @Sendable (LogWrite) -> Void
    var plant: @Sendable (AuthorNumber) throws(StorageError) -> Void
    /// Seat a territory's node anew and give the role the answer.
    var reseat: @Sendable (Session, CentrePeer, Reseat) -> Void
    var became: @Sendable (Replica.Standing) -> Void
    /// The start of this lead stands in the log: what the centre seals from now on can be opened by all.
    var opened: @Sendable () -> Void
}
