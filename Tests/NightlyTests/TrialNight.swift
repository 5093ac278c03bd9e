import Foundation
import Nightly
import Quantities
import Schedule
import Store
import Testing

/// A workspace with a small made-up fleet in its drop folder.
struct TrialNight {
    static let date = CivilDate(dayNumber: 20_781)
    /// An evening, two hours before the night begins.
    static let now = date.startUTC.advanced(bySeconds: 20 * 3600)

    let scratch: Scratch
    var workspace: Workspace

    /// Rows in the order that `shuffled` gives; the keys of the folder `keys` in place of new ones.
    init(devices: Int = 14, titles: Int = 10, shuffled: UInt64? = nil, keys: String? = nil) throws {
        scratch = try Scratch()
        workspace = try InitWorkspace.run(scratch.path + "/w")
        workspace.configuration.effort = 0
        if let keys {
            try FileManager.default.removeItem(atPath: workspace.path("keys"))
            try FileManager.default.copyItem(atPath: keys, toPath: workspace.path("keys"))
        }
        let request = SynthesiseFleet.Request(
            folder: workspace.path("drop"), devices: devices, titles: titles, seed: 7,
            night: TrialNight.date, shuffled: shuffled)
        _ = try SynthesiseFleet.run(request) { _, _ in }
    }

    func run(
        now: Instant = now, threads: Int = 1, strict: Bool = false, profile: Profile.Order? = nil,
        night: CivilDate? = nil, forced: Bool = false
    ) throws -> NightRun.Report {
        var request = NightRun.Request(now: now, threads: threads)
        request.night = night
        request.isForced = forced
        request.isStrict = strict
        request.profile = profile
        let store = try workspace.openStore()
        defer { try? store.close() }
        return NightRun.run(request, in: workspace, store: store) { _ in }
    }

    func publish(_ date: CivilDate? = date, now: Instant = now) throws -> PublishNight.Report {
        let store = try workspace.openStore()
        defer { try? store.close() }
        return try PublishNight.run(
            date, PublishNight.Request(now: now, threads: 2), in: workspace, store: store
        ) { _ in }
    }

    func rehearse(profile: Profile.Order? = nil, now: Instant = now) -> NightRun.Report {
        var request = NightRun.Request(now: now, threads: 1)
        request.profile = profile
        return NightRun.rehearse(request, in: workspace) { _ in }
    }

    /// Hands the store out while it is open.
    func withStore<Result>(_ body: (Store) throws -> Result) throws -> Result {
        let store = try workspace.openStore()
        defer { try? store.close() }
        return try body(store)
    }

    /// Changes the kept plan.
    func edit(_ change: (inout PlanDocument) -> Void) throws {
        let path = workspace.planPath(TrialNight.date)
        var document = try PlanDocument(decoding: try Files.read(path))
        change(&document)
        try Files.replace(path, with: document.encoded())
    }

    /// Every file that devices fetch, by its path below the current folder.
    func published() throws -> [String: [UInt8]] {
        try TrialNight.files(in: workspace.publishedFolder + "/current/")
    }

    /// Every file below `folder`, by its path.
    static func files(in folder: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for path in try FolderScan.files(in: folder) {
            files[String(path.dropFirst(folder.count))] = try Files.read(path)
        }
        return files
    }
}
