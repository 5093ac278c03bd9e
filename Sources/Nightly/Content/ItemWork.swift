import Content
import Quantities

/// The folder of an item that is being ingested: what a run that is cut short leaves to the next.
///
/// It has the blob before it gets its name, the journal of its chunks, and, from before the index
/// is published until the item is noted in the store, the index's digest. A blob that has a name is
/// never written to.
struct ItemWork {
    private let origin: OriginFolder
    private let folder: String

    init(_ key: String, in origin: OriginFolder) {
        self.origin = origin
        folder = origin.work(key)
    }

    /// Where the chunks that were written are noted.
    var journalPath: String { Files.path(folder, "journal") }
    private var blobPath: String { Files.path(folder, "blob") }
    private var pendingPath: String { Files.path(folder, "index") }

    /// Opens the blob that has no name yet, made when it isn't there.
    ///
    /// A file that has another name besides is let alone: that may be a published one.
    func openBlob() throws(NightlyError) -> ContentFile {
        try Files.makeFolder(folder)
        if Files.hasOtherNames(blobPath) { Files.remove(blobPath) }
        return try ContentFile(keeping: blobPath)
    }

    /// Gives the blob its name; here it has none from then on, so nothing can write to it any more.
    func publishBlob(_ digest: Digest) throws(NightlyError) {
        let name = origin.blob(digest)
        try Files.rename(blobPath, to: name)
        try Files.syncFolder(Files.folder(of: name))
    }

    /// The index that a run before published, or was about to, and perhaps didn't note in the
    /// store; nil when there is none.
    var pending: Digest? {
        guard let text = try? Files.read(pendingPath, limit: 64) else { return nil }
        return Digest(hex: String(decoding: text, as: UTF8.self))
    }

    /// Notes which index is about to be published.
    func setPending(_ index: Digest) throws(NightlyError) {
        try Files.makeFolder(folder)
        try Files.keep(pendingPath, Array(index.hex.utf8))
    }

    /// Removes blob and journal, of which nothing can be used; what was published stays known.
    func forgetBytes() {
        Files.remove(blobPath)
        Files.remove(journalPath)
        if pending == nil { try? Files.removeTree(folder) }
    }

    /// Removes what is no longer needed when the item is at the origin and in the store.
    func tidy() throws(NightlyError) { try Files.removeTree(folder) }
}
