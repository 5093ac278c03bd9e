import Glibc
package import Quantities

/// A new folder of manifests beside the current one, switched in when it is whole.
///
/// Files go to `published/NAME.new/XX/FILE`, XX being two hexadecimal digits that
/// follow from the file's name, so that no folder grows beyond a few thousand
/// entries for a million devices. A file whose bytes equal those in the current
/// folder is a hard link to it: same inode, same time. Then everything is
/// flushed at once, the folder gets its name, and `published/current`, a
/// symbolic link, is replaced by one rename. A run that is cut short leaves
/// `current` as it was; what it left over is removed by the next.
package struct PublishedFolder: Sendable {
    /// `published`.
    package let root: String
    /// The name that the folder will have.
    package let name: String
    /// The folder that is current now; nil when there is none.
    package let previous: String?

    /// What became of one file.
    package enum Placement: Hashable, Sendable {
        case written
        case unchanged
    }

    /// Begins a folder, with all 256 subfolders.
    package init(root: String, name: String) throws(NightlyError) {
        self.root = root
        self.name = name
        previous = PublishedFolder.current(in: root).map { Files.path(root, $0) }
        try Files.makeFolder(root)
        try Files.removeTree(building)
        try Files.makeFolder(building)
        for shard in 0..<256 { try Files.makeFolder(Files.path(building, Self.digits(shard))) }
    }

    /// Where the folder is while it is being made.
    private var building: String { Files.path(root, "\(name).new") }
    /// Where it will be.
    package var path: String { Files.path(root, name) }

    /// Puts a file into the folder; may be called from several threads for different files.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - relative: where it is to be in the folder.
    ///   - mayBeUnchanged: false saves the look at the current folder's file.
    /// - Throws: when it can't be written.
    /// - Returns: what became of it.
    package func place(_ bytes: [UInt8], at relative: String, mayBeUnchanged: Bool = true)
        throws(NightlyError) -> Placement
    {
        let target = Files.path(building, relative)
        if mayBeUnchanged, let previous {
            let old = Files.path(previous, relative)
            if Files.holds(old, exactly: bytes), link(old, target) == 0 { return .unchanged }
        }
        try Files.write(bytes, to: target, syncing: false)
        return .written
    }

    /// Adds `publication.json` and publishes.
    ///
    /// - Throws: when something can't be written; the current folder stays.
    func finish(_ summary: [UInt8]) throws(NightlyError) {
        _ = try place(summary, at: PublicationFile.name)
        try publish()
    }

    /// Flushes everything, gives the folder its name and makes it current.
    package func publish() throws(NightlyError) {
        try Files.syncFileSystem(building)
        try Files.removeTree(path)
        try Files.rename(building, to: path)
        try Files.syncFolder(root)
        try PublishedFolder.switchCurrent(to: name, in: root)
    }

    /// The name of the folder that `current` points at; nil when there is none.
    package static func current(in root: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { readlink(Files.path(root, "current"), $0, text.count) } ?? -1
            }
        }
        guard count > 0 else { return nil }
        let name = String(decoding: buffer[..<count], as: UTF8.self)
        return Files.kind(Files.path(root, name)) == .folder ? name : nil
    }

    /// Makes `current` point at `name` in one step.
    private static func switchCurrent(to name: String, in root: String) throws(NightlyError) {
        let temporary = Files.temporary(Files.path(root, "current"))
        Files.remove(temporary)
        guard symlink(name, temporary) == 0 else { throw fileFault("write", temporary) }
        try Files.rename(temporary, to: Files.path(root, "current"))
        try Files.syncFolder(root)
    }

    /// Removes published folders but those of the newest `kept` nights, and whatever unfinished
    /// runs left.
    ///
    /// The night of the current folder is always kept. Of a night its last folder stays, of the
    /// current one also the folder before, for downloads that have begun. What has another name
    /// than a publication's is left alone.
    package static func prune(root: String, kept: Int, by workers: some Workers = OneWorker())
        throws(NightlyError)
    {
        guard Files.kind(root) == .folder else { return }
        try sweep(root: root)
        let current = current(in: root)
        let currentNight = current.flatMap(night)
        let folders = try FolderScan.names(in: root).compactMap { name in
            publication(of: name).map { (name: name, night: $0.night, number: $0.number) }
        }.sorted { ($0.number, $0.name) > ($1.number, $1.name) }
        let stay = keptNights(folders.map(\.night), current: currentNight, count: kept)
        var seen: [CivilDate: Int] = [:]
        for (name, night, _) in folders {
            seen[night, default: 0] += 1
            let most = stay.contains(night) ? (night == currentNight ? 2 : 1) : 0
            guard name != current, seen[night, default: 0] > most else { continue }
            try Files.removeTree(Files.path(root, name), by: workers)
        }
    }

    /// What a folder's name says, `DATE.NUMBER`, with `.again` after it when it replaced a damaged
    /// one; nil for any other name.
    private static func publication(of name: String) -> (night: CivilDate, number: Int64)? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 || (parts.count == 3 && parts[2] == "again"), parts[1].count >= 6,
            parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let number = Int64(parts[1])
        else { return nil }
        return CivilDate(parts[0]).map { ($0, number) }
    }

    /// The night of a publication by its folder's name; nil for a name of something else.
    static func night(of name: String) -> CivilDate? { publication(of: name)?.night }

    /// `count` nights: the current one and the newest of the others; without one, the newest.
    static func keptNights(_ nights: [CivilDate], current: CivilDate?, count: Int)
        -> Set<CivilDate>
    {
        let others = Set(nights).filter { $0 != current }.sorted()
        let newest = others.suffix(max(0, count - (current == nil ? 0 : 1)))
        return Set(newest).union(current.map { [$0] } ?? [])
    }

    /// Removes whatever unfinished runs left.
    static func sweep(root: String) throws(NightlyError) {
        guard Files.kind(root) == .folder else { return }
        for name in try FolderScan.names(in: root)
        where isUnfinished(name) || Files.isTemporary(name) {
            try Files.removeTree(Files.path(root, name))
        }
    }

    private static func isUnfinished(_ name: String) -> Bool {
        name.hasSuffix(".new") && night(of: String(name.dropLast(4))) != nil
    }

    /// Gives the folder up, so that it takes no room from the next run; ``publish()`` can't follow.
    func abandon() { try? Files.removeTree(building) }

    /// Two lower-case hexadecimal digits.
    static func digits(_ byte: Int) -> String {
        let text = String(byte, radix: 16)
        return text.utf8.count < 2 ? "0" + text : text
    }
}
