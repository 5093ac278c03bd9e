import Foundation
import Manifest
import Quantities
import Testing

@testable import Agent

@Suite struct CommandTests {
    private var now: Instant { Instant(seconds: Int64(Date().timeIntervalSince1970)) }

    @Test func `enroll prints the device's line for the fleet`() throws {
        let folder = try TemporaryFolder()
        try folder.write(try TrialKeys.manifest.publicKey.publicKeyFile, "manifest.pub")
        let catalogue = Enrolment.line(of: try TrialKeys.catalogue.publicKey)
        let done = try agent(
            "enroll", "--fleet", "north", "--device", "box,17", "--manifest-key",
            folder.path("manifest.pub"), "--catalogue-key", catalogue, "--address",
            "10.0.0.1:7080", "-s", folder.path("box"))
        #expect(done.status == 0)
        let lines = done.output.split(separator: "\n")
        #expect(lines.first == "device,address,public_key")
        #expect(lines.last?.hasPrefix(#""box,17",10.0.0.1:7080,RW"#) == true)
        #expect(try Settings.read(folder.path("box")).device == "box,17")
    }

    @Test func `ends as its page says`() throws {
        let folder = try TemporaryFolder()
        let box = try TrialBox("a", in: folder)
        #expect(try agent("list", "-s", folder.path("nowhere")).status == 78)
        #expect(try agent("list", "-s", box.path).status == 0)
        #expect(try agent("status", "--json", "-s", box.path).status == 0)
        #expect(try agent("report", "-s", box.path).status == 1)
        #expect(try agent("verify", "-s", box.path).status == 0)
        #expect(try agent("enroll").status == 64)
        #expect(try agent("dance").status == 64)
        #expect(try agent("--help").status == 0)
        try folder.write(Array("{}".utf8), "a/agent.json")
        let wrong = try agent("status", "-s", box.path)
        #expect(wrong.status == 78)
        #expect(wrong.output.contains("agent.json"))
    }

    @Test func `another agent in the folder is told with 75`() throws {
        let folder = try TemporaryFolder()
        let box = try TrialBox("a", in: folder)
        let held = try StateFolder(working: box.path)
        let done = try agent("verify", "-s", box.path)
        #expect(done.status == 75)
        #expect(done.output.contains("hint:"))
        #expect(held.path == box.path)
    }

    @Test func `once refuses by name with 12`() throws {
        let folder = try TemporaryFolder()
        let box = try TrialBox("a", in: folder)
        let cases: [(ManifestContent, SigningKey, String)] = [
            (trialContent("b", now: now), try TrialKeys.manifest, "device b"),
            (
                trialContent("a", now: now.advanced(bySeconds: -90)), try TrialKeys.manifest,
                "expired"
            ),
            (trialContent("a", now: now), try TrialKeys.stranger, "isn't trusted"),
        ]
        for (content, key, reason) in cases {
            let signed = try content.signed(by: key)
            try folder.write(signed.json, "m.json")
            try folder.write(signed.minisig, "m.json.minisig")
            let done = try agent("once", folder.path("m.json"), "-s", box.path)
            #expect(done.status == 12)
            #expect(done.output.contains(reason), "\(done.output)")
        }
    }
}
