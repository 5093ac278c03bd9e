import Catalogue
import Console
import Nightly
import Quantities
import Store

extension ShowColumns {
    static let titles: [ShowColumn<ShownTitle>] = [
        .init("title") { .text($0.record.id) },
        .init("name") { .text(ifAny: $0.record.name) },
        .init("version") { .text("\($0.record.version.major).\($0.record.version.minor)") },
        .init("size_bytes") { bytes($0.record.files) },
        .init("licence_start") { text($0.record.licence.start) },
        .init("licence_end") { text($0.record.licence.end) },
        .init("allow") { row in
            guard case .only(let list) = row.record.territories else { return .none }
            return .text(list.joined(separator: " "))
        },
        .init("deny") { row in
            guard case .except(let list) = row.record.territories else { return .none }
            return .text(ifAny: list.joined(separator: " "))
        },
        .init("peer_to_peer") { .flag($0.record.peerToPeer) },
        .init("files", .rows) { .integer(Int64($0.record.files.count)) },
        .init("aliases", .rows) { .text(ifAny: $0.record.aliases.joined(separator: " ")) },
        .init("feed", .rows) { .text(ifAny: $0.feed) },
        .init("deleted", .rows) { .flag($0.record.verb == .delete) },
    ]

    static let items: [ShowColumn<ListedItem>] = [
        .init("title") { .text($0.item.title) },
        .init("version") { .text($0.item.version) },
        .init("item", .rows) { .text($0.key) },
        .init("current") { .flag($0.item.isCurrent) },
        .init("size_bytes") { row in row.item.totalBytes.map { .bytes($0) } ?? .none },
        .init("files") { .integer(Int64($0.item.files.count)) },
        .init("chunks") { .integer(ifAny: $0.chunks) },
        .init("chunk_bytes") { .bytes($0.chunkBytes) },
        .init("index_sha256", .rows) { .text(ifAny: $0.item.indexDigest?.hex) },
        .init("indexed", .people) { .flag($0.item.indexDigest != nil) },
    ]

    static let imports: [ShowColumn<ImportEntry>] = [
        .init("import") { .integer($0.sequence) },
        .init("table") { .text($0.table.rawValue) },
        .init("feed", .rows) { .text(ifAny: $0.feed) },
        .init("imported_at") { text($0.importedAt) },
        .init("file") { .text($0.file.name) },
        .init("size_bytes") { .bytes($0.file.sizeBytes) },
        .init("modified_at", .rows) { text($0.file.modifiedAt) },
        .init("sha256", .rows) { .text($0.file.digest.hex) },
        .init("newest", .rows) { .flag($0.isNewest) },
        .init("rows") { .integer(Int64($0.report.rows)) },
        .init("refused") { .integer(Int64($0.report.refused)) },
        .init("added") { .integer(Int64($0.report.added)) },
        .init("changed") { .integer(Int64($0.report.changed)) },
        .init("unchanged") { .integer(Int64($0.report.unchanged)) },
        .init("removed") { .integer(Int64($0.report.removed)) },
    ]

    /// Of all files; nothing when one's size isn't known.
    private static func bytes(_ files: [FileRecord]) -> Cell {
        guard !files.isEmpty else { return .none }
        let total = files.reduce(0 as Int64?) { sum, file in
            guard let sum, let size = file.sizeBytes else { return nil }
            let (total, overflow) = sum.addingReportingOverflow(size)
            return overflow ? nil : total
        }
        return total.map { .bytes($0) } ?? .none
    }
}
