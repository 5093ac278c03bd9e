import CanonicalJSON
import Glibc
import Manifest
package import Quantities

/// What can be told of an agent from its state folder alone, whether or not it runs.
package struct StateView: Hashable, Sendable {
    package var fleet: String
    package var device: String
    /// Whether an agent works in the folder now.
    package var isRunning: Bool
    /// `idle`, `checking`, `running` or `stopped`.
    package var state: String
    /// Where it listens, or did last; empty: never yet.
    package var listen: String
    /// Nil when no agent has run yet.
    package var updated: Instant?
    /// The last night; nil: none yet.
    package var night: Night?
    /// The last manifest that wasn't obeyed; nil: none.
    package var refusal: Refusal?

    /// The manifest in force, and how far it is carried out.
    package struct Night: Hashable, Sendable {
        /// The day in whose evening the night begins: `2026-11-23`.
        package var night: String
        /// The manifest's number.
        package var sequence: Int64
        package var expires: Instant
        package var itemsWantedCount: Int64
        package var itemsMissingCount: Int64
        /// Of those missing, items that the disk had no room for when last looked at.
        package var itemsWithoutRoomCount: Int64
        package var receivedBytes: Int64
        package var sentBytes: Int64
        package var wasteBytes: Int64
        /// Exchanges that failed, were refused, or brought a bad chunk.
        package var faultCount: Int64
    }

    /// A manifest that wasn't obeyed.
    package struct Refusal: Hashable, Sendable {
        package var at: Instant
        package var reason: String
    }

    /// Reads the state of the agent in a folder.
    package init(_ path: String) throws(AgentError) {
        let settings = try Settings.read(path)
        fleet = settings.fleet
        device = settings.device
        isRunning = StateView.isLocked("\(path)/lock")
        state = "stopped"
        listen = ""
        guard let bytes = try SmallFiles.read("\(path)/status.json", limit: 1 << 20) else { return }
        do {
            try read(ObjectReader(StrictJSONReader.read(bytes), at: ""))
        } catch {
            throw AgentError(.failed, "'\(path)/status.json' is damaged")
        }
        if !isRunning { state = "stopped" }
    }

    private mutating func read(_ root: ObjectReader) throws(MemberFault) {
        state = try root.text("state")
        listen = try root.text("listen")
        updated = try root.instant("updated")
        if root.has("night") { night = try StateView.night(root.object("night")) }
        if root.has("refusal") {
            let object = try root.object("refusal")
            refusal = Refusal(at: try object.instant("at"), reason: try object.text("reason"))
        }
    }

    private static func night(_ reader: ObjectReader) throws(MemberFault) -> Night {
        let exact = 0...CanonicalWriter.integerLimit
        return Night(
            night: try reader.text("night"), sequence: try reader.integer("sequence", in: exact),
            expires: try reader.instant("expires"),
            itemsWantedCount: try reader.integer("items_wanted", in: exact),
            itemsMissingCount: try reader.integer("items_missing", in: exact),
            itemsWithoutRoomCount: reader.has("items_without_room")
                ? try reader.integer("items_without_room", in: exact) : 0,
            receivedBytes: try reader.integer("received_bytes", in: exact),
            sentBytes: try reader.integer("sent_bytes", in: exact),
            wasteBytes: try reader.integer("waste_bytes", in: exact),
            faultCount: try reader.integer("faults", in: exact))
    }

    private static func isLocked(_ path: String) -> Bool {
        let raw = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard raw >= 0 else { return false }
        defer { close(raw) }
        let isFree = flock(raw, LOCK_EX | LOCK_NB) == 0
        let isHeld = !isFree && errno == EWOULDBLOCK
        // Closing isn't enough: a program that is being started has the file open until it runs.
        if isFree { _ = flock(raw, LOCK_UN) }
        return isHeld
    }

    /// The items on the disk, ascending by key, from the state folder alone.
    package static func items(_ path: String) throws(AgentError) -> [ShelfEntry] {
        Shelf(try StateFolder(looking: path)).listChecked()
    }

    /// The newest report, a line each; nil when there is none.
    package static func lastReport(_ path: String) throws(AgentError) -> [UInt8]? {
        let name = ManifestNames.device(try Settings.read(path).device)
        let nights = SmallFiles.names(in: "\(path)/reports").filter { CivilDate($0) != nil }
        for night in nights.reversed() {
            let file = "\(path)/reports/\(night)/\(name).jsonl"
            if let report = try SmallFiles.read(file, limit: 256 << 20) { return report }
        }
        return nil
    }
}
