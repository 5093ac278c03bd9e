import Catalogue
import Content
import Glibc
import Manifest
import Quantities

/// What the device holds: files, and what is remembered of them.
package final class Shelf {
    let files: ShelfFiles
    private let folder: StateFolder
    /// By item key.
    private var entries: [String: ShelfEntry]

    /// The shelf of a state folder, as it was remembered; nothing is read but `shelf.json`.
    package init(_ folder: StateFolder) {
        self.folder = folder
        files = ShelfFiles(folder)
        entries = Dictionary(
            ShelfRecord.read(folder.path(of: "shelf.json")).map { ($0.key, $0) },
            uniquingKeysWith: { first, _ in first })
    }

    /// What is remembered, ascending by key.
    package var list: [ShelfEntry] { entries.values.sorted { $0.key < $1.key } }

    /// What is remembered of an item; nil: nothing.
    package func entry(_ key: String) -> ShelfEntry? { entries[key] }

    /// What is on the disk now: what is remembered of items whose files are gone is dropped, as are
    /// finished ones whose files have changed.
    package func listChecked() -> [ShelfEntry] {
        list.filter { entry in
            guard let mark = entry.mark else { return files.open(entry.key, .partial) != nil }
            return files.open(entry.key, .items)?.mark == mark
        }
    }

    /// Writes `shelf.json`; a failure only means that more is read again at the next start.
    func save() { try? ShelfRecord.write(list, to: folder.path(of: "shelf.json")) }

    func set(_ entry: ShelfEntry) { entries[entry.key] = entry }

    func forget(_ key: String) { entries[key] = nil }

    /// Whether a finished file is as it was when it was checked by this index.
    func isKnown(_ key: String, index: Digest) -> Bool {
        guard let entry = entries[key], entry.index == index, let mark = entry.mark else {
            return false
        }
        return files.open(key, .items)?.mark == mark
    }

    /// Remembers the outcome of a check, and puts the file where it belongs: a finished file with a
    /// chunk missing or bad becomes partial, a partial one with none becomes finished.
    ///
    /// What was bad is given back to the disk.
    /// - Returns: what counts.
    func settle(_ key: String, _ place: ShelfFiles.Place, _ check: ChunkCheck, digest: Digest)
        -> RangeSet32
    {
        let layout = check.index.layout
        var entry = ShelfEntry(
            key: key, index: check.index, digest: digest, layout: layout, chunks: check.good)
        entry.name = entries[key]?.name ?? ""
        entry.isWish = entries[key]?.isWish ?? false
        entry.mayBeBought = entries[key]?.mayBeBought ?? false
        let isWhole = check.good.count == Int(layout.count)
        switch (place, isWhole) {
        case (.items, true):
            // It may have been copied here a moment ago: it counts once it is on the disk.
            _ = check.file.sync()
            entry.mark = check.mark
        case (.items, false):
            _ = files.reopen(key)
            punch(key, check.bad, layout)
        case (.partial, true): entry.mark = files.finish(key, checked: check)
        case (.partial, false): punch(key, check.bad, layout)
        }
        entry.mayBeBought = entry.mayBeBought || entry.mark != nil
        if entry.mark == nil { entry.mayBeBought = false }
        entries[key] = entry
        return check.good
    }

    private func punch(_ key: String, _ chunks: [Int32], _ layout: ChunkLayout) {
        for chunk in chunks {
            let start = layout.offset(ofChunk: chunk)
            files.punch(key, start..<(start + layout.bytes(ofChunk: chunk)))
        }
    }

    /// Deletes chunks of an item, or all of it.
    func remove(_ key: String, _ chunks: RangeSet32?, layout: ChunkLayout?) {
        guard let chunks, let layout, let entry = entries[key] else {
            files.remove(key)
            return forget(key)
        }
        let left = entry.chunks.subtracting(chunks)
        guard !left.isEmpty else {
            files.remove(key)
            return forget(key)
        }
        if entry.mark != nil { _ = files.reopen(key) }
        for range in chunks.ranges {
            let start = layout.offset(ofChunk: range.lowerBound)
            files.punch(key, start..<(start + layout.bytes(in: range)))
        }
        hold(key, left, layout)
        entries[key]?.mark = nil
        entries[key]?.mayBeBought = false
    }

    /// Remembers which chunks of an unfinished item are there.
    func hold(_ key: String, _ chunks: RangeSet32, _ layout: ChunkLayout) {
        entries[key]?.chunks = chunks
        entries[key]?.heldBytes = chunks.ranges.reduce(0) { $0 + layout.bytes(in: $1) }
    }
}

extension ShelfEntry {
    /// What is known of an item by its index and the chunks that are there.
    init(
        key: String, index: ChunkIndex, digest: Digest, layout: ChunkLayout, chunks: RangeSet32
    ) {
        self.init(
            key: key, title: index.title, version: index.version, name: "",
            totalBytes: layout.totalBytes, chunkCount: layout.count, index: digest, chunks: chunks,
            heldBytes: chunks.ranges.reduce(0) { $0 + layout.bytes(in: $1) }, mark: nil,
            mayBeBought: false)
    }
}
