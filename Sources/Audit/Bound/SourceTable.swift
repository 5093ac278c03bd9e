/// Prices along the edges: what a byte pays to leave a site upwards, and to enter it from above.
struct EdgePrices {
    let up: [Int128]
    let down: [Int128]
}

/// Cheapest sources by kind at every site, for one set of sources at a time.
///
/// A source is carried from its own site to the root, its price growing with the
/// edges; at each site the two cheapest of each kind are kept. A receiver then
/// looks at its own site and those above it, its price growing with the edges
/// downwards. Edge prices are not negative, so a way over a site above the lowest
/// common one is never the cheapest, and the least over all is the price of the
/// true path. A source that is not among the two cheapest at a site cannot be
/// above it either: it is carried no further. Kinds at a site are looked at from the
/// cheapest on, so that a look ends as soon as no other can be cheaper.
struct SourceTable {
    private let tree: KindTree
    private let parents: [Int32]
    private let edges: EdgePrices
    private var cheapest: [TwoLeast]
    /// Entries in use at each site, as a chain: first of the site, next of the entry; -1: none.
    private var first: [Int32]
    private var next: [Int32]
    private var used: [Int32] = []
    /// By site: the question for which its chain was put in order of price.
    private var ordered: [Int32]
    /// Answers by receiver's entry, and the question they belong to.
    private var answers: [TwoLeast]
    private var answered: [Int32]
    private var question: Int32 = 0

    init(_ tree: KindTree, parents: [Int32], edges: EdgePrices) {
        self.tree = tree
        self.parents = parents
        self.edges = edges
        cheapest = [TwoLeast](repeating: TwoLeast(), count: tree.count)
        answers = cheapest
        next = [Int32](repeating: -1, count: tree.count)
        first = [Int32](repeating: -1, count: parents.count)
        answered = [Int32](repeating: -1, count: tree.count)
        ordered = [Int32](repeating: -1, count: parents.count)
    }

    /// Forgets all sources.
    mutating func clear() {
        for entry in used {
            cheapest[Int(entry)] = TwoLeast()
            first[Int(tree.site[Int(entry)])] = -1
        }
        used.removeAll(keepingCapacity: true)
        question += 1
    }

    /// Adds a source that takes part; all are added before the first look.
    mutating func add(_ device: Int32, price: Int128) {
        var entry = tree.entry[Int(device)]
        var price = price
        while entry >= 0 {
            let isNew = cheapest[Int(entry)].first == TwoLeast.none
            guard cheapest[Int(entry)].insert(price, device) else { return }
            let site = Int(tree.site[Int(entry)])
            if isNew {
                next[Int(entry)] = first[site]
                first[site] = entry
                used.append(entry)
            }
            price += edges.up[site]
            entry = tree.parent[Int(entry)]
        }
    }

    /// The least price at which `device`, which takes part, gets a byte from another;
    /// `TwoLeast.none`: from nobody.
    mutating func least(for device: Int32, _ meetings: Meetings) -> Int128 {
        let entry = Int(tree.entry[Int(device)])
        if answered[entry] != question {
            answers[entry] = look(from: entry, meetings)
            answered[entry] = question
        }
        return answers[entry].least(without: device)
    }

    private mutating func look(from entry: Int, _ meetings: Meetings) -> TwoLeast {
        var found = TwoLeast()
        var cost: Int128 = 0
        var site = tree.site[entry]
        while site >= 0 {
            if first[Int(site)] >= 0 {
                if ordered[Int(site)] != question { order(Int(site)) }
                look(from: entry, at: Int(site), cost: cost, meetings, &found)
            }
            cost += edges.down[Int(site)]
            site = parents[Int(site)]
        }
        return found
    }

    private func look(
        from entry: Int, at site: Int, cost: Int128, _ meetings: Meetings, _ found: inout TwoLeast
    ) {
        let needsAcceptance = !tree.accepts[entry]
        let set = tree.slotSet[entry]
        var candidate = Int(first[site])
        while candidate >= 0, cheapest[candidate].first + cost < found.second {
            if !needsAcceptance || tree.accepts[candidate],
                meetings.share(tree.slotSet[candidate], set)
            {
                found.merge(cheapest[candidate], cost: cost)
            }
            candidate = Int(next[candidate])
        }
    }

    /// Puts the chain of a site in order of the cheapest source of each kind.
    private mutating func order(_ site: Int) {
        var chain: [Int32] = []
        var entry = first[site]
        while entry >= 0 {
            chain.append(entry)
            entry = next[Int(entry)]
        }
        chain.sort { (cheapest[Int($0)].first, $0) < (cheapest[Int($1)].first, $1) }
        first[site] = chain[0]
        for (entry, following) in zip(chain, chain.dropFirst()) { next[Int(entry)] = following }
        next[Int(chain[chain.count - 1])] = -1
        ordered[site] = question
    }
}
