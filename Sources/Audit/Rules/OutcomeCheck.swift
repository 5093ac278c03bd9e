import Fleet
import Quantities
import Schedule

/// Form: of the items that a device receives bytes of for its wishes, at most one stays incomplete.
func checkIncomplete(_ ledger: Ledger, _ ground: Ground, _ findings: inout Findings) {
    for device in ground.fleet.devices.indices {
        var incomplete: [Int32] = []
        for index in ground.fleet.wishes(of: device) where ground.wishes.isOpen(index) {
            let item = ground.wishes.item[index]
            let bytes = ledger.receivedBytes(device: Int32(device), item: item)
            if bytes > 0, bytes < ground.wishes.missingBytes[index], !incomplete.contains(item) {
                incomplete.append(item)
            }
        }
        guard incomplete.count > 1 else { continue }
        findings.add(.form) { names in
            "\(names.device(Int32(device))) is left with \(incomplete.count) incomplete items: "
                + incomplete.map { names.item($0) }.joined(separator: ", ")
        }
    }
}

/// Form: one outcome for each wish that isn't complete at dusk, in the fleet's order, with the
/// right figures.
func checkOutcomes(
    _ outcomes: [Outcome], _ ledger: Ledger, _ ground: Ground, _ findings: inout Findings
) {
    var next = 0
    for device in ground.fleet.devices.indices {
        for index in ground.fleet.wishes(of: device) where ground.wishes.needsOutcome(index) {
            let expected = outcome(of: index, device: Int32(device), ledger, ground)
            next = skip(outcomes, from: next, to: (index, Int32(device)), ground, &findings)
            guard next < outcomes.count, outcomes[next].device == expected.device,
                outcomes[next].title == expected.title
            else {
                findings.add(.form) {
                    "there is no outcome for the wish of \($0.device(expected.device)) for "
                        + "\($0.title(expected.title)), or not in its place"
                }
                continue
            }
            compare(outcomes[next], expected, wish: index, ground, &findings)
            next += 1
        }
    }
    for outcome in outcomes[next...] { reportSurplus(outcome, &findings) }
}

/// Passes over outcomes that belong before a wish or to none at all, and reports them.
private func skip(
    _ outcomes: [Outcome], from start: Int, to wish: (index: Int, device: Int32), _ ground: Ground,
    _ findings: inout Findings
) -> Int {
    var next = start
    while next < outcomes.count {
        let device = outcomes[next].device
        if device > wish.device, Int(device) < ground.fleet.devices.count { break }
        if device == wish.device,
            ground.fleet.wishes(of: Int(device)).contains(where: {
                $0 >= wish.index && ground.fleet.wishes[$0].title == outcomes[next].title
            })
        {
            break
        }
        reportSurplus(outcomes[next], &findings)
        next += 1
    }
    return next
}

private func reportSurplus(_ outcome: Outcome, _ findings: inout Findings) {
    findings.add(.form) {
        "the outcome for \($0.device(outcome.device)) and \($0.title(outcome.title)) belongs to no "
            + "open wish, or stands out of order"
    }
}

/// What an outcome must say, its cause aside.
private func outcome(of wish: Int, device: Int32, _ ledger: Ledger, _ ground: Ground) -> Outcome {
    let item = ground.wishes.item[wish]
    return Outcome(
        device: device, title: ground.fleet.wishes[wish].title, item: item,
        rank: ground.fleet.wishes[wish].rank, worth: ground.wishes.worth[wish],
        missingBytes: ground.wishes.missingBytes[wish],
        plannedBytes: item < 0 ? 0 : ledger.receivedBytes(device: device, item: item), cause: nil)
}

private func compare(
    _ stated: Outcome, _ expected: Outcome, wish: Int, _ ground: Ground, _ findings: inout Findings
) {
    let figures: [(String, Int64, Int64)] = [
        ("item", Int64(stated.item), Int64(expected.item)),
        ("rank", Int64(stated.rank), Int64(expected.rank)),
        ("worth", stated.worth, expected.worth),
        ("missing bytes", stated.missingBytes, expected.missingBytes),
        ("planned bytes", stated.plannedBytes, expected.plannedBytes),
    ]
    for (name, said, right) in figures where said != right {
        findings.add(.form) {
            "the outcome for \($0.device(expected.device)) and \($0.title(expected.title)) states "
                + "\(name) \(said), it is \(right)"
        }
    }
    guard let fault = CauseCheck(wish: wish, expected, ground).fault(of: stated.cause) else {
        return
    }
    findings.add(.form) {
        "the outcome for \($0.device(expected.device)) and \($0.title(expected.title)) \(fault)"
    }
}
