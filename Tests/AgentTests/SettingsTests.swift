import Foundation
import Manifest
import Testing

@testable import Agent

@Suite struct SettingsTests {
    private func settings() throws -> Settings {
        Settings(
            fleet: "north", device: "box 17",
            manifestKeys: [Enrolment.line(of: try TrialKeys.manifest.publicKey)],
            catalogueKeys: [Enrolment.line(of: try TrialKeys.catalogue.publicKey)])
    }

    @Test func `what is written is read again`() throws {
        var settings = try settings()
        settings.manifests = ["/media/stick", "http://plan.example:8080/current"]
        settings.onComplete = "/usr/bin/true"
        settings.reserveBytes = 7
        #expect(try Settings(json: settings.json) == settings)
    }

    @Test(arguments: [
        (#""poll_seconds":300"#, #""poll_seconds":0"#),
        (#""poll_seconds":300"#, #""poll_second":300"#),
        (#""version":"1.0""#, #""version":"2.0""#),
        (#""on_complete":"""#, #""on_complete":"sh -c x""#),
        (#""manifests":[]"#, #""manifests":["stick"]"#),
        (#""manifests":[]"#, #""manifests":["https://plan.example"]"#),
        (#""manifests":[]"#, #""manifests":[7]"#),
        (#""reserve_bytes":1000000000"#, #""reserve_bytes":-1"#),
        (#""reserve_bytes":1000000000"#, #""reserve_bytes":1e9"#),
        (#""fleet":"north""#, #""fleet":"""#),
        (#""listen":"0.0.0.0:7080""#, #""listen":"nonsense""#),
        (#""listen":"0.0.0.0:7080""#, #""listen":"0.0.0.0:70800""#),
    ])
    func `refuses settings that say something else`(what: String, instead: String) throws {
        let text = String(decoding: try settings().json, as: UTF8.self)
        let changed = text.replacing(what, with: instead)
        #expect(changed != text)
        #expect(throws: (any Error).self) { try Settings(json: Array(changed.utf8)) }
    }

    @Test func `refuses a manifest key that is a catalogue key as well`() throws {
        var settings = try settings()
        settings.catalogueKeys = settings.manifestKeys
        #expect(throws: (any Error).self) { try Settings(json: settings.json) }
    }

    @Test func `enrolling makes a secret key once and keeps it`() throws {
        let folder = try TemporaryFolder()
        let first = try Enrolment.enroll(folder.path("box"), settings(), address: "10.0.0.1:7080")
        let key = try folder.read("box/device.key")
        var other = try settings()
        other.pollSeconds = 9
        let second = try Enrolment.enroll(folder.path("box"), other, address: "10.0.0.1:7080")
        #expect(first == second)
        #expect(try folder.read("box/device.key") == key)
        #expect(try Settings.read(folder.path("box")).pollSeconds == 9)
        let attributes = try FileManager.default.attributesOfItem(
            atPath: folder.path("box/device.key"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try SigningKey(secretKeyFile: key).publicKey.bytes.count == 32)
    }

    @Test func `one agent at a time works in a folder`() throws {
        let folder = try TemporaryFolder()
        let box = try TrialBox("a", in: folder)
        let first = try StateFolder(working: box.path)
        #expect(throws: AgentError.self) { try StateFolder(working: box.path) }
        #expect(first.path == box.path)
        #expect(try StateView(box.path).isRunning)
        _ = try StateFolder(looking: box.path)
    }
}
