import Catalogue
import Fleet
import Manifest
package import Quantities
import Schedule
import Store

/// A plan as it is kept in `nights/DATE/plan`.
package struct KeptPlan: Sendable {
    let document: PlanDocument
    let path: String

    /// Reads the plan of `date`.
    ///
    /// - Throws: when there is none, or its file is damaged.
    package init(_ date: CivilDate, in workspace: Workspace) throws(NightlyError) {
        let path = workspace.planPath(date)
        guard Files.kind(path) == .file else {
            throw NightlyError(
                .failed, "there is no plan for the night of \(date)",
                hint: "make one with `mediaplan plan --night \(date)`")
        }
        try self.init(path, of: date)
    }

    private init(_ path: String, of date: CivilDate) throws(NightlyError) {
        self.path = path
        let bytes = try Files.read(path)
        do throws(PlanDocumentError) {
            document = try PlanDocument(decoding: bytes)
        } catch {
            throw NightlyError(
                .failed, "\(path): \(error.message)", hint: KeptPlan.remedy)
        }
        guard document.plan.night.date == date else {
            throw NightlyError(
                .failed,
                "\(path): the file is the plan of another night, \(document.plan.night.date)",
                hint: KeptPlan.remedy)
        }
    }

    private static let remedy = "make it again with `mediaplan plan`"

    /// The plan of `date` that was published, by its digest as manifests carry it; nil when it
    /// isn't kept any more. A later plan of the same night may not have been published.
    static func published(_ date: CivilDate, digest: String, in workspace: Workspace) -> KeptPlan? {
        let paths = [workspace.publishedPlanPath(date), workspace.planPath(date)]
        return paths.compactMap { try? KeptPlan($0, of: date) }.first { $0.digest.hex == digest }
    }

    /// The newest night that has a plan.
    ///
    /// - Throws: when none has.
    package static func newest(in workspace: Workspace) throws(NightlyError) -> CivilDate {
        let folder = workspace.path("nights")
        let names = Files.kind(folder) == .folder ? try FolderScan.names(in: folder) : []
        let dates = names.compactMap { CivilDate($0) }.filter {
            Files.kind(workspace.planPath($0)) == .file
        }
        guard let newest = dates.max() else {
            throw NightlyError(
                .failed, "no night has a plan", hint: "make one with `mediaplan plan`")
        }
        return newest
    }

    /// The catalogue as far as the plan's names tell: enough to print the plan whatever was
    /// imported since.
    var catalogue: Catalogue {
        var catalogue = Catalogue(
            titles: document.names.titles.map {
                Title(
                    id: $0, name: "", licence: LicenceWindow(), territories: .everywhere,
                    peerToPeer: true, currentItem: -1)
            })
        catalogue.items = document.names.items.map { item in
            Item(
                title: item.title, version: item.version,
                files: item.fileBytes.map { ItemFile(name: "", sizeBytes: $0, kind: "") },
                chunkBytes: item.chunkBytes, indexDigest: nil)
        }
        return catalogue
    }

    /// The fleet as far as the plan's names tell.
    var fleet: Fleet {
        var fleet = Fleet(
            devices: document.names.devices.map {
                Device(
                    id: $0, account: -1, site: -1, wishBytes: 0, cacheBytes: 0, upKbps: 0,
                    downKbps: 0)
            })
        fleet.sites = document.names.sites.map { Site(id: $0, parent: -1) }
        fleet.origins = document.names.origins.map { Origin(id: $0, site: -1, egressKbps: 0) }
        return fleet
    }

    /// What manifests that were made of it carry; see `PlanRows.digest`.
    var digest: Digest {
        PlanRows(plan: document.plan, catalogue: catalogue, fleet: fleet).digest
    }

    /// The inputs that it was made from, read again.
    ///
    /// - Throws: when they have changed since.
    func inputs(in workspace: Workspace, store: Store) throws -> NightInputs {
        let inputs = try NightInputs(
            night: document.plan.night, settings: document.settings, workspace: workspace,
            store: store)
        guard inputs.digest == document.snapshotDigest else {
            throw NightlyError(
                .failed,
                "what the plan for \(document.plan.night.date) was made from has changed since",
                hint:
                    "plan the night again with `mediaplan plan --night \(document.plan.night.date)`"
            )
        }
        return inputs
    }
}
