import Fleet
import Quantities

/// When each device takes part in one night, as instants.
///
/// Devices share few windows and clocks, so each pair of them is worked out once.
struct DeviceWindows: Sendable {
    private struct Key: Hashable {
        var clock: Int32
        var window: DailyWindow?
    }

    private let spans: [[ManifestContent.Span]]
    /// Per device: a position in ``spans``; -1 when the device doesn't take part.
    private let positions: [Int32]
    /// Whether two of ``spans`` have a time in common, row by row.
    private let meetings: [Bool]

    init(fleet: Fleet, night: Night) {
        var spans: [[ManifestContent.Span]] = []
        var known: [Key: Int32] = [:]
        positions = fleet.devices.map { device in
            guard device.state == .active, fleet.accounts[Int(device.account)].status != .closed
            else { return -1 }
            let key = Key(clock: fleet.sites[Int(device.site)].clock, window: device.window)
            if let position = known[key] { return position }
            known[key] = Int32(spans.count)
            spans.append(
                fleet.clocks[Int(key.clock)].slots(of: key.window, in: night).ranges.map {
                    ManifestContent.Span(
                        starts: night.start(ofSlot: $0.lowerBound),
                        ends: night.start(ofSlot: $0.upperBound))
                })
            return Int32(spans.count - 1)
        }
        self.spans = spans
        meetings = spans.flatMap { a in spans.map { b in DeviceWindows.meet(a, b) } }
    }

    private static func meet(_ a: [ManifestContent.Span], _ b: [ManifestContent.Span]) -> Bool {
        a.contains { one in b.contains { one.starts < $0.ends && $0.starts < one.ends } }
    }

    /// Whether both devices take part at the same time, if only once.
    func meet(_ a: Int32, _ b: Int32) -> Bool {
        let (a, b) = (positions[Int(a)], positions[Int(b)])
        return a >= 0 && b >= 0 && meetings[Int(a) * spans.count + Int(b)]
    }

    subscript(device: Int32) -> [ManifestContent.Span] {
        let position = positions[Int(device)]
        return position < 0 ? [] : spans[Int(position)]
    }
}
