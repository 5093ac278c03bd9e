import Quantities
import Catalogue
import Fleet
import Schedule

// Random instances from a seed: every rule of the model can bind in them, and
// capacities are so scarce that most optima leave a wish unserved.
//
// A full chunk is 900,000 bytes: 8 kbps for one slot of 15 minutes. Rates are
// multiples of 4 kbps, so that half a chunk a slot occurs too.

extension Instance {
    /// The instance of this seed: equal seeds and knobs give equal instances.
    package static func random(seed: UInt64, knobs: InstanceKnobs = .small) -> Instance {
        var draw = InstanceDraw(seed: seed, knobs: knobs)
        return draw.instance()
    }
}

/// The state of one draw; what is drawn later refers to what was drawn before.
struct InstanceDraw {
    static let chunkBytes: Int64 = 900_000
    static let chunkKbps: Int64 = 8

    let seed: UInt64
    let knobs: InstanceKnobs
    var random: SplitMix64
    var night = Night(
        date: CivilDate(dayNumber: 20_780), start: Instant(seconds: 20_780 * 86_400 + 79_200),
        slotSeconds: 900, slotCount: 2)

    init(seed: UInt64, knobs: InstanceKnobs) {
        self.seed = seed
        self.knobs = knobs
        random = SplitMix64(seed: SplitMix64.mixed(seed ^ 0x6D65_6469_6170_6C61))
    }

    mutating func instance() -> Instance {
        night.slotCount = Int32(random.pick(knobs.slots))
        let catalogue = self.catalogue()
        let fleet = self.fleet(catalogue)
        return Instance(
            seed: seed, catalogue: catalogue, fleet: fleet, night: night, settings: settings())
    }

    /// A moment near or in the night, on a slot's edge or off it.
    mutating func moment() -> Instant {
        let slot = random.pick(0...Int(night.slotCount))
        return night.start(ofSlot: Int32(slot)).advanced(bySeconds: random.pick([0, 0, 0, 300]))
    }

    mutating func settings() -> PlanSettings {
        var settings = PlanSettings()
        settings.maxIncoming = Int32(random.pick(1...3))
        settings.maxOutgoing = Int32(random.pick(1...3))
        settings.sizesAlone = random.chance(30)
        if random.chance(20) { settings.decay = Fraction(95, over: 100) }
        if random.chance(20) { settings.fairnessDays = 3 }
        if random.chance(knobs.rateChance) {
            // an item is a few thousandths of a GB and a wish is worth 1 to 4 million
            let alpha = random.chance(70) ? Int64(random.pick(0...400)) * 1_000_000 : 0
            let beta = random.chance(50) ? Int64(random.pick(0...400)) * 1_000_000 : 0
            settings.profile = Profile(order: .minOrigin, alpha: alpha, beta: beta)
        }
        settings.seed = random.next()
        return settings
    }
}
