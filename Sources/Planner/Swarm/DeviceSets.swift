/// Many sets of devices, as bits of words: set k has `words` words from `k * words`.
struct DeviceSets {
    let words: Int
    private(set) var bits: [UInt64]

    init(count: Int, devices: Int) {
        words = (devices + 63) / 64
        bits = [UInt64](repeating: 0, count: count * words)
    }

    @inline(__always)
    subscript(_ set: Int, _ word: Int) -> UInt64 { bits[set * words + word] }

    @inline(__always)
    mutating func insert(_ device: Int, _ set: Int) {
        bits[set * words + device >> 6] |= 1 << UInt64(device & 63)
    }

    @inline(__always)
    mutating func remove(_ device: Int, _ set: Int) {
        bits[set * words + device >> 6] &= ~(1 << UInt64(device & 63))
    }

    @inline(__always)
    func contains(_ device: Int, _ set: Int) -> Bool {
        bits[set * words + device >> 6] >> UInt64(device & 63) & 1 != 0
    }

    @inline(__always)
    func isEmpty(_ set: Int) -> Bool {
        for word in 0..<words where bits[set * words + word] != 0 { return false }
        return true
    }

    @inline(__always)
    func count(_ set: Int) -> Int {
        var count = 0
        for word in 0..<words { count += bits[set * words + word].nonzeroBitCount }
        return count
    }

    // MARK: one set apart

    /// The only member of a set, -1 when it has none or more.
    @inline(__always)
    static func only(_ set: [UInt64]) -> Int {
        var found = -1
        for word in set.indices where set[word] != 0 {
            if found >= 0 || set[word] & (set[word] - 1) != 0 { return -1 }
            found = word * 64 + set[word].trailingZeroBitCount
        }
        return found
    }

    @inline(__always)
    static func count(_ set: [UInt64]) -> Int {
        var count = 0
        for word in set.indices { count += set[word].nonzeroBitCount }
        return count
    }

    /// Whether a set has a member that `other` lacks.
    @inline(__always)
    static func exceeds(_ set: [UInt64], _ other: [UInt64]) -> Bool {
        for word in set.indices where set[word] & ~other[word] != 0 { return true }
        return false
    }
}
