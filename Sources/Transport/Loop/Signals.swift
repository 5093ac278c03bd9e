import CLinuxEvents
import Glibc

extension EventLoop {
    /// Calls `body` with the number of each such signal from now on. They are blocked in the
    /// calling thread, and in threads that it makes later.
    package func onSignals(_ signals: [Int32], _ body: @escaping (Int32) -> Void)
        throws(TransportError)
    {
        var set = sigset_t()
        sigemptyset(&set)
        for number in signals { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        let descriptor = signalfd(
            -1, &set, Int32(SFD_NONBLOCK) | Int32(SFD_CLOEXEC))
        guard descriptor >= 0 else { throw TransportError.system("can't receive signals") }
        watch(descriptor, for: .input, by: SignalWatcher(descriptor: descriptor, body: body))
    }

    /// Calls `body` whenever the wall clock is set.
    package func onWallClockJump(_ body: @escaping () -> Void) throws(TransportError) {
        let descriptor = timerfd_create(
            CLOCK_REALTIME, Int32(TFD_NONBLOCK) | Int32(TFD_CLOEXEC))
        guard descriptor >= 0 else { throw TransportError.system("can't make a timer") }
        let watcher = JumpWatcher(descriptor: descriptor, body: body)
        watcher.arm()
        watch(descriptor, for: .input, by: watcher)
    }
}

private final class SignalWatcher: OwnedWatcher {
    private let descriptor: Int32
    private let body: (Int32) -> Void

    init(descriptor: Int32, body: @escaping (Int32) -> Void) {
        self.descriptor = descriptor
        self.body = body
    }

    func ready(_ readiness: Readiness) {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        while read(descriptor, &info, size) == size { body(Int32(info.ssi_signo)) }
    }
}

/// A timer in the far future that the kernel cancels when the clock is set.
private final class JumpWatcher: OwnedWatcher {
    private let descriptor: Int32
    private let body: () -> Void

    init(descriptor: Int32, body: @escaping () -> Void) {
        self.descriptor = descriptor
        self.body = body
    }

    func arm() {
        var spec = itimerspec()
        spec.it_value.tv_sec = Int(Int32.max) * 64
        let flags = Int32(TFD_TIMER_ABSTIME) | Int32(TFD_TIMER_CANCEL_ON_SET)
        timerfd_settime(descriptor, flags, &spec, nil)
    }

    func ready(_ readiness: Readiness) {
        let fault = drainCounter(descriptor)
        guard fault != EAGAIN else { return }
        arm()
        if fault == ECANCELED { body() }
    }
}
