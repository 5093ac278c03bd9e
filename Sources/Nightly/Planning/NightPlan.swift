import Audit
import Fleet
import Manifest
import Quantities
import Schedule
import Store

/// A night's plan in memory: what it was made from, the plan and what the audit says.
struct NightPlan {
    let inputs: NightInputs
    let plan: Plan
    let audit: AuditReport
    /// See `PlanRows.digest`; manifests carry it.
    let digest: Digest
    /// Of the bytes that are kept.
    let documentDigest: Digest
    /// The plan as it is kept.
    let documentBytes: [UInt8]
    var seconds = PlanSeconds()

    /// Audits `plan`; nothing depends on how many threads do it.
    init(
        inputs: NightInputs, plan: Plan, threads: Int, seconds: PlanSeconds = PlanSeconds()
    ) {
        self.inputs = inputs
        self.plan = plan
        self.seconds = seconds
        let start = Steady.seconds()
        let (catalogue, fleet) = (inputs.snapshot.catalogue, inputs.snapshot.fleet)
        audit = Audit.audit(
            plan, catalogue: catalogue, fleet: fleet, settings: inputs.settings,
            workers: Cores(threads: threads))
        digest = PlanRows(plan: plan, catalogue: catalogue, fleet: fleet).digest
        documentBytes =
            PlanDocument(
                plan: plan, settings: inputs.settings, figures: audit.figures,
                snapshotDigest: inputs.digest, names: inputs.names
            ).encoded()
        documentDigest = FileBytes.digest(documentBytes)
        self.seconds.audit = Steady.seconds() - start
    }

    /// In figures.
    func report(path: String?) -> PlanReport {
        let fleet = inputs.snapshot.fleet
        var receives = [Bool](repeating: false, count: fleet.devices.count)
        var sends = receives
        for transfer in plan.transfers {
            receives[Int(transfer.destination)] = true
            if let device = transfer.source.device { sends[Int(device)] = true }
        }
        return PlanReport(
            night: plan.night, profile: plan.profile, digest: digest,
            snapshotDigest: inputs.digest, figures: audit.figures, devices: fleet.devices.count,
            receivers: receives.count { $0 }, senders: sends.count { $0 },
            transfers: plan.transfers.count, removals: plan.removals.count,
            causes: CauseCount.counts(plan.outcomes), notes: inputs.snapshot.notes,
            findings: audit.findings, findingCount: audit.findingCount, path: path,
            seconds: seconds)
    }
}
