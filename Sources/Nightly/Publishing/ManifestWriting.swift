import Catalogue
import Dispatch
import Fleet
import Manifest
import Quantities
import Schedule
import Synchronization

/// Draws up, signs and places the manifests of one publication, on several threads.
///
/// Devices are handed out folder by folder; what is written depends on the plan
/// alone, so neither the number of threads nor their pace can be seen in it.
struct ManifestWriting {
    let index: ManifestIndex
    let printer: ManifestPrinter
    let fleet: Fleet
    let key: SigningKey
    /// Nil: no Metalinks are written.
    let metalinks: DeviceMetalinks?
    /// At least 1.
    let threads: Int
    /// Whether the terms are those of the current publication: no manifest can be as it was
    /// otherwise, for each has its publication's number in it.
    let isRepeated: Bool

    /// What becomes of the files.
    enum Target: Sendable {
        /// They are put into a new folder.
        case folder(PublishedFolder)
        /// Nothing is written: they are looked for in the folder at this path.
        case comparison(String)

        /// Puts a file there, or says whether it is there.
        ///
        /// - Parameters:
        ///   - bytes: the whole file.
        ///   - path: where it is to be in the folder.
        ///   - mayBeUnchanged: false for what can't be as it was published before.
        /// - Throws: when it can't be written.
        /// - Returns: what became of it.
        func place(_ bytes: [UInt8], at path: String, mayBeUnchanged: Bool) throws(NightlyError)
            -> PublishedFolder.Placement
        {
            switch self {
            case .folder(let folder):
                try folder.place(bytes, at: path, mayBeUnchanged: mayBeUnchanged)
            case .comparison(let folder):
                Files.holds(Files.path(folder, path), exactly: bytes) ? .unchanged : .written
            }
        }
    }

    /// What was placed.
    struct Counts: Hashable, Sendable {
        var manifests: Int64 = 0
        var unchanged: Int64 = 0
        var metalinks: Int64 = 0
        /// Metalinks that differ from those that were published before.
        var newMetalinks: Int64 = 0
        var bytes: Int64 = 0
    }

    /// Where the manifest of a device is, relative to its folder: `3f/DEVICE.json`.
    ///
    /// The two digits are the first byte of the SHA-256 of the file's name without `.json`.
    static func path(of device: String) -> String { path(of: device, folder: folder(of: device)) }

    private static func path(of device: String, folder: Int) -> String {
        "\(PublishedFolder.digits(folder))/\(ManifestNames.device(device)).json"
    }

    private static func folder(of device: String) -> Int {
        Int(FileBytes.digest(ManifestNames.device(device).utf8).words.0 >> 56)
    }

    /// All devices that get a manifest, by folder.
    ///
    /// Files of one folder lie together on a disk, so that writing and later removing them goes
    /// along it; and no two threads write to one, which would wait for each other.
    private var folders: [[Int32]] {
        let devices = index.devices
        let numbers = Cores(threads: threads).map(over: devices.count) { range in
            devices[range].map { ManifestWriting.folder(of: fleet.devices[Int($0)].id) }
        }
        var folders = [[Int32]](repeating: [], count: 256)
        for (device, folder) in zip(devices, numbers.joined()) { folders[folder].append(device) }
        return folders
    }

    /// Writes all of them.
    ///
    /// - Parameters:
    ///   - target: where they go.
    ///   - progress: told how many are done; called from one thread at a time.
    /// - Throws: the first failure; the folder must then be given up.
    /// - Returns: what was placed.
    func run(into target: Target, progress: (Int64) -> Void) throws -> Counts {
        let folders = folders
        let shared = Mutex(Shared())
        withoutActuallyEscaping(progress) { progress in
            let report = Progress(progress)
            DispatchQueue.concurrentPerform(iterations: max(1, threads)) { thread in
                while let folder = ManifestWriting.next(shared, folders.count) {
                    let result = Result { () throws(NightlyError) in
                        try write(folders[folder], of: folder, into: target)
                    }
                    let done = shared.withLock { $0.add(result) }
                    if thread == 0 { report.call(done) }
                }
            }
        }
        let end = shared.withLock { $0 }
        if let failure = end.failure { throw failure }
        return end.counts
    }

    private struct Shared: Sendable {
        var nextFolder = 0
        var counts = Counts()
        var failure: NightlyError?

        mutating func add(_ result: Result<Counts, NightlyError>) -> Int64 {
            switch result {
            case .success(let counts):
                self.counts.manifests += counts.manifests
                self.counts.unchanged += counts.unchanged
                self.counts.bytes += counts.bytes
                self.counts.metalinks += counts.metalinks
                self.counts.newMetalinks += counts.newMetalinks
            case .failure(let error): failure = failure ?? error
            }
            return self.counts.manifests
        }
    }

    /// The next folder, nil when all are handed out or something failed.
    private static func next(_ shared: borrowing Mutex<Shared>, _ count: Int) -> Int? {
        shared.withLock { shared in
            guard shared.failure == nil, shared.nextFolder < count else { return nil }
            shared.nextFolder += 1
            return shared.nextFolder - 1
        }
    }

    private func write(_ devices: [Int32], of folder: Int, into target: Target)
        throws(NightlyError) -> Counts
    {
        var counts = Counts()
        var sheet = ManifestSheet()
        for device in devices {
            printer.write(device, on: &sheet)
            let signature = try minisig(of: sheet.bytes, device)
            let path = ManifestWriting.path(
                of: fleet.devices[Int(device)].id, folder: folder)
            let json = try target.place(sheet.bytes, at: path, mayBeUnchanged: isRepeated)
            let minisig = try target.place(
                signature, at: path + ".minisig", mayBeUnchanged: isRepeated)
            counts.manifests += 1
            counts.unchanged += json == .unchanged && minisig == .unchanged ? 1 : 0
            counts.bytes += Int64(sheet.bytes.count + signature.count)
            if let list = metalinks?.list(index.draft(forDevice: device).content) {
                let name = path.dropLast(".json".utf8.count) + ".meta4"
                let placement = try target.place(list, at: String(name), mayBeUnchanged: true)
                counts.metalinks += 1
                counts.newMetalinks += placement == .unchanged ? 0 : 1
            }
        }
        return counts
    }

    private func minisig(of bytes: [UInt8], _ device: Int32) throws(NightlyError) -> [UInt8] {
        do throws(KeyFault) {
            return try key.minisig(
                of: bytes, trustedComment: printer.trustedComment(forDevice: device))
        } catch {
            throw NightlyError(.untrusted, "a manifest can't be signed: \(error)")
        }
    }
}

/// A closure that only one thread calls.
private struct Progress: @unchecked Sendable {
    let call: (Int64) -> Void

    init(_ call: @escaping (Int64) -> Void) { self.call = call }
}
