import Foundation
import Manifest
import Quantities
import Testing

@testable import Agent

@Suite struct IntakeTests {
    private let now = Instant(seconds: 1_790_000_000)

    /// A folder with a manifest in force, and what takes others.
    private func intake(_ folder: TemporaryFolder) throws -> ManifestIntake {
        let box = try TrialBox("a", in: folder)
        let state = try StateFolder(working: box.path)
        let intake = try ManifestIntake(state, Settings.read(box.path))
        let first = try trialContent("a", now: now, sequence: 5).signed()
        guard case .accepted = try intake.offer(first, now: now) else {
            Issue.record("the first manifest is refused")
            return intake
        }
        return intake
    }

    struct Attack: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var make: @Sendable (Instant) throws -> SignedManifest
        var isNamed: @Sendable (ManifestRefusal) -> Bool
    }

    static let attacks: [Attack] = [
        Attack(testDescription: "rollback") { now in
            try trialContent("a", now: now, sequence: 4).signed()
        } isNamed: {
            $0 == .rollback(sequence: 4, seen: 5)
        },
        Attack(testDescription: "another one of the same number") { now in
            try trialContent("a", now: now.advanced(bySeconds: 1), sequence: 5).signed()
        } isNamed: {
            $0 == .conflict(sequence: 5)
        },
        Attack(testDescription: "another box's") { now in
            try trialContent("b", now: now, sequence: 6).signed()
        } isNamed: {
            $0 == .wrongDevice("b")
        },
        Attack(testDescription: "another fleet's") { now in
            var content = trialContent("a", now: now, sequence: 6)
            content.fleet = "south"
            return try content.signed()
        } isNamed: {
            $0 == .wrongFleet("south")
        },
        Attack(testDescription: "expired") { now in
            try trialContent("a", now: now.advanced(bySeconds: -100), sequence: 6).signed()
        } isNamed: {
            if case .expired = $0 { true } else { false }
        },
        Attack(testDescription: "too early") { now in
            try trialContent("a", now: now.advanced(bySeconds: 100), sequence: 6).signed()
        } isNamed: {
            if case .notYetValid = $0 { true } else { false }
        },
        Attack(testDescription: "a stranger's key") { now in
            try trialContent("a", now: now, sequence: 6).signed(by: TrialKeys.stranger)
        } isNamed: {
            if case .wrongKey = $0 { true } else { false }
        },
        Attack(testDescription: "the catalogue's key") { now in
            try trialContent("a", now: now, sequence: 6).signed(by: TrialKeys.catalogue)
        } isNamed: {
            if case .wrongKey = $0 { true } else { false }
        },
        Attack(testDescription: "mixed with an older night's signature") { now in
            var signed = try trialContent("a", now: now, sequence: 6).signed()
            signed.minisig = try trialContent("a", now: now, sequence: 5).signed().minisig
            return signed
        } isNamed: {
            $0 == .badSignature
        },
        Attack(testDescription: "one bit changed") { now in
            var signed = try trialContent("a", now: now, sequence: 6).signed()
            signed.json[signed.json.count / 2] ^= 1
            return signed
        } isNamed: {
            $0 == .badSignature
        },
        Attack(testDescription: "no signature") { now in
            SignedManifest(
                json: try trialContent("a", now: now, sequence: 6).signed().json, minisig: [])
        } isNamed: {
            $0 == .malformedSignature
        },
        Attack(testDescription: "endless") { now in
            SignedManifest(
                json: [UInt8](repeating: 0x20, count: (16 << 20) + 1),
                minisig: try trialContent("a", now: now).signed().minisig)
        } isNamed: {
            if case .tooLarge = $0 { true } else { false }
        },
    ]

    @Test(arguments: attacks)
    func `is refused by name, and the last good one stays`(attack: Attack) throws {
        let folder = try TemporaryFolder()
        let intake = try intake(folder)
        let before = try folder.read("a/manifest.json")
        guard case .refused(let refusal) = try intake.offer(attack.make(now), now: now) else {
            Issue.record("it is obeyed")
            return
        }
        #expect(attack.isNamed(refusal), "\(refusal)")
        #expect(try folder.read("a/manifest.json") == before)
        #expect(intake.inForce(now: now)?.content.sequence == 5)
    }

    @Test func `the same one again is known, a newer one is taken, also after a restart`() throws {
        let folder = try TemporaryFolder()
        let first = try intake(folder)
        let same = try trialContent("a", now: now, sequence: 5).signed()
        guard case .known = try first.offer(same, now: now) else {
            Issue.record("the same manifest isn't known")
            return
        }
        let settings = try Settings.read(folder.path("a"))
        let restarted = try ManifestIntake(StateFolder(looking: folder.path("a")), settings)
        #expect(restarted.inForce(now: now)?.content.sequence == 5)
        let older = try trialContent("a", now: now, sequence: 4).signed()
        #expect(
            try restarted.offer(older, now: now) == .refused(.rollback(sequence: 4, seen: 5)))
        let newer = try trialContent("a", now: now, sequence: 6).signed()
        guard case .accepted = try restarted.offer(newer, now: now) else {
            Issue.record("a newer manifest isn't taken")
            return
        }
        #expect(restarted.inForce(now: now)?.content.sequence == 6)
        #expect(restarted.inForce(now: now.advanced(bySeconds: 60)) == nil)
    }

    @Test func `a manifest that is lost can come again, an older one can't`() throws {
        let folder = try TemporaryFolder()
        let intake = try intake(folder)
        try FileManager.default.removeItem(atPath: folder.path("a/manifest.json"))
        #expect(intake.inForce(now: now) == nil)
        let same = try trialContent("a", now: now, sequence: 5).signed()
        _ = try intake.offer(same, now: now)
        #expect(intake.inForce(now: now)?.content.sequence == 5)
    }

    /// What a death leaves after so many steps of replacing a manifest by a newer one.
    @Test(arguments: 0...4) func `a death while a manifest is replaced leaves one in force`(
        steps: Int
    ) throws {
        let folder = try TemporaryFolder()
        _ = try intake(folder)
        let newer = try trialContent("a", now: now, sequence: 6).signed()
        let path = folder.path("a/manifest.json")
        let all: [() throws -> Void] = [
            { try folder.write(newer.json, "a/manifest.json.new") },
            { try folder.write(newer.minisig, "a/manifest.json.minisig.new") },
            { #expect(rename("\(path).new", path) == 0) },
            { #expect(rename("\(path).minisig.new", "\(path).minisig") == 0) },
        ]
        for step in all.prefix(steps) { try step() }
        let settings = try Settings.read(folder.path("a"))
        let restarted = try ManifestIntake(StateFolder(looking: folder.path("a")), settings)
        #expect(restarted.inForce(now: now)?.content.sequence == (steps < 3 ? 5 : 6))
        guard case .accepted = try restarted.offer(newer, now: now) else {
            Issue.record("the newer one isn't taken")
            return
        }
        #expect(restarted.inForce(now: now)?.content.sequence == 6)
        #expect(folder.has("a/manifest.json") && !folder.has("a/manifest.json.new"))
    }

    @Test func `what was seen and is damaged is not taken for nothing seen`() throws {
        let folder = try TemporaryFolder()
        _ = try intake(folder)
        try folder.write([0x7B], "a/seen.json")
        let settings = try Settings.read(folder.path("a"))
        #expect(throws: AgentError.self) {
            try ManifestIntake(StateFolder(looking: folder.path("a")), settings)
        }
    }

    @Test func `a signature of either of two keys counts`() throws {
        let folder = try TemporaryFolder()
        let box = try TrialBox("a", in: folder) { settings in
            let stranger = try? TrialKeys.stranger.publicKey
            settings.manifestKeys += stranger.map { [Enrolment.line(of: $0)] } ?? []
        }
        let intake = try ManifestIntake(
            StateFolder(working: box.path), Settings.read(box.path))
        for (sequence, key) in try [TrialKeys.stranger, TrialKeys.manifest].enumerated() {
            let signed = try trialContent("a", now: now, sequence: Int64(sequence) + 1)
                .signed(by: key)
            guard case .accepted = try intake.offer(signed, now: now) else {
                Issue.record("key \(sequence) isn't trusted")
                return
            }
        }
    }
}

@Suite struct IndexCatalogueTests {
    private let now = Instant(seconds: 1_790_000_000)
    private let item = TrialItem("film")
    private let other = TrialItem("series", seed: 2)

    private func keeper(_ folder: TemporaryFolder) throws -> IndexCatalogueKeeper {
        let path = folder.path("a")
        if !folder.has("a") { _ = try TrialBox("a", in: folder) }
        let state = try StateFolder(looking: path)
        let settings = try Settings.read(path)
        return IndexCatalogueKeeper(
            state, settings, try ManifestIntake(state, settings), now: now)
    }

    @Test func `an item is trusted by root and shard, and by nothing less`() throws {
        let folder = try TemporaryFolder()
        let keeper = try keeper(folder)
        let catalogue = try TrialCatalogue([item], now: now)
        #expect(keeper.judge(item.digest, ofItem: item.key, now: now) == .needsRoot)
        #expect(try keeper.offer(catalogue.root, now: now) == nil)
        let shard = sha256(catalogue.shards[0])
        #expect(keeper.judge(item.digest, ofItem: item.key, now: now) == .needsShard(shard))
        #expect(!keeper.keep(shard: shard, catalogue.shards[0] + [0x20]))
        #expect(keeper.keep(shard: shard, catalogue.shards[0]))
        #expect(keeper.judge(item.digest, ofItem: item.key, now: now) == .trusted)
        #expect(
            keeper.judge(other.digest, ofItem: item.key, now: now)
                == .refused(.wrongIndex(item.key)))
        #expect(
            keeper.judge(other.digest, ofItem: other.key, now: now)
                == .refused(.unknownItem(other.key)))
        let later = now.advanced(bySeconds: 3600)
        #expect(keeper.judge(item.digest, ofItem: item.key, now: later) == .needsRoot)
        let restarted = try self.keeper(folder)
        #expect(restarted.judge(item.digest, ofItem: item.key, now: now) == .trusted)
        try folder.write([1, 2, 3], "a/catalogue/\(shard.hex).json")
        #expect(restarted.judge(item.digest, ofItem: item.key, now: now) == .needsShard(shard))
    }

    @Test func `a root of another key, fleet, number or time is refused`() throws {
        let folder = try TemporaryFolder()
        let keeper = try keeper(folder)
        #expect(
            try keeper.offer(TrialCatalogue([item], now: now, sequence: 3).root, now: now) == nil)
        let refused: [TrialCatalogue] = [
            try TrialCatalogue([item], now: now, sequence: 2),
            try TrialCatalogue([other], now: now, sequence: 3),
            try TrialCatalogue([item], now: now, sequence: 4, fleet: "south"),
            try TrialCatalogue([item], now: now, sequence: 4, seconds: -1),
            try TrialCatalogue([item], now: now, sequence: 4, key: TrialKeys.manifest),
        ]
        for catalogue in refused {
            #expect(try keeper.offer(catalogue.root, now: now) != nil)
            #expect(try self.keeper(folder).offer(catalogue.root, now: now) != nil)
        }
        #expect(
            try keeper.offer(TrialCatalogue([other], now: now, sequence: 4).root, now: now) == nil)
    }
}
