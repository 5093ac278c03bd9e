import Fleet
import Quantities
import Schedule

/// Whether an outcome's cause can be true.
///
/// Which capacity a wish failed at is a judgement of whoever planned; that it was
/// not eligible, and by which rule, is a fact.
struct CauseCheck {
    private let isWhole: Bool
    private let isEligible: Bool
    /// The facts that keep the wish from being served at all.
    private let facts: [Cause]

    /// `wish` is a position in `Fleet.wishes`, `outcome` is as it must be, its cause aside.
    init(wish: Int, _ outcome: Outcome, _ ground: Ground) {
        isWhole = outcome.item >= 0 && outcome.plannedBytes == outcome.missingBytes
        isEligible = ground.wishes.isEligible[wish]
        facts = isWhole ? [] : CauseCheck.facts(outcome, ground)
    }

    /// What is wrong with a stated cause; nil when nothing is.
    func fault(of cause: Cause?) -> String? {
        guard let cause else {
            return isWhole ? nil : "states no cause, though not all of it comes"
        }
        if isWhole { return "states cause \(cause.rawValue), though all of it comes" }
        let isFact: [Cause] = [.noItem, .noIndex, .licence, .territory, .account]
        guard !isEligible || isFact.contains(cause), !facts.contains(cause) else { return nil }
        return "states cause \(cause.rawValue), which is not so"
    }

    private static func facts(_ outcome: Outcome, _ ground: Ground) -> [Cause] {
        let box = ground.fleet.devices[Int(outcome.device)]
        var facts: [Cause] = []
        if ground.fleet.accounts[Int(box.account)].status != .active || box.state != .active {
            facts.append(.account)
        }
        if Participation.contradicts(box, ground.fleet) { facts.append(.territory) }
        let slots = ground.participation.slots(of: outcome.device)
        if slots.isEmpty { facts.append(.window) }
        if box.downKbps <= 0 { facts.append(.downRate) }
        guard outcome.item >= 0 else { return facts + [.noItem] }
        if !ground.isSendable(outcome.item) { facts.append(.noIndex) }
        if !ground.mayKeep(outcome.item, on: outcome.device) { facts.append(.territory) }
        let licence = ground.licence(of: outcome.item)
        if !slots.intersects(RangeSet32(licence)) {
            facts += licence.isEmpty || !slots.isEmpty ? [.licence] : []
        }
        return facts
    }
}
