/// One exchange's leave to move bytes: its own pace, then its turn on the line.
final class Pacer: LineUser {
    private let loop: EventLoop
    private var pacing: Pacing
    private let side: LineSide
    private var timer: TimerID?
    /// What has moved, in bytes.
    private(set) var movedBytes: Int64 = 0
    /// Of that, what moved at an earlier pace.
    private var uncountedBytes: Int64 = 0
    /// Whether it waits, for time to pass or for the line.
    private(set) var isWaiting = false
    /// Called when waiting is over: there may be leave now.
    var onRoom: () -> Void = {}

    init(loop: EventLoop, pacing: Pacing, side: LineSide) {
        self.loop = loop
        self.pacing = pacing
        self.side = side
    }

    var order: Int64 { pacing.order }

    /// Leave to move up to `wantedBytes` at once; 0: it waits, and calls `onRoom`. What is granted
    /// and not reported by `moved` is lost to the line.
    func grant(_ wantedBytes: Int64) -> Int64 {
        let now = EventLoop.steadyMs()
        let worthwhile = min(wantedBytes, Pacer.worthwhileBytes(pacing.bytesPerSecond))
        let counted = movedBytes - uncountedBytes
        let allowed = pacing.allowedBytes(movedBytes: counted, atMs: now)
        guard allowed >= worthwhile else {
            let time = pacing.timeMs(when: worthwhile, movedBytes: counted, atMs: now)
            if time < .max {
                timer = loop.timer(atSteadyMs: time) { [weak self] in self?.resume() }
            }
            isWaiting = true
            return 0
        }
        let granted = side.grant(min(wantedBytes, allowed), to: self)
        isWaiting = granted == 0
        return granted
    }

    /// Of `granted` bytes so many moved.
    func moved(_ bytes: Int64, of granted: Int64) {
        movedBytes += bytes
        side.giveBack(granted - bytes)
    }

    /// Less than what moves in 50 ms, 256 bytes or 16 KiB is not worth waking up for.
    static func worthwhileBytes(_ bytesPerSecond: Int64) -> Int64 {
        min(16_384, max(256, bytesPerSecond / 20))
    }

    /// Goes on at another pace, in which what has moved doesn't count.
    func change(to pacing: Pacing) {
        self.pacing = pacing
        uncountedBytes = movedBytes
        guard isWaiting else { return }
        if let timer { loop.cancel(timer) }
        side.leave(self)
        resume()
    }

    func lineHasRoom() { resume() }

    private func resume() {
        guard isWaiting else { return }
        timer = nil
        isWaiting = false
        onRoom()
    }

    /// Wants nothing any more.
    func stop() {
        isWaiting = false
        onRoom = {}
        if let timer { loop.cancel(timer) }
        timer = nil
        side.leave(self)
    }
}
