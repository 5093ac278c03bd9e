import Quantities
import Schedule

/// What each shared thing can carry over the whole night, and what one device can take (model page,
/// The bound).
///
/// Bytes, exact: 128 bits, since a rate may be as large as a table can say.
struct Capacities {
    /// U(s) per device.
    let up: [Int128]
    /// E(o) per origin.
    let egress: [Int128]
    /// C(e) per site, each direction; 0 for an edge without capacity, whose price is 0.
    let edgeUp: [Int128]
    let edgeDown: [Int128]
    /// min(R(d), D(d)): what a device can take for its wishes.
    let intake: [Int128]

    init(_ problem: Problem) {
        let devices = problem.devices
        let network = problem.network
        let windows = problem.windows
        up = (0..<devices.count).map {
            Int128(devices.up[$0]) * Int128(windows.count(of: devices.kind[$0]))
        }
        egress = network.nightly.map { Int128($0) }
        let lit = Capacities.litSlots(problem)
        func capacity(_ perSlot: [Int64]) -> [Int128] {
            perSlot.indices.map { site in
                perSlot[site] == Network.unlimited ? 0 : Int128(perSlot[site]) * Int128(lit[site])
            }
        }
        edgeUp = capacity(network.edgeUp)
        edgeDown = capacity(network.edgeDown)
        intake = (0..<devices.count).map { d in
            let down = Int128(devices.down[d]) * Int128(windows.count(of: devices.kind[d]))
            return min(
                down, Int128(saturatingSum(problem.dusk.wishRoom[d], problem.dusk.wishRemovable[d]))
            )
        }
    }

    /// Per site: slots in which a device at or below it takes part; all of them when an origin is
    /// there.
    private static func litSlots(_ problem: Problem) -> [Int] {
        let network = problem.network
        let slots = problem.slots
        var lit = [Bool](repeating: false, count: network.parent.count * slots)
        for d in 0..<problem.devices.count {
            let kind = Int(problem.devices.kind[d])
            let site = Int(problem.devices.site[d])
            for t in 0..<slots where problem.windows.has[kind * slots + t] {
                lit[site * slots + t] = true
            }
        }
        for site in network.originSite {
            for t in 0..<slots { lit[Int(site) * slots + t] = true }
        }
        let deepestFirst = network.depth.indices.sorted { network.depth[$0] > network.depth[$1] }
        for site in deepestFirst where network.parent[site] >= 0 {
            let parent = Int(network.parent[site])
            for t in 0..<slots where lit[site * slots + t] { lit[parent * slots + t] = true }
        }
        return network.parent.indices.map { site in
            (0..<slots).count { lit[site * slots + $0] }
        }
    }
}
