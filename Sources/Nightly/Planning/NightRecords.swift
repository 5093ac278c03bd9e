import Audit
import Quantities
import Schedule
import Store

/// What the store remembers of nights. Everything may be repeated after a run that was cut short.
struct NightRecords {
    let store: Store

    /// Remembers that a night has this plan and that the audit found nothing.
    func planned(_ plan: NightPlan, at now: Instant) throws {
        let night = plan.plan.night
        if try store.night(night.date)?.planDigest != plan.documentDigest {
            try store.recordPlan(
                NightEntry(
                    night: night, profile: plan.plan.profile.order,
                    snapshotDigest: plan.inputs.digest, planDigest: plan.documentDigest,
                    figures: plan.audit.figures, plannedAt: now))
        }
        guard try store.night(night.date)?.auditedAt == nil else { return }
        try store.recordAudit(
            of: night.date, planDigest: plan.documentDigest, figures: plan.audit.figures, at: now)
    }

    /// Remembers that the plan is published, also when it was, and another was made in between.
    func published(_ plan: NightPlan, _ file: PublicationFile, folder: String) throws {
        try planned(plan, at: file.issued)
        let last = try store.lastPublishedSequence()
        guard file.sequence > last else {
            guard file.sequence == last else { return }
            return try store.recordPublishedAgain(
                plan.plan.night.date, planDigest: plan.documentDigest)
        }
        try store.recordPublished(
            Publication(
                sequence: file.sequence, date: plan.plan.night.date, folder: folder,
                planDigest: plan.documentDigest, publishedAt: file.issued))
    }
}
