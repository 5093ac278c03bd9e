package import Quantities

/// What a workspace decides about every plan: the constants of the model.
package struct PlanSettings: Hashable, Sendable {
    /// A wish's value falls by this factor with each rank; in `(0, 1]`.
    package var decay: Fraction
    /// Fairness of a device that was served tonight (n = 0); at most 1000, at most six decimals.
    package var fairnessBase: Fraction
    /// What `fairnessDays` nights without a completed wish add to ``fairnessBase``; same bounds.
    package var fairnessGain: Fraction
    /// Nights after which waiting counts no more, 1 to 3650.
    package var fairnessDays: UInt32
    /// Distinct other ends from which a device receives in one slot, at most; at least 1.
    package var maxIncoming: Int32
    /// Distinct other ends to which a device sends in one slot, at most; at least 1.
    package var maxOutgoing: Int32
    /// Whether an item without a chunk index may be planned on its sizes alone.
    package var sizesAlone: Bool
    /// What the plan aims at.
    package var profile: Profile
    /// Seeds ties; equal seeds give equal plans.
    package var seed: UInt64

    /// The documented defaults.
    package init(
        decay: Fraction = Fraction(8, over: 10), fairnessBase: Fraction = Fraction(1, over: 1),
        fairnessGain: Fraction = Fraction(3, over: 1), fairnessDays: UInt32 = 14,
        maxIncoming: Int32 = 16,
        maxOutgoing: Int32 = 8, sizesAlone: Bool = false, profile: Profile = .balanced,
        seed: UInt64 = 0
    ) {
        self.decay = decay
        self.fairnessBase = fairnessBase
        self.fairnessGain = fairnessGain
        self.fairnessDays = fairnessDays
        self.maxIncoming = maxIncoming
        self.maxOutgoing = maxOutgoing
        self.sizesAlone = sizesAlone
        self.profile = profile
        self.seed = seed
    }
}

/// Exchange rates and an order: what makes one plan better than another (MODEL, What makes a plan
/// good).
package struct Profile: Hashable, Sendable {
    /// What the second and later aims are, once value is settled.
    package enum Order: String, Hashable, Sendable {
        /// Value, then origin bytes, then carried cost, then finish time.
        case balanced
        /// A wish is worth origin bytes only above the rate ``Profile/alpha``.
        case minOrigin = "min-origin"
        /// A wish is worth dear ways only above the rate ``Profile/beta``; then carried cost comes
        /// before origin bytes.
        case minBandwidth = "min-bandwidth"
        /// At the value of `balanced`, the soonest finish.
        case minTime = "min-time"
    }

    package var order: Order
    /// α: what a GB from an origin costs, in millionths of value.
    package var alpha: Int64
    /// β: what one unit of carried cost costs, in millionths of value.
    package var beta: Int64

    package init(order: Order, alpha: Int64 = 0, beta: Int64 = 0) {
        self.order = order
        self.alpha = alpha
        self.beta = beta
    }

    /// Value first; α = β = 0, the later aims break ties.
    package static let balanced = Profile(order: .balanced)
}
