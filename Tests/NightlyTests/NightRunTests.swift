import Foundation
import Nightly
import Quantities
import Schedule
import Store
import Testing

/// The whole night on a small made-up fleet.
@Suite struct NightRunTests {
    @Test func `gives a signed manifest to each device that takes part, and says what it is worth`()
        throws
    {
        let trial = try TrialNight()
        let report = try trial.run()
        #expect(report.failure == nil)
        let plan = try #require(report.plan)
        #expect(plan.isSound)
        #expect(plan.transfers > 0)
        #expect(plan.figures.value > 0)
        #expect(plan.figures.objective <= plan.figures.bound)
        let wishes = plan.figures.partWishes + plan.figures.unservedWishes
        #expect(plan.causes.reduce(0) { $0 + $1.part + $1.unserved } >= Int(wishes))
        let files = try trial.published()
        let manifests = files.keys.filter { $0.hasSuffix(".json") && $0 != "publication.json" }
        #expect(manifests.count == Int(try #require(report.publication).manifests))
        for manifest in manifests { #expect(files[manifest + ".minisig"] != nil) }
        #expect(manifests.allSatisfy { $0.count > 3 && $0.dropFirst(2).hasPrefix("/") })
    }

    @Test func `gives the same bytes with any number of threads and any order of rows`() throws {
        let first = try TrialNight()
        #expect(try first.run(threads: 1).failure == nil)
        let keys = first.workspace.path("keys")
        let published = try first.published()
        let plan = try Files.read(first.workspace.planPath(TrialNight.date))
        for (threads, shuffled) in [(2, nil), (3, 99), (1, 5)] as [(Int, UInt64?)] {
            let other = try TrialNight(shuffled: shuffled, keys: keys)
            #expect(try other.run(threads: threads).failure == nil)
            #expect(
                try other.published() == published, "\(threads) threads, order \(shuffled ?? 0)")
            #expect(try Files.read(other.workspace.planPath(TrialNight.date)) == plan)
        }
    }

    @Test func `changes nothing when it is run again, even later in the evening`() throws {
        let trial = try TrialNight()
        _ = try trial.run()
        let before = try trial.published()
        let inode = try FileManager.default.attributesOfItem(
            atPath: trial.workspace.publishedFolder + "/current/publication.json")
        let again = try trial.run(now: TrialNight.now.advanced(bySeconds: 600))
        #expect(again.failure == nil)
        #expect(again.imports.allSatisfy { $0.verdict == .unchanged })
        #expect(again.publication?.isSame == true)
        #expect(again.publication?.unchanged == again.publication?.manifests)
        #expect(try trial.published() == before)
        let after = try FileManager.default.attributesOfItem(
            atPath: trial.workspace.publishedFolder + "/current/publication.json")
        #expect(after[.systemFileNumber] as? Int == inode[.systemFileNumber] as? Int)
        #expect(after[.modificationDate] as? Date == inode[.modificationDate] as? Date)
        #expect(try FolderScan.names(in: trial.workspace.publishedFolder).count == 2)
    }

    @Test func `goes on with what is there when a source can't be taken, unless it is strict`()
        throws
    {
        let trial = try TrialNight()
        try Files.replace(
            trial.workspace.path("drop/wishes/wishes.csv"), with: Array("device,rank\n".utf8))
        let strict = try trial.run(strict: true)
        #expect(strict.failure?.message.contains("wishes.csv:1: error:") == true)
        #expect(strict.plan == nil)
        #expect(Files.kind(trial.workspace.publishedFolder + "/current") == nil)
        let lenient = try trial.run()
        #expect(lenient.failure == nil)
        #expect(lenient.imports.count { $0.failure != nil } == 1)
        #expect(lenient.publication != nil)
        #expect(lenient.plan?.figures.wishedValue == 0)
    }

    @Test func `fails without devices, and leaves what is published`() throws {
        let trial = try TrialNight()
        for name in ["accounts", "devices"] {
            try Files.removeTree(trial.workspace.path("drop/\(name)"))
        }
        let report = try trial.run()
        #expect(report.failure?.message == "there are no devices to plan for")
        #expect(report.publication == nil)
    }

    @Test func `rehearses without changing anything`() throws {
        let trial = try TrialNight()
        let untouched = try TrialNight.files(in: trial.workspace.folder)
        let first = trial.rehearse()
        #expect(first.failure == nil)
        #expect(try TrialNight.files(in: trial.workspace.folder) == untouched)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: trial.workspace.folder).allSatisfy {
                !$0.hasPrefix(".")
            })
        let difference = try #require(first.difference)
        #expect(difference.publishedNight == nil)
        #expect(
            difference.newDevices > 0 && difference.changedDevices + difference.sameDevices == 0)
        #expect(difference.wishesGained == Int(first.plan?.figures.servedWishes ?? -1))

        _ = try trial.run()
        let same = try #require(trial.rehearse().difference)
        #expect(same.isEmpty)
        #expect(same.publishedNight == TrialNight.date)
        #expect(same.originBytes == 0 && same.peerBytes == 0 && same.wishesLost == 0)
    }

    @Test func `compares with what is published, not with a plan that was made since`() throws {
        let trial = try TrialNight()
        _ = try trial.run()
        let store = try trial.workspace.openStore()
        let night = try trial.workspace.configuration.night.night(TrialNight.date)
        _ = try PlanNight.run(
            PlanNight.Request(night: night, profile: .minTime, now: TrialNight.now),
            in: trial.workspace, store: store
        ) { _ in }
        #expect(try store.night(TrialNight.date)?.state == .audited)
        #expect(try #require(trial.rehearse().difference).isEmpty)
        #expect(try trial.run().publication?.isSame == true)
        #expect(try store.night(TrialNight.date)?.state == .published)
        try store.close()
    }

    @Test func `rehearses what a changed wish list would change`() throws {
        let trial = try TrialNight()
        _ = try trial.run()
        let path = trial.workspace.path("drop/wishes/wishes.csv")
        let lines = String(decoding: try Files.read(path), as: UTF8.self).split(separator: "\n")
        let plan = try PlanDocument(
            decoding: try Files.read(trial.workspace.planPath(TrialNight.date)))
        let served = plan.plan.outcomes.filter { $0.cause == nil }.map {
            plan.names.devices[Int($0.device)]
        }
        let device = try #require(served.first)
        let fewer = lines.filter { !$0.hasPrefix(device + ",") }
        try Files.replace(
            path, with: Array((fewer.joined(separator: "\n") + "\n" + device + ",none,1,\n").utf8))
        let difference = try #require(trial.rehearse().difference)
        #expect(difference.changedDevices > 0)
        #expect(difference.wishesLost > 0)
    }

    @Test func `keeps the time of the last success in the metrics when a run fails`() throws {
        var trial = try TrialNight()
        trial.workspace.configuration.metricsFile = "metrics/mediaplan.prom"
        let path = trial.workspace.path("metrics/mediaplan.prom")
        func metric(_ name: String) throws -> Double? {
            Metrics.value(of: name, in: String(decoding: try Files.read(path), as: UTF8.self))
        }
        let good = try trial.run()
        try NightMetrics.write(good, exitCode: 0, now: TrialNight.now, in: trial.workspace)
        let later = TrialNight.now.advanced(bySeconds: 60)
        let bad = NightRun.Report(failure: NightlyError(.failed, "no"))
        try NightMetrics.write(bad, exitCode: 1, now: later, in: trial.workspace)
        #expect(try metric("last_success_timestamp_seconds") == Double(TrialNight.now.seconds))
        #expect(try metric("last_run_timestamp_seconds") == Double(later.seconds))
        #expect(try metric("last_run_exit_code") == 1)
        #expect(try FolderScan.names(in: trial.workspace.path("metrics")) == ["mediaplan.prom"])
    }
}
