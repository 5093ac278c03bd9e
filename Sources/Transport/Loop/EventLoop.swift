import CLinuxEvents
import Glibc

/// One thread's events: descriptors, timers, signals. Every closure is called on the thread that
/// calls ``run()``; nothing of it may be used from another.
package final class EventLoop {
    private struct Watch {
        var watcher: any Watcher
        var interest: Readiness
        /// Tells events of this descriptor from those of one closed before with the same number.
        var stamp: UInt32
    }

    private let poll: Int32
    private let alarm: Int32
    private var alarmAtMs = Int64.max
    private var watches: [Int32: Watch] = [:]
    private var lastStamp: UInt32 = 0
    private var timers = TimerQueue()
    private var pending: [() -> Void] = []
    private var isRunning = false

    /// Asks the system for what it needs; throws when the process has no descriptor left. The
    /// process ignores SIGPIPE from now on: a broken connection is told by the write that fails.
    package init() throws(TransportError) {
        signal(SIGPIPE, SIG_IGN)
        poll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard poll >= 0 else { throw TransportError.system("can't make an epoll descriptor") }
        alarm = timerfd_create(
            CLOCK_BOOTTIME, Int32(TFD_NONBLOCK) | Int32(TFD_CLOEXEC))
        guard alarm >= 0 else {
            let error = TransportError.system("can't make a timer")
            Glibc.close(poll)
            throw error
        }
        watch(alarm, for: .input, by: Alarm())
    }

    deinit {
        for (descriptor, watch) in watches where watch.watcher is any OwnedWatcher {
            Glibc.close(descriptor)
        }
        Glibc.close(alarm)
        Glibc.close(poll)
    }

    /// Milliseconds since the system started, time asleep included; never jumps.
    package static func steadyMs() -> Int64 { milliseconds(of: CLOCK_BOOTTIME) }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    package static func wallMs() -> Int64 { milliseconds(of: CLOCK_REALTIME) }

    private static func milliseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Calls `body` once, not before `atSteadyMs`.
    @discardableResult
    package func timer(atSteadyMs: Int64, _ body: @escaping () -> Void) -> TimerID {
        let id = timers.add(atMs: atSteadyMs, body)
        if atSteadyMs < alarmAtMs { setAlarm(atSteadyMs) }
        return id
    }

    /// A timer that has fired or was cancelled is left alone.
    package func cancel(_ timer: TimerID) { timers.cancel(timer) }

    /// Calls `body` after what is being done now, before anything else happens.
    package func soon(_ body: @escaping () -> Void) { pending.append(body) }

    /// Calls the watcher when `descriptor` is ready; an empty interest leaves it unwatched, errors
    /// included.
    func watch(_ descriptor: Int32, for interest: Readiness, by watcher: any Watcher) {
        if let old = watches[descriptor] {
            guard old.interest != interest else { return }
            control(
                old.interest.isEmpty ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, interest,
                old.stamp)
            watches[descriptor] = Watch(
                watcher: watcher, interest: interest, stamp: old.stamp)
        } else {
            lastStamp &+= 1
            watches[descriptor] = Watch(watcher: watcher, interest: interest, stamp: lastStamp)
            if !interest.isEmpty { control(EPOLL_CTL_ADD, descriptor, interest, lastStamp) }
        }
    }

    /// Forgets a descriptor; to be called before it is closed.
    func unwatch(_ descriptor: Int32) {
        guard let old = watches.removeValue(forKey: descriptor), !old.interest.isEmpty else {
            return
        }
        control(EPOLL_CTL_DEL, descriptor, [], 0)
    }

    private func control(_ what: Int32, _ descriptor: Int32, _ interest: Readiness, _ stamp: UInt32)
    {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 = UInt64(stamp) << 32 | UInt64(UInt32(bitPattern: descriptor))
        epoll_ctl(poll, interest.isEmpty ? EPOLL_CTL_DEL : what, descriptor, &event)
    }

    /// Handles events until ``stop()`` is called.
    package func run() {
        isRunning = true
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while isRunning {
            handlePending()
            guard isRunning else { break }
            let count = epoll_wait(poll, &events, Int32(events.count), -1)
            guard count > 0 else { continue }
            var isDue = false
            for event in events[..<Int(count)] where isRunning {
                isDue = isDue || isAlarm(event)
                handle(event)
                handlePending()
            }
            // Timers come last: what lay ready while the loop was held up is no stall.
            if isDue, isRunning { fire() }
        }
    }

    /// Makes ``run()`` return after what is being done now.
    package func stop() { isRunning = false }

    private func handle(_ event: epoll_event) {
        let descriptor = Int32(truncatingIfNeeded: event.data.u64)
        guard let watch = watches[descriptor], watch.stamp == UInt32(event.data.u64 >> 32) else {
            return
        }
        watch.watcher.ready(Readiness(rawValue: event.events))
    }

    private func isAlarm(_ event: epoll_event) -> Bool {
        Int32(truncatingIfNeeded: event.data.u64) == alarm
    }

    private func handlePending() {
        while !pending.isEmpty {
            let bodies = pending
            pending.removeAll()
            for body in bodies { body() }
        }
    }

    private func fire() {
        drainCounter(alarm)
        alarmAtMs = .max
        let now = EventLoop.steadyMs()
        while isRunning, let body = timers.next(atMs: now) {
            body()
            handlePending()
        }
        if let next = timers.earliestMs { setAlarm(next) }
    }

    private func setAlarm(_ atMs: Int64) {
        alarmAtMs = atMs
        // A time of zero would switch the timer off.
        let time = max(1, atMs)
        var spec = itimerspec()
        spec.it_value.tv_sec = Int(time / 1000)
        spec.it_value.tv_nsec = Int(time % 1000) * 1_000_000
        timerfd_settime(alarm, Int32(TFD_TIMER_ABSTIME), &spec, nil)
    }
}

/// The loop's own timer is handled by the loop.
private final class Alarm: Watcher {
    func ready(_ readiness: Readiness) {}
}

/// Reads the eight bytes that a timer's or signal's descriptor holds; returns the error number, or
/// 0.
@discardableResult
func drainCounter(_ descriptor: Int32) -> Int32 {
    var count: UInt64 = 0
    return read(descriptor, &count, 8) < 0 ? errno : 0
}
