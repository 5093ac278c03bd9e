import CanonicalJSON
import Delivery
import Glibc
import Manifest
import Quantities

// An agent that is killed and started again, or gets a newer manifest, must not
// begin its night's caps anew. What was spent is written with each chunk, so it
// must cost next to nothing: one block is written over in place, and brought to
// the disk at the beginning and at the end of the night only. So a kill loses
// nothing, a power cut at most what the kernel hadn't written yet.

/// The file `reports/NIGHT/DEVICE.spent`: what the night's caps have been spent on.
final class SpendingRecord {
    /// What was spent before, in this night; nothing when there is no record that can be read.
    let spent: Spent
    private let file: Descriptor?
    private var written: Spent?

    static let schema = "mediaplan-spent"
    /// The file's length: what is written over needs no other end.
    private static let lengthBytes = 256

    init(_ equipment: Equipment, _ content: ManifestContent) {
        let folder = equipment.folder.path(of: "reports/\(content.night)")
        let path = "\(folder)/\(ManifestNames.device(equipment.settings.device)).spent"
        _ = mkdir(folder, 0o750)
        do {
            let bytes = try SmallFiles.read(path, limit: SpendingRecord.lengthBytes)
            spent = try bytes.map { try SpendingRecord.parse($0) } ?? Spent()
        } catch {
            equipment.say(
                Remark(.warning, "'\(path)' is damaged: the night's caps begin anew"))
            spent = Spent()
        }
        let raw = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o640)
        file = raw >= 0 ? Descriptor(owning: raw) : nil
        if file == nil {
            equipment.say(
                Remark(.warning, "'\(path)' can't be written: after a restart caps begin anew"))
        }
        keep(spent)
        sync()
    }

    /// Writes what was spent, if it has changed.
    func keep(_ spent: Spent) {
        guard spent != written else { return }
        written = spent
        _ = SpendingRecord.text(spent).withUnsafeBytes { file?.write($0, at: 0) }
    }

    /// The night is over: the last word is brought to the disk.
    func close() { sync() }

    private func sync() { _ = file?.sync() }

    private static func parse(_ bytes: [UInt8]) throws -> Spent {
        let root = try ObjectReader(StrictJSONReader.read(bytes), at: "")
        guard try root.text("schema") == schema else {
            throw root.refusal("schema", "isn't \(schema)")
        }
        let exact = 0...CanonicalWriter.integerLimit
        return Spent(
            receivedBytes: try root.integer("received_bytes", in: exact),
            fallbackBytes: try root.integer("fallback_bytes", in: exact),
            reserveBytes: try root.integer("reserve_bytes", in: exact),
            sentBytes: try root.integer("sent_bytes", in: exact))
    }

    /// JSON, and blanks up to the length of the file.
    private static func text(_ spent: Spent) -> [UInt8] {
        var writer = CanonicalWriter()
        writer.object { root in
            root.member("fallback_bytes", spent.fallbackBytes)
            root.member("received_bytes", spent.receivedBytes)
            root.member("reserve_bytes", spent.reserveBytes)
            root.member("schema", schema)
            root.member("sent_bytes", spent.sentBytes)
        }
        let blanks = max(1, lengthBytes - writer.bytes.count) - 1
        return writer.bytes + [UInt8](repeating: 0x20, count: blanks) + [0x0A]
    }
}
