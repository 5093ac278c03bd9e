import Glibc
import Quantities
import Testing

@testable import Transport

/// Timers, signals and what is done soon.
struct EventLoopTests {
    @Test func `timers fire in order of time, and of being set`() throws {
        let loop = try EventLoop()
        let now = EventLoop.steadyMs()
        var fired: [Int] = []
        loop.timer(atSteadyMs: now + 30) {
            fired.append(30)
            loop.stop()
        }
        loop.timer(atSteadyMs: now + 10) { fired.append(10) }
        loop.timer(atSteadyMs: now - 5) { fired.append(-5) }
        loop.timer(atSteadyMs: now + 10) { fired.append(11) }
        let cancelled = loop.timer(atSteadyMs: now + 20) { fired.append(20) }
        loop.cancel(cancelled)
        loop.run()
        #expect(fired == [-5, 10, 11, 30])
        #expect(EventLoop.steadyMs() >= now + 30)
        loop.cancel(cancelled)
    }

    @Test func `a queue of timers agrees with a sorted list, 300 times`() {
        for seed in 0..<UInt64(300) {
            var draw = SplitMix64(seed: seed)
            var queue = TimerQueue()
            var list: [(at: Int64, id: Int64)] = []
            var fired: [Int64] = []
            var expected: [Int64] = []
            for number in 1...Int64(200) {
                let at = Int64(draw.below(100))
                // Identifiers count from 1, so the timer knows its own.
                #expect(queue.add(atMs: at) { fired.append(number) }.raw == number)
                list.append((at, number))
                if draw.below(3) == 0 {
                    let place = draw.below(list.count)
                    queue.cancel(TimerID(raw: list.remove(at: place).id))
                }
                if draw.below(10) == 0 {
                    let now = Int64(draw.below(100))
                    while let body = queue.next(atMs: now) { body() }
                    let due = list.filter { $0.at <= now }.sorted {
                        ($0.at, $0.id) < ($1.at, $1.id)
                    }
                    expected += due.map(\.id)
                    list.removeAll { $0.at <= now }
                }
                #expect(queue.count == list.count)
                #expect(queue.earliestMs == list.map(\.at).min())
            }
            #expect(fired == expected, "seed \(seed)")
        }
    }

    @Test func `what is to be done soon is done before anything else, in order`() throws {
        let loop = try EventLoop()
        var done: [String] = []
        loop.timer(atSteadyMs: 0) {
            done.append("timer")
            loop.soon {
                done.append("soon")
                loop.soon { done.append("sooner or later") }
            }
        }
        loop.timer(atSteadyMs: 0) {
            done.append("next timer")
            loop.stop()
        }
        loop.run()
        #expect(done == ["timer", "soon", "sooner or later", "next timer"])
    }

    @Test func `signals are told, each by its number`() throws {
        let loop = try EventLoop()
        var told: [Int32] = []
        try loop.onSignals([SIGUSR1, SIGUSR2]) { number in
            told.append(number)
            if told.count == 2 { loop.stop() }
        }
        // To this thread alone: others of the process don't block them.
        pthread_kill(pthread_self(), SIGUSR2)
        pthread_kill(pthread_self(), SIGUSR1)
        loop.run()
        #expect(told.sorted() == [SIGUSR1, SIGUSR2].sorted())
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGUSR1)
        sigaddset(&set, SIGUSR2)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    @Test func `the clocks agree with the system's`() {
        let wall = EventLoop.wallMs()
        // The seconds of time(2) may be a little behind.
        #expect(wall / 1000 <= Int64(time(nil)) + 1 && wall > 1_700_000_000_000)
        #expect(EventLoop.steadyMs() > 0)
    }
}
