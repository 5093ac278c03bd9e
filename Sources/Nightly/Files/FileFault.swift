import Glibc

/// An error of the system, in its own words.
///
/// - Parameters:
///   - action: what was tried, such as `read`.
///   - path: of what.
///   - code: the system's number; the latest one unless given.
/// - Returns: the error to throw.
func fileFault(_ action: String, _ path: String, code: Int32 = errno) -> NightlyError {
    NightlyError(.failed, "cannot \(action) '\(path)': \(String(cString: strerror(code)))")
}
