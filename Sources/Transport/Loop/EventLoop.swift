import Glibc

/// Identifies a timer of an ``EventLoop``; never used again.
package struct TimerID: Hashable, Sendable {
    package let raw: Int64
}

/// One thread's events: descriptors, timers, signals. Every closure is called on the thread that
/// calls ``run()``; nothing of it may be used from another.
package final class EventLoop {
    package init() throws(TransportError) {}

    /// Milliseconds since the system started, time asleep included; never jumps.
    package static func steadyMs() -> Int64 { 0 }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    package static func wallMs() -> Int64 { 0 }

    /// Calls `body` once, not before `atSteadyMs`.
    @discardableResult
    package func timer(atSteadyMs: Int64, _ body: @escaping () -> Void) -> TimerID {
        TimerID(raw: 0)
    }

    /// A timer that has fired or was cancelled is left alone.
    package func cancel(_ timer: TimerID) {}

    /// Calls `body` after what is being done now, before anything else happens.
    package func soon(_ body: @escaping () -> Void) {}

    /// Calls `body` with the number of each such signal from now on. They are blocked in the
    /// calling thread, and in threads that it makes later.
    package func onSignals(_ signals: [Int32], _ body: @escaping (Int32) -> Void)
        throws(TransportError)
    {}

    /// Calls `body` whenever the wall clock is set.
    package func onWallClockJump(_ body: @escaping () -> Void) throws(TransportError) {}

    /// Handles events until ``stop()`` is called.
    package func run() {}

    /// Makes ``run()`` return after what is being done now.
    package func stop() {}
}
