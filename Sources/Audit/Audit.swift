package import Catalogue
package import Fleet
package import Quantities
package import Schedule

// Problem: a plan comes from a program that is large, clever and changed often.
// Whoever publishes it wants to know that it keeps every rule, that it is worth
// what it says and how far it can be from the best, without trusting that program.
//
// Idea: everything is worked out again, from the inputs and the plan alone, by
// code written from the model page (Schedule's Model.md): first what the inputs
// mean (`Ground`), then one check a rule, then the plan's worth, then the bound
// that its prices prove. What is malformed is reported and left out of the later
// checks, so no plan can trap the auditor; the inputs themselves are taken to be
// as `Catalogue` and `Fleet` document them.
//
// Rules, proof and shares of the devices know nothing of each other, so they can be done
// by several workers; what they find is put together in a fixed order.
//
// Cost: O(n log n) in transfers, holdings and wishes, times the depth of the site
// tree; the bound also takes the number of distinct windows times itself, once for
// each distinct pair of territories and licence slots.

/// What the audit of a plan found.
package struct AuditReport: Hashable, Sendable {
    /// Breaches in the order in which the checks found them; at most ``findingLimit``.
    package var findings: [AuditFinding]
    /// All breaches, also those beyond the limit.
    package var findingCount: Int
    /// What the plan is worth by the auditor's own reckoning; its bound is the authoritative one.
    package var figures: Figures

    /// How many findings are kept.
    package static let findingLimit = 1_000

    /// Whether nothing was found.
    package var isClean: Bool { findingCount == 0 }
}

/// Recomputes rules, outcomes, value and bound of `plan` from the inputs alone.
///
/// A malformed plan gives findings, it never traps. The inputs must be as
/// `Catalogue` and `Fleet` say (sorted, references in range, sites one tree).
/// Some seconds of two cores for 100,000 devices with 5 million holdings and 3 million
/// transfers; nothing of the report depends on `workers`.
package func audit(
    _ plan: Plan, catalogue: Catalogue, fleet: Fleet, settings: PlanSettings,
    workers: any Workers = OneWorker()
) -> AuditReport {
    var findings = Findings(catalogue: catalogue, fleet: fleet)
    let none = findings
    guard checkFrame(plan, settings: settings, &findings) else {
        return findings.report(Figures())
    }
    let ground = Ground(
        catalogue: catalogue, fleet: fleet, night: plan.night, settings: settings)
    let moves = Moves(sound: plan, ground, &findings)

    let shares = AuditPart.shares(of: fleet.devices.count)
    let parts = workers.map(2 + shares.count) { part in
        switch part {
        case 0: AuditPart(proving: plan, ground, none)
        case 1: AuditPart(moving: moves, ground, none)
        default: AuditPart(replaying: shares[part - 2], moves, ground, none)
        }
    }
    let ledger = Ledger(parts.compactMap(\.ledger), devices: fleet.devices.count)
    let ends = workers.map(3) { part in
        switch part {
        case 0: AuditPart(incomplete: ledger, ground, none)
        case 1: AuditPart(outcomes: plan.outcomes, ledger, ground, none)
        default: AuditPart(worth: moves, ledger, ground, none)
        }
    }
    // in the order of the rules, the proof last
    for part in parts[1...] { findings.append(part.findings) }
    for part in parts { findings.append(part.storage) }
    for part in ends { findings.append(part.findings) }
    findings.append(parts[0].findings)
    var figures = ends[2].figures
    figures.bound = parts[0].bound
    return findings.report(figures)
}

/// What one part of an audit found: parts know nothing of each other and may run together.
private struct AuditPart {
    /// Shares into which the devices are cut, whoever works on them.
    private static let shareCount = 16

    var findings: Findings
    /// Of a share of the devices; empty elsewhere.
    var storage: Findings
    var ledger: LedgerShare?
    var figures = Figures()
    var bound: Int64 = 0

    private init(_ none: Findings) { (findings, storage) = (none, none) }

    static func shares(of devices: Int) -> [Range<Int>] {
        (0..<shareCount).map {
            devices * $0 / shareCount..<devices * ($0 + 1) / shareCount
        }
    }

    init(proving plan: Plan, _ ground: Ground, _ none: Findings) {
        self.init(none)
        let prices = SoundPrices(plan.certificate, ground, &findings)
        bound = Bound(prices, ground, &findings).millionths
        checkStated(plan.certificate, bound, &findings)
    }

    /// The rules that look at each slot by itself.
    init(moving moves: Moves, _ ground: Ground, _ none: Findings) {
        self.init(none)
        checkRates(moves, ground, &findings)
        checkLinks(moves, ground, &findings)
        checkEligibility(moves, ground, &findings)
        checkReachability(moves, ground, &findings)
        checkEnds(moves, ground, &findings)
    }

    /// The rules that follow what devices hold through the night.
    init(replaying devices: Range<Int>, _ moves: Moves, _ ground: Ground, _ none: Findings) {
        self.init(none)
        let share = LedgerShare(of: devices, moves, ground, &findings)
        checkStorage(share, ground, &storage)
        ledger = share
    }

    init(incomplete ledger: Ledger, _ ground: Ground, _ none: Findings) {
        self.init(none)
        checkIncomplete(ledger, ground, &findings)
    }

    init(outcomes: [Outcome], _ ledger: Ledger, _ ground: Ground, _ none: Findings) {
        self.init(none)
        checkOutcomes(outcomes, ledger, ground, &findings)
    }

    init(worth moves: Moves, _ ledger: Ledger, _ ground: Ground, _ none: Findings) {
        self.init(none)
        figures = Figures(worthOf: moves, ledger, ground)
    }
}
