import Fleet
import Quantities
import Schedule

/// What wishes are worth, in millionths (model page, What it is worth).
///
/// A few ranks times a few waiting times: computed once each.
struct Worth {
    private let settings: PlanSettings
    private let night: Night
    private var table: [[Int64]]

    init(settings: PlanSettings, night: Night) {
        self.settings = settings
        self.night = night
        table = [[Int64]](repeating: [], count: Int(settings.fairnessDays) + 1)
    }

    /// Nights that count as waited: 0 to `fairnessDays`.
    func waited(_ device: Device) -> Int {
        guard let last = device.lastServed else { return Int(settings.fairnessDays) }
        let nights = Int(night.date.dayNumber) - Int(last.dayNumber)
        return min(max(nights, 0), Int(settings.fairnessDays))
    }

    /// Worth of the eligible wish number `rank` (from 1) of a device that waited so many nights.
    mutating func millionths(rank: Int, waited: Int) -> Int64 {
        while table[waited].count < rank {
            // What has rounded to 0 stays there: a value never grows with the rank.
            let isSpent = table[waited].last == 0
            table[waited].append(
                isSpent ? 0 : value(exponent: table[waited].count, waited: waited))
        }
        return table[waited][rank - 1]
    }

    private func value(exponent: Int, waited: Int) -> Int64 {
        let (base, gain) = (settings.fairnessBase, settings.fairnessGain)
        let days = UInt64(settings.fairnessDays)
        let fairness =
            UInt64(base.numerator) * UInt64(gain.denominator) * days
            + UInt64(gain.numerator) * UInt64(base.denominator) * UInt64(waited)
        let decay = settings.decay
        return Millionths.quotient(
            [fairness] + [UInt64](repeating: UInt64(decay.numerator), count: exponent),
            over: [base.denominator, gain.denominator, settings.fairnessDays]
                + [UInt32](repeating: decay.denominator, count: exponent))
    }
}
