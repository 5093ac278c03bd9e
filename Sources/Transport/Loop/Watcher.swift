import CLinuxEvents
import Glibc

/// Whom an ``EventLoop`` tells that a descriptor is ready.
protocol Watcher: AnyObject {
    func ready(_ readiness: Readiness)
}

/// A watcher whose descriptor lives as long as the loop, which closes it.
protocol OwnedWatcher: Watcher {}

/// What a descriptor is ready for, as epoll(7) tells it.
struct Readiness: OptionSet, Hashable {
    let rawValue: UInt32

    static let input = Readiness(rawValue: EPOLLIN.rawValue)
    static let output = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The other end closed its half.
    static let ended = Readiness(rawValue: EPOLLRDHUP.rawValue)
    /// The connection is broken or wholly closed; told whether asked for or not.
    static let broken = Readiness(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
}
