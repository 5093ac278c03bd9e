import Fleet

/// The least price(o,d) over the origins that have anything to send, by site of the device.
struct OriginPrices {
    /// `TwoLeast.none` when there is no such origin.
    let least: [Int128]

    /// `base` is the price of a byte as it leaves each origin; nil: the origin sends nothing.
    init(base: [Int128?], _ ground: Ground, edges: EdgePrices) {
        var least = [Int128](repeating: TwoLeast.none, count: ground.fleet.sites.count)
        for (price, origin) in zip(base, ground.fleet.origins) {
            guard var price else { continue }
            var site = origin.site
            while site >= 0 {
                least[Int(site)] = min(least[Int(site)], price)
                price += edges.up[Int(site)]
                site = ground.tree.parents[Int(site)]
            }
        }
        for site in ground.tree.upwards.reversed() {
            let above = ground.tree.parents[Int(site)]
            guard above >= 0, least[Int(above)] != TwoLeast.none else { continue }
            least[Int(site)] = min(least[Int(site)], least[Int(above)] + edges.down[Int(site)])
        }
        self.least = least
    }
}
