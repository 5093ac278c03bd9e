import Quantities

/// Which slot sets share a slot within some licence: asked for each pair once per licence.
struct Meetings {
    private let slotSets: [RangeSet32]
    private(set) var licence: Range<Int32> = 0..<0
    private var within: [RangeSet32]
    private var share: [Bool]

    init(_ slotSets: [RangeSet32]) {
        self.slotSets = slotSets
        within = slotSets.map { _ in RangeSet32() }
        share = [Bool](repeating: false, count: slotSets.count * slotSets.count)
    }

    /// Goes over to another licence. O(sets²) when it is a different one.
    mutating func set(_ licence: Range<Int32>) {
        guard licence != self.licence else { return }
        self.licence = licence
        within = slotSets.map { $0.intersection(RangeSet32(licence)) }
        for a in slotSets.indices {
            for b in slotSets.indices {
                share[a * slotSets.count + b] = within[a].intersects(slotSets[b])
            }
        }
    }

    /// Whether two sets share a slot of the licence.
    func share(_ a: Int32, _ b: Int32) -> Bool { share[Int(a) * slotSets.count + Int(b)] }

    /// Whether a set has a slot of the licence.
    func isActive(_ set: Int32) -> Bool { !within[Int(set)].isEmpty }
}
