import Content
import Quantities

/// Reads everything on the shelf again: for `mediaplan-agent verify`.
package enum ShelfVerification {
    /// What was found of one item.
    package struct Finding: Hashable, Sendable {
        /// The item key.
        package var key: String
        package var chunkCount: Int32
        /// How many chunks are there and good.
        package var goodCount: Int
        /// Numbers of the chunks that lie there and are bad, ascending.
        package var bad: [Int32]
        /// Whether its index is there: without it nothing can be checked.
        package var isKnown: Bool
    }

    /// Checks each item and calls `found`, ascending by key. Bad chunks go back to what is to be
    /// fetched; a complete item with one is no longer complete.
    ///
    /// - Throws: of kind `locked` while an agent works in the folder.
    package static func verify(_ path: String, found: (Finding) -> Void) throws(AgentError) {
        let settings = try Settings.read(path)
        let folder = try StateFolder(working: path)
        let shelf = Shelf(folder)
        let indexes = IndexFiles(folder, limitBytes: settings.maxIndexBytes)
        let places =
            shelf.files.keys(.items).map { ($0, ShelfFiles.Place.items) }
            + shelf.files.keys(.partial).map { ($0, .partial) }
        for (key, place) in places.sorted(by: { $0.0 < $1.0 }) {
            guard let digest = shelf.entry(key)?.index, let index = indexes.read(digest),
                let file = shelf.files.open(key, place)
            else {
                found(
                    Finding(key: key, chunkCount: 0, goodCount: 0, bad: [], isKnown: false))
                continue
            }
            let check = ChunkCheck(file, index)
            while check.step() {}
            let good = shelf.settle(key, place, check, digest: digest)
            found(
                Finding(
                    key: key, chunkCount: Int32(index.chunks.count), goodCount: good.count,
                    bad: place == .items ? bad(check, good) : check.bad, isKnown: true))
        }
        shelf.save()
    }

    /// Of a finished item, chunks of which nothing lies there are bad too.
    private static func bad(_ check: ChunkCheck, _ good: RangeSet32) -> [Int32] {
        let all = RangeSet32(0..<Int32(check.index.chunks.count))
        return all.subtracting(good).ranges.flatMap { Array($0) }
    }
}
