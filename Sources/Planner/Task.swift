/// One thing that a plan may try: the unit that a decoder takes in order.
struct Task {
    enum Kind: UInt8 {
        /// All that a wish lacks, or nothing.
        case whole
        /// All that a wish lacks; as much as can be had of it while no other of the device is
        /// incomplete.
        case most
        /// As much as can be had of a wish; one incomplete item a device.
        case part
        /// As much of an item as fits a device's cache area, to be sent on.
        case relay
    }

    var kind: Kind
    /// Position of the wish; -1 for a relay.
    var wish: Int32
    var device: Int32
    var item: Int32
    /// Latest slots first in place of earliest.
    var late = false
    /// Prefers origins where prices are equal.
    var originFirst = false
    /// Shuffles sources of equal price; 0: by nearness, then by use.
    var salt: UInt32 = 0
    /// Takes full chunks up to this number of a part or a relay; 0: all there is room for.
    var atMost: Int32 = 0
}
