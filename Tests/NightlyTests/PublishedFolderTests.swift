import Foundation
import Nightly
import Testing

/// Folders of manifests: built aside, switched in whole.
@Suite struct PublishedFolderTests {
    private func publish(_ files: [String: String], as name: String, in root: String) throws
        -> [String: PublishedFolder.Placement]
    {
        let folder = try PublishedFolder(root: root, name: name)
        var placements: [String: PublishedFolder.Placement] = [:]
        for (path, text) in files {
            placements[path] = try folder.place(Array(text.utf8), at: path)
        }
        try folder.publish()
        return placements
    }

    private func inode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int)
    }

    @Test func `switches a whole folder in and leaves unchanged files untouched`() throws {
        let scratch = try Scratch()
        let root = scratch.path + "/published"
        let first = try publish(["0a/x.json": "x1", "ff/y.json": "y1"], as: "1", in: root)
        #expect(first == ["0a/x.json": .written, "ff/y.json": .written])
        #expect(PublishedFolder.current(in: root) == "1")
        let before = try inode(root + "/current/ff/y.json")
        let second = try publish(["0a/x.json": "x2", "ff/y.json": "y1"], as: "2", in: root)
        #expect(second == ["0a/x.json": .written, "ff/y.json": .unchanged])
        #expect(PublishedFolder.current(in: root) == "2")
        #expect(try inode(root + "/current/ff/y.json") == before)
        #expect(try Files.read(root + "/current/0a/x.json") == Array("x2".utf8))
        #expect(try Files.read(root + "/1/0a/x.json") == Array("x1".utf8))
    }

    @Test func `leaves what is current when it is given up, and cleans up afterwards`() throws {
        let scratch = try Scratch()
        let root = scratch.path + "/published"
        _ = try publish(["00/a": "1"], as: "1", in: root)
        let abandoned = try PublishedFolder(root: root, name: "2026-11-24.000002")
        _ = try abandoned.place([1], at: "00/a")
        #expect(PublishedFolder.current(in: root) == "1")
        try PublishedFolder.prune(root: root, kept: 5)
        #expect(try FolderScan.names(in: root) == ["1", "current"])
    }

    @Test func `makes a folder again that an earlier run left without switching`() throws {
        let scratch = try Scratch()
        let root = scratch.path + "/published"
        _ = try publish(["00/a": "1"], as: "1", in: root)
        _ = try publish(["00/a": "2"], as: "1", in: root)
        #expect(try Files.read(root + "/current/00/a") == Array("2".utf8))
    }

    @Test(arguments: [
        (1, ["24.000003", "24.000004"]), (2, ["23.000002", "24.000003", "24.000004"]),
        (9, ["22.000001", "23.000002", "24.000003", "24.000004"]),
    ])
    func `keeps the newest nights and what it didn't make`(kept: Int, days: [String]) throws {
        let scratch = try Scratch()
        let root = scratch.path + "/published"
        for name in ["22.000001", "23.000002", "24.000001", "24.000003", "24.000004"] {
            _ = try publish(["00/a": name], as: "2026-11-" + name, in: root)
        }
        let foreign = ["1", "2026-11-20", "2026-11-20.old", "notes.new"]
        for name in foreign { try Files.makeFolder(root + "/" + name) }
        try PublishedFolder.prune(root: root, kept: kept)
        let expected = days.map { "2026-11-" + $0 } + foreign + ["current"]
        #expect(try Set(FolderScan.names(in: root)) == Set(expected))
        #expect(try Files.read(root + "/current/00/a") == Array("24.000004".utf8))
    }

    @Test func `keeps the current night, though later ones were published`() throws {
        let scratch = try Scratch()
        let root = scratch.path + "/published"
        let names = ["2026-11-29.000001", "2026-11-30.000002", "2026-11-24.000003"]
        for name in names { _ = try publish(["00/a": name], as: name, in: root) }
        try PublishedFolder.prune(root: root, kept: 2)
        #expect(try FolderScan.names(in: root) == [names[2], names[1], "current"])
    }

    @Test func `removes a tree without following links out of it`() throws {
        let scratch = try Scratch()
        try scratch.write("outside/kept", "x")
        try scratch.write("tree/a/b/c", "x")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path + "/tree/link", withDestinationPath: scratch.path + "/outside")
        try Files.removeTree(scratch.path + "/tree")
        #expect(try FolderScan.names(in: scratch.path) == ["outside"])
        #expect(try Files.read(scratch.path + "/outside/kept") == Array("x".utf8))
    }
}

/// The Prometheus textfile.
@Suite struct MetricsTests {
    @Test func `writes gauges with help, escaped labels and whole numbers plainly`() {
        let metrics = Metrics([
            Metrics.Family("last_run_exit_code", "How the last run ended", [Metrics.Sample(2)]),
            Metrics.Family(
                "phase_seconds", "Seconds of a phase",
                [
                    Metrics.Sample(0.25, Metrics.Label("phase", "a\"b\\c\nd")),
                    Metrics.Sample(3, Metrics.Label("phase", "x"), Metrics.Label("y", "z")),
                ]),
            Metrics.Family("nothing", "Left out", []),
        ])
        #expect(
            metrics.text == #"""
                # HELP mediaplan_last_run_exit_code How the last run ended
                # TYPE mediaplan_last_run_exit_code gauge
                mediaplan_last_run_exit_code 2
                # HELP mediaplan_phase_seconds Seconds of a phase
                # TYPE mediaplan_phase_seconds gauge
                mediaplan_phase_seconds{phase="a\"b\\c\nd"} 0.25
                mediaplan_phase_seconds{phase="x",y="z"} 3

                """#)
        #expect(Metrics.value(of: "last_run_exit_code", in: metrics.text) == 2)
        #expect(Metrics.value(of: "absent", in: metrics.text) == nil)
    }
}
