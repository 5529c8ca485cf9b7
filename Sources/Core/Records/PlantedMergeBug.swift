/// Bugs of the merge that can be switched on, one at a time, to prove that the simulator finds them. Only where
/// `PLANTED` is defined, which is in the tests' second copy of this module; elsewhere `has` is a constant and the
/// branches are gone.
package enum PlantedMergeBug: String, CaseIterable, Sendable {
    /// A dot that is replaced before its value has come is forgotten: the value comes back.
    case replacedDotForgotten
    /// The values of one correction share a dot.
    case dotsShared
    /// Of two corrections made in ignorance of each other the later stands alone.
    case resolutionsMerged
    /// What was set aside together and is moved names the dots of the log it stood in.
    case referencesNotRewritten
}

#if PLANTED
extension PlantedMergeBug {
    /// What is planted in the run that this task carries out.
    @TaskLocal package static var current: PlantedMergeBug?
}

func has(_ bug: PlantedMergeBug) -> Bool { PlantedMergeBug.current == bug }
#else
@inline(__always)
func has(_ bug: PlantedMergeBug) -> Bool { false }
#endif
