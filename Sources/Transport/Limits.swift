/// What a client and a server put up with.
package struct Limits: Hashable, Sendable {
    /// Milliseconds to open a connection to one address of an end.
    package var connectMs: Int64 = 5_000
    /// Milliseconds from a request to the end of the head that answers it. A peer may hold an early
    /// request for some seconds.
    package var answerMs: Int64 = 15_000
    /// Milliseconds without a byte although the pace allows some.
    package var stallMs: Int64 = 10_000
    /// Milliseconds without a byte although the pace allows some, after which a server says that an
    /// answer is stuck.
    package var quietMs: Int64 = 1_000
    /// Milliseconds in which a request's head must come, from its first byte.
    package var requestMs: Int64 = 10_000
    /// Milliseconds for which a server keeps a connection without a request; a client keeps its
    /// own half as long.
    package var idleMs: Int64 = 60_000
    /// Connections of a client to one address at a time; further exchanges wait, lowest order
    /// first.
    package var connectionsPerAddress: Int = 8
    /// Connections that a server has at a time; further ones wait in the kernel.
    package var connections: Int = 64
    /// Bytes of a request's or an answer's head.
    package var headBytes: Int = 16_384

    /// The defaults: fit for boxes at home.
    package init() {}
}
