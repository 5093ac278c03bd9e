import Quantities
import Schedule

/// What one pass of a swarm may do.
struct SwarmRules {
    /// From this slot on a far source may send what a nearer one holds but can't send now.
    var farFrom = Int32.max
    /// From this slot on origins send whatever is lacking while they have egress left.
    var originFrom = Int32.max
    /// From this rank on the device that lacks most goes first, in place of the next rank.
    var evenFrom = Int.max
    /// Per demand: 1024ths that are added to what it lacks where what lacks least comes first;
    /// empty: none.
    var extras: [Int64] = []

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

    /// These, but for about a quarter of the demands: what each lacks is stretched by up to a half.
    ///
    /// The same for equal `number`.
    func shuffled(_ number: UInt64, demands: Int) -> SwarmRules {
        var other = self
        if other.extras.isEmpty { other.extras = [Int64](repeating: 0, count: demands) }
        for k in other.extras.indices {
            let draw = SplitMix64.mixed(number << 32 ^ UInt64(k))
            if draw & 3 == 0 { other.extras[k] = Int64(draw >> 2 & 511) }
        }
        return other
    }
}
