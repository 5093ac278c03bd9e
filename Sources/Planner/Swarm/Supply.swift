/// Who can send which chunk to whom in the present slot.
struct Supply {
    let reach: Reach
    var copies: Copies
    /// Site of each device.
    let site: [Int32]
    /// From this slot on a far source may send what a nearer one holds but can't send now.
    let farFrom: Int32
    /// The present slot.
    private(set) var t = 0
    /// Devices that can still send in it.
    private(set) var free: [UInt64]

    init(_ reach: Reach, _ copies: Copies, site: [Int32], farFrom: Int32) {
        self.reach = reach
        self.copies = copies
        self.site = site
        self.farFrom = farFrom
        free = [UInt64](repeating: 0, count: copies.held.words)
    }

    /// Words of a set of devices.
    var words: Int { free.count }

    /// Begins a slot with all that are awake.
    mutating func begin(_ slot: Int) {
        t = slot
        for word in free.indices { free[word] = reach.awake[slot, word] }
    }

    /// Notes that a device sends no more in this slot.
    mutating func spend(_ s: Int) { free[s >> 6] &= ~(1 << UInt64(s & 63)) }

    /// Finds who may send a chunk to a device now; false when nobody.
    ///
    /// Only the nearest that hold it, or are about to: others wait for them until ``farFrom``.
    @inline(__always)
    func senders(of chunk: Int, _ d: Int, _ allowed: inout [UInt64]) -> Bool {
        let site = Int(site[d])
        for level in reach.levels[site]..<reach.levels[site + 1] {
            var found: UInt64 = 0
            var awaited: UInt64 = 0
            for word in free.indices {
                let near = reach.near[level, word] & reach.senders[d, word]
                allowed[word] = copies.held[chunk, word] & near & free[word]
                found |= allowed[word]
                let kept = copies.held[chunk, word] & reach.awake[t, word]
                awaited |= near & (copies.due[chunk, word] & reach.later[t, word] | kept)
            }
            if found != 0 { return true }
            if awaited != 0, t < farFrom { return false }
        }
        return false
    }

    /// Whether a device holds a chunk, or soon will, and can send it to `d`.
    func isSupplied(_ chunk: Int, _ d: Int) -> Bool {
        for word in free.indices
        where copies.due[chunk, word] & reach.senders[d, word]
            & (reach.later[t, word] | copies.held[chunk, word] & reach.awake[t, word]) != 0
        {
            return true
        }
        return false
    }
}
