/// `Content-Range: bytes a-b/total`, RFC 9110, 14.4.
struct ContentRange: Hashable, Sendable {
    var range: Range<Int64>
    /// The size of the whole; nil: `*`.
    var totalBytes: Int64?

    init(_ range: Range<Int64>, totalBytes: Int64?) {
        self.range = range
        self.totalBytes = totalBytes
    }

    /// nil for anything but a range that lies within the whole.
    init?(text: String) {
        guard text.utf8.starts(with: "bytes ".utf8) else { return nil }
        let parts = text.utf8.dropFirst(6).split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let bounds = parts[0].split(
            separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard bounds.count == 2, let first = decimal(bounds[0]), let last = decimal(bounds[1]),
            first <= last
        else { return nil }
        range = first..<(last + 1)
        if parts[1].elementsEqual("*".utf8) { return }
        guard let total = decimal(parts[1]), last < total else { return nil }
        totalBytes = total
    }

    var text: String {
        "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(totalBytes.map(String.init) ?? "*")"
    }
}

/// A single `Range: bytes=…`, RFC 9110, 14.2.
enum AskedRange: Hashable, Sendable {
    /// From a first byte to a last, or to the end.
    case from(Int64, through: Int64?)
    /// The last so many.
    case last(Int64)

    /// nil for what is no single range of bytes: a server ignores it then.
    init?(text: String) {
        guard text.utf8.starts(with: "bytes=".utf8) else { return nil }
        let bounds = text.utf8.dropFirst(6).split(
            separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard bounds.count == 2 else { return nil }
        if bounds[0].isEmpty {
            guard let count = decimal(bounds[1]) else { return nil }
            self = .last(count)
        } else if bounds[1].isEmpty {
            guard let first = decimal(bounds[0]) else { return nil }
            self = .from(first, through: nil)
        } else {
            guard let first = decimal(bounds[0]), let last = decimal(bounds[1]), first <= last
            else { return nil }
            self = .from(first, through: last)
        }
    }

    /// The bytes of something of `totalBytes` that are meant; nil: none of it.
    func within(_ totalBytes: Int64) -> Range<Int64>? {
        let range: Range<Int64>
        switch self {
        case .from(let first, let last):
            guard first < totalBytes else { return nil }
            range = first..<(last.map { min($0 + 1, totalBytes) } ?? totalBytes)
        case .last(let count):
            range = max(0, totalBytes - count)..<totalBytes
        }
        return range.isEmpty ? nil : range
    }
}
