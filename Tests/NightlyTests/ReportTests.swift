import Foundation
import Nightly
import Quantities
import Store
import TestSupport
import Testing

/// Reports of devices as files.
@Suite struct ReportTests {
    private let trial: TrialWorkspace

    /// `d1` to `d200` at one site, and an origin.
    init() throws {
        trial = try TrialWorkspace()
        try trial.makeFleet()
        try trial.scratch.write(
            "origins.csv", "origin,site,egress_kbps,base_url\ncentral,root,1000,http://origin\n")
        #expect(try trial.run(.origins, "origins.csv").report.added == 1)
    }

    /// What an agent wrote, of device `d2`, its import's day being 2026-11-24.
    private func agentReport() throws -> String {
        String(decoding: try Fixtures.bytes("tables/reports.jsonl"), as: UTF8.self)
            .replacing("\"box-", with: "\"d").replacing("2026-11-23", with: "2026-11-22")
    }

    @Test func `what an agent writes is taken whole`() throws {
        try trial.scratch.write("in/2026-11-22/d2.jsonl", try agentReport())
        let outcome = try trial.run(.reports, "in")
        #expect(outcome.failure == nil && outcome.rejected == 0 && outcome.records == 5)
        let told = outcome.report.reported
        #expect((told.peerBytes, told.originBytes) == (176_160_768, 5_000_000))
        #expect((told.localBytes, told.wasteBytes) == (41_943_040, 4_194_304))
        #expect((told.completedWishes, told.failures, told.devices) == (1, 1, 1))
        #expect(try trial.store.reportedNights().map(\.night.description) == ["2026-11-22"])
    }

    @Test func `a report that grew counts once, so does one that is sent again`() throws {
        let lines = try agentReport().split(separator: "\n").map { "\($0)\n" }
        try trial.scratch.write("in/d2.jsonl", lines[..<2].joined())
        #expect(try trial.run(.reports, "in").report.reported.rows == 2)
        try trial.scratch.write("in/d2.jsonl", lines.joined())
        let grown = try trial.run(.reports, "in").report
        #expect((grown.reported.rows, grown.ignored) == (3, 2))
        let nights = try trial.store.reportedNights()
        #expect(try trial.run(.reports, "in").verdict == .unchanged)
        try trial.scratch.write("elsewhere/d2.jsonl", lines.joined() + "\n")
        for source in ["in", "elsewhere", "elsewhere/d2.jsonl"] {
            let again = try trial.run(.reports, source, force: true).report
            #expect((again.reported.rows, again.ignored) == (0, 5))
        }
        #expect(try trial.store.reportedNights() == nights)
    }

    @Test func `files of other devices in one folder don't disturb each other`() throws {
        let report = try agentReport()
        try trial.scratch.write("in/d2.jsonl", report)
        #expect(try trial.run(.reports, "in").files == 1)
        try trial.scratch.write("in/d7.jsonl", report.replacing("\"d2\"", with: "\"d7\""))
        let second = try trial.run(.reports, "in")
        #expect((second.files, second.knownFiles, second.report.reported.rows) == (1, 1, 5))
        #expect(try trial.store.reportedNights().map(\.devices) == [2])
    }

    @Test func `rows of another device than the file's are rejected, the rest is taken`() throws {
        let lines = try agentReport().split(separator: "\n").map { "\($0)\n" }
        let bad = lines[1].replacing(#""device":"d2""#, with: #""device":"d3""#)
        try trial.scratch.write("in/d2.jsonl", "\(lines[0])\(bad)\(lines[2])")
        let outcome = try trial.run(.reports, "in", force: true)
        #expect(outcome.rejectedByCode == [CodeCount(code: "E_DEVICE", count: 1)])
        #expect(outcome.report.reported.rows == 2)
    }

    @Test func `without a column of its own the file's name gives the device`() throws {
        try trial.scratch.write(
            "in/d5.csv",
            "night,item,chunks,source,bytes,seconds,result\n2026-11-22,t,0-1,d6,9,1,complete\n")
        let outcome = try trial.run(.reports, "in")
        #expect(outcome.failure == nil && outcome.report.reported.peerBytes == 9)
    }

    @Test func `a report that stops in the middle is left out as a whole`() throws {
        let report = try agentReport()
        try trial.scratch.write("in/d2.jsonl", String(report.dropLast(40)))
        try trial.scratch.write("in/d3.jsonl", report.replacing("\"d2\"", with: "\"d3\""))
        let outcome = try trial.run(.reports, "in", force: true)
        #expect(outcome.rejectedByCode == [CodeCount(code: "E_TRUNCATED", count: 1)])
        #expect(outcome.report.reported.devices == 1)
        try trial.scratch.write("in/d2.jsonl", report)
        #expect(try trial.run(.reports, "in").report.reported.rows == 5)
    }

    @Test func `too many rejects take nothing`() throws {
        let report = try agentReport().replacing("2026-11-22", with: "2027-11-22")
        try trial.scratch.write("in/d2.jsonl", report)
        let outcome = try trial.run(.reports, "in")
        #expect(outcome.verdict == .failed && outcome.failure?.kind == .refused)
        #expect(outcome.rejectedByCode == [CodeCount(code: "E_FUTURE", count: 5)])
        #expect(try trial.store.reportedNights().isEmpty)
    }

    @Test func `a check changes nothing`() throws {
        try trial.scratch.write("in/d2.jsonl", try agentReport())
        let outcome = try trial.run(.reports, "in", check: true)
        #expect(outcome.report.reported.rows == 5)
        #expect(try trial.store.reportedNights().isEmpty)
    }
}
