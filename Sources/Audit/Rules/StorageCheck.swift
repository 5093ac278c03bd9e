import Fleet
import Quantities
import Schedule

/// Rule 3: at the end of every slot each area fits its size, or holds no more than at dusk.
///
/// An area changes only in slots in which something moves, so only those are looked at.
func checkStorage(_ share: LedgerShare, _ ground: Ground, _ findings: inout Findings) {
    let movements = share.movements.sorted { ($0.device, $0.slot) < ($1.device, $1.slot) }
    var index = 0
    while index < movements.count {
        let device = movements[index].device
        var wish = ground.dusk.wishBytes[Int(device)]
        var cache = ground.dusk.cacheBytes[Int(device)]
        while index < movements.count, movements[index].device == device {
            let slot = movements[index].slot
            while index < movements.count, movements[index].device == device,
                movements[index].slot == slot
            {
                let bytes = movements[index].bytes
                if movements[index].isWishArea { wish += bytes } else { cache += bytes }
                index += 1
            }
            check(device, slot, wish: wish, cache: cache, ground, &findings)
        }
    }
}

private func check(
    _ device: Int32, _ slot: Int32, wish: Int64, cache: Int64, _ ground: Ground,
    _ findings: inout Findings
) {
    let box = ground.fleet.devices[Int(device)]
    let areas = [
        ("wish", wish, max(box.wishBytes, ground.dusk.wishBytes[Int(device)])),
        ("cache", cache, max(box.cacheBytes, ground.dusk.cacheBytes[Int(device)])),
    ]
    for (name, bytes, limit) in areas where bytes > limit {
        findings.add(.storage) {
            "\($0.device(device)) holds \(bytes) bytes in its \(name) area at the end of slot "
                + "\(slot), above \(limit)"
        }
    }
}
