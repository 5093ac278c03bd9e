package import Quantities
package import Schedule

/// What the store remembers of one night that was planned.
package struct NightEntry: Hashable, Sendable {
    /// How far its plan has come.
    package enum State: String, Hashable, Sendable {
        case planned
        /// The audit found nothing.
        case audited
        /// Its manifests are out.
        case published
    }

    package var night: Night
    package var state: State
    package var profile: Profile.Order
    /// SHA-256 of what the plan was made from.
    package var snapshotDigest: Digest
    /// SHA-256 of the plan document's bytes.
    package var planDigest: Digest
    /// What it is worth: as the planner says, after the audit as that does.
    package var figures: Figures
    package var plannedAt: Instant
    /// Nil: not audited, or a finding was made.
    package var auditedAt: Instant?
    /// The last publication of this night, maybe of an earlier plan for it; nil when there is none.
    package var publication: Publication?

    package init(
        night: Night, state: State = .planned, profile: Profile.Order, snapshotDigest: Digest,
        planDigest: Digest, figures: Figures, plannedAt: Instant, auditedAt: Instant? = nil,
        publication: Publication? = nil
    ) {
        self.night = night
        self.state = state
        self.profile = profile
        self.snapshotDigest = snapshotDigest
        self.planDigest = planDigest
        self.figures = figures
        self.plannedAt = plannedAt
        self.auditedAt = auditedAt
        self.publication = publication
    }
}

/// Manifests that went out.
package struct Publication: Hashable, Sendable {
    /// Above that of every earlier one, so that a box can tell an old manifest from a new one.
    package var sequence: Int64
    /// The day in whose evening the night begins.
    package var date: CivilDate
    /// Where the manifests lie, as the caller wrote it.
    package var folder: String
    /// SHA-256 of the plan document's bytes.
    package var planDigest: Digest
    package var publishedAt: Instant

    package init(
        sequence: Int64, date: CivilDate, folder: String, planDigest: Digest, publishedAt: Instant
    ) {
        self.sequence = sequence
        self.date = date
        self.folder = folder
        self.planDigest = planDigest
        self.publishedAt = publishedAt
    }
}
