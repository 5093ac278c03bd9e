import Fleet
import Quantities
import Schedule

/// The first-copy multipliers π that are allowed, by wish, and their sums Π, by item.
///
/// A multiplier is allowed for an eligible wish that lacks bytes which no device
/// that may send held at dusk; the sum over an item, up to the least price at which
/// an origin reaches anyone who may receive it. Others are reported and taken as 0.
struct Multipliers {
    /// π, in the order of `Fleet.wishes`.
    private(set) var ofWish: [Int64]
    /// Π, by item.
    private(set) var ofItem: [Int128]
    /// first(i,d), in the order of `Fleet.wishes`; 0 for wishes that aren't eligible.
    let firstBytes: [Int64]

    init(_ prices: SoundPrices, _ ground: Ground, _ findings: inout Findings) {
        ofWish = [Int64](repeating: 0, count: ground.fleet.wishes.count)
        ofItem = [Int128](repeating: 0, count: ground.layouts.count)
        firstBytes = Multipliers.firstBytes(ground)
        for one in prices.firstCopy where one.price > 0 {
            let wishes = ground.fleet.wishes(of: Int(one.device))
            let allowed = wishes.first {
                ground.wishes.item[$0] == one.item && firstBytes[$0] > 0
            }
            guard let wish = allowed else {
                findings.add(.form) {
                    "the first-copy multiplier \(one.price) of \($0.device(one.device)) for "
                        + "\($0.item(one.item)) is for no eligible wish that lacks first copies"
                }
                continue
            }
            ofWish[wish] = one.price
            ofItem[Int(one.item)] += Int128(one.price)
        }
    }

    /// Takes all multipliers of an item as 0.
    mutating func drop(item: Int, wishes: ArraySlice<Int32>) {
        ofItem[item] = 0
        for wish in wishes { ofWish[Int(wish)] = 0 }
    }

    private static func firstBytes(_ ground: Ground) -> [Int64] {
        var first = [Int64](repeating: 0, count: ground.fleet.wishes.count)
        for device in ground.fleet.devices.indices {
            for index in ground.fleet.wishes(of: device) where ground.wishes.isEligible[index] {
                let item = ground.wishes.item[index]
                let unheld = ground.firstCopies(of: item)
                guard !unheld.isEmpty else { continue }
                let missing = ground.dusk.missing(on: Int32(device), item: item)
                first[index] = ground.bytes(missing.intersection(unheld), of: item)
            }
        }
        return first
    }
}
