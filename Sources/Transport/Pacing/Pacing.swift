/// How fast an exchange may go, beside the limits of the whole line.
///
/// At steady time `t` no more than `burstBytes + bytesPerSecond · (t − fromSteadyMs)` bytes of
/// payload have moved, none before `fromSteadyMs`; from `untilSteadyMs` on the line alone limits
/// it. What an exchange leaves unused it may catch up.
package struct Pacing: Hashable, Sendable {
    /// Milliseconds of ``EventLoop/steadyMs()``.
    package var fromSteadyMs: Int64
    /// Milliseconds of ``EventLoop/steadyMs()``.
    package var untilSteadyMs: Int64
    /// Payload; 0: nothing but the burst.
    package var bytesPerSecond: Int64
    package var burstBytes: Int64
    /// Of several exchanges that want the line, the one with the lowest number goes first.
    package var order: Int64

    package init(
        fromSteadyMs: Int64, untilSteadyMs: Int64, bytesPerSecond: Int64, burstBytes: Int64,
        order: Int64
    ) {
        self.fromSteadyMs = fromSteadyMs
        self.untilSteadyMs = untilSteadyMs
        self.bytesPerSecond = bytesPerSecond
        self.burstBytes = burstBytes
        self.order = order
    }

    /// The line alone limits it.
    package static func unlimited(order: Int64 = 0) -> Pacing {
        Pacing(
            fromSteadyMs: .min, untilSteadyMs: .min, bytesPerSecond: 0, burstBytes: 0, order: order)
    }
}
