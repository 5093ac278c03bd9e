package import Catalogue
package import Fleet
package import Quantities
package import Schedule

/// How much work a plan may take: a number of decodings beyond the first, the same on every
/// machine.
package struct Effort: Hashable, Sendable {
    /// Tasks that further decodings may take in all.
    package var tasks: Int

    /// Whether a small fleet is also planned forward in time, as a swarm.
    package var swarms: Bool

    package init(tasks: Int, swarms: Bool = true) {
        self.tasks = tasks
        self.swarms = swarms
    }

    /// Some seconds on any fleet; small ones are searched thoroughly.
    package static let standard = Effort(tasks: 40_000)
}

/// Computes one night's plan and the prices that bound how much better one could be.
///
/// Positions in the plan refer to `catalogue` and `fleet`, which must be of one
/// moment. `effort` bounds the search after the first plan; `progress` is told what
/// is done next, for people. The same arguments give the same plan on every machine, whoever
/// the `workers` are.
package func makePlan(
    catalogue: Catalogue, fleet: Fleet, night: Night, settings: PlanSettings,
    effort: Effort = .standard, workers: any Workers = OneWorker(),
    progress: (String) -> Void = { _ in }
) -> Plan {
    let problem = Problem(
        catalogue: catalogue, fleet: fleet, night: night, settings: settings, workers: workers)
    progress("prices")
    let certificate = PriceSearch(
        Bound(problem), alpha: settings.profile.alpha, beta: settings.profile.beta
    ).certificate()
    progress("assignment")
    let guide = Guide(problem, certificate)
    let steps = problem.steps(effort)
    let ceiling = problem.ceiling(certificate)
    let order = settings.profile.order
    let search = Search(problem, guide)
    let searched = search.run(
        steps: steps, ceiling: ceiling, order: order == .minTime ? .balanced : order,
        improved: { progress("search, \($0.share(of: ceiling)) of the bound") })
    var decoder = searched
    decoder.dropIdleRelays()
    var isSoon = false
    if effort.swarms, var swarm = Swarm(problem, guide) {
        progress("swarm")
        decoder = swarm.improve(decoder, order: order)
        isSoon = search.isSoon(decoder)
    }
    if order == .minTime, !isSoon {
        var sooner = search.soonest(searched, steps: steps / 4, ceiling: ceiling)
        sooner.dropIdleRelays()
        if Score(sooner).isBetter(than: Score(decoder), order) { decoder = sooner }
    }
    progress("timetable")
    return decoder.plan(certificate: certificate)
}

extension Problem {
    /// Whether its optimum is near enough to be worth a second.
    var isTiny: Bool { wishes.count <= 64 }

    /// Further decodings that an effort is enough for; those of a tiny fleet count a tenth.
    fileprivate func steps(_ effort: Effort) -> Int {
        let tasks = max(1, 2 * wishes.count)
        return isTiny
            ? min(20_000, saturatingProduct(effort.tasks, 10) / tasks)
            : min(2000, effort.tasks / tasks)
    }

    private func saturatingProduct(_ a: Int, _ b: Int) -> Int {
        let (product, overflow) = a.multipliedReportingOverflow(by: b)
        return overflow ? Int.max : product
    }

    /// What no objective exceeds: the bound, and all that is wished for.
    fileprivate func ceiling(_ certificate: Certificate) -> Int128 {
        let wished = wishes.worth.reduce(Int128(0)) { $0 + Int128($1) }
        return min(wished, Int128(certificate.bound)) << Int128(Certificate.fractionBits)
    }
}

extension Decoder {
    /// The plan as everyone else reads it.
    ///
    /// On a large fleet moves, transfers and outcomes are most of what is held: the decoder ends
    /// before the transfers are made.
    consuming func plan(certificate: Certificate) -> Plan {
        let (problem, moves) = (problem, moves)
        let outcomes = outcomes()
        let removals = removals()
        _ = consume self
        return Plan(
            night: problem.night, profile: problem.settings.profile,
            transfers: Decoder.transfers(moves, problem), removals: removals, outcomes: outcomes,
            certificate: certificate)
    }

    /// Moves by slot, destination, item and first chunk.
    private static func transfers(_ moves: [Move], _ problem: Problem) -> [Transfer] {
        let bySlot = Decoder.bySlot(moves, problem.slots)
        var transfers: [Transfer] = []
        transfers.reserveCapacity(moves.count)
        for first in stride(from: 0, to: problem.slots, by: Decoder.slotsAtOnce) {
            let count = min(Decoder.slotsAtOnce, problem.slots - first)
            for part in problem.workers.map(
                count, { Decoder.transfers(bySlot[first + $0], of: moves, problem) })
            {
                transfers += part
            }
        }
        return transfers
    }

    /// Slots whose transfers are held twice for a moment.
    private static let slotsAtOnce = 4

    /// Per slot: positions of its moves.
    private static func bySlot(_ moves: [Move], _ slots: Int) -> [[Int32]] {
        var counts = [Int](repeating: 0, count: slots)
        for move in moves { counts[Int(move.slot)] += 1 }
        var places = counts.map { count in
            var places: [Int32] = []
            places.reserveCapacity(count)
            return places
        }
        for k in moves.indices { places[Int(moves[k].slot)].append(Int32(k)) }
        return places
    }

    private static func transfers(
        _ places: [Int32], of moves: [Move], _ problem: Problem
    ) -> [Transfer] {
        places.map { place in
            let move = moves[Int(place)]
            let direct = move.source.device.map { problem.devices.accepts[Int($0)] } ?? true
            return Transfer(
                source: move.source, destination: move.destination, item: move.item,
                chunks: move.lower..<move.upper, slot: move.slot,
                initiator: direct ? .destination : .source)
        }.sorted {
            ($0.destination, $0.item, $0.chunks.lowerBound)
                < ($1.destination, $1.item, $1.chunks.lowerBound)
        }
    }

    private func removals() -> [Removal] {
        var removals: [Removal] = []
        for d in 0..<problem.devices.count {
            for h in Int(problem.dusk.offsets[d])..<Int(problem.dusk.offsets[d + 1])
            where disks.removedAt(h) < problem.night.slotCount {
                for range in problem.dusk.chunks(h, items: problem.items).ranges {
                    removals.append(
                        Removal(
                            device: Int32(d), item: problem.dusk.holdings.items[h], chunks: range,
                            slot: disks.removedAt(h)))
                }
            }
        }
        return removals.sorted {
            ($0.slot, $0.device, $0.item, $0.chunks.lowerBound)
                < ($1.slot, $1.device, $1.item, $1.chunks.lowerBound)
        }
    }

    private func outcomes() -> [Outcome] {
        let wishes = problem.wishes
        let causes = Causes(self).all()
        return (0..<wishes.count).map { w in
            Outcome(
                device: wishes.device[w], title: wishes.title[w], item: wishes.item[w],
                rank: wishes.rank[w], worth: wishes.worth[w], missingBytes: wishes.missingBytes[w],
                plannedBytes: planned[w], cause: causes[w])
        }
    }
}
