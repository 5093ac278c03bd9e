import Audit
import Fleet
import Manifest
package import Quantities
import Schedule
package import Store

/// Publishes a night's manifests.
package enum PublishNight {
    /// How it is published.
    package struct Request: Hashable, Sendable {
        package var now: Instant
        /// How many threads draw up and sign manifests; at least 1.
        package var threads: Int
        /// Whether every device gets a Metalink too; else the configuration says so.
        package var writesMetalinks: Bool

        package init(now: Instant, threads: Int, writesMetalinks: Bool = false) {
            self.writesMetalinks = writesMetalinks
            self.now = now
            self.threads = threads
        }
    }

    /// What was published.
    package struct Report: Hashable, Sendable {
        /// The folder that devices fetch from.
        package var folder: String
        /// Counts publications from 1; a box refuses a lower one than it had.
        package var sequence: Int64
        /// Of which night.
        package var night: CivilDate
        /// One for each device that takes part.
        package var manifests: Int64
        /// Manifests that are, byte for byte, those that were published before.
        package var unchanged: Int64
        /// Of manifests and signatures together.
        package var bytes: Int64
        /// Whether all was as published before, so that nothing was switched.
        package var isSame: Bool
        /// The path of the first device's manifest that has something to do, to look at; nil when
        /// none has.
        package var example: String?
        /// Metalinks beside manifests; nil when none were asked for.
        package var metalinks: Int64?
        /// Items that move and that no Metalink names, for want of a chunk index at the origin.
        package var unlistedItems = 0
        /// What failed when the manifests were out, such as their record in the store; empty as a
        /// rule. The next run does it again.
        package var faults: [NightlyError] = []
        /// How long it took.
        package var seconds = 0.0
    }

    /// Audits the kept plan of `date` once more and publishes it.
    ///
    /// - Parameters:
    ///   - date: the night; nil: the one that is due, unless another still runs.
    ///   - request: how.
    ///   - workspace: whose lock is held.
    ///   - store: of the workspace.
    ///   - progress: told how many manifests are done.
    /// - Throws: when there is no plan, its inputs changed, the audit finds a breach, or something
    ///   can't be written; what was published stays.
    /// - Returns: what was published.
    package static func run(
        _ date: CivilDate?, _ request: Request, in workspace: Workspace, store: Store,
        progress: (Int64) -> Void
    ) throws -> Report {
        let kept = try KeptPlan(date ?? due(at: request.now, in: workspace), in: workspace)
        if date == nil {
            try checkTurn(of: kept.document.plan.night, now: request.now, in: workspace)
        }
        let inputs = try kept.inputs(in: workspace, store: store)
        let plan = NightPlan(
            inputs: inputs, plan: kept.document.plan, threads: request.threads)
        return try publish(plan, request, in: workspace, store: store, progress: progress)
    }

    /// Publishes an audited plan.
    static func publish(
        _ plan: NightPlan, _ request: Request, in workspace: Workspace, store: Store,
        progress: (Int64) -> Void
    ) throws -> Report {
        let start = Steady.seconds()
        try check(plan, now: request.now, in: workspace)
        let key = try signingKey(workspace)
        let file = try PublicationFile(
            plan, key: key, in: workspace, store: store, now: request.now)
        let metalinks = try metalinks(plan, request, workspace)
        let writing = writing(plan, file, key, metalinks, request.threads)
        let same = try same(file, writing, workspace, progress)
        let counts = try same ?? write(file, writing, workspace, progress)
        return Report(
            folder: Files.path(workspace.publishedFolder, "current"), sequence: file.sequence,
            night: plan.plan.night.date, manifests: counts.manifests, unchanged: counts.unchanged,
            bytes: counts.bytes, isSame: same != nil, example: example(plan, workspace),
            metalinks: metalinks.map { _ in counts.metalinks },
            unlistedItems: metalinks?.missing ?? 0,
            faults: faults(after: plan, file, workspace, store, request.threads),
            seconds: Steady.seconds() - start)
    }

    /// Compares with the current folder, if it has the same terms; nil when anything is to be
    /// written.
    private static func same(
        _ file: PublicationFile, _ writing: ManifestWriting, _ workspace: Workspace,
        _ progress: (Int64) -> Void
    ) throws -> ManifestWriting.Counts? {
        let current = Files.path(workspace.publishedFolder, "current")
        guard file.isRepeated,
            Files.holds(Files.path(current, PublicationFile.name), exactly: file.bytes)
        else { return nil }
        let counts = try writing.run(into: .comparison(current), progress: progress)
        return counts.unchanged == counts.manifests && counts.newMetalinks == 0 ? counts : nil
    }

    /// Writes a folder and makes it current.
    private static func write(
        _ file: PublicationFile, _ writing: ManifestWriting, _ workspace: Workspace,
        _ progress: (Int64) -> Void
    ) throws -> ManifestWriting.Counts {
        let folder = try PublishedFolder(
            root: workspace.publishedFolder, name: freeName(file, workspace))
        do {
            let counts = try writing.run(into: .folder(folder), progress: progress)
            try folder.finish(file.bytes)
            return counts
        } catch {
            folder.abandon()
            throw error
        }
    }

    /// What is done when the manifests are out. That it fails doesn't take them back: the next run
    /// does it again.
    private static func faults(
        after plan: NightPlan, _ file: PublicationFile, _ workspace: Workspace, _ store: Store,
        _ threads: Int
    ) -> [NightlyError] {
        // When nothing was switched, the folder is the one that was current.
        let name = PublishedFolder.current(in: workspace.publishedFolder) ?? file.folderName
        let steps = [
            { try NightRecords(store: store).published(plan, file, folder: name) },
            { try keep(plan, in: workspace) }, { try tidy(workspace, Cores(threads: threads)) },
        ]
        return steps.compactMap { NightRun.failure($0) }
    }

    private static func writing(
        _ plan: NightPlan, _ file: PublicationFile, _ key: SigningKey,
        _ metalinks: DeviceMetalinks?, _ threads: Int
    ) -> ManifestWriting {
        let fleet = plan.inputs.snapshot.fleet
        let index = ManifestIndex(
            plan: plan.plan, catalogue: plan.inputs.snapshot.catalogue, fleet: fleet,
            header: header(plan, file), tokens: key.tokenKey)
        return ManifestWriting(
            index: index, printer: ManifestPrinter(index), fleet: fleet, key: key,
            metalinks: metalinks, threads: threads, isRepeated: file.isRepeated)
    }

    private static func metalinks(_ plan: NightPlan, _ request: Request, _ workspace: Workspace)
        throws -> DeviceMetalinks?
    {
        guard request.writesMetalinks || workspace.configuration.manifests.hasMetalinks else {
            return nil
        }
        return try DeviceMetalinks(
            plan.plan, plan.inputs.snapshot.catalogue, in: OriginFolder(workspace.originFolder))
    }

    /// The folder's name; when the current one has it and was damaged, another, for it must stay
    /// until the switch.
    private static func freeName(_ file: PublicationFile, _ workspace: Workspace) -> String {
        let isCurrent =
            PublishedFolder.current(in: workspace.publishedFolder) == file.folderName
        return file.folderName + (isCurrent ? ".again" : "")
    }

    private static func header(_ plan: NightPlan, _ file: PublicationFile) -> ManifestHeader {
        ManifestHeader(
            fleet: file.terms.fleet, sequence: file.sequence, plan: plan.digest,
            issued: file.issued, notBefore: min(file.issued, plan.plan.night.start),
            expires: file.terms.expires,
            originReservePercent: file.terms.reserve, maxPeerFallbacks: file.terms.peers,
            overtimeSeconds: file.terms.overtime, aheadSeconds: file.terms.ahead,
            originPatienceSeconds: originPatience(plan.plan))
    }

    /// Only who spares the origins waits long for others.
    private static func originPatience(_ plan: Plan) -> Int32? {
        switch plan.profile.order {
        case .minOrigin: nil
        case .balanced, .minBandwidth: max(3, 2 * plan.night.slotSeconds)
        case .minTime: max(3, plan.night.slotSeconds)
        }
    }

    private static func signingKey(_ workspace: Workspace) throws(NightlyError) -> SigningKey {
        let path = workspace.secretKeyPath
        guard Files.kind(path) == .file else {
            throw NightlyError(
                .untrusted, "'\(path)' is missing: without it no manifest can be signed",
                hint: "restore it from a copy; devices trust this key alone")
        }
        guard Files.isPrivate(path) else {
            throw NightlyError(
                .untrusted, "'\(path)' can be read or changed by others than its owner",
                hint: "chmod 600 \(path)")
        }
        let bytes = try Files.read(path)
        do throws(KeyFault) {
            return try SigningKey(secretKeyFile: bytes)
        } catch {
            throw NightlyError(.untrusted, "\(path): \(error)")
        }
    }

    /// Keeps the plan beside the one that the next run may make for the same night.
    private static func keep(_ plan: NightPlan, in workspace: Workspace) throws(NightlyError) {
        let path = workspace.publishedPlanPath(plan.plan.night.date)
        guard !Files.holds(path, exactly: plan.documentBytes) else { return }
        try Files.makeFolder(Files.folder(of: path))
        try Files.replace(path, with: plan.documentBytes)
    }

    /// Removes published folders and plans of nights beyond those that are kept.
    private static func tidy(_ workspace: Workspace, _ workers: Cores) throws {
        let kept = Int(workspace.configuration.manifests.keptNights)
        try PublishedFolder.prune(
            root: workspace.publishedFolder, kept: kept, by: workers)
        let nights = workspace.path("nights")
        let dates = try FolderScan.names(in: nights).compactMap { CivilDate($0) }
        let current = PublishedFolder.current(in: workspace.publishedFolder)
        let stay = PublishedFolder.keptNights(
            dates, current: current.flatMap(PublishedFolder.night), count: kept)
        for date in dates where !stay.contains(date) {
            try Files.removeTree(workspace.nightFolder(date))
        }
    }

    private static func example(_ plan: NightPlan, _ workspace: Workspace) -> String? {
        let devices = plan.inputs.snapshot.fleet.devices
        let busy = plan.plan.transfers.map(\.destination).min()
        return busy.map {
            Files.path(
                workspace.publishedFolder,
                "current/" + ManifestWriting.path(of: devices[Int($0)].id))
        }
    }
}
