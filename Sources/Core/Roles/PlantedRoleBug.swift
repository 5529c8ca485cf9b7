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
