import Catalogue
import Foundation
import Manifest
import Quantities
import TestSupport
import Testing

@testable import Agent

/// A disk that is too small for what is there and what is to come.
@Suite(.serialized, .waiting) struct RemovalTests {
    private let old = TrialItem("old", sizes: [4 << 20], seed: 21)
    private let new = TrialItem("new", sizes: [4 << 20], seed: 22)

    /// A night in which `b`, whose disk has room for one and a half of the items, holds the old one
    /// and is to fetch the new one from the origin.
    private func night(_ disk: inout SmallDisk?, seconds: Int64 = 20) throws -> TrialNight {
        let night = try TrialNight([old, new], seconds: seconds)
        disk = try SmallDisk(at: night.folder.path("b"), bytes: 6_500_000)
        try night.add("b", holding: [old])
        night.plan(new, 0...(new.layout.count - 1), fromOriginTo: "b", slot: 3)
        return night
    }

    private func remove(_ night: TrialNight) {
        night.change("b") { content in
            content.describe(old, [night.originEnd])
            content.remove.append(
                .init(
                    piece: .init(
                        item: old.key, chunks: 0...(old.layout.count - 1), offset: 0,
                        bytes: Int64(old.bytes.count)), at: night.slot(3).starts))
        }
    }

    @Test(.enabled(if: SmallDisk.isPossible, "only root may mount a small disk"))
    func `what must go goes, and what is to come fits`() throws {
        var disk: SmallDisk?
        let night = try night(&disk)
        remove(night)
        try night.publish()
        #expect(try night.isComplete(new, at: "b"), "\(night.log("b"))")
        #expect(!night.folder.has("b/items/\(old.key)"))
        #expect(!night.folder.has("b/partial/\(old.key)"))
        let rows = try night.report("b")
        let removed = try #require(rows.first { $0["result"] as? String == "removed" }, "\(rows)")
        #expect(removed["item"] as? String == "old")
        #expect(removed["chunks"] as? String == "0-\(old.layout.count - 1)")
        let list = try agent("list", "--json", "-s", night.folder.path("b"))
        #expect(list.output.split(separator: "\n").count == 1, "\(list.output)")
    }

    @Test(.enabled(if: SmallDisk.isPossible, "only root may mount a small disk"))
    func `what was bought stays, and what doesn't fit is not begun`() throws {
        var disk: SmallDisk?
        let night = try night(&disk, seconds: 7)
        try night.folder.write([], "b/bought/\(old.key)")
        remove(night)
        try night.publish()
        #expect(
            try eventually {
                let view = try StateView(night.folder.path("b"))
                return view.night != nil && view.state == "idle"
            }, "\(night.log("b"))")
        #expect(try night.folder.read("b/items/\(old.key)") == old.bytes)
        #expect(!night.folder.has("b/items/\(new.key)"))
        #expect(try night.goodBytes(of: new, at: "b") == 0)
        #expect(try StateView(night.folder.path("b")).night?.itemsMissingCount == 1)
        #expect(night.log("b").contains("not all came of \(new.key)\n"), "\(night.log("b"))")
    }
}

/// A file system in memory; taken away when its owner goes.
final class SmallDisk {
    private let path: String

    init(at path: String, bytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        let code = mount("none", path, "tmpfs", 0, "size=\(bytes)")
        guard code == 0 else {
            throw TrialNight.NightFault(what: "no disk: \(String(cString: strerror(errno)))")
        }
    }

    // MNT_DETACH: it goes even while something is open there.
    deinit { umount2(path, 2) }

    static let isPossible: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
        return (try? SmallDisk(at: folder.path("disk"), bytes: 65_536)) != nil
    }()
}
