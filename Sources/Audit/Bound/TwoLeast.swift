/// The least price of a source, and the least of any other: enough to leave one device out.
struct TwoLeast {
    /// A price that nothing has: above every sum of prices along a path.
    static let none = Int128.max

    private(set) var first = TwoLeast.none
    private(set) var second = TwoLeast.none
    private var firstDevice: Int32 = -1
    private var secondDevice: Int32 = -1

    /// Takes a source into account; returns whether it is one of the two now and was not before at
    /// this price.
    @discardableResult
    mutating func insert(_ price: Int128, _ device: Int32) -> Bool {
        if device == firstDevice {
            guard price < first else { return false }
            first = price
            return true
        }
        guard price < second else { return false }
        second = price
        secondDevice = device
        if second < first {
            swap(&first, &second)
            swap(&firstDevice, &secondDevice)
        }
        return true
    }

    /// Takes both of another pair into account, each dearer by `cost`.
    mutating func merge(_ other: TwoLeast, cost: Int128) {
        if other.first != TwoLeast.none { insert(other.first + cost, other.firstDevice) }
        if other.second != TwoLeast.none { insert(other.second + cost, other.secondDevice) }
    }

    /// The least price of a source that isn't `device`.
    func least(without device: Int32) -> Int128 { firstDevice == device ? second : first }
}
