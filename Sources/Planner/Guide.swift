import Catalogue
import Quantities
import Schedule

/// What tells a decoder which source is cheaper, and which of equal price to spare.
struct Guide {
    /// What a look at a device asks for, in one place: a plan looks at devices all over the fleet,
    /// and each place costs as much as all else that a look does.
    struct Sender {
        /// Of a byte, the way apart.
        let price: Int64
        /// Bytes that it can send in the night.
        let uplink: Double
        let site: Int32
        /// In which order it last sent.
        let lastSent: UInt16
        let accepts: Bool
    }

    /// Per device.
    let senders: [Sender]
    /// The least price of a device that sends.
    let leastUp: Int64
    private let egress: [Int64]
    private let climb: [Int64]
    private let descend: [Int64]
    private let seed: UInt64
    /// Per item: bytes wanted for each holder; what is least wanted is removed first.
    let demandPerHolder: [Int64]
    /// Whether α or β is above 0.
    let charges: Bool
    private let alpha: Int64
    private let costs: Ways

    init(_ problem: Problem, _ certificate: Certificate) {
        let ways = Ways(problem, certificate.prices, beta: certificate.beta)
        let up = certificate.prices.up
        leastUp = up.indices.lazy.filter { problem.devices.sends($0) }.map { up[$0] }.min() ?? 0
        climb = ways.climb
        descend = ways.descend
        egress = ways.origins(certificate.prices.egress, alpha: certificate.alpha)
        seed = problem.settings.seed
        let demand = problem.demand()
        demandPerHolder = demand.indices.map {
            demand[$0] / Int64(max(1, problem.dusk.supplies(of: $0).count))
        }
        let (devices, windows) = (problem.devices, problem.windows)
        senders = up.indices.map { s in
            Sender(
                price: up[s],
                uplink: Double(devices.up[s]) * Double(windows.count(of: devices.kind[s])),
                site: devices.site[s], lastSent: devices.lastSent[s], accepts: devices.accepts[s])
        }
        charges = certificate.alpha > 0 || certificate.beta > 0
        alpha = Certificate.alphaPrice(certificate.alpha)
        costs = Ways(
            problem, PriceSearch.vector(problem, up: 0, egress: 0), beta: certificate.beta)
    }

    /// The least price of an origin, α in it; the ways apart.
    var leastOrigin: Int64 { egress.min() ?? 0 }

    /// The same from an origin, α in it.
    func price(origin o: Int) -> Int64 { egress[o] }

    /// What a byte pays on a site's edge.
    @inline(__always)
    func price(edge site: Int, upwards: Bool) -> Int64 { upwards ? climb[site] : descend[site] }

    /// Orders sources of equal price: the nearer first, then those that are used up less, then who
    /// sent least recently, then by a keyed hash; below 2⁵⁸.
    ///
    /// Trials: nearness first wastes least, since neighbours are awake at the same time; sparing
    /// those whose titles are wanted most (matrix scaling) was worse than a hash.
    @inline(__always)
    func tie(
        _ s: Int32, _ sender: Sender, to d: Int, hops: UInt64, used: UInt64, salt: UInt32
    ) -> UInt64 {
        let hash = SplitMix64.mixed(
            seed ^ UInt64(salt) << 32 ^ UInt64(UInt32(bitPattern: s)) &* 0x9E37_79B9
                ^ UInt64(d) &* 0x85EB_CA6B_0000)
        if salt != 0 { return hash >> 6 }
        return hops << 52 | used << 46 | UInt64(sender.lastSent) << 30 | hash >> 34
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

extension Problem {
    /// Per item: bytes that eligible wishes lack.
    fileprivate func demand() -> [Int64] {
        var demand = [Int64](repeating: 0, count: items.licence.count)
        for w in 0..<wishes.count where wishes.worth[w] > 0 {
            let i = Int(wishes.item[w])
            demand[i] = saturatingSum(demand[i], wishes.missingBytes[w])
        }
        return demand
    }
}
