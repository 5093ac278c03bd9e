import Foundation
import Testing

/// Ingest under bad conditions: killed, out of room, twice at once.
@Suite struct IngestTests {
    private let scenario: Scenario
    private static let command =
        "mediaplan ingest -w w --json --chunk-bytes 65536 --title example.com/A a.ts"

    /// A workspace and a file of `megabytes` MB, other bytes in every chunk.
    init() throws {
        scenario = try Scenario()
        var random = SystemRandomNumberGenerator()
        let salt = random.next()
        try scenario.succeed("seq \(salt % 1_000_000)000 1 99999999999 | head -c 24000000 > a.ts")
    }

    private func outcome(_ output: String) throws -> [String: Any] {
        let line = try #require(output.split(separator: "\n").first { $0.contains("\"ingest\"") })
        return try #require(
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    /// Lines of the journal but the first.
    private func noted() -> Int {
        let path = "w/origin/.ingest/example.com~2FA@1/journal"
        guard let text = try? scenario.text(path) else { return 0 }
        return max(0, text.count { $0 == "\n" } - 1)
    }

    @Test func `a run that is killed goes on behind the chunks that it wrote`() throws {
        let chunks = 24_000_000 / (65_536 - 28) + 1
        var last = 0
        for target in [1, chunks / 5, chunks / 2, chunks * 4 / 5] {
            let process = Program.process("exec \(Self.command)", in: scenario.folder)
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            while process.isRunning, noted() < target { usleep(500) }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal)
            #expect(noted() >= max(last, target), "a run went back behind the one before")
            last = noted()
        }
        let size = try scenario.bytes("w/origin/.ingest/example.com~2FA@1/blob").count
        #expect(size <= (last + 1) * 65_536, "more than a chunk was written and not noted")
        let resumed = try outcome(scenario.succeed(Self.command))
        #expect(resumed["resumed_chunks"] as? Int == last)
        #expect(resumed["chunks"] as? Int == chunks)
        #expect(try scenario.paths(below: "w/origin/.ingest") == ["lock"])
        try scenario.succeed("mediaplan origin verify -w w")
        try scenario.succeed(
            "mkdir other && mediaplan init other/w && cp w/keys/content.json other/w/keys/")
        let undisturbed = try outcome(
            scenario.succeed("cp -p a.ts other/ && cd other && \(Self.command)"))
        #expect(undisturbed["blob"] as? String == resumed["blob"] as? String)
        #expect(undisturbed["index"] as? String == resumed["index"] as? String)
    }

    @Test func `chunks of a run before that were damaged are made again`() throws {
        let process = Program.process("exec \(Self.command)", in: scenario.folder)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        while process.isRunning, noted() < 100 { usleep(500) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let work = "w/origin/.ingest/example.com~2FA@1"
        var blob = try scenario.bytes("\(work)/blob")
        blob[40 * 65_536 + 5] ^= 1
        try scenario.write("\(work)/blob", blob)
        try scenario.succeed("printf 0123 >> \(work)/journal")
        let resumed = try outcome(scenario.succeed(Self.command))
        #expect(resumed["resumed_chunks"] as? Int == 40)
        try scenario.succeed("mediaplan origin verify -w w")
    }

    @Test func `a file that changed after a run was killed is read from its beginning`() throws {
        let process = Program.process("exec \(Self.command)", in: scenario.folder)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        while process.isRunning, noted() < 50 { usleep(500) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try scenario.succeed("sleep 0.01; printf x | dd of=a.ts conv=notrunc status=none")
        #expect(try outcome(scenario.succeed(Self.command))["resumed_chunks"] as? Int == 0)
        try scenario.succeed("mediaplan origin verify -w w")
    }

    @Test func `an ingest that has nothing to do writes nothing`() throws {
        try scenario.succeed(Self.command)
        let list =
            "find w -type f ! -name '*lock' ! -name 'store.sqlite*' -printf '%p %i %T@\\n' | sort"
        let before = try scenario.succeed(list)
        let store = try scenario.store()
        #expect(try outcome(scenario.succeed(Self.command))["verdict"] as? String == "unchanged")
        #expect(try scenario.succeed(list) == before)
        #expect(try scenario.store() == store)
    }

    @Test func `a second run ends with 75, and another origin is free`() throws {
        try scenario.succeed("mkdir -p w/origin/.ingest")
        try scenario.end(
            "flock w/origin/.ingest/lock \(Self.command)", with: 75,
            saying: "mediaplan: error: another run holds the lock")
        try scenario.succeed("flock w/origin/.ingest/lock \(Self.command) --origin elsewhere")
        try scenario.succeed(Self.command)
    }

    @Test func `many at once leave one item, whoever comes first`() throws {
        let runs = (0..<4).map { _ in Program.process("exec \(Self.command)", in: scenario.folder) }
        for run in runs {
            run.standardOutput = FileHandle.nullDevice
            run.standardError = FileHandle.nullDevice
            try run.run()
        }
        for run in runs { run.waitUntilExit() }
        #expect(runs.contains { $0.terminationStatus == 0 })
        #expect(runs.allSatisfy { [0, 75].contains($0.terminationStatus) })
        #expect(try scenario.paths(below: "w/origin/blobs").count == 1)
        try scenario.succeed("mediaplan origin verify -w w")
    }

    private static let canMount =
        (try? Program.shell(
            "unshare -rm sh -c 'mount -t tmpfs -o size=64k tmpfs /mnt'",
            in: URL(filePath: "/tmp")))?.status == 0

    @Test(
        .enabled(if: canMount, "a full disk needs a tmpfs of its own, which can't be mounted here"))
    func `a full disk ends the run with 1, and with room it goes on`() throws {
        try scenario.write(
            "full.sh",
            """
            mkdir disk && mount -t tmpfs -o size=10m tmpfs disk || exit 99
            \(Self.command) --origin disk/o > first 2> said; echo $?
            ls -A disk/o/blobs disk/o/indexes | grep -c '[0-9a-f]\\{64\\}'
            mount -o remount,size=40m disk
            \(Self.command) --origin disk/o > second; echo $?
            mediaplan origin verify --origin disk/o > /dev/null; echo $?

            """)
        #expect(try scenario.succeed("unshare -rm sh full.sh") == "1\n0\n0\n0\n")
        #expect(try scenario.text("said").contains("No space left on device"))
        let resumed = try outcome(scenario.text("second"))["resumed_chunks"] as? Int
        #expect((100..<160).contains(resumed ?? 0), "\(resumed ?? 0)")
    }

    @Test func `a key file that others can read, or that lost a key, is refused`() throws {
        try scenario.succeed(Self.command)
        try scenario.succeed("chmod 644 w/keys/content.json")
        try scenario.end(Self.command, with: 12, saying: "chmod 600 w/keys/content.json")
        try scenario.succeed("rm w/keys/content.json")
        try scenario.end(
            Self.command, with: 12, saying: "has no key of 'example.com/A', which was sealed")
        try scenario.write("w/keys/content.json", "{}")
        try scenario.succeed("chmod 600 w/keys/content.json")
        try scenario.end(Self.command, with: 12, saying: "not a file of content keys")
    }

    @Test func `hostile names of files lead nowhere`() throws {
        try scenario.succeed("mkdir in out && echo secret > out/secret && cp out/secret in/fine")
        try scenario.succeed("ln -s ../out/secret in/link && ln -s ../out in/folder")
        let names = [
            "../out/secret", "/etc/passwd", "link", "folder/secret", "in/../../out/secret",
            "..\\out\\secret", "file:///etc/passwd", ".", "..", "a&#9;b", "-rf",
        ]
        let titles = names.enumerated().map {
            #"<title id="t\#($0)" major="1"><file name="\#($1)" kind="movie" size="7"/></title>"#
        }
        try scenario.write(
            "feed.xml",
            #"<catalogue xmlns="urn:mediaplan:catalogue:1" extent="delta">"#
                + titles.joined() + #"<title id="u" major="1">"#
                + #"<file name="//x/../y/./fine" kind="movie" size="7"/></title>"#
                + #"<title id="v" major="1"><file name="http://h/x/fine" kind="movie" size="7"/>"#
                + "</title></catalogue>")
        _ = try scenario.run("mediaplan import catalogue -w w feed.xml --force")
        let output = try scenario.run("mediaplan ingest -w w --from in --json 2>/dev/null")
        let found = output.output.split(separator: "\n").filter { $0.contains(#""ingested""#) }
        #expect(found.filter { $0.contains(#""title""#) }.count == 1, "\(output.output)")
        #expect(found.contains { $0.contains(#""title":"v""#) })
        #expect(output.status == 2)
    }
}
