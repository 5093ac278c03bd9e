import Catalogue
import Console
import Nightly
import Quantities
import Store

// The catalogue.

extension ShowQuery {
    /// Titles that are not deleted, by identifier.
    func titles() throws {
        let store = try workspace.openStore()
        let columns = [
            "title", "name", "version", "licence_start", "licence_end", "territories",
            "peer_to_peer", "files", "size_bytes", "indexed", "feed",
        ]
        try rows(of: columns) { row in
            for title in try store.titles(self.title) { try row(cells(title)) }
        }
    }

    private func cells(_ title: ShownTitle) -> [Cell] {
        let record = title.record
        return [
            .text(record.id), .text(ifAny: record.name),
            .text("\(record.version.major).\(record.version.minor)"),
            .text(ifAny: record.licence.start?.description),
            .text(ifAny: record.licence.end?.description), .text(words(record.territories)),
            .flag(record.peerToPeer), .integer(Int64(record.files.count)),
            totalBytes(record.files).map { .bytes($0) } ?? .none,
            .flag(record.indexDigest != nil), .text(title.feed),
        ]
    }

    private func words(_ territories: Territories) -> String {
        switch territories {
        case .everywhere: "everywhere"
        case .only(let codes): codes.joined(separator: " ")
        case .except(let codes): "all but " + codes.joined(separator: " ")
        }
    }

    /// Nil when a size isn't known.
    private func totalBytes(_ files: [FileRecord]) -> Int64? {
        let sizes = files.compactMap(\.sizeBytes)
        guard !files.isEmpty, sizes.count == files.count else { return nil }
        return sizes.reduce(0) { $0.addingReportingOverflow($1).partialValue }
    }

    /// Items by title and version.
    func items() throws {
        let store = try workspace.openStore()
        let columns = [
            "title", "version", "current", "files", "size_bytes", "chunk_bytes", "chunks", "index",
        ]
        try rows(of: columns) { row in
            for item in try store.items(ofTitle: title) {
                let chunkBytes = item.chunkBytes ?? workspace.configuration.chunkBytes
                let chunks = item.totalBytes.map { _ in
                    item.files.reduce(Int64(0)) {
                        $0 + (($1.sizeBytes ?? 1) - 1) / chunkBytes + 1
                    }
                }
                try row([
                    .text(item.title), .text(item.version), .flag(item.isCurrent),
                    .integer(Int64(item.files.count)), item.totalBytes.map { .bytes($0) } ?? .none,
                    .bytes(chunkBytes), .integer(ifAny: chunks),
                    .text(ifAny: item.indexDigest?.hex),
                ])
            }
        }
    }
}
