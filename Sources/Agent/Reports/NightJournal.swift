import CanonicalJSON
import Delivery
import Glibc
import Manifest
import Quantities

// While a night goes on, what was noted is appended to `reports/NIGHT.journal`,
// so that an agent that is killed and started again reports all of it. At the
// end the journal and what the device holds become `reports/NIGHT.jsonl`.

/// Collects what one night's report will say.
final class NightJournal {
    private let equipment: Equipment
    private let content: ManifestContent
    private var file: Descriptor?

    /// A journal is read up to this length, in bytes.
    private static let limitBytes = 64 << 20

    init(_ equipment: Equipment, _ content: ManifestContent) {
        self.equipment = equipment
        self.content = content
        let raw = open(
            journalPath, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o640)
        if raw >= 0 { file = Descriptor(owning: raw) }
    }

    private var journalPath: String {
        equipment.folder.path(of: "reports/\(content.night).journal")
    }

    /// Appends a line; what can't be written is lost, and the night goes on.
    func add(_ note: Note) {
        let line = ReportRow.transfer(note, content, device: equipment.settings.device)
        _ = line.withUnsafeBytes { write(file?.raw ?? -1, $0.baseAddress, $0.count) }
    }

    /// Writes the report and removes those of nights long ago.
    func finish(_ run: NightRun) {
        let lines = (try? SmallFiles.read(journalPath, limit: NightJournal.limitBytes)) ?? []
        // After a power cut the last line may be torn.
        let whole = lines.prefix((lines.lastIndex(of: 0x0A) ?? -1) + 1)
        var text = Array(whole)
        let device = equipment.settings.device
        for entry in equipment.shelf.list where !entry.chunks.isEmpty {
            text += ReportRow.holding(entry, device: device, at: Equipment.now())
        }
        text += ReportRow.night(
            run.tally, content, device: device, at: Equipment.now(),
            freeBytes: equipment.folder.freeBytes(reserve: equipment.settings.reserveBytes))
        do {
            try SmallFiles.replace(
                equipment.folder.path(of: "reports/\(content.night).jsonl"), with: text)
        } catch { equipment.say(Remark(.warning, error.message)) }
        prune()
    }

    private func prune() {
        let names = SmallFiles.names(in: equipment.folder.path(of: "reports"))
        let nights = Set(names.map { String($0.prefix { $0 != "." }) })
            .filter { CivilDate($0) != nil }.sorted()
        let old = Set(nights.dropLast(Int(equipment.settings.keptReports)))
        for name in names where old.contains(String(name.prefix { $0 != "." })) {
            _ = unlink(equipment.folder.path(of: "reports/\(name)"))
        }
    }
}

/// The lines of a report; mediaplan-reports(5) says what they mean.
enum ReportRow {
    /// What one end sent of one piece.
    static func transfer(_ note: Note, _ content: ManifestContent, device: String) -> [UInt8] {
        let item = content.items.first { $0.key == note.item }
        return line { row in
            row.member("at", Instant(seconds: note.at.wallMs.flooredDivision(by: 1000)))
            row.member("bytes", note.bytes)
            row.member("chunks", note.chunks.description)
            row.member("device", device)
            row.member("duration_ms", note.durationMs)
            row.member("item", note.item)
            row.member("night", "\(content.night)")
            row.member("paced", note.paced)
            row.member("record", "transfer")
            row.member("result", note.result.rawValue)
            row.member("sequence", content.sequence)
            row.member("source", note.source?.id ?? "")
            row.member("source_kind", note.source?.kind.rawValue ?? "")
            row.member("title", item?.title ?? "")
            row.member("version", item?.version ?? "")
            row.member("waste_bytes", note.wasteBytes)
        }
    }

    /// What the device holds of one item.
    static func holding(_ entry: ShelfEntry, device: String, at: Instant) -> [UInt8] {
        line { row in
            row.member("at", at)
            row.member("bytes", entry.heldBytes)
            row.member("chunks", entry.chunks.description)
            row.member("complete", entry.isComplete)
            row.member("device", device)
            row.member("index", entry.index.hex)
            row.member("item", entry.key)
            row.member("record", "holding")
            row.member("title", entry.title)
            row.member("version", entry.version)
        }
    }

    /// The last line: sums, and that the report is whole.
    static func night(
        _ tally: NightTally, _ content: ManifestContent, device: String, at: Instant,
        freeBytes: Int64
    ) -> [UInt8] {
        line { row in
            row.member("at", at)
            row.member("device", device)
            row.member("fleet", content.fleet)
            row.member("free_bytes", min(freeBytes, CanonicalWriter.integerLimit))
            row.member("night", "\(content.night)")
            row.member("plan", content.plan.hex)
            row.member("received_bytes", tally.receivedBytes)
            row.member("record", "night")
            row.member("sent_bytes", tally.sentBytes)
            row.member("sequence", content.sequence)
            row.member("waste_bytes", tally.wasteBytes)
        }
    }

    private static func line(_ members: (inout CanonicalWriter) -> Void) -> [UInt8] {
        var writer = CanonicalWriter()
        writer.object(members)
        return writer.bytes + [0x0A]
    }
}
