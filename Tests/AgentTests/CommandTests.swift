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

    @Test func `enrolling again changes what is given and nothing else`() throws {
        let folder = try TemporaryFolder()
        let box = try TrialBox("a", in: folder) {
            $0.keptReports = 7
            $0.onComplete = "/bin/true"
        }
        var expected = try Settings.read(box.path)
        #expect(try agent("enroll", "-s", box.path).status == 0)
        #expect(try Settings.read(box.path) == expected)
        let done = try agent(
            "enroll", "--listen", "127.0.0.1:7090", "--max-connections", "9", "--max-index-bytes",
            "2048", "--max-manifest-bytes", "4096", "-s", box.path)
        #expect(done.status == 0, "\(done.output)")
        expected.listen = "127.0.0.1:7090"
        expected.maxConnections = 9
        expected.maxIndexBytes = 2048
        expected.maxManifestBytes = 4096
        #expect(try Settings.read(box.path) == expected)
        for wrong in [["--listen", "nonsense"], ["--max-connections", "0"]] {
            let refused = try run(agentProgram, ["enroll", "-s", box.path] + wrong)
            #expect(refused.status == 64, "\(refused.output)")
            #expect(try Settings.read(box.path) == expected)
        }
        #expect(try agent("enroll", "--fleet", "x", "-s", folder.path("new")).status == 64)
        #expect(!folder.has("new"))
        try folder.write(Array("{}".utf8), "a/agent.json")
        #expect(try agent("enroll", "--fleet", "x", "-s", box.path).status == 78)
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
