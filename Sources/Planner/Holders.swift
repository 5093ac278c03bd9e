/// The holders at dusk that may still send, by item and place in the network.
struct Holders {
    private var survivors: Survivors
    /// Per item: how many are left.
    private(set) var count: [Int32]

    /// Slots in which one of an item's senders may have something left: word k of item i is
    /// `i * words + k`. Never too few; made right again by ``Decoder/noteMiss(_:)``.
    var freeSlots: [UInt64]
    /// Tasks for an item that found nothing since its free slots were right.
    var misses: [Int32]

    init(_ dusk: Dusk, items: Int, words: Int) {
        freeSlots = [UInt64](repeating: ~0, count: items * words)
        misses = [Int32](repeating: 0, count: items)
        survivors = Survivors(count: dusk.supplies.count)
        count = (0..<items).map { Int32(dusk.supplies(of: $0).count) }
    }

    /// The first supply that is left at or after a position; may lie beyond the item.
    @inline(__always)
    mutating func first(from position: Int) -> Int { survivors.first(from: position) }

    /// Takes a supply of an item out for good.
    @inline(__always)
    mutating func retire(_ position: Int, of item: Int) {
        survivors.remove(position)
        count[item] -= 1
    }
}
