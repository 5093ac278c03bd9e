package import Quantities
package import Schedule

/// A night's plan in figures, and what the audit says of it.
package struct PlanReport: Hashable, Sendable {
    package var night: Night
    package var profile: Profile
    /// Identifies the plan: the same wherever it is computed from the same inputs.
    package var digest: Digest
    /// Of what it was computed from.
    package var snapshotDigest: Digest
    /// What the audit reckons it to be worth; its bound is the authoritative one.
    package var figures: Figures
    /// Devices of the fleet.
    package var devices: Int
    /// Devices that receive something.
    package var receivers: Int
    /// Devices that send something.
    package var senders: Int
    /// Movements of chunks, each in one slot.
    package var transfers: Int
    /// Ranges of chunks that leave a disk.
    package var removals: Int
    /// Wishes that don't come, or not whole, by cause, in the causes' order; none that is 0.
    package var causes: [CauseCount]
    /// What was left out or judged when the inputs were read.
    package var notes: [Diagnostic]
    /// Breaches of rules, at most a thousand of them.
    package var findings: [AuditFinding]
    /// All breaches.
    package var findingCount: Int
    /// Where the plan is; nil when it wasn't written.
    package var path: String?
    /// How long it took to read the inputs, to plan and to audit.
    package var seconds: PlanSeconds

    /// Whether the audit found nothing.
    package var isSound: Bool { findingCount == 0 }

    /// The share of the provable best that the plan reaches: 1 when nothing could be better.
    package var shareOfBound: Double {
        figures.bound <= 0 ? 1 : Double(figures.objective) / Double(figures.bound)
    }

    /// The share of all that is wished for that comes, by value: how scarce the fleet is.
    package var shareServed: Double {
        figures.wishedValue <= 0 ? 1 : Double(figures.value) / Double(figures.wishedValue)
    }

    /// When the last transfer ends; nil when nothing moves.
    package var finish: Instant? {
        figures.finishSlot == 0 ? nil : night.start(ofSlot: figures.finishSlot)
    }
}

/// How many wishes have one cause.
package struct CauseCount: Hashable, Sendable {
    package var cause: Cause
    /// Wishes of which nothing comes.
    package var unserved: Int
    /// Wishes of which a part comes.
    package var part: Int

    package init(cause: Cause, unserved: Int, part: Int) {
        self.cause = cause
        self.unserved = unserved
        self.part = part
    }

    /// The causes of `outcomes`, in one pass.
    static func counts(_ outcomes: [Outcome]) -> [CauseCount] {
        let causes = Cause.allCases
        var positions: [Cause: Int] = [:]
        for (position, cause) in causes.enumerated() { positions[cause] = position }
        var counts = causes.map { CauseCount(cause: $0, unserved: 0, part: 0) }
        for outcome in outcomes {
            guard let cause = outcome.cause, let position = positions[cause] else { continue }
            if outcome.plannedBytes > 0 {
                counts[position].part += 1
            } else {
                counts[position].unserved += 1
            }
        }
        return counts.filter { $0.part + $0.unserved > 0 }
    }
}

/// How long the steps of a plan took.
package struct PlanSeconds: Hashable, Sendable {
    /// Reading the inputs.
    package var snapshot = 0.0
    /// Planning.
    package var plan = 0.0
    /// Auditing.
    package var audit = 0.0

    package init() {}
}
