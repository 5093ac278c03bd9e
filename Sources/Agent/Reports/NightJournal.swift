import Delivery
import Glibc
import Manifest
import Quantities

// While a night goes on, what was noted is appended to a journal, so that an
// agent that is killed and started again reports all of it. At the end the
// journal becomes `reports/NIGHT/DEVICE.jsonl`, in one step, and what the device
// holds `holdings/DEVICE.jsonl` beside `reports/`.

/// Collects what one night's report will say.
final class NightJournal {
    private let equipment: Equipment
    private let content: ManifestContent
    private let folder: String
    private let name: String
    private var file: Descriptor?
    /// Items that were told to be complete.
    private var completed: Set<String> = []

    /// No line is longer than this, in bytes.
    private static let longestLine: Int64 = 1 << 16

    init(_ equipment: Equipment, _ content: ManifestContent) {
        self.equipment = equipment
        self.content = content
        folder = equipment.folder.path(of: "reports/\(content.night)")
        name = ManifestNames.device(equipment.settings.device)
        _ = mkdir(folder, 0o750)
        let raw = open(
            "\(folder)/\(name).journal", O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC,
            0o640)
        guard raw >= 0 else {
            let error = fileError("write", "\(folder)/\(name).journal")
            equipment.say(Remark(.warning, "the night gets no report: \(error.message)"))
            return
        }
        file = Descriptor(owning: raw)
        dropTornLine()
    }

    /// After a power cut the last line may be torn: the next one must not continue it.
    private func dropTornLine() {
        guard let file, let size = file.mark?.sizeBytes else { return }
        var end = [UInt8](repeating: 0, count: Int(min(size, NightJournal.longestLine)))
        let start = size - Int64(end.count)
        guard end.withUnsafeMutableBytes({ file.read($0, at: start) }) == nil else { return }
        let whole = end.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        if whole < end.count { ftruncate(file.raw, off_t(start) + whole) }
    }

    /// Adds what one exchange brought; `isComplete`: the device has the whole item now.
    func add(_ note: Note, isComplete: Bool) {
        let brought = !note.chunks.isEmpty && isComplete
        let completes = brought && completed.insert(note.item).inserted
        var row = ReportRow(
            item: note.item, chunks: note.chunks, at: note.at.wallMs, result: note.result.rawValue)
        row.source = note.source?.id ?? ""
        row.sourceKind = note.source?.kind.rawValue ?? ""
        row.bytes = note.bytes
        row.wasteBytes = note.wasteBytes
        row.durationMs = note.durationMs
        row.isPaced = note.paced
        row.isWish = isWish(note.item)
        row.completes = completes
        append(row)
    }

    /// Adds what was deleted.
    func add(removed chunks: RangeSet32, of item: String, at wallMs: Int64) {
        guard !chunks.isEmpty else { return }
        completed.remove(item)
        append(ReportRow(item: item, chunks: chunks, at: wallMs, result: "removed"))
    }

    /// Whether the item is fetched for a wish, of which the whole item then counts.
    func isWish(_ item: String) -> Bool {
        content.fetch.contains { $0.piece.item == item && $0.area == .wish }
    }

    /// What can't be written, or not all of it, is lost, and the night goes on.
    private func append(_ row: ReportRow) {
        guard let file else { return }
        let line = row.line(content, device: equipment.settings.device)
        let code = line.withUnsafeBytes { file.append($0) }
        if code != nil { dropTornLine() }
    }

    /// Writes the report and what the device holds, and removes reports of nights long ago.
    func finish() {
        let path = "\(folder)/\(name)"
        let device = equipment.settings.device
        let now = Equipment.now()
        var holdings: [UInt8] = []
        for entry in equipment.shelf.list where !entry.chunks.isEmpty {
            let isBought = equipment.shelf.files.isBought(entry.key)
            holdings += ReportRow.holding(entry, device: device, isBought: isBought, at: now)
        }
        do {
            // Without a journal the report of an earlier run of the night stays.
            if let file { try SmallFiles.replace("\(path).jsonl", withCopyOf: file) }
        } catch { equipment.say(Remark(.warning, error.message)) }
        do {
            try SmallFiles.replace(
                equipment.folder.path(of: "holdings/\(name).jsonl"), with: holdings)
        } catch { equipment.say(Remark(.warning, error.message)) }
        prune()
    }

    private func prune() {
        let reports = equipment.folder.path(of: "reports")
        let nights = SmallFiles.names(in: reports).filter { CivilDate($0) != nil }
        for night in nights.dropLast(Int(equipment.settings.keptReports)) {
            for name in SmallFiles.names(in: "\(reports)/\(night)") {
                _ = unlink("\(reports)/\(night)/\(name)")
            }
            _ = rmdir("\(reports)/\(night)")
        }
    }
}
