import Schedule

/// What one pass of a swarm may do.
struct SwarmRules {
    /// From this slot on a far source may send what a nearer one holds but can't send now.
    var farFrom = Int32.max
    /// From this slot on origins send whatever is lacking while they have egress left.
    var originFrom = Int32.max
    /// From this rank on the device that lacks most goes first, in place of the next rank.
    var evenFrom = Int.max

    /// What is worth a try for a profile; of those that finish alike the first is kept.
    ///
    /// For the soonest finish the even one comes first: a box that drops out for a while has the
    /// least to make up for then.
    static func choices(_ order: Profile.Order) -> [SwarmRules] {
        guard order == .minTime else {
            return [SwarmRules(), SwarmRules(evenFrom: 2), SwarmRules(farFrom: 0)]
        }
        return [1, 2, Int.max].map { SwarmRules(farFrom: 0, originFrom: 0, evenFrom: $0) }
    }
}
