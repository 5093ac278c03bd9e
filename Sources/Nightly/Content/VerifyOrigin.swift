import Catalogue
import Content
import Manifest
import Quantities

/// Reads an origin's folder and checks that everything in it is what its name says.
package enum VerifyOrigin {
    /// Something that isn't what it should be.
    package struct Finding: Hashable, Sendable {
        /// What kind it is, stable for programs.
        package enum Kind: String, Hashable, Sendable {
            /// A chunk's bytes aren't those that the index names.
            case badChunk = "bad_chunk"
            /// A blob is missing, has another size, or has good chunks and not the digest that its
            /// name says.
            case badBlob = "bad_blob"
            /// An index isn't what its name says.
            case badIndex = "bad_index"
            /// A file of the catalogue isn't what its name says, or is missing.
            case badCatalogue = "bad_catalogue"
            /// It lies there and nothing names it: no harm, but it takes room.
            case unused
        }

        package var kind: Kind
        /// The file.
        package var path: String
        /// The item key; empty when it is about none.
        package var item: String
        /// The chunk's number; nil when it is about none.
        package var chunk: Int32?
        /// One sentence, without a full stop.
        package var message: String

        /// Whether devices can be hurt by it.
        package var isBad: Bool { kind != .unused }
    }

    /// What was read.
    package struct Report: Hashable, Sendable {
        /// How many were good.
        package var indexes: Int64 = 0
        /// How many were read, bad ones among them.
        package var chunks: Int64 = 0
        /// Of blobs.
        package var bytes: Int64 = 0
        /// How many findings are bad.
        package var bad: Int64 = 0
        /// How many things lie there unused.
        package var unused: Int64 = 0
        /// How long it took.
        package var seconds = 0.0
    }

    /// Reads indexes, blobs and catalogue. Changes nothing.
    ///
    /// - Parameters:
    ///   - path: of the origin's folder.
    ///   - found: told each finding as it is found.
    ///   - progress: told the bytes that were read.
    /// - Throws: when there is no such folder, or it can't be read.
    /// - Returns: what was read.
    package static func run(
        _ path: String, found: @escaping (Finding) -> Void, progress: @escaping (Int64) -> Void
    ) throws -> Report {
        guard Files.kind(path) == .folder else {
            throw NightlyError(
                .failed, "there is no folder '\(path)'",
                hint: "name an origin's folder with --origin DIR")
        }
        let start = Steady.seconds()
        let reading = OriginReading(OriginFolder(path), found: found, progress: progress)
        try reading.readIndexes()
        try reading.readCatalogue()
        reading.report.seconds = Steady.seconds() - start
        return reading.report
    }
}

/// One reading of an origin.
private final class OriginReading {
    private let origin: OriginFolder
    private let found: (VerifyOrigin.Finding) -> Void
    private let progress: (Int64) -> Void
    private var buffer: [UInt8] = []
    private var used: Set<Digest> = []
    var report = VerifyOrigin.Report()

    init(
        _ origin: OriginFolder, found: @escaping (VerifyOrigin.Finding) -> Void,
        progress: @escaping (Int64) -> Void
    ) {
        self.origin = origin
        self.found = found
        self.progress = progress
    }

    private func tell(
        _ kind: VerifyOrigin.Finding.Kind, _ path: String, _ message: String, item: String = "",
        chunk: Int32? = nil
    ) {
        let finding = VerifyOrigin.Finding(
            kind: kind, path: path, item: item, chunk: chunk, message: message)
        if finding.isBad { report.bad += 1 } else { report.unused += 1 }
        found(finding)
    }

    func readIndexes() throws(NightlyError) {
        let indexes = try origin.digests(in: "indexes")
        for digest in indexes.named {
            do throws(NightlyError) {
                guard let index = try origin.readIndex(digest) else { continue }
                report.indexes += 1
                used.insert(index.blob)
                try readBlob(of: index)
            } catch {
                // The path is told beside the message.
                let path = origin.index(digest)
                let message = error.message
                tell(
                    .badIndex, path,
                    message.hasPrefix("\(path): ")
                        ? String(message.dropFirst(path.count + 2)) : message)
            }
        }
        for path in indexes.strays { tell(.unused, path, "no index") }
        let blobs = try origin.digests(in: "blobs")
        for digest in blobs.named where !used.contains(digest) {
            tell(.unused, origin.blob(digest), "no index names it")
        }
        for path in blobs.strays { tell(.unused, path, "no blob") }
    }

    private func readBlob(of index: ChunkIndex) throws(NightlyError) {
        let path = origin.blob(index.blob)
        let key = ManifestNames.item(title: index.title, version: index.version)
        let layout = index.layout
        guard let size = Files.size(path) else {
            tell(.badBlob, path, "it is missing", item: key)
            return
        }
        if size != layout.totalBytes {
            tell(
                .badBlob, path, "it has \(size) bytes, not \(layout.totalBytes)", item: key)
        }
        let file = try ContentFile(reading: path)
        var whole = SHA256Stream()
        var (offset, bad): (Int64, Int64) = (0, 0)
        for chunk in 0..<layout.count {
            let count = Int(layout.bytes(ofChunk: chunk))
            let got = try? file.read(count, at: offset, into: &buffer)
            if got == count, SHA256Stream.digest(buffer[..<count]) == index.chunks[Int(chunk)] {
                whole.add(buffer[..<count])
            } else {
                bad += 1
                let what =
                    got == nil ? "it can't be read" : got == count ? "other bytes" : "cut off"
                tell(.badChunk, path, "chunk \(chunk): \(what)", item: key, chunk: chunk)
            }
            offset += Int64(count)
            report.chunks += 1
            report.bytes += Int64(got ?? 0)
            progress(report.bytes)
        }
        if bad == 0, size == layout.totalBytes, whole.digest != index.blob {
            tell(.badBlob, path, "its chunks are good and it isn't: the index is wrong", item: key)
        }
    }

    /// The root's shards and what they name; whether the root may be trusted is
    /// `catalogue verify`'s to say.
    func readCatalogue() throws(NightlyError) {
        guard Files.kind(origin.rootPath) != nil else { return }
        do {
            let json = try Files.read(origin.rootPath, limit: CatalogueFiles.rootLimit)
            let root = try CatalogueRoot(json: json)
            for shard in Set(root.shards).sorted(by: { $0.hex < $1.hex }) { readShard(shard) }
        } catch { tell(.badCatalogue, origin.rootPath, "\(error)") }
        if Files.kind(origin.signaturePath) == nil {
            tell(.badCatalogue, origin.signaturePath, "it is missing")
        }
    }

    private func readShard(_ digest: Digest) {
        let path = origin.shard(digest)
        do {
            let json = try Files.read(path, limit: CatalogueShard.textLimit)
            for entry in try CatalogueShard(json: json, named: digest).entries
            where Files.kind(origin.index(entry.index)) == nil {
                tell(
                    .badCatalogue, origin.index(entry.index),
                    "the catalogue names it, and it is missing", item: entry.item)
            }
        } catch { tell(.badCatalogue, path, "\(error)") }
    }
}
