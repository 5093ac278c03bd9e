import Foundation
import Nightly
import Quantities
import Store
import Testing

/// A workspace that goes away with the test.
struct TrialWorkspace {
    let scratch: Scratch
    var workspace: Workspace
    let store: Store

    init() throws {
        scratch = try Scratch()
        workspace = try InitWorkspace.run(scratch.path + "/w")
        store = try workspace.openStore()
    }

    /// Imports and gives the outcome of the only source.
    func run(
        _ table: ImportTable, _ source: String, extent: ImportSource.Extent = .named,
        check: Bool = false,
        force: Bool = false
    ) throws -> ImportOutcome {
        let request = ImportRequest(
            table: table, sources: [source.hasPrefix("/") ? source : scratch.path + "/" + source],
            extent: extent,
            isCheck: check, isForced: force, now: Instant(seconds: 1_795_464_000))
        let outcomes = try ImportSources.run(request, in: workspace, store: store) { _, _ in }
        return try #require(outcomes.first)
    }

    /// A fleet of one site, one account and devices `d1` to `d200`.
    func makeFleet() throws {
        try scratch.write("sites.csv", "site,parent\nroot,\n")
        try scratch.write("accounts.csv", "account,status\na,active\n")
        let rows = (1...200).map { "d\($0),a,root,100,100,10,10\n" }.joined()
        try scratch.write(
            "devices.csv", "device,account,site,wish_bytes,cache_bytes,up_kbps,down_kbps\n" + rows)
        for table in [ImportTable.sites, .accounts, .devices] {
            #expect(try run(table, "\(table.rawValue).csv").verdict == .imported)
        }
    }

    func text(_ path: String) throws -> String {
        String(decoding: try Files.read(path), as: UTF8.self)
    }
}

/// Imports of tables.
@Suite struct ImportTests {
    private let wishes = "device,title,rank\n"

    @Test func `takes a file once and says so the second time`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        try trial.scratch.write("wishes.csv", wishes + "d1,t,1\n")
        #expect(try trial.run(.wishes, "wishes.csv").report.added == 1)
        #expect(try trial.run(.wishes, "wishes.csv").verdict == .unchanged)
        try trial.scratch.write("wishes.csv", wishes + "d1,u,1\n")
        #expect(try trial.run(.wishes, "wishes.csv").report.changed == 1)
        try trial.scratch.write("wishes.csv", wishes + "d1,t,1\n")
        #expect(
            try trial.run(.wishes, "wishes.csv").report.changed == 1,
            "the first bytes again, after others")
    }

    @Test func `writes rejected rows so that they can be mended and imported`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        let good = (1...199).map { "d1,t\($0),\($0)\n" }.joined()
        try trial.scratch.write("w.csv", wishes + good + "d2,t,none\nd900,t,1\n")
        let outcome = try trial.run(.wishes, "w.csv")
        #expect(outcome.verdict == .imported)
        #expect(outcome.rejected == 2)
        #expect(outcome.rejectedByCode.map(\.code) == ["E_NUMBER", "E_UNKNOWN_DEVICE"])
        let base = trial.workspace.rejectsFolder + "/wishes.w.csv.20261123T200000Z"
        #expect(outcome.rejectFiles == [".bad", ".jsonl", ".unknown.bad"].map { base + $0 })
        #expect(try trial.text(base + ".bad") == "op,device,title,rank\nadd,d2,t,none\n")
        #expect(
            try trial.text(base + ".unknown.bad")
                == "op,device,title,rank,wanted_until\nadd,d900,t,1,\n")
        let reasons = try trial.text(base + ".jsonl").split(separator: "\n")
        #expect(reasons.count == 2)
        #expect(
            reasons[1].contains(
                #""code":"E_UNKNOWN_DEVICE","file":"\#(trial.scratch.path)/w.csv","line":202"#))
        try trial.scratch.write(
            "mended.csv", try trial.text(base + ".bad").replacing("none", with: "5"))
        let mended = try trial.run(.wishes, "mended.csv", extent: .delta)
        #expect(mended.rejected == 0)
        #expect(mended.report.added == 1)
    }

    @Test func `refuses a source with too many rejects, and takes nothing of it`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        try trial.scratch.write("w.csv", wishes + "d1,t,1\nd2,t,0\n")
        let outcome = try trial.run(.wishes, "w.csv")
        #expect(outcome.verdict == .failed)
        #expect(outcome.failure?.kind == .refused)
        #expect(outcome.rejectFiles.count == 2)
        #expect(try trial.store.imports(table: .wishes).isEmpty)
        #expect(try trial.run(.wishes, "w.csv", force: true).report.added == 1)
    }

    @Test func `refuses a file that changes while it is read`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        let rows = (1...30_000).map { "d\($0 % 200 + 1),title-\($0),\($0)\n" }.joined()
        try trial.scratch.write("w.csv", wishes + rows)
        let path = trial.scratch.path + "/w.csv"
        let request = ImportRequest(
            table: .wishes, sources: [path], now: Instant(seconds: 1_795_464_000))
        var isChanged = false
        let outcomes = try ImportSources.run(request, in: trial.workspace, store: trial.store) {
            _, _ in
            guard !isChanged, let file = FileHandle(forWritingAtPath: path) else { return }
            file.seekToEndOfFile()
            file.write(Data("d1,late,77777\n".utf8))
            isChanged = true
        }
        #expect(isChanged)
        #expect(
            outcomes[0].failure?.message
                == "\(path): error: the file changed while it was read [E_CHANGED]")
        #expect(try trial.store.imports(table: .wishes).isEmpty)
    }

    @Test func `leaves out a file of a folder that can't be read to its end`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        let rows = (1...150).map { "d\($0),t,1\n" }.joined()
        try trial.scratch.write("in/a.csv", wishes + rows)
        try trial.scratch.write("in/b.csv", "device,rank\nd2,1\n")
        let outcome = try trial.run(.wishes, "in")
        #expect(outcome.verdict == .imported)
        #expect(outcome.rejected == 1)
        #expect(outcome.findings.first?.description.contains("in/b.csv:1: error:") == true)
        #expect(outcome.report.added == 150)
        #expect(try trial.run(.wishes, "in/b.csv").failure?.kind == .failed)
        #expect(try trial.run(.wishes, "in").knownFiles == 1)
    }

    @Test func `reads per-device drops by the names of their files`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        for device in 1...120 { try trial.scratch.write("in/d\(device).csv", "title,rank\nt,1\n") }
        try trial.scratch.write("in/d5.csv", "title,rank\n")
        try trial.scratch.write("in/stranger.csv", "title,rank\nt,1\n")
        let outcome = try trial.run(.wishes, "in")
        #expect(outcome.verdict == .imported)
        #expect(outcome.report.added == 119)
        #expect(outcome.rejectedByCode == [CodeCount(code: "E_UNKNOWN_DEVICE", count: 1)])
        try trial.scratch.write("in/d1.csv", "title,rank\n")
        let emptied = try trial.run(.wishes, "in/")
        #expect(emptied.report.removed == 1, "an empty drop empties the list")
    }

    @Test func `checks without changing anything`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        try trial.scratch.write("w.csv", wishes + "d1,t,1\n")
        let outcome = try trial.run(.wishes, "w.csv", check: true)
        #expect(outcome.report.added == 1)
        #expect(try trial.store.imports(table: .wishes).isEmpty)
        #expect(try trial.run(.wishes, "w.csv").report.added == 1)
    }

    @Test func `removes what a whole source doesn't name, up to the guard`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        let header = "device,account,site,wish_bytes,cache_bytes,up_kbps,down_kbps\n"
        let most = (1...170).map { "d\($0),a,root,100,100,10,10\n" }.joined()
        try trial.scratch.write("most.csv", header + most)
        #expect(try trial.run(.devices, "most.csv", extent: .whole).report.removed == 30)
        try trial.scratch.write("few.csv", header + "d1,a,root,100,100,10,10\n")
        let refused = try trial.run(.devices, "few.csv", extent: .whole)
        #expect(refused.failure?.kind == .refused)
        #expect(refused.failure?.message.contains("take away 169 of 170 devices") == true)
        #expect(
            try trial.run(.devices, "few.csv", extent: .whole, force: true).report.removed == 169)
    }

    @Test func `keeps the store when sites are no tree`() throws {
        let trial = try TrialWorkspace()
        try trial.makeFleet()
        try trial.scratch.write("two.csv", "site,parent\nroot,\nother,\n")
        let outcome = try trial.run(.sites, "two.csv")
        #expect(outcome.failure?.kind == .failed)
        #expect(outcome.failure?.message.contains("two.csv") == true)
    }

    @Test func `says what is not there`() throws {
        let trial = try TrialWorkspace()
        #expect(
            try trial.run(.wishes, "absent.csv").failure?.message.contains("No such file") == true)
        try Files.makeFolder(trial.scratch.path + "/empty")
        #expect(try trial.run(.wishes, "empty").verdict == .empty)
    }
}
