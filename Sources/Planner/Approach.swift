import Quantities

/// The ways from every site to one device, found once a task and site.
///
/// Many senders stand at few sites: price, length and open slots of the way are
/// the same for all of a site.
struct Approach {
    private let words: Int
    private var round: Int32 = 0
    private var seen: [Int32]
    /// Counts what was reserved since masks were last right.
    private var version: Int32 = 0
    private var checked: [Int32]
    private var site: Int32 = 0
    /// Per site: what a byte pays on the edges.
    private(set) var price: [Int64]
    /// Per site: edges on the way, at most 63.
    private(set) var hops: [UInt64]
    /// Per site: slots in which no edge on the way is full.
    private(set) var mask: [UInt64]
    /// Per site: how many edges downwards the way ends with.
    private var level: [Int32]
    /// Bytes that senders have left, by that number.
    private var supply: [Int64] = []

    init(sites: Int, words: Int) {
        self.words = words
        seen = [Int32](repeating: 0, count: sites)
        checked = seen
        price = [Int64](repeating: 0, count: sites)
        hops = [UInt64](repeating: 0, count: sites)
        mask = [UInt64](repeating: 0, count: sites * words)
        level = [Int32](repeating: 0, count: sites)
    }

    /// Starts with a device at `site`.
    mutating func begin(at site: Int32, _ problem: Problem) {
        round += 1
        self.site = site
        let depth = Int(problem.network.depth[Int(site)])
        supply.removeAll(keepingCapacity: true)
        for _ in 0...depth { supply.append(0) }
    }

    /// Looks at the way from a site, once a round. O(depth).
    @inline(__always)
    mutating func find(_ from: Int, _ guide: Guide, _ ledger: Ledger, _ problem: Problem) {
        if seen[from] != round { walk(from, guide, ledger, problem) }
    }

    private mutating func walk(
        _ from: Int, _ guide: Guide, _ ledger: Ledger, _ problem: Problem
    ) {
        seen[from] = round
        checked[from] = version
        var price: Int64 = 0
        var hops: UInt64 = 0
        var down: Int32 = 0
        problem.network.edges(from: Int32(from), to: site) { edge, upwards in
            price += guide.price(edge: edge, upwards: upwards)
            hops += 1
            down += upwards ? 0 : 1
        }
        self.price[from] = price
        self.hops[from] = min(hops, 63)
        level[from] = down
        findMask(from, ledger, problem)
    }

    private mutating func findMask(_ from: Int, _ ledger: Ledger, _ problem: Problem) {
        for word in 0..<words { mask[from * words + word] = ~0 }
        problem.network.edges(from: Int32(from), to: site) { edge, upwards in
            for word in 0..<words {
                mask[from * words + word] &=
                    upwards
                    ? ledger.edgeFreeUp[edge * words + word]
                    : ledger.edgeFreeDown[edge * words + word]
            }
        }
    }

    /// Says that bytes were reserved: masks may have lost slots.
    mutating func expire() { version += 1 }

    /// Makes the mask of a site right again.
    mutating func refresh(_ from: Int, _ ledger: Ledger, _ problem: Problem) {
        guard checked[from] != version else { return }
        checked[from] = version
        findMask(from, ledger, problem)
    }

    /// Whether the way is open in one of the slots.
    func isOpen(_ from: Int, _ slots: [UInt64]) -> Bool {
        for word in 0..<words where slots[word] & mask[from * words + word] != 0 { return true }
        return false
    }

    /// Counts what a sender at a site has left.
    @inline(__always)
    mutating func add(_ bytes: Int64, from: Int) {
        supply[Int(level[from])] = saturatingSum(supply[Int(level[from])], bytes)
    }

    /// The most that can reach the device in the slots; stops looking at `enough`.
    ///
    /// S₀ + min(E₀, S₁ + min(E₁, S₂ + …)): Sₖ is what those have left whose way ends
    /// with k edges downwards, Eₖ what the k-th edge above the device has left.
    func inflow(_ slots: [UInt64], _ ledger: Ledger, _ problem: Problem, enough: Int64) -> Int64 {
        var edges: [Int] = []
        var node = site
        for _ in 1..<max(1, supply.count) where problem.network.parent[Int(node)] >= 0 {
            edges.append(Int(node))
            node = problem.network.parent[Int(node)]
        }
        var flow: Int64 = 0
        for k in stride(from: supply.count - 1, through: 0, by: -1) {
            flow = saturatingSum(flow, supply[k])
            if k > 0, k <= edges.count, flow > 0 {
                flow = min(flow, ledger.edgeDownLeft(edges[k - 1], slots, enough: enough))
            }
        }
        return flow
    }
}

/// Sets of slots as bits of words.
enum SlotMask {
    /// The slots of a range that stand in one word.
    static func bits(_ range: Range<Int32>, inWord word: Int) -> UInt64 {
        let lower = min(max(Int(range.lowerBound) - word * 64, 0), 64)
        let upper = min(max(Int(range.upperBound) - word * 64, 0), 64)
        guard lower < upper else { return 0 }
        let below: UInt64 = upper == 64 ? ~0 : (1 << UInt64(upper)) - 1
        return below & (~0 << UInt64(lower))
    }
}
