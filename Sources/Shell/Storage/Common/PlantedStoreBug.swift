/// Bugs of the stores that can be switched on, one at a time, to prove that the simulator finds them. Only where
/// `PLANTED` is defined, which is in the tests' second copy of this module; elsewhere `has` is a constant and the
/// branches are gone.
package enum PlantedStoreBug: String, CaseIterable, Sendable {
    /// Who opened a record last is its only holder.
    case holderSetOverwritten
    /// The counter of confirmed numbers is not stored where one turn applies several proposals.
    case confirmedGivenTwice
    /// A holder is granted the keys of the free text alone.
    case keysNotGranted
    /// The applied index is stored one turn later than the rows it speaks of.
    case appliedIndexApart
    /// What others wrote on a record is stored and not linked to it.
    case amendmentNotLinked
    /// What was adopted is moved, though it comes back from the centre where it stood.
    case adoptedThoughWhole
    /// What is moved a second time says where it was moved from, and not where it stood first.
    case firstOriginLost
    /// What is moved finds entries it names among those that were set aside with it alone.
    case namedInOneStretch
    /// Of another copy only the log of its present seat is taken over.
    case ownLogAdoptedAlone
    /// A log that another seat goes on for may go on itself.
    case formerGoesOn
    /// A node whose seat was closed is seated anew when it asks.
    case closedSeatedAnew
    /// A correction that comes back before the opening of its record is not linked to it later.
    case unlinkedForgotten
    /// Of a closed body those records are handed over that it opened first or was given, and not those it opened, too.
    case handedFirstAlone
    /// Records of a closed body go to its successor, though that was closed meanwhile.
    case handedToClosed
}

#if PLANTED
extension PlantedStoreBug {
    /// What is planted in the run that this task carries out.
    @TaskLocal package static var current: PlantedStoreBug?
}

func has(_ bug: PlantedStoreBug) -> Bool { PlantedStoreBug.current == bug }
#else
@inline(__always)
func has(_ bug: PlantedStoreBug) -> Bool { false }
#endif
