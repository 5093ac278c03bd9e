/// The positions of rows grouped by device, in their own order within a device.
///
/// A counting sort: O(rows + devices), two integers a row.
struct DeviceGroups: Sendable {
    /// `devices + 1` positions in ``rows``.
    private let offsets: [Int32]
    private let rows: [Int32]

    /// - Parameters:
    ///   - devices: number of devices.
    ///   - count: number of rows.
    ///   - device: the device of a row; nil leaves the row out.
    init(devices: Int, count: Int, device: (Int) -> Int32?) {
        var offsets = [Int32](repeating: 0, count: devices + 1)
        for row in 0..<count {
            if let d = device(row) { offsets[Int(d) + 1] += 1 }
        }
        for d in 0..<devices { offsets[d + 1] += offsets[d] }
        var next = offsets
        var rows = [Int32](repeating: 0, count: Int(offsets[devices]))
        for row in 0..<count {
            guard let d = device(row) else { continue }
            rows[Int(next[Int(d)])] = Int32(row)
            next[Int(d)] += 1
        }
        self.offsets = offsets
        self.rows = rows
    }

    /// The rows of `device`.
    subscript(device: Int32) -> ArraySlice<Int32> {
        rows[Int(offsets[Int(device)])..<Int(offsets[Int(device) + 1])]
    }
}
