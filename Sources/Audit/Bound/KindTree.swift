import Fleet

/// The site tree with, at every site, the kinds of devices that are at or below it.
///
/// Devices are of one kind when they have the same slots and either all accept
/// connections or all don't: who can meet whom depends on nothing else. An entry is
/// one kind at one site. Tables over entries let a source be carried up the tree
/// once for all who look for one. At most depth · devices entries, mostly far fewer.
struct KindTree {
    /// `sites + 1` positions of entries.
    private let offsets: [Int]
    /// By entry: the slot set (never the empty one).
    let slotSet: [Int32]
    /// By entry: whether the devices accept connections.
    let accepts: [Bool]
    /// By entry: its site.
    let site: [Int32]
    /// By entry: the same kind at the parent site; -1 at the root.
    let parent: [Int32]
    /// By device: its kind at its own site; -1 when it takes no part.
    let entry: [Int32]

    init(_ ground: Ground) {
        let kinds = KindTree.kinds(ground)
        let lists = KindTree.lists(kinds, ground)
        var offsets = [0]
        for list in lists { offsets.append(offsets[offsets.count - 1] + list.count) }
        self.offsets = offsets
        let flat = lists.flatMap { $0 }
        slotSet = flat.map { $0 >> 1 }
        accepts = flat.map { $0 & 1 == 1 }
        site = lists.indices.flatMap { site in lists[site].map { _ in Int32(site) } }
        func find(_ kind: Int32, at site: Int32) -> Int32 {
            var lower = offsets[Int(site)]
            var upper = offsets[Int(site) + 1]
            while lower < upper {
                let middle = (lower + upper) / 2
                if flat[middle] < kind { lower = middle + 1 } else { upper = middle }
            }
            return Int32(lower)
        }
        parent = zip(flat, site).map { kind, site in
            let above = ground.tree.parents[Int(site)]
            return above < 0 ? -1 : find(kind, at: above)
        }
        entry = zip(kinds, ground.fleet.devices).map { kind, device in
            kind < 0 ? -1 : find(kind, at: device.site)
        }
    }

    var count: Int { slotSet.count }

    func entries(of site: Int) -> Range<Int> { offsets[site]..<offsets[site + 1] }

    /// Slot set and acceptance as one number, by device; -1 when it takes no part.
    private static func kinds(_ ground: Ground) -> [Int32] {
        zip(ground.participation.slotSet, ground.fleet.devices).map { set, device in
            set == 0 ? -1 : set << 1 | (device.accepts ? 1 : 0)
        }
    }

    /// By site: kinds at or below, ascending.
    private static func lists(_ kinds: [Int32], _ ground: Ground) -> [[Int32]] {
        var lists = [[Int32]](repeating: [], count: ground.fleet.sites.count)
        for (kind, device) in zip(kinds, ground.fleet.devices) where kind >= 0 {
            lists[Int(device.site)].append(kind)
        }
        for site in ground.tree.upwards {
            var distinct: [Int32] = []
            for kind in lists[Int(site)].sorted() where kind != distinct.last {
                distinct.append(kind)
            }
            lists[Int(site)] = distinct
            let above = ground.tree.parents[Int(site)]
            if above >= 0 { lists[Int(above)].append(contentsOf: distinct) }
        }
        return lists
    }
}
