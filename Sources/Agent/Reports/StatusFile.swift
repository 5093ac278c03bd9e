import CanonicalJSON
import Glibc
import Manifest
import Quantities
import Transport

/// The file `status.json`: what the agent is doing, for whoever looks.
final class StatusFile {
    /// What the agent does.
    enum Activity: String, Hashable, Sendable {
        /// It waits for a manifest.
        case idle
        /// It looks at what lies on the disk.
        case checking
        /// It carries a manifest out.
        case running
        /// It has ended.
        case stopped
    }

    /// The last manifest that wasn't obeyed.
    struct Refusal: Hashable, Sendable {
        var at: Instant
        var reason: String
    }

    private let loop: EventLoop
    private let path: String
    private let settings: Settings
    private var activity = Activity.stopped
    private weak var run: NightRun?
    private var content: ManifestContent?
    private var tally = NightTally()
    private var missing: [String] = []
    private var wantedItems = 0
    private var lackCount = 0
    private var writtenMs = Int64.min / 2
    /// Shows what moved since the last writing.
    private var timer: TimerID?
    /// Where the agent listens, with the port that it got.
    var listen = ""
    var refusal: Refusal?

    /// A change is shown at most this late while something moves, in milliseconds.
    private static let intervalMs: Int64 = 2000

    init(_ folder: StateFolder, _ settings: Settings, _ loop: EventLoop) {
        self.loop = loop
        path = folder.path(of: "status.json")
        self.settings = settings
    }

    /// The night that is shown from now on.
    func show(_ run: NightRun) {
        self.run = run
        content = run.content
        wantedItems = Set(run.content.fetch.map(\.piece.item)).count
    }

    /// Something moved.
    func touch() {
        let dueMs = writtenMs + StatusFile.intervalMs
        guard EventLoop.steadyMs() < dueMs else { return write(.running) }
        guard timer == nil else { return }
        timer = loop.timer(atSteadyMs: dueMs) { [weak self] in self?.write() }
    }

    func write(_ activity: Activity? = nil) {
        if let timer { loop.cancel(timer) }
        timer = nil
        if let activity { self.activity = activity }
        if let run {
            tally = run.tally
            missing = run.missing
            lackCount = run.lackCount
        }
        writtenMs = EventLoop.steadyMs()
        try? SmallFiles.replace(path, with: json, isLasting: false)
    }

    private var json: [UInt8] {
        var writer = CanonicalWriter()
        writer.object { root in
            root.member("device", settings.device)
            root.member("fleet", settings.fleet)
            root.member("listen", listen)
            if let content { root.member("night", object: { write(content, &$0) }) }
            root.member("process", Int64(getpid()))
            if let refusal {
                root.member(
                    "refusal",
                    object: { object in
                        object.member("at", refusal.at)
                        object.member("reason", refusal.reason)
                    })
            }
            root.member("schema", "mediaplan-agent-status")
            root.member("state", activity.rawValue)
            root.member("updated", Equipment.now())
            root.member("version", "1.0")
        }
        return writer.bytes
    }

    private func write(_ content: ManifestContent, _ night: inout CanonicalWriter) {
        night.member("expires", content.expires)
        night.member("faults", Int64(tally.faults))
        night.member("items_missing", Int64(missing.count))
        night.member("items_wanted", Int64(wantedItems))
        night.member("items_without_room", Int64(lackCount))
        night.member("night", "\(content.night)")
        night.member("received_bytes", tally.receivedBytes)
        night.member("sent_bytes", tally.sentBytes)
        night.member("sequence", content.sequence)
        night.member("waste_bytes", tally.wasteBytes)
    }
}
