/// The rate of a whole device in one direction.
package struct LineRate: Hashable, Sendable {
    /// Payload; nil: no limit; 0: nothing moves.
    package var bytesPerSecond: Int64?
    /// What may move at once after a pause.
    package var burstBytes: Int64

    /// No limit.
    package static let unlimited = LineRate(bytesPerSecond: nil)

    /// Bytes per second, at least 0; nil: no limit. The burst, at least 1 byte, is 50 ms' worth,
    /// but at least 64 KiB, unless given.
    package init(bytesPerSecond: Int64?, burstBytes: Int64? = nil) {
        self.bytesPerSecond = bytesPerSecond.map { max(0, $0) }
        self.burstBytes = max(1, burstBytes ?? max(65_536, (bytesPerSecond ?? 0) / 20))
    }

    /// A rate in 1000 bit/s; 0: nothing moves.
    package init(kbps: Int64) {
        self.init(bytesPerSecond: kbps.multipliedReportingOverflow(by: 125).partialValue)
    }
}
