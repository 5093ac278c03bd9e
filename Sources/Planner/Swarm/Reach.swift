import Quantities

/// Who may send to whom, and who is near: fixed for a night.
struct Reach {
    /// Per device: the devices that send and can be connected with it.
    private(set) var senders: DeviceSets
    /// Per site: nested sets of devices, those at cheaper ways first.
    private(set) var near: DeviceSets
    /// Per site: its sets are `levels[site]..<levels[site + 1]`.
    private(set) var levels: [Int] = [0]
    /// Per slot: the devices whose window has a later slot.
    private(set) var later: DeviceSets
    /// Per slot: the devices whose window has it.
    private(set) var awake: DeviceSets

    init(_ problem: Problem) {
        let devices = problem.devices
        senders = DeviceSets(count: devices.count, devices: devices.count)
        for d in 0..<devices.count where devices.receives(d) {
            for s in 0..<devices.count
            where s != d && devices.sends(s) && (devices.accepts[d] || devices.accepts[s]) {
                senders.insert(s, d)
            }
        }
        later = DeviceSets(count: problem.slots, devices: devices.count)
        awake = later
        for d in 0..<devices.count {
            let slots = problem.windows.sets[Int(devices.kind[d])].ranges
            for range in slots { for t in range { awake.insert(d, Int(t)) } }
            for t in 0..<max(0, Int(slots.last?.upperBound ?? 0) - 1) { later.insert(d, t) }
        }
        near = DeviceSets(count: 0, devices: devices.count)
        gatherLevels(problem)
    }

    private mutating func gatherLevels(_ problem: Problem) {
        let sites = problem.network.parent.indices
        var sets: [(cost: Int64, site: Int)] = []
        for site in sites {
            let costs = sites.map { Reach.cost(from: Int32($0), to: Int32(site), problem) }
            for cost in Set(costs).sorted() { sets.append((cost, site)) }
            levels.append(sets.count)
        }
        near = DeviceSets(count: sets.count, devices: problem.devices.count)
        for d in 0..<problem.devices.count {
            for (k, set) in sets.enumerated()
            where Reach.cost(from: problem.devices.site[d], to: Int32(set.site), problem)
                <= set.cost
            {
                near.insert(d, k)
            }
        }
    }

    private static func cost(from: Int32, to: Int32, _ problem: Problem) -> Int64 {
        var cost: Int64 = 0
        problem.network.edges(from: from, to: to) { edge, _ in
            cost = saturatingSum(cost, problem.network.edgeCost[edge])
        }
        return cost
    }
}
