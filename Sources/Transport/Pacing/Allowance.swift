extension Pacing {
    /// What may still move at `atMs` when `movedBytes` have moved: `Int64.max` without a limit.
    func allowedBytes(movedBytes: Int64, atMs: Int64) -> Int64 {
        if atMs < fromSteadyMs { return 0 }
        if atMs >= untilSteadyMs { return .max }
        let (elapsed, tooLong) = atMs.subtractingReportingOverflow(fromSteadyMs)
        let (grown, tooMuch) = elapsed.multipliedReportingOverflow(by: max(0, bytesPerSecond))
        if tooLong || tooMuch { return bytesPerSecond > 0 ? .max : max(0, burstBytes - movedBytes) }
        let (sum, overflows) = (grown / 1000).addingReportingOverflow(max(0, burstBytes))
        return overflows ? .max : max(0, sum - movedBytes)
    }

    /// The earliest time, `atMs` or later, at which `bytes` more may move.
    func timeMs(when bytes: Int64, movedBytes: Int64, atMs: Int64) -> Int64 {
        let start = max(atMs, fromSteadyMs)
        if start >= untilSteadyMs { return start }
        let (wanted, overflows) = movedBytes.addingReportingOverflow(bytes)
        guard !overflows, bytesPerSecond > 0 else {
            let isThere = !overflows && wanted <= burstBytes
            return isThere ? start : untilSteadyMs
        }
        let lacking = wanted - burstBytes
        guard lacking > 0 else { return start }
        let (thousandths, tooMuch) = lacking.multipliedReportingOverflow(by: 1000)
        guard !tooMuch else { return untilSteadyMs }
        let delay = (thousandths - 1) / bytesPerSecond + 1
        let (time, tooLate) = fromSteadyMs.addingReportingOverflow(delay)
        return tooLate ? untilSteadyMs : min(untilSteadyMs, max(start, time))
    }
}
