/// A moment on a device's two clocks, each in milliseconds.
///
/// What a manifest says is measured on the wall clock; how long something took, and when to try
/// again, on the steady one, which never jumps.
package struct Moment: Hashable, Sendable {
    /// Since 1970-01-01T00:00:00Z.
    package var wallMs: Int64
    /// Since any moment before the device started; grows while the device sleeps.
    package var steadyMs: Int64

    package init(wallMs: Int64, steadyMs: Int64) {
        self.wallMs = wallMs
        self.steadyMs = steadyMs
    }
}
