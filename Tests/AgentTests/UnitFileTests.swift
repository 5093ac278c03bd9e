import Foundation
import Manifest
import TestSupport
import Testing

@Suite struct UnitFileTests {
    private let unit = Fixtures.url("systemd/mediaplan-agent.service")

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")))
    func `systemd understands the unit and finds it hardened`() throws {
        let folder = try TemporaryFolder()
        let text = try String(contentsOf: unit, encoding: .utf8)
        let copy = folder.path("mediaplan-agent.service")
        // The program and its user aren't installed where tests run.
        try text.replacing("/usr/bin/mediaplan-agent run", with: "/bin/true")
            .write(toFile: copy, atomically: true, encoding: .utf8)
        let verified = try run("/usr/bin/systemd-analyze", ["verify", "--man=no", copy])
        #expect(verified.status == 0, "\(verified.output)")
        #expect(!verified.output.contains("Unknown"), "\(verified.output)")
        let judged = try run(
            "/usr/bin/systemd-analyze", ["security", "--offline=true", "--threshold=20", copy])
        #expect(judged.status == 0, "\(judged.output)")
    }

    @Test func `the unit writes in the state folder alone, as its own user`() throws {
        let text = try String(contentsOf: unit, encoding: .utf8)
        for line in [
            "Type=notify", "User=mediaplan-agent", "StateDirectory=mediaplan-agent",
            "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=",
        ] {
            #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)")
        }
    }
}
