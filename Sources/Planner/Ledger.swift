import Fleet
import Quantities
import Schedule

/// What is left of every capacity in every slot.
///
/// Device d in slot t stands at `d * slots + t`; sites, origins and links
/// likewise. A reservation is undone by reserving its negative.
struct Ledger {
    private let slots: Int
    /// Words of a mask of slots.
    let words: Int
    /// A slot with less than this many bytes left counts as full.
    private let crumb: Int64
    private(set) var up: [Int64]
    private(set) var down: [Int64]
    /// Slots in which a device can still send or receive: bit `t % 64` of word `d * words + t /
    /// 64`.
    private(set) var freeUp: [UInt64]
    private(set) var freeDown: [UInt64]
    /// The same of each site's edge to its parent.
    private(set) var edgeFreeUp: [UInt64]
    private(set) var edgeFreeDown: [UInt64]
    /// Per device: what is left of its uplink over the slots of its window.
    private(set) var upTotal: [Int64]
    private(set) var egress: [Int64]
    private(set) var nightly: [Int64]
    private(set) var edgeUp: [Int64]
    private(set) var edgeDown: [Int64]
    private(set) var link: [Int64]
    /// Distinct ends to which a device sends, and from which it receives.
    private(set) var outgoing: [Int16]
    private(set) var incoming: [Int16]
    /// Per device: `slot << 32 | source` of each end it receives from.
    private var pairs: [[Int64]]

    init(_ problem: Problem) {
        let slots = problem.slots
        self.slots = slots
        let devices = problem.devices
        words = (slots + 63) / 64
        // Most slots end with less than a chunk left. On a large fleet that isn't worth a look.
        crumb = problem.isSmall ? 1 : problem.items.chunkBytes.min() ?? 1
        func spread(_ perSlot: [Int64], inWindow: Bool) -> [Int64] {
            var all = [Int64](repeating: 0, count: perSlot.count * slots)
            for d in perSlot.indices {
                let kind = inWindow ? Int(devices.kind[d]) : 0
                for t in 0..<slots where !inWindow || problem.windows.has[kind * slots + t] {
                    all[d * slots + t] = perSlot[d]
                }
            }
            return all
        }
        up = spread(devices.up, inWindow: true)
        down = spread(devices.down, inWindow: true)
        freeUp = Ledger.mask(up, slots: slots, words: words, crumb: crumb)
        freeDown = Ledger.mask(down, slots: slots, words: words, crumb: crumb)
        upTotal = (0..<devices.count).map { d in
            let (total, overflow) = devices.up[d].multipliedReportingOverflow(
                by: Int64(problem.windows.count(of: devices.kind[d])))
            return overflow ? Int64.max : total
        }
        egress = spread(problem.network.egress, inWindow: false)
        nightly = problem.network.nightly
        edgeUp = spread(problem.network.edgeUp, inWindow: false)
        edgeDown = spread(problem.network.edgeDown, inWindow: false)
        edgeFreeUp = Ledger.mask(edgeUp, slots: slots, words: words, crumb: crumb)
        edgeFreeDown = Ledger.mask(edgeDown, slots: slots, words: words, crumb: crumb)
        link = spread(problem.network.links.bytes, inWindow: false)
        outgoing = [Int16](repeating: 0, count: devices.count * slots)
        incoming = [Int16](repeating: 0, count: devices.count * slots)
        pairs = [[Int64]](repeating: [], count: devices.count)
    }

    private static func mask(_ left: [Int64], slots: Int, words: Int, crumb: Int64) -> [UInt64] {
        var mask = [UInt64](repeating: 0, count: left.count / max(1, slots) * words)
        for place in left.indices where left[place] >= crumb {
            let t = place % slots
            mask[place / slots * words + t >> 6] |= 1 << UInt64(t & 63)
        }
        return mask
    }

    /// Slots in which an origin still has something left. O(origins · slots).
    var originSlots: [UInt64] {
        var mask = [UInt64](repeating: 0, count: words)
        for o in nightly.indices where nightly[o] >= crumb {
            for t in 0..<slots where egress[o * slots + t] >= crumb {
                mask[t >> 6] |= 1 << UInt64(t & 63)
            }
        }
        return mask
    }

    /// Whether a device can't send in any slot any more.
    @inline(__always)
    func isSpent(_ s: Int) -> Bool {
        for word in 0..<words where freeUp[s * words + word] != 0 { return false }
        return true
    }

    /// Sets or clears a slot's bit in one place of a mask.
    @inline(__always)
    private static func mark(_ word: inout UInt64, _ t: Int, isFree: Bool) {
        let bit: UInt64 = 1 << UInt64(t & 63)
        if isFree { word |= bit } else { word &= ~bit }
    }

    /// Bytes left on a site's edge downwards in some slots; stops counting at `enough`.
    func edgeDownLeft(_ site: Int, _ mask: [UInt64], enough: Int64) -> Int64 {
        var total: Int64 = 0
        for word in 0..<words {
            var bits = mask[word] & edgeFreeDown[site * words + word]
            while bits != 0 {
                let left = edgeDown[site * slots + word * 64 + bits.trailingZeroBitCount]
                total = saturatingSum(total, left)
                if total >= enough { return Int64.max }
                bits &= bits - 1
            }
        }
        return total
    }

    /// Bytes that can still go from a source to a device in one slot, ends apart.
    @inline(__always)
    func room(
        _ source: Source, to d: Int, slot t: Int, links: [Int32], _ problem: Problem
    ) -> Int64 {
        var room = down[d * slots + t]
        let from: Int32
        if let s = source.device {
            room = min(room, up[Int(s) * slots + t])
            for l in links { room = min(room, link[Int(l) * slots + t]) }
            from = problem.devices.site[Int(s)]
        } else {
            let o = Int(-1 - source.raw)
            room = min(room, min(egress[o * slots + t], nightly[o]))
            from = problem.network.originSite[o]
        }
        if room <= 0 { return 0 }
        problem.network.edges(from: from, to: problem.devices.site[d]) { site, upwards in
            room = min(room, upwards ? edgeUp[site * slots + t] : edgeDown[site * slots + t])
        }
        return room
    }

    /// Whether the ends of a transfer may (still) be connected in a slot.
    func mayConnect(_ source: Source, _ d: Int, slot t: Int, _ settings: PlanSettings) -> Bool {
        let isFull =
            Int32(incoming[d * slots + t]) >= settings.maxIncoming
            || source.device.map { Int32(outgoing[Int($0) * slots + t]) >= settings.maxOutgoing }
                == true
        return !isFull || isPair(source, d, slot: t)
    }

    /// Whether the device already receives from this source in the slot.
    func isPair(_ source: Source, _ d: Int, slot t: Int) -> Bool {
        pairs[d].contains(Ledger.key(source, slot: t))
    }

    private static func key(_ source: Source, slot t: Int) -> Int64 {
        Int64(t) << 32 | Int64(UInt32(bitPattern: source.raw))
    }

    /// How many ends a device receives from so far, over all slots: where to return to.
    func pairCount(_ d: Int) -> Int { pairs[d].count }

    /// Undoes the connections that a device made since it had `count` of them.
    mutating func disconnect(_ d: Int, to count: Int) {
        while pairs[d].count > count {
            let key = pairs[d].removeLast()
            let t = Int(key >> 32)
            let source = Source(raw: Int32(truncatingIfNeeded: key))
            incoming[d * slots + t] -= 1
            if let s = source.device { outgoing[Int(s) * slots + t] -= 1 }
        }
    }

    /// Takes the bytes of a move, or gives them back; its ends then stay connected until
    /// ``disconnect(_:to:)``.
    mutating func reserve(_ move: Move, links: [Int32], _ problem: Problem, undo: Bool) {
        let bytes = undo ? -move.bytes : move.bytes
        let t = Int(move.slot)
        let d = Int(move.destination)
        down[d * slots + t] -= bytes
        Ledger.mark(&freeDown[d * words + t >> 6], t, isFree: down[d * slots + t] >= crumb)
        let from: Int32
        if let s = move.source.device {
            up[Int(s) * slots + t] -= bytes
            upTotal[Int(s)] -= bytes
            Ledger.mark(
                &freeUp[Int(s) * words + t >> 6], t, isFree: up[Int(s) * slots + t] >= crumb)
            for l in links { link[Int(l) * slots + t] -= bytes }
            from = problem.devices.site[Int(s)]
        } else {
            let o = Int(-1 - move.source.raw)
            egress[o * slots + t] -= bytes
            nightly[o] -= bytes
            from = problem.network.originSite[o]
        }
        problem.network.edges(from: from, to: problem.devices.site[d]) { site, upwards in
            cross(site, upwards, t, bytes, problem)
        }
        if !undo { connect(move.source, d, t) }
    }

    @inline(__always)
    private mutating func cross(
        _ site: Int, _ upwards: Bool, _ t: Int, _ bytes: Int64, _ problem: Problem
    ) {
        let place = site * slots + t
        if upwards, problem.network.edgeUp[site] != Network.unlimited {
            edgeUp[place] -= bytes
            Ledger.mark(&edgeFreeUp[site * words + t >> 6], t, isFree: edgeUp[place] >= crumb)
        } else if !upwards, problem.network.edgeDown[site] != Network.unlimited {
            edgeDown[place] -= bytes
            Ledger.mark(&edgeFreeDown[site * words + t >> 6], t, isFree: edgeDown[place] >= crumb)
        }
    }

    private mutating func connect(_ source: Source, _ d: Int, _ t: Int) {
        let key = Ledger.key(source, slot: t)
        if pairs[d].contains(key) { return }
        pairs[d].append(key)
        incoming[d * slots + t] += 1
        if let s = source.device { outgoing[Int(s) * slots + t] += 1 }
    }
}

/// Chunks that go from one source to one device in one slot.
struct Move {
    var source: Source
    var destination: Int32
    var item: Int32
    var lower: Int32
    var upper: Int32
    var slot: Int32
    var bytes: Int64
    /// The source's holding at dusk that they come from, -1 when received tonight or from an
    /// origin.
    var holding: Int32
    /// Position of the wish they are for, -1 for a relay.
    var wish: Int32
}
