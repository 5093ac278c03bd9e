import Quantities
import Testing

@testable import Transport

/// Buckets and paces, on a clock that is a number.
struct TokenBucketTests {
    @Test func `in no interval does more move than burst and rate allow, all small cases`() {
        // Every rate, burst, and way to ask and take at six moments: 0, 1, or 3 ms apart.
        for rate: Int64 in [0, 1, 400, 1000, 1500] {
            for burst: Int64 in [1, 2, 5] {
                for gaps in 0..<243 { check(rate, burst, gaps: gaps, greed: gaps % 3) }
            }
        }
    }

    private func check(_ rate: Int64, _ burst: Int64, gaps: Int, greed: Int) {
        var bucket = TokenBucket(LineRate(bytesPerSecond: rate, burstBytes: burst), atMs: 100)
        var moves: [(at: Int64, bytes: Int64)] = []
        var now: Int64 = 100
        var rest = gaps
        for step in 0..<6 {
            let available = bucket.availableBytes(atMs: now)
            let bytes = greed == 0 ? available : min(available, Int64((step + greed) % 3))
            bucket.take(bytes)
            moves.append((now, bytes))
            now += [0, 1, 3][rest % 3]
            rest /= 3
        }
        for first in moves.indices {
            for last in first..<moves.count {
                let moved = moves[first...last].reduce(0) { $0 + $1.bytes }
                let allowed = burst * 1000 + rate * (moves[last].at - moves[first].at)
                #expect(moved * 1000 <= allowed || rate == 0 && moved == 0)
            }
        }
    }

    @Test func `asked often or seldom, the same moves in the end`() {
        for rate: Int64 in [1, 7, 999, 1001, 123_457] {
            var often = TokenBucket(LineRate(bytesPerSecond: rate, burstBytes: 1 << 40), atMs: 0)
            var seldom = often
            often.take(1 << 40)
            seldom.take(1 << 40)
            var moved: Int64 = 0
            for now in 1...Int64(10_000) {
                let available = often.availableBytes(atMs: now)
                often.take(available)
                moved += available
            }
            #expect(moved == seldom.availableBytes(atMs: 10_000))
            #expect(moved == rate * 10)
        }
    }

    @Test func `nothing moves at rate 0, everything without one`() {
        var stopped = TokenBucket(LineRate(bytesPerSecond: 0), atMs: 0)
        #expect(stopped.availableBytes(atMs: 1 << 40) == 0)
        #expect(stopped.timeMs(when: 1, atMs: 0) == nil)
        var free = TokenBucket(.unlimited, atMs: 0)
        free.take(1 << 50)
        #expect(free.availableBytes(atMs: 0) == .max)
        #expect(free.timeMs(when: .max, atMs: 5) == 5)
    }

    @Test func `the time that is told is the first at which so much may move`() {
        for rate: Int64 in [1, 3, 999, 1000, 1001, 50_000] {
            for bytes: Int64 in [1, 2, 10, 100] {
                var bucket = TokenBucket(
                    LineRate(bytesPerSecond: rate, burstBytes: 100), atMs: 7)
                bucket.take(bucket.availableBytes(atMs: 7))
                guard let time = bucket.timeMs(when: bytes, atMs: 7) else {
                    Issue.record("no time at rate \(rate)")
                    continue
                }
                #expect(bucket.availableBytes(atMs: time - 1) < bytes)
                #expect(bucket.availableBytes(atMs: time) >= bytes)
            }
        }
    }

    @Test func `what did not move is given back, up to the burst`() {
        var bucket = TokenBucket(LineRate(bytesPerSecond: 1000, burstBytes: 10), atMs: 0)
        bucket.take(8)
        bucket.giveBack(3)
        #expect(bucket.availableBytes(atMs: 0) == 5)
        bucket.giveBack(100)
        #expect(bucket.availableBytes(atMs: 0) == 10)
    }

    @Test func `a new rate counts from now on, and a smaller burst at once`() {
        var bucket = TokenBucket(LineRate(bytesPerSecond: 1000, burstBytes: 10), atMs: 0)
        bucket.take(10)
        bucket.change(to: LineRate(bytesPerSecond: 2000, burstBytes: 100), atMs: 4)
        #expect(bucket.availableBytes(atMs: 4) == 4)
        #expect(bucket.availableBytes(atMs: 14) == 24)
        bucket.change(to: LineRate(bytesPerSecond: 2000, burstBytes: 3), atMs: 14)
        #expect(bucket.availableBytes(atMs: 14) == 3)
        bucket.change(to: .unlimited, atMs: 14)
        bucket.change(to: LineRate(bytesPerSecond: 1, burstBytes: 9), atMs: 15)
        #expect(bucket.availableBytes(atMs: 15) == 9)
    }

    @Test func `extreme numbers don't overflow`() {
        for rate: Int64 in [1, .max] {
            for burst: Int64 in [1, .max] {
                var bucket = TokenBucket(
                    LineRate(bytesPerSecond: rate, burstBytes: burst), atMs: .min / 4)
                bucket.take(.max)
                #expect(bucket.availableBytes(atMs: .max / 4) >= 1)
                bucket.giveBack(.max)
                _ = bucket.timeMs(when: .max, atMs: .max / 4)
            }
        }
        #expect(LineRate(kbps: 8).bytesPerSecond == 1000)
        #expect(LineRate(bytesPerSecond: -5).bytesPerSecond == 0)
    }

    // A pace of one exchange.

    @Test func `a pace follows its line exactly, all small cases`() {
        for rate: Int64 in [0, 1, 700, 1000, 2500] {
            for burst: Int64 in [0, 1, 7] {
                let pace = Pacing(
                    fromSteadyMs: 10, untilSteadyMs: 40, bytesPerSecond: rate, burstBytes: burst,
                    order: 0)
                for now in Int64(0)..<50 {
                    for moved in Int64(0)..<20 {
                        let allowed = pace.allowedBytes(movedBytes: moved, atMs: now)
                        let line = burst + rate * (now - 10) / 1000 - moved
                        #expect(
                            allowed == (now < 10 ? 0 : now >= 40 ? .max : max(0, line)))
                        checkTime(pace, moved: moved, now: now)
                    }
                }
            }
        }
    }

    private func checkTime(_ pace: Pacing, moved: Int64, now: Int64) {
        for bytes: Int64 in [1, 5] {
            let first = (now...60).first {
                pace.allowedBytes(movedBytes: moved, atMs: $0) >= bytes
            }
            #expect(pace.timeMs(when: bytes, movedBytes: moved, atMs: now) == first)
        }
    }

    @Test func `no limit is no limit at any time, and extremes don't overflow`() {
        for now: Int64 in [.min, 0, .max] {
            #expect(Pacing.unlimited().allowedBytes(movedBytes: .max, atMs: now) == .max)
            #expect(Pacing.unlimited().timeMs(when: .max, movedBytes: .max, atMs: now) == now)
        }
        for rate: Int64 in [0, 1, .max] {
            for burst: Int64 in [0, .max] {
                for from: Int64 in [.min, 0, .max] {
                    let pace = Pacing(
                        fromSteadyMs: from, untilSteadyMs: .max, bytesPerSecond: rate,
                        burstBytes: burst, order: 0)
                    for now: Int64 in [.min, 0, .max - 1] {
                        #expect(pace.allowedBytes(movedBytes: 3, atMs: now) >= 0)
                        #expect(pace.timeMs(when: 9, movedBytes: .max - 3, atMs: now) >= now)
                    }
                }
            }
        }
    }
}
