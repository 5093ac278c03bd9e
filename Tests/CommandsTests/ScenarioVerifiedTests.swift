import Foundation
import TestSupport
import Testing

/// A published night in the hands of tools that know nothing of us.
@Suite struct ScenarioVerifiedTests {
    private func scenario() throws -> Scenario {
        let scenario = try Scenario(devices: 24, titles: 14)
        try scenario.succeed("mediaplan nightly -w w --now \(Scenario.now)")
        return scenario
    }

    /// A manifest with something to do, as `m` with its signature beside it.
    private func copyBusyManifest(_ scenario: Scenario) throws {
        let busy = try #require(
            try scenario.manifests().filter { count($0.value, "fetch") > 0 }.keys.sorted().first)
        try scenario.succeed(
            "cp w/published/current/\(busy) m && cp w/published/current/\(busy).minisig m.minisig")
    }

    private func count(_ manifest: [String: Any], _ member: String) -> Int {
        (manifest[member] as? [Any])?.count ?? -1
    }

    @Test(arguments: [
        ("minisign", "minisign -q -Vm m -p w/keys/manifest.pub"),
        ("signify-openbsd", "signify-openbsd -q -V -p w/keys/manifest.pub -x m.minisig -m m"),
        (
            "openssl",
            "sed -n 2p m.minisig | base64 -d | tail -c 64 > sig && openssl pkeyutl -verify -pubin"
                + " -inkey w/keys/manifest.pem -rawin -in m -sigfile sig"
        ),
    ])
    func `a signature verifies, and fails with one flipped byte`(tool: String, command: String)
        throws
    {
        try #require(isInstalled(tool), "\(tool) isn't installed: run .ci/setup")
        let scenario = try scenario()
        try copyBusyManifest(scenario)
        try scenario.succeed(command)
        var bytes = try scenario.bytes("m")
        bytes[bytes.count / 3] ^= 1
        try scenario.write("m", bytes)
        #expect(try scenario.run(command).status != 0)
        try copyBusyManifest(scenario)
        var lines = try scenario.text("m.minisig").split(separator: "\n").map { Array($0) }
        lines[1][60] = lines[1][60] == "A" ? "B" : "A"
        try scenario.write("m.minisig", lines.map { String($0) + "\n" }.joined())
        #expect(try scenario.run(command).status != 0)
    }

    @Test func `the manual's lines of jq answer what each box fetches, serves and removes`() throws
    {
        try #require(isInstalled("jq"), "jq isn't installed: run .ci/setup")
        let scenario = try scenario()
        let page = try String(
            contentsOf: Fixtures.root.appending(path: "man/mediaplan-manifest.5"), encoding: .utf8)
        let programs = page.split(separator: "\n").filter { $0.hasPrefix("$ jq ") }.map {
            String($0.dropFirst(2)).replacing("\\e", with: "\\")
        }
        try #require(programs.count == 8)
        var answers = [0, 0, 0]
        for (path, manifest) in try scenario.manifests() {
            let file = "w/published/current/\(path)"
            for (number, member) in ["fetch", "serve", "remove"].enumerated() {
                let said = try scenario.succeed(
                    programs[number].replacing("MANIFEST", with: "'\(file)'"))
                let lines = said.split(separator: "\n").count
                #expect(lines == count(manifest, member), "\(path): \(programs[number])")
                answers[number] += lines
            }
            let idle = ["fetch", "serve", "remove", "standby"].allSatisfy {
                count(manifest, $0) == 0
            }
            let said = try scenario.succeed(
                programs[3].replacing("MANIFEST", with: "'\(file)'"))
            #expect(said == "\(idle)\n")
        }
        #expect(answers[0] > answers[1] && answers[1] > 0)
    }

    @Test(
        .enabled(
            if: Python.has("jsonschema"),
            "validating needs python3 with the package jsonschema: run .ci/setup"))
    func `the published schema accepts every manifest of a night, and no changed one`() throws {
        let scenario = try scenario()
        try scenario.succeed("mediaplan schema manifest > schema.json")
        try scenario.write("validate.py", ScenarioVerifiedTests.validator)
        let said = try Python.run("validate.py", in: scenario)
        let count = try scenario.manifests().count
        #expect(said.output == "\(count) accepted, \(count) changed ones refused\n")
        #expect(said.status == 0)
    }

    private static let validator = """
        import glob, json, jsonschema
        schema = json.load(open("schema.json"))
        jsonschema.Draft202012Validator.check_schema(schema)
        check = jsonschema.Draft202012Validator(schema)
        manifests = [json.load(open(p)) for p in glob.glob("w/published/current/*/*.json")]
        for m in manifests:
            check.validate(m)
        refused = 0
        for number, m in enumerate(manifests):
            names = sorted(set(m) - {"ahead_seconds", "origin_patience_seconds"})
            del m[names[number % len(names)]]
            refused += not check.is_valid(m)
        print(f"{len(manifests)} accepted, {refused} changed ones refused")
        """
}

/// The python3 of whoever runs the tests, with the packages installed for them.
enum Python {
    private static let environment = ProcessInfo.processInfo.environment

    /// Runs a script of the scenario's folder.
    static func run(_ script: String, in scenario: Scenario) throws -> Program.Result {
        let variables = ["PATH", "HOME"].map { "\($0)='\(environment[$0] ?? "")'" }
        return try scenario.run("env \(variables.joined(separator: " ")) python3 \(script)")
    }

    /// Whether there is a python3 that has a module.
    static func has(_ module: String) -> Bool {
        guard let scenario = try? Scenario() else { return false }
        return (try? run("-c 'import \(module)'", in: scenario))?.status == 0
    }
}
