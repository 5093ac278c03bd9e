import CanonicalJSON
import Manifest
import Quantities

/// A line of a report, as mediaplan-reports(5) says.
struct ReportRow: Hashable, Sendable {
    /// The item key.
    var item: String
    /// What came and is stored; of what was removed, what left.
    var chunks: RangeSet32
    /// Milliseconds since 1970: when it ended.
    var at: Int64
    /// The page's word.
    var result: String
    /// Empty: the device itself.
    var source = ""
    var sourceKind = ""
    var bytes: Int64 = 0
    var wasteBytes: Int64 = 0
    /// Milliseconds from the request to the last byte.
    var durationMs: Int64 = 0
    var isPaced = true
    var isWish = false
    /// Whether with this piece the device has the whole item.
    var completes = false

    init(item: String, chunks: RangeSet32, at: Int64, result: String) {
        self.item = item
        self.chunks = chunks
        self.at = at
        self.result = result
    }

    /// The bytes of the line, with its line feed.
    func line(_ content: ManifestContent, device: String) -> [UInt8] {
        let named = content.items.first { $0.key == item }
        var line = JSONLine()
        line.text("device", device)
        line.text("night", "\(content.night)")
        line.text("item", named?.title ?? item)
        line.text("version", named?.version ?? "")
        line.text("chunks", chunks.description)
        line.text("source", source)
        line.text("source_kind", sourceKind)
        line.plain("bytes", "\(bytes)")
        line.plain("waste_bytes", "\(wasteBytes)")
        line.plain("seconds", ReportRow.seconds(durationMs))
        line.text("at", "\(Instant(seconds: at.flooredDivision(by: 1000)))")
        line.plain("paced", "\(isPaced)")
        line.text("result", result)
        line.text("area", isWish ? "wish" : "cache")
        line.plain("completed", "\(completes)")
        return line.bytes
    }

    /// A line of a snapshot of holdings, as mediaplan-tables(5) says.
    static func holding(_ entry: ShelfEntry, device: String, isBought: Bool, at: Instant)
        -> [UInt8]
    {
        var line = JSONLine()
        line.text("device", device)
        line.text("item", entry.title)
        line.text("version", entry.version)
        line.text("chunks", entry.chunks.description)
        line.text("area", entry.isWish ? "wish" : "cache")
        line.plain("bought", "\(isBought)")
        line.plain("bytes", "\(entry.heldBytes)")
        line.text("observed_at", "\(at)")
        return line.bytes
    }

    /// Milliseconds as seconds with three decimals.
    static func seconds(_ milliseconds: Int64) -> String {
        let value = max(0, milliseconds)
        let rest = String(value % 1000)
        return "\(value / 1000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
    }
}

/// One object of JSON on a line, its members in the order in which they come.
private struct JSONLine {
    private var text: [UInt8] = [UInt8(ascii: "{")]

    mutating func text(_ name: String, _ value: String) {
        begin(name)
        text.append(quoted: value)
    }

    /// A number or a truth value.
    mutating func plain(_ name: String, _ value: String) {
        begin(name)
        text += Array(value.utf8)
    }

    private mutating func begin(_ name: String) {
        if text.count > 1 { text.append(UInt8(ascii: ",")) }
        text.append(quoted: name)
        text.append(UInt8(ascii: ":"))
    }

    var bytes: [UInt8] { text + [UInt8(ascii: "}"), 0x0A] }
}
