import Foundation
import Glibc
import Nightly
import Quantities
import Store
import Testing

/// Imports of folders: which files are read, and what names say.
@Suite struct FolderImportTests {
    private let wishes = "device,title,rank\n"

    @Test func `a device's rows in several files stay when one of them changes`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        try trial.scratch.write("in/part1.csv", wishes + "d1,t,1\nd2,t,1\n")
        try trial.scratch.write("in/part2.csv", wishes + "d1,u,2\n")
        try trial.scratch.write("in/d3.csv", "title,rank\nt,1\n")
        #expect(try trial.run(.wishes, "in").report.added == 3)
        try trial.scratch.write("in/part2.csv", wishes + "d1,v,2\n")
        let second = try trial.run(.wishes, "in")
        #expect((second.files, second.knownFiles) == (3, 0))
        #expect((second.report.changed, second.report.unchanged) == (1, 2))

        let all = try trial.run(.wishes, "in", force: true).report
        #expect((all.added, all.changed, all.unchanged) == (0, 0, 3), "as if all were new")
    }

    @Test func `drops are taken one by one, also beside those of strangers`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        for device in 1...120 { try trial.scratch.write("in/d\(device).csv", "title,rank\nt,1\n") }
        try trial.scratch.write("in/stranger.csv", "title,rank\nt,1\n")
        #expect(try trial.run(.wishes, "in").report.added == 120)
        try trial.scratch.write("in/d1.csv", "title,rank\nt,2\n")
        let second = try trial.run(.wishes, "in")
        #expect((second.files, second.knownFiles) == (1, 120))
        #expect(second.rejected == 0)
    }

    @Test func `of rows that replace one another the last file counts, whichever changed`() throws {
        let trial = try TrialWorkspace()
        try trial.scratch.write("in/1.csv", "account,status\na,active\n")
        try trial.scratch.write("in/2.csv", "account,status\na,suspended\n")
        _ = try trial.run(.accounts, "in")
        try trial.scratch.write("in/1.csv", "account,status\na,active\nb,active\n")
        let second = try trial.run(.accounts, "in")
        #expect((second.files, second.report.added, second.report.unchanged) == (2, 1, 1))
    }

    @Test func `follows no links, and says so`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        try trial.scratch.write("outside.csv", wishes + "d1,t,1\n")
        try trial.scratch.write("in/a.csv", wishes + "d2,t,1\n")
        let folder = trial.scratch.path + "/in"
        #expect(symlink("..", folder + "/loop") == 0)
        #expect(symlink("../outside.csv", folder + "/b.csv") == 0)
        let outcome = try trial.run(.wishes, "in")
        #expect((outcome.files, outcome.report.added, outcome.rejected) == (1, 1, 0))
        #expect(outcome.findings.map(\.code) == ["W_LINK", "W_LINK"])
        #expect(outcome.findings.map(\.file) == [folder + "/b.csv", folder + "/loop"])
        let again = try trial.run(.wishes, "in")
        #expect(again.verdict == .unchanged)
        #expect(again.findings.count == 2)
    }

    @Test func `a file whose name isn't UTF-8 is rejected`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        let rows = (1...150).map { "d\($0),t,1\n" }.joined()
        try trial.scratch.write("in/a.csv", wishes + rows)
        let name = Array((trial.scratch.path + "/in/").utf8) + [0xE9] + Array(".csv\0".utf8)
        let file = name.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer {
            creat($0.baseAddress!, 0o644)
        }
        try #require(file >= 0)
        _ = close(file)
        let outcome = try trial.run(.wishes, "in")
        #expect(outcome.rejectedByCode == [CodeCount(code: "E_FILE_NAME", count: 1)])
        #expect(outcome.report.added == 150)
    }

    @Test func `a file as old and as long as it was is known without being read`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        let file = trial.scratch.path + "/in/a.csv"
        func write(_ title: String, at seconds: Int) throws {
            try trial.scratch.write("in/a.csv", wishes + "d1,\(title),1\n")
            let time = timespec(tv_sec: seconds, tv_nsec: 0)
            #expect(utimensat(AT_FDCWD, file, [time, time], 0) == 0)
        }
        let now = SystemClock.now().advanced(bySeconds: -60)
        func verdict() throws -> ImportOutcome.Verdict? {
            let request = ImportRequest(
                table: .wishes, sources: [trial.scratch.path + "/in"], now: now)
            return try ImportSources.run(request, in: trial.workspace, store: trial.store) { _, _ in
            }.first?.verdict
        }
        let second = Int(now.seconds)
        try write("t", at: second - 3)
        #expect(try verdict() == .imported)
        try write("u", at: second - 3)
        #expect(try verdict() == .unchanged, "nothing tells")
        try write("u", at: second - 2)
        #expect(try verdict() == .imported)
        try write("v", at: second - 2)
        #expect(try verdict() == .imported, "too close to the import")
    }

    @Test func `of several documents that name all, the newest decides what is gone`() throws {
        let trial = try TrialWorkspace()
        func write(_ name: String, _ extent: String, _ titles: [String], at second: Int) throws {
            let root = "<catalogue xmlns='urn:mediaplan:catalogue:1' extent='\(extent)'>"
            let body = titles.map { "<title id='\($0)' major='1'/>" }.joined()
            try trial.scratch.write("feed/" + name, root + body + "</catalogue>")
            let time = timespec(tv_sec: 1_790_000_000 + second, tv_nsec: 0)
            let path = trial.scratch.path + "/feed/" + name
            #expect(utimensat(AT_FDCWD, path, [time, time], 0) == 0)
        }
        try write("z-old.xml", "full", ["a", "b", "c"], at: 1)
        #expect(try trial.run(.catalogue, "feed").report.added == 3)
        try write("a-new.xml", "full", ["a"], at: 5)
        try write("changes.xml", "delta", ["d"], at: 6)
        try write("changes-before.xml", "delta", ["e"], at: 4)
        let outcome = try trial.run(.catalogue, "feed", force: true)
        #expect(outcome.failure == nil)
        #expect((outcome.report.removed, outcome.report.added) == (2, 1), "b and c go, d comes")
        try write("changes.xml", "delta", ["d", "f"], at: 7)
        try write("a-new.xml", "full", ["a"], at: 6)
        let next = try trial.run(.catalogue, "feed", force: true).report
        #expect((next.removed, next.added, next.unchanged) == (0, 1, 3), "only f is new")
    }

    @Test func `more headers than files may be open, and a second source of one name`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        for number in 1...1_100 {
            try trial.scratch.write(
                "in/\(number).csv", "device,title,rank,extra\(number)\nd1,t,none\n")
        }
        let outcome = try trial.run(.wishes, "in", force: true)
        #expect(outcome.failure == nil)
        #expect(outcome.rejected == 1_100)
        #expect(outcome.rejectFiles.count == 1_001)
        try trial.scratch.write("other/in", wishes + "d1,t,none\n")
        let second = try trial.run(.wishes, "other/in", force: true)
        let base = trial.workspace.rejectsFolder + "/wishes.in.20261123T200000Z"
        #expect(second.rejectFiles == [base + "-2.bad", base + "-2.jsonl"])
        let repeated = try trial.run(.wishes, "other/in", force: true)
        #expect(repeated.rejectFiles == second.rejectFiles, "the same again")
        #expect(try trial.text(base + ".2.bad").hasSuffix("d1,t,none\n"))
    }
}
