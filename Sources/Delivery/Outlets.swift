import Manifest
import Quantities

/// What the manifest has the device send, and the requests and pushes that are under way.
///
/// Invariants: every token leads to the entries that state it and to nothing else; an outlet is
/// either held or sending; what is promised to outlets is set aside in the budget.
struct Outlets: Sendable {
    /// A planned movement out of the device.
    struct Service: Sendable {
        let stock: Int
        let chunks: Range<Int32>
        let bytes: Range<Int64>
        let startsMs: Int64
        let endsMs: Int64
        let end: Int
        let destination: ManifestContent.End
        let connects: Bool
        let token: String
        let bytesPerSecond: Int64
        /// Sent and promised, but for what was begun ahead of the slot.
        var movedBytes: Int64 = 0
        /// Chunks, from ``chunks``' first, that went out whole.
        var sent: ChunkBits
        /// A push is under way; how often one was turned down in a row; when to try again.
        var pushing: OutletID?
        var refusals = 0
        var nextTryMs = Int64.min
        /// The other end has some of it: push chunk by chunk.
        var single = false
    }

    /// Something to send if it is asked for.
    struct Reserve: Sendable {
        let stock: Int
        let token: String
        let capBytes: Int64
        /// Sent and promised.
        var movedBytes: Int64 = 0
    }

    /// What a token is for.
    enum Entry: Hashable, Sendable {
        case service(Int)
        case reserve(Int)
        /// A piece that the device waits for.
        case piece(Int)
    }

    struct Outlet: Sendable {
        let id: OutletID
        let entry: Entry
        let stock: Int
        /// Asked for; once it is being sent: promised.
        var bytes: Range<Int64>
        /// Sending; otherwise held.
        var sending = false
        /// When an asker that is held is sent away, on the steady clock; nil: its slot decides.
        var untilMs: Int64?
        /// Its slot is still to come.
        var isAhead = false
        /// Its bytes count in the pace of what it is for: not if it was begun ahead.
        var counts = true
        /// Nothing of it moves.
        var isQuiet = false
        /// It was told to end.
        var hungUp = false
    }

    var services: [Service] = []
    var reserves: [Reserve] = []
    private var entries: [String: [Entry]] = [:]
    /// In the order in which they came.
    private(set) var live: [Outlet] = []
    private var given: Int64 = -1
    /// Since when nothing that is due moves, on the steady clock.
    var idleSinceMs: Int64?

    func entries(of token: String) -> [Entry] { entries[token] ?? [] }

    mutating func register(_ token: String, _ entry: Entry) {
        guard !token.isEmpty else { return }
        entries[token, default: []].append(entry)
    }

    mutating func newPush() -> OutletID {
        given += 2
        return OutletID(raw: given)
    }

    func position(_ id: OutletID) -> Int? { live.firstIndex { $0.id == id } }

    subscript(position: Int) -> Outlet {
        get { live[position] }
        set { live[position] = newValue }
    }

    mutating func add(_ outlet: Outlet) { live.append(outlet) }
    mutating func remove(_ position: Int) { live.remove(at: position) }
}
