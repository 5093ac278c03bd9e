package import Quantities
package import Schedule

/// Chunks of an item, by name.
package struct ShownPiece: Hashable, Sendable {
    package var title: String
    package var version: String
    /// The item key.
    package var item: String
    /// Never empty.
    package var chunks: Range<Int32>
    /// Where the first chunk begins in the item, in bytes.
    package var offset: Int64
    /// Of all these chunks.
    package var bytes: Int64
}

/// One movement of chunks in one slot.
package struct ShownTransfer: Hashable, Sendable {
    package var night: Night
    /// Its position in the plan, by which manifests call it.
    package var number: Int
    /// In which all of it moves, from 0.
    package var slot: Int32
    package var isFromOrigin: Bool
    /// A device's or an origin's identifier.
    package var source: String
    /// A device's identifier.
    package var destination: String
    package var piece: ShownPiece
    /// Just enough for the slot.
    package var rateKbps: Int64
    package var initiator: Transfer.Initiator
}

/// Chunks that leave a device's disk at the start of a slot.
package struct ShownRemoval: Hashable, Sendable {
    package var night: Night
    /// At whose start they go, from 0.
    package var slot: Int32
    package var device: String
    package var piece: ShownPiece
}

/// What becomes of one open wish.
package struct ShownOutcome: Hashable, Sendable {
    package var night: Night
    package var device: String
    package var title: String
    /// Nil: the title has no item of known size.
    package var version: String?
    /// The item key; nil as ``version``.
    package var item: String?
    /// Rank, value, bytes and cause; its positions mean nothing here.
    package var outcome: Outcome
}

/// What a plan does with one device.
package struct DeviceLoad: Hashable, Sendable {
    package var night: Night
    package var device: String
    /// Open wishes that come whole.
    package private(set) var servedWishes = 0
    /// Open wishes of which a part comes.
    package private(set) var partWishes = 0
    /// Open wishes of which nothing comes.
    package private(set) var unservedWishes = 0
    /// Received from origins.
    package private(set) var originBytes: Int64 = 0
    /// Received from other devices.
    package private(set) var peerBytes: Int64 = 0
    /// Sent to other devices.
    package private(set) var sentBytes: Int64 = 0
    package var removedBytes: Int64 = 0
    /// The slots from the first to the last in which it sends or receives; nil: none.
    package private(set) var slots: ClosedRange<Int32>?

    init(night: Night, device: String) {
        self.night = night
        self.device = device
    }

    /// Whether the plan has anything for it.
    package var isBusy: Bool {
        servedWishes + partWishes + unservedWishes > 0 || slots != nil || removedBytes > 0
    }

    mutating func add(_ outcome: Outcome) {
        if outcome.cause == nil {
            servedWishes += 1
        } else if outcome.plannedBytes > 0 {
            partWishes += 1
        } else {
            unservedWishes += 1
        }
    }

    mutating func receive(_ bytes: Int64, in slot: Int32, fromOrigin: Bool) {
        if fromOrigin { originBytes += bytes } else { peerBytes += bytes }
        use(slot)
    }

    mutating func send(_ bytes: Int64, in slot: Int32) {
        sentBytes += bytes
        use(slot)
    }

    private mutating func use(_ slot: Int32) {
        slots = slots.map { min($0.lowerBound, slot)...max($0.upperBound, slot) } ?? slot...slot
    }
}
