import Glibc

/// The files of items: finished ones under `items/`, others, with holes for what is missing, under
/// `partial/`.
///
/// Every name that comes here was checked by ``ItemName``. Links are never followed.
final class ShelfFiles {
    private let folder: StateFolder
    /// Partial files that are written to, by item key.
    private var writing: [String: Descriptor] = [:]
    private static let mostOpen = 64

    init(_ folder: StateFolder) { self.folder = folder }

    /// Where an item's bytes lie.
    enum Place: Hashable, Sendable {
        case items
        case partial
    }

    private func descriptor(_ place: Place) -> Descriptor {
        place == .items ? folder.items : folder.partial
    }

    /// Keys of the regular files in a place, ascending. Names that aren't item keys are left alone.
    func keys(_ place: Place) -> [String] {
        let path = folder.path(of: place == .items ? "items" : "partial")
        return SmallFiles.names(in: path).filter { ItemName.isSafe($0) && isFile($0, place) }
    }

    private func isFile(_ key: String, _ place: Place) -> Bool {
        var status = stat()
        return fstatat(descriptor(place).raw, key, &status, AT_SYMLINK_NOFOLLOW) == 0
            && status.st_mode & S_IFMT == S_IFREG
    }

    /// Opens an item to read it; nil when it isn't there.
    func open(_ key: String, _ place: Place) -> Descriptor? {
        Descriptor(key, in: descriptor(place), O_RDONLY)
    }

    /// Opens an item wherever it lies.
    func open(_ key: String) -> Descriptor? { open(key, .items) ?? open(key, .partial) }

    /// Writes a part of an item that isn't finished; nil when that is done, else the system's
    /// number.
    func write(
        _ key: String, _ bytes: UnsafeRawBufferPointer, at offset: Int64, totalBytes: Int64
    ) -> Int32? {
        guard let file = opened(key, totalBytes: totalBytes) else { return errno }
        let code = file.write(bytes, at: offset)
        if code == nil {
            LinuxCalls.beginWriting(file.raw, offset..<(offset + Int64(bytes.count)))
        }
        return code
    }

    private func opened(_ key: String, totalBytes: Int64) -> Descriptor? {
        if let file = writing[key] { return file }
        guard let file = Descriptor(key, in: folder.partial, O_RDWR | O_CREAT) else { return nil }
        if file.mark?.sizeBytes != totalBytes, ftruncate(file.raw, off_t(totalBytes)) != 0 {
            return nil
        }
        if writing.count >= ShelfFiles.mostOpen { writing.removeAll() }
        writing[key] = file
        return file
    }

    /// Makes a partial file the finished one: its bytes, then its name, are on the disk before this
    /// returns its mark. Nil, with `errno` set, when that fails; then it stays partial.
    ///
    /// After a check it must be the very file that was checked, as it was when that began.
    func finish(_ key: String, checked check: ChunkCheck? = nil) -> FileMark? {
        let open = writing.removeValue(forKey: key) ?? Descriptor(key, in: folder.partial, O_RDWR)
        if let check, check.mark == nil || open?.mark != check.mark { return nil }
        guard let file = open, file.sync(),
            renameat(folder.partial.raw, key, folder.items.raw, key) == 0,
            folder.items.sync(), folder.partial.sync()
        else { return nil }
        return file.mark
    }

    /// Makes a finished file a partial one again; a partial one of that name is replaced.
    func reopen(_ key: String) -> Bool {
        writing[key] = nil
        return renameat(folder.items.raw, key, folder.partial.raw, key) == 0
            && folder.items.sync() && folder.partial.sync()
    }

    /// Deletes an item, wherever it lies.
    func remove(_ key: String) {
        writing[key] = nil
        for place in [folder.items, folder.partial] { _ = unlinkat(place.raw, key, 0) }
    }

    /// Gives the disk the space of a part of a partial file back; where the disk can't, it stays
    /// until all of the item goes.
    func punch(_ key: String, _ range: Range<Int64>) {
        guard let file = Descriptor(key, in: folder.partial, O_RDWR) else { return }
        _ = LinuxCalls.punchHole(file.raw, range)
    }

    /// Closes what was opened to write, after its bytes are on the disk.
    func close() {
        for file in writing.values { _ = file.sync() }
        writing.removeAll()
    }

    /// Whether the item was bought.
    func isBought(_ key: String) -> Bool {
        var status = stat()
        return lstat(folder.path(of: "bought/\(key)"), &status) == 0
    }
}
