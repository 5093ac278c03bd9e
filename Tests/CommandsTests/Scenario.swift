import Foundation
import TestSupport
import Testing

/// A workspace `w` in a folder of its own, for commands as a user types them; it goes away with the
/// last reference.
final class Scenario: Sendable {
    /// The evening of the night that made-up fleets are for, two hours before it begins.
    static let now = "2026-11-24T20:00:00Z"
    static let night = "2026-11-24"

    /// Commands run here.
    let folder: URL

    /// An empty workspace that searches no further than a first plan, so that nights are quick.
    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "mediaplan-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try succeed("mediaplan init w")
        try set("effort", "0")
    }

    /// The same with a made-up fleet in the drop folders.
    convenience init(devices: Int, titles: Int, options: String = "") throws {
        try self.init()
        try succeed(
            "mediaplan synth w/drop --devices \(devices) --titles \(titles) --seed 7"
                + " --night \(Scenario.night) \(options)")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Runs `command` in the folder, whatever its status.
    func run(_ command: String) throws -> Program.Result {
        try Program.shell(command, in: folder)
    }

    /// Runs `command`, which must end with 0.
    @discardableResult
    func succeed(_ command: String, sourceLocation: SourceLocation = #_sourceLocation) throws
        -> String
    {
        let result = try run(command)
        #expect(
            result.status == 0, "$ \(command)\n\(result.output)", sourceLocation: sourceLocation)
        return result.output
    }

    /// Runs `command`, which must end with `status` and say each of `texts`.
    @discardableResult
    func end(
        _ command: String, with status: Int32, saying texts: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let result = try run(command)
        let told = texts.filter { !result.output.contains($0) }
        #expect(
            result.status == status && told.isEmpty,
            "$ \(command)\n\(result.output)[\(result.status)]; lacking: \(told)",
            sourceLocation: sourceLocation)
        return result.output
    }

    /// Sets each line of the configuration that has this name, whatever its group.
    func set(_ name: String, _ value: String) throws {
        let lines = try text("w/mediaplan.yaml").split(
            separator: "\n", omittingEmptySubsequences: false)
        try #require(lines.contains { $0.hasPrefix("  \(name):") })
        let changed = lines.map { $0.hasPrefix("  \(name):") ? "  \(name): \(value)" : $0 }
        try write("w/mediaplan.yaml", changed.joined(separator: "\n"))
    }
}

// Files.

extension Scenario {
    func url(_ path: String) -> URL { folder.appending(path: path) }

    func write(_ path: String, _ text: String) throws { try write(path, Array(text.utf8)) }

    func write(_ path: String, _ bytes: [UInt8]) throws {
        let file = url(path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: url(path))) }

    func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: url(path)), as: UTF8.self)
    }

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: url(path).path)
    }

    /// Paths of all files below `path`, relative to it, ascending; `path` may be a link.
    func paths(below path: String) throws -> [String] {
        let folder = url(path).resolvingSymlinksInPath()
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
            var isFolder: ObjCBool = false
            let whole = folder.appending(path: $0).path
            return FileManager.default.fileExists(atPath: whole, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    /// Every file below `path` by its path relative to it.
    func files(below path: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try paths(below: path) { files[name] = try bytes("\(path)/\(name)") }
        return files
    }

    /// What `published/current` points at.
    var current: String {
        get throws {
            try FileManager.default.destinationOfSymbolicLink(
                atPath: url("w/published/current").path)
        }
    }

    /// Every manifest of the current publication as JSON, by its path.
    func manifests() throws -> [String: [String: Any]] {
        var manifests: [String: [String: Any]] = [:]
        for path in try paths(below: "w/published/current")
        where path.hasSuffix(".json") && path.contains("/") {
            let data = Data(try bytes("w/published/current/\(path)"))
            manifests[path] = try #require(
                try JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
        return manifests
    }

    /// The store's bytes, without the counters in its first page by which SQLite tells that the
    /// file was opened for writing (its file format, sections 1.3.7, 1.3.9 and 1.3.16).
    func store() throws -> [UInt8] {
        #expect(!exists("w/store.sqlite-wal"), "the store was not closed")
        var bytes = try bytes("w/store.sqlite")
        for counter in [24..<28, 40..<44, 92..<96] {
            for place in counter { bytes[place] = 0 }
        }
        return bytes
    }

    /// Everything that the store holds of the fleet, as tables.
    func tables() throws -> String {
        try succeed(
            """
            for table in titles items sites origins accounts devices holdings wishes links; do
                mediaplan show $table -w w --format csv || exit
            done
            """)
    }
}

/// Whether a program is installed; tests that need one are skipped without it.
func isInstalled(_ program: String) -> Bool {
    ["/usr/local/bin", "/usr/bin", "/bin"].contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
}
