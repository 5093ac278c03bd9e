import Manifest
import Quantities

/// When the device may do anything at all, on the wall clock, and what that is on the steady one.
///
/// Invariants: ``isOpen(_:)`` is false before the manifest is valid, from its expiry on, and
/// outside its windows. Times on the steady clock are good only until the wall clock jumps; so they
/// are computed again at every event and never kept but to be woken.
struct Timetable: Hashable, Sendable {
    /// Ascending and apart, within the manifest's validity, in milliseconds.
    let spans: [Range<Int64>]
    let expiresMs: Int64

    init(_ content: ManifestContent) {
        let valid =
            content.notBefore.seconds * 1000..<max(
                content.notBefore, content.expires
            ).seconds * 1000
        spans = content.window.map { span in
            (span.starts.seconds * 1000..<max(span.starts, span.ends).seconds * 1000)
                .clamped(to: valid)
        }.filter { !$0.isEmpty }
        expiresMs = content.expires.seconds * 1000
    }

    func isOpen(_ moment: Moment) -> Bool { spans.contains { $0.contains(moment.wallMs) } }

    /// No window is open now or opens later.
    func isOver(_ moment: Moment) -> Bool {
        moment.wallMs >= expiresMs || moment.wallMs >= lastMs
    }

    /// The end of the last window.
    var lastMs: Int64 { spans.last?.upperBound ?? Int64.min }

    /// When a window opens or closes next, on the wall clock.
    func nextChange(after wallMs: Int64) -> Int64? {
        for span in spans {
            if wallMs < span.lowerBound { return span.lowerBound }
            if wallMs < span.upperBound { return span.upperBound }
        }
        return nil
    }

    /// When a window is open again, from `wallMs` on.
    func nextOpening(after wallMs: Int64) -> Int64? {
        spans.first { $0.upperBound > wallMs }.map { max($0.lowerBound, wallMs) }
    }
}

extension Moment {
    /// A time of the wall clock as one of the steady clock, unless the wall clock jumps.
    func steady(atWallMs wallMs: Int64) -> Int64 { steadyMs + (wallMs - self.wallMs) }
}
