package import Quantities

/// What all devices reported of one night, so far.
package struct ReportedNight: Hashable, Sendable {
    package var night: CivilDate
    /// Devices that reported something.
    package var devices: Int64 = 0
    /// Rows that were taken.
    package var rows: Int64 = 0
    /// Bytes that came from other devices and were stored.
    package var peerBytes: Int64 = 0
    /// The same from origins.
    package var originBytes: Int64 = 0
    /// Bytes that were on the disks already.
    package var localBytes: Int64 = 0
    /// Bytes that came and were of no use.
    package var wasteBytes: Int64 = 0
    /// Wishes that were completed.
    package var completedWishes: Int64 = 0
    /// Exchanges that failed, were refused, or brought wrong bytes.
    package var failures: Int64 = 0

    /// Nothing yet.
    package init(night: CivilDate) { self.night = night }

    private static let counts: [any WritableKeyPath<ReportedNight, Int64> & Sendable] = [
        \.devices, \.rows, \.peerBytes, \.originBytes, \.localBytes, \.wasteBytes,
        \.completedWishes, \.failures,
    ]

    /// Adds what another says, whatever its night; sums end at `Int64.max`.
    mutating func add(_ other: ReportedNight) {
        for count in ReportedNight.counts {
            let (sum, overflow) = self[keyPath: count].addingReportingOverflow(
                other[keyPath: count])
            self[keyPath: count] = overflow ? Int64.max : sum
        }
    }
}
