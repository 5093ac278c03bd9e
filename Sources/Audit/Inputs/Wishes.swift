import Catalogue
import Fleet
import Quantities
import Schedule

/// What decides over wishes.
struct WishInputs {
    let catalogue: Catalogue
    let fleet: Fleet
    let night: Night
    let settings: PlanSettings
    let keeping: Keeping
    let participation: Participation
    let layouts: [ChunkLayout]
    let licenceSlots: [Range<Int32>]
    let dusk: Dusk
}

/// The wishes as they stand at dusk; every array is in the order of `Fleet.wishes`.
struct Wishes {
    /// Current item of the title, -1 when it has none.
    private(set) var item: [Int32] = []
    /// Bytes that the device lacks; 0 when there is no item.
    private(set) var missingBytes: [Int64] = []
    /// Whether the device may get it tonight.
    private(set) var isEligible: [Bool] = []
    /// In millionths; 0 when it is not eligible.
    private(set) var worth: [Int64] = []

    init(_ inputs: WishInputs) {
        var table = WorthTable(inputs.settings)
        for device in inputs.fleet.devices.indices {
            let nights = inputs.fleet.devices[device].lastServed.map {
                inputs.night.date.dayNumber - $0.dayNumber
            }
            var rank = 0
            for index in inputs.fleet.wishes(of: device) {
                append(inputs, device: Int32(device), title: inputs.fleet.wishes[index].title)
                worth.append(0)
                guard isEligible[index] else { continue }
                worth[index] = table.worth(nights: nights, place: rank)
                rank += 1
            }
        }
    }

    private mutating func append(_ inputs: WishInputs, device: Int32, title: Int32) {
        let current = inputs.catalogue.titles[Int(title)].currentItem
        item.append(current)
        let missing = current < 0 ? 0 : Wishes.missingBytes(inputs, device, current)
        missingBytes.append(missing)
        isEligible.append(
            missing > 0 && inputs.participation.receives[Int(device)]
                && (inputs.settings.sizesAlone
                    || inputs.catalogue.items[Int(current)].indexDigest != nil)
                && !inputs.licenceSlots[Int(title)].isEmpty
                && inputs.keeping.allows(
                    title: title, site: inputs.fleet.devices[Int(device)].site)
        )
    }

    private static func missingBytes(_ inputs: WishInputs, _ device: Int32, _ item: Int32) -> Int64
    {
        let layout = inputs.layouts[Int(item)]
        let held = inputs.dusk.held(by: device, item: item)
        return layout.totalBytes - held.ranges.reduce(0) { $0 + layout.bytes(in: $1) }
    }

    /// Whether the wish is wanted and not complete: an item of known size is there and chunks of it
    /// are missing.
    func isOpen(_ index: Int) -> Bool { missingBytes[index] > 0 }

    /// Whether the wish needs an outcome: it isn't complete at dusk.
    func needsOutcome(_ index: Int) -> Bool { item[index] < 0 || missingBytes[index] > 0 }
}

/// Worth by nights of waiting and place among the eligible wishes, each worked out once.
struct WorthTable {
    private let settings: PlanSettings
    /// By nights waited (at most the settings' days), then place.
    private var known: [[Int64]]

    init(_ settings: PlanSettings) {
        self.settings = settings
        known = [[Int64]](repeating: [], count: Int(settings.fairnessDays) + 1)
    }

    /// `10⁶ · (base + gain · min(n, D) / D) · decay^place`, half to even.
    ///
    /// - Parameters:
    ///   - nights: since the last complete wish; nil: never, which counts as D.
    ///   - place: 0 for the first eligible wish.
    /// - Returns: millionths.
    mutating func worth(nights: Int32?, place: Int) -> Int64 {
        let days = Int64(settings.fairnessDays)
        let waited = nights.map { min(max(Int64($0), 0), days) } ?? days
        while known[Int(waited)].count <= place {
            let next = exact(waited: UInt64(waited), place: known[Int(waited)].count)
            known[Int(waited)].append(next)
        }
        return known[Int(waited)][place]
    }

    private func exact(waited: UInt64, place: Int) -> Int64 {
        if place > 0, known[Int(waited)][place - 1] == 0 { return 0 }
        let base = settings.fairnessBase
        let gain = settings.fairnessGain
        let days = settings.fairnessDays
        let fairness =
            UInt64(base.numerator) * UInt64(gain.denominator) * UInt64(days)
            + UInt64(gain.numerator) * UInt64(base.denominator) * waited
        return Millionths.quotient(
            [fairness] + [UInt64](repeating: UInt64(settings.decay.numerator), count: place),
            over: [base.denominator, gain.denominator, days]
                + [UInt32](repeating: settings.decay.denominator, count: place))
    }
}
