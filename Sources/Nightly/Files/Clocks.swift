import Glibc
package import Quantities

/// The wall clock; everything that takes `now` can be told another time.
package enum SystemClock {
    /// The current time in whole seconds.
    package static func now() -> Instant { Instant(seconds: Int64(time(nil))) }
}

/// A clock that only goes forward, for durations.
package enum Steady {
    /// Seconds since some fixed moment.
    package static func seconds() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}

/// What a process has used.
package enum Resources {
    /// The most memory that this process has held, in bytes.
    package static var peakBytes: Int64 {
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        return Int64(usage.ru_maxrss) * 1024
    }
}
