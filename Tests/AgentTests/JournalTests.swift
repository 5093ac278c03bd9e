import Catalogue
import Delivery
import Foundation
import Manifest
import Quantities
import Testing

@testable import Agent

@Suite struct JournalTests {
    private func equipment(_ folder: TemporaryFolder) throws -> Equipment {
        let box = try TrialBox("a", in: folder)
        return try Equipment(StateFolder(working: box.path), Settings.read(box.path), say: { _ in })
    }

    private func note(_ chunk: Int32) -> Note {
        Note(
            item: "film@1", chunks: RangeSet32(chunk..<(chunk + 1)), source: nil, bytes: 1,
            wasteBytes: 0, durationMs: 0, at: Moment(wallMs: 0, steadyMs: 0), paced: false,
            result: .local)
    }

    /// The chunks that a report's rows name, each row well-formed.
    private func chunks(_ folder: TemporaryFolder, _ path: String) throws -> [String] {
        try folder.read("\(path).jsonl").split(separator: 0x0A).map { line in
            let row = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
            return try #require(row?["chunks"] as? String)
        }
    }

    @Test(arguments: [0, 1, 10, 60_000])
    func `a torn line is dropped, and nothing that follows it`(tornBytes: Int) throws {
        let folder = try TemporaryFolder()
        let equipment = try equipment(folder)
        let content = trialContent("a", now: Equipment.now())
        let path = "a/reports/\(content.night)/a"
        for start in [false, true] {
            let torn = [UInt8](repeating: UInt8(ascii: "{"), count: tornBytes)
            let before = start ? try folder.read("\(path).journal") : []
            try folder.write(before + torn, "\(path).journal")
            let journal = NightJournal(equipment, content)
            journal.add(note(start ? 2 : 1), isComplete: false)
            journal.finish()
        }
        #expect(try chunks(folder, path) == ["1", "2"])
    }

    @Test func `a journal that can't be read leaves the report as it is, and is told`() throws {
        let folder = try TemporaryFolder()
        let box = try TrialBox("a", in: folder)
        var said: [String] = []
        let equipment = try Equipment(StateFolder(working: box.path), Settings.read(box.path)) {
            said.append($0.text)
        }
        let content = trialContent("a", now: Equipment.now())
        let path = "a/reports/\(content.night)/a"
        let journal = NightJournal(equipment, content)
        journal.add(note(1), isComplete: false)
        journal.finish()
        #expect(said.isEmpty)
        try FileManager.default.removeItem(atPath: folder.path("\(path).journal"))
        try FileManager.default.createDirectory(
            atPath: folder.path("\(path).journal"), withIntermediateDirectories: false)
        let other = NightJournal(equipment, content)
        other.add(note(2), isComplete: false)
        other.finish()
        #expect(try chunks(folder, path) == ["1"])
        #expect(said.count == 1 && said[0].contains("gets no report"), "\(said)")
    }

    @Test func `a long journal becomes a report as long`() throws {
        let folder = try TemporaryFolder()
        let equipment = try equipment(folder)
        let content = trialContent("a", now: Equipment.now())
        let path = "a/reports/\(content.night)/a"
        let journal = NightJournal(equipment, content)
        for chunk in 1...1000 as ClosedRange<Int32> { journal.add(note(chunk), isComplete: false) }
        journal.finish()
        #expect(try chunks(folder, path) == (1...1000).map { "\($0)" })
        #expect(try folder.read("\(path).journal").count > 1 << 17)
    }

    @Test(.enabled(if: SmallDisk.isPossible, "only root may mount a small disk"))
    func `a line that the disk has no room for leaves the others whole`() throws {
        let folder = try TemporaryFolder()
        let disk = try SmallDisk(at: folder.path("a"), bytes: 262_144)
        let equipment = try equipment(folder)
        let content = trialContent("a", now: Equipment.now())
        let journal = NightJournal(equipment, content)
        for chunk in 1...2000 as ClosedRange<Int32> { journal.add(note(chunk), isComplete: false) }
        let path = "a/reports/\(content.night)/a"
        let text = try folder.read("\(path).journal")
        #expect(text.last == 0x0A)
        let rows = text.split(separator: 0x0A)
        #expect((100..<2000).contains(rows.count))
        for row in rows {
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(row)) }
        }
        _ = disk
    }
}
