import Console
import Nightly
import Quantities
import Schedule
import Store

// What was done, and what a night's plan has.

extension ShowQuery {
    /// Every file that was imported, the first one first.
    func imports() throws {
        let store = try workspace.openStore()
        let columns = [
            "sequence", "table", "file", "size_bytes", "imported_at", "rows", "rejected", "added",
            "changed", "unchanged", "removed", "sha256",
        ]
        try rows(of: columns) { row in
            for entry in try store.imports() {
                let report = entry.report
                try row(
                    [
                        .integer(entry.sequence), .text(entry.table.rawValue),
                        .text(entry.file.name), .bytes(entry.file.sizeBytes),
                        .text(entry.importedAt.description),
                    ]
                        + [
                            report.rows, report.refused, report.added, report.changed,
                            report.unchanged, report.removed,
                        ].map { .integer(Int64($0)) } + [.text(entry.file.digest.hex)])
            }
        }
    }

    /// Every night that was planned, by date.
    func nights() throws {
        let store = try workspace.openStore()
        let columns = [
            "night", "state", "profile", "starts_utc", "slots", "served", "best", "wishes_served",
            "wishes_part", "wishes_unserved", "peer_bytes", "origin_bytes", "planned_at",
            "audited_at", "sequence", "published_at",
        ]
        try rows(of: columns) { row in
            for entry in try store.nights() { try row(cells(entry)) }
        }
    }

    private func cells(_ entry: NightEntry) -> [Cell] {
        let figures = entry.figures
        return [
            .text(entry.night.date.description), .text(entry.state.rawValue),
            .text(entry.profile.rawValue), .text(entry.night.start.description),
            .integer(Int64(entry.night.slotCount)), share(figures.value, of: figures.wishedValue),
            share(figures.objective, of: figures.bound), .integer(Int64(figures.servedWishes)),
            .integer(Int64(figures.partWishes)), .integer(Int64(figures.unservedWishes)),
            .bytes(figures.peerBytes), .bytes(figures.originBytes),
            .text(entry.plannedAt.description), .text(ifAny: entry.auditedAt?.description),
            .integer(ifAny: entry.publication?.sequence),
            .text(ifAny: entry.publication?.publishedAt.description),
        ]
    }

    private func share(_ part: Int64, of whole: Int64) -> Cell {
        whole <= 0 ? .none : .share(Double(part) / Double(whole))
    }

    private func keptPlan() throws -> KeptPlan {
        try KeptPlan(try night ?? KeptPlan.newest(in: workspace), in: workspace)
    }

    /// Open wishes by device and rank.
    func plan() throws {
        let columns = [
            "device", "rank", "title", "version", "outcome", "worth", "missing_bytes",
            "planned_bytes", "cause",
        ]
        let kept = try keptPlan()
        try rows(of: columns) { row in
            try kept.forEachOutcome(device: device, title: title) { wish in
                let outcome = wish.outcome
                let word =
                    outcome.cause == nil ? "served" : outcome.plannedBytes > 0 ? "part" : "unserved"
                try row([
                    .text(wish.device), .integer(Int64(outcome.rank)), .text(wish.title),
                    .text(ifAny: wish.version), .text(word), .millionths(outcome.worth),
                    .bytes(outcome.missingBytes), .bytes(outcome.plannedBytes),
                    .text(ifAny: outcome.cause?.rawValue),
                ])
            }
        }
    }

    /// Transfers by slot, device and item.
    func transfers() throws {
        let columns = [
            "slot", "starts_utc", "ends_utc", "source_kind", "source", "device", "title",
            "version", "chunks", "bytes", "initiator",
        ]
        let kept = try keptPlan()
        try rows(of: columns) { row in
            try kept.forEachTransfer(device: device, title: title) { transfer in
                try row([
                    .integer(Int64(transfer.slot)), .text(transfer.starts.description),
                    .text(transfer.ends.description),
                    .text(transfer.isOrigin ? "origin" : "device"), .text(transfer.source),
                    .text(transfer.device), .text(transfer.title), .text(transfer.version),
                    .text(transfer.chunks.description), .bytes(transfer.bytes),
                    .text(transfer.initiator.rawValue),
                ])
            }
        }
    }

    /// Removals by slot, device and item.
    func removals() throws {
        let columns = ["slot", "at_utc", "device", "title", "version", "chunks", "bytes"]
        let kept = try keptPlan()
        try rows(of: columns) { row in
            try kept.forEachRemoval(device: device, title: title) { removal in
                try row([
                    .integer(Int64(removal.slot)), .text(removal.at.description),
                    .text(removal.device), .text(removal.title), .text(removal.version),
                    .text(removal.chunks.description), .bytes(removal.bytes),
                ])
            }
        }
    }
}
