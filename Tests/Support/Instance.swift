package import Catalogue
package import Fleet
package import Quantities
package import Schedule

/// Everything that one night's plan is computed from, small enough for an exact second opinion.
package struct Instance: Hashable, Sendable {
    /// What it was drawn from, for messages.
    package var seed: UInt64
    package var catalogue: Catalogue
    package var fleet: Fleet
    package var night: Night
    package var settings: PlanSettings

    package init(
        seed: UInt64 = 0, catalogue: Catalogue, fleet: Fleet, night: Night, settings: PlanSettings
    ) {
        self.seed = seed
        self.catalogue = catalogue
        self.fleet = fleet
        self.night = night
        self.settings = settings
    }
}

/// How large and how awkward random instances are: closed ranges of counts, chances in percent.
package struct InstanceKnobs: Hashable, Sendable {
    package var sites = 1...4
    package var origins = 0...2
    package var devices = 3...6
    package var titles = 2...5
    /// Chunks of an item, over all its files.
    package var chunks = 1...6
    package var slots = 3...5
    /// Titles on a device's wish list, at most all there are.
    package var wishes = 1...4
    /// That a device holds some given item.
    package var holdingChance = 35
    /// That a holding is only a part.
    package var partialChance = 40
    /// That a device has a window, is new or retired, or that its account is suspended or closed.
    package var absenceChance = 10
    /// That a device doesn't accept connections.
    package var closedPortChance = 35
    /// That a title's licence begins or ends within the night, is bound to territories, is barred
    /// from peer-to-peer, has no chunk index, or has no item; each by itself.
    package var titleOddityChance = 10
    /// That a site's edge, or a pair of ends, has a capacity; that an origin has a nightly limit.
    package var capacityChance = 30
    /// That a device has a cache area with room for relays.
    package var relayChance = 60
    /// That the profile has α > 0 or β > 0.
    package var rateChance = 30
    /// Up rate of a device in whole chunks a slot.
    package var upChunks = 0...3
    /// Egress of an origin in whole chunks a slot.
    package var egressChunks = 1...3

    package init() {}

    /// For the exact program: 200 of them take about a minute.
    package static let small = InstanceKnobs()

    /// For trying everything: two or three devices, at most two titles of two chunks, two or three
    /// slots.
    package static let tiny: InstanceKnobs = {
        var knobs = InstanceKnobs()
        knobs.sites = 1...2
        knobs.origins = 0...1
        knobs.devices = 2...3
        knobs.titles = 1...2
        knobs.chunks = 1...2
        knobs.slots = 2...3
        knobs.wishes = 1...2
        knobs.holdingChance = 45
        knobs.absenceChance = 5
        knobs.titleOddityChance = 5
        knobs.relayChance = 70
        return knobs
    }()
}

extension SplitMix64 {
    /// True `percent` times in a hundred.
    package mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// An integer of `range`.
    package mutating func pick(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// An element of `choices`, which isn't empty.
    package mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
}
