import Quantities
import Schedule

/// How good a plan is, in the order in which a profile asks.
struct Score {
    /// value − α · origin − β · cost, in units of 2⁻⁴⁰ millionths.
    var objective: Int128 = 0
    var originBytes: Int64 = 0
    /// Bytes times cost per GB.
    var carried: Int128 = 0
    /// Worth times the slot in which it is complete, over all wishes that come whole.
    var waiting: Int128 = 0
    var finish: Int32 = 0
    var relayedBytes: Int64 = 0
    /// Bytes times how recently their source sent before.
    var recency: Int128 = 0

    init(_ decoder: Decoder) {
        let problem = decoder.problem
        let wishes = problem.wishes
        var value: Int128 = 0
        for w in 0..<wishes.count where decoder.planned[w] > 0 {
            value +=
                Int128(wishes.worth[w]) * Int128(decoder.planned[w])
                / Int128(wishes.missingBytes[w])
        }
        objective = value << Int128(Certificate.fractionBits)
        var ends = [Int32](repeating: 0, count: wishes.count)
        for move in decoder.moves {
            if decoder.guide.charges { objective -= decoder.guide.charge(move, problem) }
            if move.source.raw < 0 { originBytes += move.bytes }
            if move.wish < 0 { relayedBytes += move.bytes }
            if let s = move.source.device {
                recency += Int128(move.bytes) * Int128(problem.devices.lastSent[Int(s)])
            }
            finish = max(finish, move.slot + 1)
            if move.wish >= 0 { ends[Int(move.wish)] = max(ends[Int(move.wish)], move.slot + 1) }
            carried += Int128(move.bytes) * Int128(Score.costPerGB(move, problem))
        }
        wait(decoder, ends: ends)
    }

    /// Adds up what whole wishes wait, given the slot after each one's last move.
    private mutating func wait(_ decoder: Decoder, ends: [Int32]) {
        let wishes = decoder.problem.wishes
        for w in ends.indices where decoder.planned[w] == wishes.missingBytes[w] {
            waiting += Int128(wishes.worth[w]) * Int128(ends[w])
        }
    }

    /// Cost per GB of a move's way, the origin's own included.
    static func costPerGB(_ move: Move, _ problem: Problem) -> Int64 {
        var cost: Int64 = 0
        let from: Int32
        if let s = move.source.device {
            from = problem.devices.site[Int(s)]
        } else {
            cost = problem.network.originCost[Int(-1 - move.source.raw)]
            from = problem.network.originSite[Int(-1 - move.source.raw)]
        }
        problem.network.edges(from: from, to: problem.devices.site[Int(move.destination)]) {
            site, _ in
            cost += problem.network.edgeCost[site]
        }
        return cost
    }

    /// The objective as a share of a ceiling, for people: `99.31 %`.
    func share(of ceiling: Int128) -> String {
        if ceiling <= 0 { return "100.00 %" }
        if objective <= 0 { return "0.00 %" }
        let parts = Int(clamping: objective * 10_000 / ceiling)
        return "\(parts / 100).\(parts % 100 < 10 ? "0" : "")\(parts % 100) %"
    }

    /// Whether this is better than `other` in what comes before times.
    func isThriftier(than other: Score, _ order: Profile.Order) -> Bool {
        if objective != other.objective { return objective > other.objective }
        if order == .minBandwidth, carried != other.carried { return carried < other.carried }
        if originBytes != other.originBytes { return originBytes < other.originBytes }
        return carried < other.carried
    }

    /// Whether this is better than `other` for the profile.
    func isBetter(than other: Score, _ order: Profile.Order) -> Bool {
        if objective != other.objective { return objective > other.objective }
        if order == .minTime {
            if finish != other.finish { return finish < other.finish }
            if waiting != other.waiting { return waiting < other.waiting }
        }
        if order == .minBandwidth, carried != other.carried { return carried < other.carried }
        if originBytes != other.originBytes { return originBytes < other.originBytes }
        if carried != other.carried { return carried < other.carried }
        if waiting != other.waiting { return waiting < other.waiting }
        if finish != other.finish { return finish < other.finish }
        if relayedBytes != other.relayedBytes { return relayedBytes < other.relayedBytes }
        return recency < other.recency
    }
}
