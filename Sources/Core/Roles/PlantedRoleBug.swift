/// Bugs of the roles that can be switched on, one at a time, to prove that the simulator finds them. Only where
/// `PLANTED` is defined, which is in the tests' second copy of this module; elsewhere `has` is a constant and the
/// branches are gone.
package enum PlantedRoleBug: String, CaseIterable, Sendable {
    /// The pass is shown to be known before it is stored.
    case passNotStored
    /// A new leader judges by passes that another has drawn anew since.
    case passesKeptAcrossLeads
    /// A stamp follows the clock, also when that goes back.
    case stampsGoBack
    /// A new leader writes before it knows the last stamp and number that were given.
    case leadOpensAtOnce
    /// A document that comes again is registered again.
    case repeatsTaken
    /// Numbers begin anew with a start of the node.
    case serialsForgotten
    /// A document that came here and elsewhere is known by the other's entry once that comes down.
    case openingOverwritten
    /// A node whose files were copied goes on as if they lay where they were written: numbers are used again.
    case copiedFilesTrusted
    /// A log that is shorter than what was told of it goes on.
    case toldIgnored
    /// What was set aside is taken for moved, and is not appended.
    case suffixDropped
    /// What is moved says nothing of where it stood.
    case originForgotten
    /// A moved document that came here in another way, too, is the one that is known from then on.
    case movedOpeningOverwritten
    /// A document of a former log that was handed in again is known by the former entry from then on.
    case formerOpeningOverwritten
    /// Entries are moved before the node has begun anew over what came back, and so without what it cannot open yet.
    case movedBeforeReopened
    /// What stands here of a former log is taken for the centre's.
    case formerNotCompared
    /// What was written past a former log's end at the centre is asked for there, where it is not.
    case endsAskedFor
    /// The downlink is asked for before the former logs are whole.
    case downlinkBeforeFormers
    /// What the index knows of entries that were set aside is taken for what stands in their places now.
    case setAsideBelieved
    /// A document of a record that is held here, and that another territory handed in, is taken for a repeat.
    case heldTakenForRepeat
    /// A seat whose node was let in is given again to whoever asks with the same secret.
    case seatGivenAgain
}

#if PLANTED
extension PlantedRoleBug {
    /// What is planted in the run that this task carries out.
    @TaskLocal package static var current: PlantedRoleBug?
}

func has(_ bug: PlantedRoleBug) -> Bool { PlantedRoleBug.current == bug }
#else
@inline(__always)
func has(_ bug: PlantedRoleBug) -> Bool { false }
#endif
