import Catalogue
import Quantities
import Schedule

/// What tells a decoder which source is cheaper, and which of equal price to spare.
struct Guide {
    private let up: [Int64]
    private let egress: [Int64]
    private let climb: [Int64]
    private let descend: [Int64]
    private let seed: UInt64
    /// Per device: how much more is wanted of it than it can send, as a coarse logarithm.
    private let pressure: [UInt8]
    /// Per device: in which order they last sent.
    private let lastSent: [UInt16]
    /// Per item: bytes wanted for each holder; what is least wanted is removed first.
    let demandPerHolder: [Int64]
    /// Whether α or β is above 0.
    let charges: Bool
    private let alpha: Int64
    private let costs: Ways

    init(_ problem: Problem, _ certificate: Certificate) {
        let ways = Ways(problem, certificate.prices, beta: certificate.beta)
        up = certificate.prices.up
        climb = ways.climb
        descend = ways.descend
        egress = ways.origins(certificate.prices.egress, alpha: certificate.alpha)
        seed = problem.settings.seed
        let demand = Pressure.demand(problem)
        demandPerHolder = demand.indices.map {
            demand[$0] / Int64(max(1, problem.dusk.supplies(of: $0).count))
        }
        lastSent = problem.devices.lastSent
        pressure = Pressure.levels(problem, demand: demand)
        charges = certificate.alpha > 0 || certificate.beta > 0
        alpha = Certificate.alphaPrice(certificate.alpha)
        costs = Ways(
            problem, PriceSearch.vector(problem, up: 0, egress: 0), beta: certificate.beta)
    }

    /// What a byte from a device pays beside the way.
    @inline(__always)
    func price(peer s: Int) -> Int64 { up[s] }

    /// The same from an origin, α in it.
    func price(origin o: Int) -> Int64 { egress[o] }

    /// What a byte pays on a site's edge.
    @inline(__always)
    func price(edge site: Int, upwards: Bool) -> Int64 { upwards ? climb[site] : descend[site] }

    /// Orders the devices of a site: the less pressed first, then who sent least recently, then by
    /// a keyed hash.
    @inline(__always)
    func rank(_ s: Int32) -> UInt64 {
        UInt64(pressure[Int(s)]) << 56 | UInt64(lastSent[Int(s)]) << 40
            | SplitMix64.mixed(seed ^ UInt64(UInt32(bitPattern: s))) >> 24
    }

    /// Orders sources of equal price: the less pressed first, then the nearer, then who sent least
    /// recently, then by a keyed hash; below 2⁵⁸.
    @inline(__always)
    func tie(_ s: Int32, to d: Int, hops: UInt64, salt: UInt32) -> UInt64 {
        let hash = SplitMix64.mixed(
            seed ^ UInt64(salt) << 32 ^ UInt64(UInt32(bitPattern: s)) &* 0x9E37_79B9
                ^ UInt64(d) &* 0x85EB_CA6B_0000)
        if salt != 0 { return hash >> 6 }
        return UInt64(pressure[Int(s)]) << 50 | hops << 44 | UInt64(lastSent[Int(s)]) << 28
            | hash >> 36
    }

    /// What α and β charge for a move, in units of 2⁻⁴⁰ millionths.
    func charge(_ move: Move, _ problem: Problem) -> Int128 {
        var price: Int64 = 0
        let from: Int32
        if let s = move.source.device {
            from = problem.devices.site[Int(s)]
        } else {
            let o = Int(-1 - move.source.raw)
            price +=
                costs.origins(
                    [Int64](repeating: 0, count: problem.network.originSite.count), alpha: 0)[o]
            price += alpha
            from = problem.network.originSite[o]
        }
        problem.network.edges(from: from, to: problem.devices.site[Int(move.destination)]) {
            site, upwards in
            price += upwards ? costs.climb[site] : costs.descend[site]
        }
        return Int128(price) * Int128(move.bytes)
    }
}

/// How pressed each device is: what would be asked of it, over what it can send.
///
/// Problem: a popular title can come from anyone, a rare one from few; those few
/// should be spared. Idea: share each item's demand among its holders in
/// proportion to a weight, and lower the weight of those that are asked for more
/// than they have (matrix scaling, Sinkhorn 1967; here one-sided and damped). The
/// weights that balance are like prices of each uplink. A few rounds suffice for
/// an order. O(rounds · holdings). Additions, products and quotients of binary64
/// only, so equal on every machine.
enum Pressure {
    /// Per item: bytes that eligible wishes lack.
    static func demand(_ problem: Problem) -> [Int64] {
        var demand = [Int64](repeating: 0, count: problem.items.licence.count)
        for w in 0..<problem.wishes.count where problem.wishes.worth[w] > 0 {
            let i = Int(problem.wishes.item[w])
            demand[i] = saturatingSum(demand[i], problem.wishes.missingBytes[w])
        }
        return demand
    }

    /// Per device a level from 0 (hardly asked) to 255.
    static func levels(_ problem: Problem, demand: [Int64], rounds: Int = 8) -> [UInt8] {
        let devices = problem.devices
        var weight = [Double](repeating: 1, count: devices.count)
        let capacity = (0..<devices.count).map {
            Double(devices.up[$0]) * Double(problem.windows.count(of: devices.kind[$0]))
        }
        for d in 0..<devices.count { weight[d] = capacity[d] }
        for _ in 0..<rounds {
            var load = [Double](repeating: 0, count: devices.count)
            for i in demand.indices where demand[i] > 0 {
                let mine = problem.dusk.supplies(of: i)
                var sum = 0.0
                for k in mine { sum += weight[Int(problem.dusk.supplies[k].device)] }
                guard sum > 0 else { continue }
                let share = Double(demand[i]) / sum
                for k in mine {
                    let d = Int(problem.dusk.supplies[k].device)
                    load[d] += share * weight[d]
                }
            }
            for d in 0..<devices.count where load[d] > 0 {
                weight[d] *= (capacity[d] / load[d]).squareRoot()
            }
        }
        return (0..<devices.count).map { d in
            weight[d] > 0 ? level(capacity[d] / weight[d]) : 255
        }
    }

    /// A logarithm to the base √√2, by the bits of the number.
    private static func level(_ ratio: Double) -> UInt8 {
        let coarse = Int(truncatingIfNeeded: ratio.bitPattern >> 50) - 1023 * 4
        return UInt8(clamping: coarse + 128)
    }
}
