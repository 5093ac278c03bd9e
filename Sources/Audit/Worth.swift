import Catalogue
import Fleet
import Quantities
import Schedule

extension Figures {
    /// What the sound moves of a plan are worth; the bound is left 0.
    init(worthOf moves: Moves, _ ledger: Ledger, _ ground: Ground) {
        self.init()
        count(ledger, ground)
        let cost = carry(moves, ground)
        finishSlot = (moves.transfers.last?.slot ?? -1) + 1
        originFloorBytes = Figures.originFloor(ledger, ground)
        // value − (α · origin · 10⁶ + β · cost) / 10¹⁵, rounded down
        let profile = ground.settings.profile
        let charge = Sum128()
            .adding(profile.alpha, times: Int128(originBytes) * 1_000_000)
            .adding(profile.beta, times: cost)
        let rounded = (charge.value + 999_999_999_999_999) / 1_000_000_000_000_000
        objective =
            charge.hasOverflowed
            ? Int64.min : Int64(clamping: Int128(value) - rounded)
        carriedCost = Int64(clamping: cost / 1_000_000_000)
    }

    /// Value, and how many open wishes come whole, in part, or not at all.
    private mutating func count(_ ledger: Ledger, _ ground: Ground) {
        var values: (got: Int128, wished: Int128) = (0, 0)
        for device in ground.fleet.devices.indices {
            for index in ground.fleet.wishes(of: device) where ground.wishes.isOpen(index) {
                let missing = ground.wishes.missingBytes[index]
                let worth = Int128(ground.wishes.worth[index])
                let planned = ledger.receivedBytes(
                    device: Int32(device), item: ground.wishes.item[index])
                values.got += worth * Int128(planned) / Int128(missing)
                values.wished += worth
                if planned == missing {
                    servedWishes += 1
                } else if planned > 0 {
                    partWishes += 1
                } else {
                    unservedWishes += 1
                }
            }
        }
        value = Int64(clamping: values.got)
        wishedValue = Int64(clamping: values.wished)
    }

    /// Bytes by kind of source; returns the undivided carried cost.
    private mutating func carry(_ moves: Moves, _ ground: Ground) -> Int128 {
        var cost: Int128 = 0
        for (transfer, bytes) in zip(moves.transfers, moves.bytes) {
            var perGB: Int128 = 0
            if transfer.source.raw >= 0 {
                peerBytes = saturatingSum(peerBytes, bytes)
            } else {
                originBytes = saturatingSum(originBytes, bytes)
                perGB += Int128(ground.fleet.origins[Int(-1 - transfer.source.raw)].costPerGB)
            }
            ground.tree.forEachEdge(
                from: ground.site(of: transfer.source),
                to: ground.fleet.devices[Int(transfer.destination)].site
            ) { site, _ in perGB += Int128(ground.fleet.sites[site].costPerGB) }
            cost += Int128(bytes) * perGB
        }
        return cost
    }

    /// Bytes of all chunks that arrive anywhere and that no device that may send them held at dusk,
    /// each once.
    private static func originFloor(_ ledger: Ledger, _ ground: Ground) -> Int64 {
        var arrived = [[Range<Int32>]](repeating: [], count: ground.layouts.count)
        for receipt in ledger.receipts {
            let item = receipt.item
            guard !ground.firstCopies(of: item).isEmpty else { continue }
            arrived[Int(item)].append(contentsOf: receipt.chunks)
        }
        return arrived.indices.reduce(0) { total, item in
            guard !arrived[item].isEmpty else { return total }
            let floor = RangeSet32(arrived[item]).intersection(
                ground.firstCopies(of: Int32(item)))
            return total + ground.bytes(floor, of: Int32(item))
        }
    }
}

extension Ground {
    /// Chunks of an item that no device which may send it holds at dusk: all of them when it is
    /// barred from peer-to-peer.
    func firstCopies(of item: Int32) -> RangeSet32 {
        title(of: item).peerToPeer
            ? dusk.uncovered[Int(item)] : RangeSet32(0..<layouts[Int(item)].count)
    }
}
