import Quantities

/// What can be sent of one item, and by whom: devices by site, the least pressed first.
///
/// A popular item has thousands of holders at few sites. A task looks at one device a
/// site at a time, so it costs what it uses and not what there is.
struct Stock {
    /// Chunks that a device can send from a slot on.
    struct Portion {
        var lower: Int32
        var upper: Int32
        var from: Int32
    }

    /// What one device can send.
    struct Offer {
        var device: Int32
        /// Position in the holdings at dusk, -1 when received tonight.
        var holding: Int32
        /// Its part of ``Stock/portions``.
        var first: Int32
        var count: Int32
    }

    /// The offers at one site.
    struct Group {
        var site: Int32
        /// Positions in ``Stock/offers``, by falling readiness to send.
        var members: [Int32]
        /// All before this one are spent.
        var head = 0
    }

    private(set) var offers: [Offer] = []
    private(set) var portions: [Portion] = []
    /// Ascending by site.
    var groups: [Group] = []
    var isListed = false

    /// Adds what a device can send; `portions` isn't empty.
    mutating func add(
        _ device: Int32, at site: Int32, holding: Int32, _ portions: [Portion], _ guide: Guide
    ) {
        let place = Int32(offers.count)
        offers.append(
            Offer(
                device: device, holding: holding, first: Int32(self.portions.count),
                count: Int32(portions.count)))
        self.portions += portions
        let group = Stock.place(in: groups.count) { groups[$0].site < site }
        if group == groups.count || groups[group].site != site {
            groups.insert(Group(site: site, members: []), at: group)
        }
        let rank = guide.rank(device)
        let members = groups[group].members
        let position = Stock.place(in: members.count) {
            guide.rank(offers[Int(members[$0])].device) < rank
        }
        groups[group].members.insert(place, at: position)
        if position < groups[group].head { groups[group].head = position }
    }

    /// Marks a member as spent if all before it are.
    mutating func retire(_ group: Int, _ position: Int) {
        if groups[group].head == position { groups[group].head += 1 }
    }

    /// The first of `count` places that isn't before what is sought. O(log count).
    private static func place(in count: Int, isBefore: (Int) -> Bool) -> Int {
        var lower = 0
        var upper = count
        while lower < upper {
            let middle = (lower + upper) / 2
            if isBefore(middle) { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }
}
