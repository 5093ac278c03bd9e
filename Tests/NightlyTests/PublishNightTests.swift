import Foundation
import Manifest
import Nightly
import Quantities
import Schedule
import Store
import Testing

/// What is published, and what is refused.
@Suite struct PublishNightTests {
    @Test func `refuses a plan that breaks a rule, and leaves what is published`() throws {
        let trial = try TrialNight()
        _ = try trial.run()
        let before = try trial.published()
        try trial.edit { document in
            let last = document.plan.transfers.count - 1
            document.plan.transfers[last].slot = 0
            document.plan.transfers.sort { ($0.slot, $0.destination) < ($1.slot, $1.destination) }
        }
        let error = #expect(throws: NightlyError.self) { try trial.publish() }
        #expect(error?.kind == .failed)
        #expect(error?.message.contains("breaks its rules") == true)
        #expect(try trial.published() == before)
    }

    @Test func `refuses a plan whose inputs have changed`() throws {
        let trial = try TrialNight()
        _ = try trial.run()
        try trial.edit { $0.snapshotDigest = FileBytes.digest([1]) }
        let error = #expect(throws: NightlyError.self) { try trial.publish() }
        #expect(error?.message.contains("has changed since") == true)
    }

    @Test func `counts up with every other plan, and takes its number again for the same`() throws {
        let trial = try TrialNight()
        #expect(try trial.run().publication?.sequence == 1)
        #expect(try trial.publish().sequence == 1)
        let other = try trial.run(profile: .minOrigin)
        #expect(other.publication?.sequence == 2)
        #expect(other.publication?.unchanged == 0)
        #expect(try trial.publish().isSame)
        let current = try FolderScan.names(in: trial.workspace.publishedFolder)
        #expect(current == ["2026-11-24.000001", "2026-11-24.000002", "current"])
    }

    @Test func `takes its number again after a run that was cut short before the store knew of it`()
        throws
    {
        let trial = try TrialNight()
        let store = trial.workspace.storePath
        _ = try trial.run()
        try FileManager.default.copyItem(atPath: store, toPath: store + ".before")
        #expect(try trial.run(profile: .minOrigin).publication?.sequence == 2)
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: store + suffix)
        }
        try FileManager.default.moveItem(atPath: store + ".before", toPath: store)
        let before = try trial.published()
        let again = try trial.run(now: TrialNight.now.advanced(bySeconds: 900), profile: .minOrigin)
        #expect(again.publication?.sequence == 2)
        #expect(again.publication?.isSame == true)
        #expect(try trial.published() == before)
        let record = try trial.withStore { try $0.publications().last }
        #expect(record?.folder == PublishedFolder.current(in: trial.workspace.publishedFolder))
        #expect(try trial.run().publication?.sequence == 3)
    }

    @Test func `mends a published folder that was damaged`() throws {
        let trial = try TrialNight()
        _ = try trial.run()
        let before = try trial.published()
        let victim = try #require(before.keys.filter { $0.hasSuffix(".minisig") }.sorted().first)
        try FileManager.default.removeItem(
            atPath: trial.workspace.publishedFolder + "/current/" + victim)
        let report = try trial.publish()
        #expect(!report.isSame)
        #expect(report.sequence == 1)
        #expect(report.unchanged == report.manifests - 1)
        #expect(try trial.published() == before)
    }

    @Test func `keeps as many nights as the configuration says`() throws {
        var trial = try TrialNight()
        trial.workspace.configuration.manifests.keptNights = 2
        for day in 0..<4 {
            let now = TrialNight.now.advanced(bySeconds: Int64(day) * 86_400)
            #expect(try trial.run(now: now).publication?.sequence == Int64(day) + 1)
        }
        let folders = try FolderScan.names(in: trial.workspace.publishedFolder)
        #expect(folders == ["2026-11-26.000003", "2026-11-27.000004", "current"])
        #expect(
            try FolderScan.names(in: trial.workspace.path("nights")) == [
                "2026-11-26", "2026-11-27",
            ])
    }

    @Test(arguments: [0o640, 0o604]) func `refuses a key that others can read`(mode: UInt32) throws
    {
        let trial = try TrialNight()
        try Files.setMode(trial.workspace.secretKeyPath, mode)
        let failure = try trial.run().failure
        #expect(failure?.kind == .untrusted)
        #expect(failure?.hint == "chmod 600 \(trial.workspace.secretKeyPath)")
        try Files.setMode(trial.workspace.secretKeyPath, 0o600)
        #expect(try trial.run().failure == nil)
    }

    @Test func `refuses to sign with what is no key`() throws {
        let trial = try TrialNight()
        _ = try trial.run()
        try Files.replace(trial.workspace.secretKeyPath, with: Array("no key\n".utf8), mode: 0o600)
        let error = #expect(throws: NightlyError.self) { try trial.publish() }
        #expect(error?.kind == .untrusted)
    }

    @Test
    func `binds every manifest to its device, night and plan, verifiable with the public key`()
        throws
    {
        let trial = try TrialNight()
        let report = try trial.run()
        let key = try VerifyingKey(publicKeyFile: try Files.read(trial.workspace.publicKeyPath))
        for (path, json) in try trial.published()
        where path.hasSuffix(".json") && path.contains("/") {
            let minisig = String(
                decoding: try Files.read(
                    trial.workspace.publishedFolder + "/current/\(path).minisig"), as: UTF8.self)
            let lines = minisig.split(separator: "\n").map { String($0) }
            let blob = try #require(Data(base64Encoded: lines[1]))
            #expect(key.accepts(Array(blob.dropFirst(10)), of: json))
            #expect(lines[2].contains("plan:\(try #require(report.plan).digest.hex)"))
            #expect(lines[2].contains("night:2026-11-24\tsequence:1"))
        }
    }
}
