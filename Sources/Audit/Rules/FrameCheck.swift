import Quantities
import Schedule

/// Whether the plan's night and profile can be reckoned with at all; false when nothing further can
/// be checked.
///
/// The bounds are far outside any real night: at most 100,000 slots, within
/// 30,000 years of 1970, rates below 10¹⁵ millionths.
func checkFrame(_ plan: Plan, settings: PlanSettings, _ findings: inout Findings) -> Bool {
    let night = plan.night
    guard (1...100_000).contains(night.slotCount), (1...604_800).contains(night.slotSeconds),
        night.start.seconds.magnitude < 1 << 40
    else {
        findings.add(.form) { _ in
            "the night has \(night.slotCount) slots of \(night.slotSeconds) s from second "
                + "\(night.start.seconds): not a night"
        }
        return false
    }
    let profile = settings.profile
    let rates = 0..<Int64(1_000_000_000_000_000)
    guard rates.contains(profile.alpha), rates.contains(profile.beta) else {
        findings.add(.form) { _ in
            "the settings' rates alpha \(profile.alpha) and beta \(profile.beta) are not in \(rates)"
        }
        return false
    }
    if plan.profile != profile {
        findings.add(.form) { _ in
            "the plan was made for profile \(plan.profile.order.rawValue) (alpha "
                + "\(plan.profile.alpha), beta \(plan.profile.beta)), the settings ask for "
                + "\(profile.order.rawValue) (alpha \(profile.alpha), beta \(profile.beta))"
        }
    }
    return true
}
