/// The line of the whole device, shared by its client and its server: what all exchanges together
/// may move, each direction by itself. Of several that are ready, the lowest order goes first.
package final class Line {
    /// What is sent; a change counts at once.
    package var up: LineRate {
        get { upside.rate }
        set { upside.change(to: newValue) }
    }

    /// What is received; a change counts at once.
    package var down: LineRate {
        get { downside.rate }
        set { downside.change(to: newValue) }
    }

    let upside: LineSide
    let downside: LineSide

    /// An exchange that has waited for `patienceMs` gets a little out of turn, so that neither end
    /// takes it for dead.
    package init(
        loop: EventLoop, up: LineRate = .unlimited, down: LineRate = .unlimited,
        patienceMs: Int64 = 2000
    ) {
        upside = LineSide(loop: loop, up, patienceMs: patienceMs)
        downside = LineSide(loop: loop, down, patienceMs: patienceMs)
    }
}

/// An exchange that wants a line.
protocol LineUser: AnyObject {
    /// ``Pacing/order``.
    var order: Int64 { get }
    /// The line has room: ask it again.
    func lineHasRoom()
}

/// One direction of a line: its bucket, and who waits for it.
///
/// Only exchanges that could move bytes at once ask, and a refused one waits in order; so while one
/// of a lower order waits, none of a higher gets anything. One that is woken and finds nothing to
/// move gives back what it got, and the next is woken. One that ran out of patience is woken first
/// and gets the least that is worthwhile: at 8 Mbit/s a hundredth of the line.
final class LineSide {
    private struct Waiter {
        var user: any LineUser
        var order: Int64
        var sinceMs: Int64
    }

    private let loop: EventLoop
    private var bucket: TokenBucket
    /// In order; those of one order as they came.
    private var waiters: [Waiter] = []
    private var timer: TimerID?
    private var isWaking = false
    private var isRation = false
    private let patienceMs: Int64

    init(loop: EventLoop, _ rate: LineRate, patienceMs: Int64) {
        self.loop = loop
        self.patienceMs = patienceMs
        bucket = TokenBucket(rate, atMs: EventLoop.steadyMs())
    }

    var rate: LineRate { bucket.rate }

    func change(to rate: LineRate) {
        bucket.change(to: rate, atMs: EventLoop.steadyMs())
        loop.soon { [weak self] in self?.wakeWaiters() }
    }

    /// Less than this is not worth a system call, unless it is all that is wanted or the whole
    /// burst.
    private var worthwhileBytes: Int64 {
        min(rate.burstBytes, Pacer.worthwhileBytes(rate.bytesPerSecond ?? .max))
    }

    /// What `user` may move of `wantedBytes` now; 0: it now waits, and is told when to ask again.
    func grant(_ wantedBytes: Int64, to user: any LineUser) -> Int64 {
        guard rate.bytesPerSecond != nil else { return wantedBytes }
        let now = EventLoop.steadyMs()
        let isPreceded = waiters.first.map { $0.order <= user.order } ?? false
        let available = bucket.availableBytes(atMs: now)
        guard !isPreceded || isWaking, available >= min(wantedBytes, worthwhileBytes) else {
            wait(user)
            return 0
        }
        let granted = min(wantedBytes, isRation ? worthwhileBytes : available)
        bucket.take(granted)
        return granted
    }

    /// Gives back what was granted and did not move.
    func giveBack(_ bytes: Int64) {
        guard bytes > 0, rate.bytesPerSecond != nil else { return }
        bucket.giveBack(bytes)
        if !isWaking, !waiters.isEmpty { setTimer() }
    }

    /// `user` doesn't want the line any more.
    func leave(_ user: any LineUser) {
        waiters.removeAll { $0.user === user }
    }

    private func wait(_ user: any LineUser) {
        if !waiters.contains(where: { $0.user === user }) {
            let place = waiters.firstIndex { $0.order > user.order } ?? waiters.endIndex
            let now = EventLoop.steadyMs()
            waiters.insert(Waiter(user: user, order: user.order, sinceMs: now), at: place)
        }
        if !isWaking { setTimer() }
    }

    private func setTimer() {
        if let timer { loop.cancel(timer) }
        timer = nil
        let now = EventLoop.steadyMs()
        guard let time = bucket.timeMs(when: worthwhileBytes, atMs: now) else { return }
        timer = loop.timer(atSteadyMs: time) { [weak self] in
            self?.timer = nil
            self?.wakeWaiters()
        }
    }

    /// Wakes waiters in order while there is something to take.
    private func wakeWaiters() {
        isWaking = true
        var turns = waiters.count
        while turns > 0, !waiters.isEmpty,
            bucket.availableBytes(atMs: EventLoop.steadyMs()) >= worthwhileBytes
        {
            turns -= 1
            let impatient = impatientPlace
            isRation = impatient != nil
            waiters.remove(at: impatient ?? 0).user.lineHasRoom()
        }
        isRation = false
        isWaking = false
        if !waiters.isEmpty { setTimer() }
    }

    /// The one that has waited the longest, if that is too long.
    private var impatientPlace: Int? {
        let latest = EventLoop.steadyMs() - patienceMs
        return waiters.indices.filter { waiters[$0].sinceMs <= latest }
            .min { waiters[$0].sinceMs < waiters[$1].sinceMs }
    }
}
