import Quantities

/// A walk through the senders of a popular item, the nearest sites first.
///
/// Level k is what stands at or below the k-th site above a device and not below the
/// one before; each level is taken from a place of its own on, so that the neighbours
/// of a holder don't all ask it first.
struct Climb {
    /// The site of the current level; -1 when all are done.
    private(set) var site: Int32 = -1
    /// The site of the level before; -1 at the first.
    private(set) var inner: Int32 = -1
    /// Up to three runs of supplies to look at, the last one first.
    private var runs: [Range<Int>] = []
    /// The next offer of the current level's chain; -1 when done.
    var offer: Int32 = -1

    /// Nothing to walk through.
    mutating func end() {
        site = -1
        offer = -1
        runs.removeAll(keepingCapacity: true)
    }

    /// Starts, or goes on, with a site; `salt` says where in its supplies.
    mutating func enter(_ site: Int32, of item: Int, _ problem: Problem, salt: UInt64) {
        inner = self.site
        self.site = site
        runs.removeAll(keepingCapacity: true)
        let network = problem.network
        let all =
            problem.dusk.firstSupply(
                of: item, at: network.place[Int(site)])..<problem.dusk.firstSupply(
                of: item, at: network.placeEnd[Int(site)])
        var parts = (all, all.upperBound..<all.upperBound)
        if inner >= 0 {
            let done =
                problem.dusk.firstSupply(
                    of: item, at: network.place[Int(inner)])..<problem.dusk.firstSupply(
                    of: item, at: network.placeEnd[Int(inner)])
            parts = (all.lowerBound..<done.lowerBound, done.upperBound..<all.upperBound)
        }
        let count = parts.0.count + parts.1.count
        guard count > 0 else { return }
        let skip = Int(salt % UInt64(count))
        if skip < parts.0.count {
            let start = parts.0.lowerBound + skip
            runs.append(parts.0.lowerBound..<start)
            runs.append(parts.1)
            runs.append(start..<parts.0.upperBound)
        } else {
            let start = parts.1.lowerBound + skip - parts.0.count
            runs.append(parts.1.lowerBound..<start)
            runs.append(parts.0)
            runs.append(start..<parts.1.upperBound)
        }
        dropEmpty()
    }

    /// The next supply that is left of this level; nil at its end.
    mutating func next(_ holders: inout Holders) -> Int? {
        while let run = runs.last {
            let k = holders.first(from: run.lowerBound)
            if k < run.upperBound {
                runs[runs.count - 1] = k + 1..<run.upperBound
                dropEmpty()
                return k
            }
            runs.removeLast()
            dropEmpty()
        }
        return nil
    }

    private mutating func dropEmpty() {
        while let run = runs.last, run.isEmpty { runs.removeLast() }
    }
}
