import Catalogue
import Fleet
import Quantities
import Schedule
import Store

/// What one night is planned from, with its digest.
struct NightInputs {
    let night: Night
    let settings: PlanSettings
    let snapshot: Snapshot
    let digest: Digest

    /// Reads the store.
    ///
    /// - Parameters:
    ///   - night: the slots.
    ///   - settings: of the plan; part of the digest.
    ///   - workspace: its chunk size.
    ///   - store: of the workspace.
    /// - Throws: when there are no sites or devices to plan for.
    init(night: Night, settings: PlanSettings, workspace: Workspace, store: Store) throws {
        self.night = night
        self.settings = settings
        let around = (
            night.start.advanced(bySeconds: -86_400), night.end.advanced(bySeconds: 86_400)
        )
        snapshot = try store.snapshot(
            night: night, chunkBytes: workspace.configuration.chunkBytes,
            clock: { ZoneTable.clock($0, from: around.0, until: around.1) })
        guard !snapshot.fleet.devices.isEmpty else {
            throw NightlyError(
                .failed, "there are no devices to plan for",
                hint: "import sites, accounts and devices first; see mediaplan-import(1)")
        }
        digest = NightInputs.digest(snapshot, night, settings)
    }

    /// The names that positions in a plan stand for.
    var names: PlanNames {
        PlanNames(catalogue: snapshot.catalogue, fleet: snapshot.fleet)
    }

    private static func digest(_ snapshot: Snapshot, _ night: Night, _ settings: PlanSettings)
        -> Digest
    {
        var hash = RunningDigest()
        CanonicalBytes.write(
            catalogue: snapshot.catalogue, fleet: snapshot.fleet, night: night, settings: settings
        ) { hash.add($0) }
        return hash.digest
    }
}
