import Foundation
import Testing

/// A disk that is full, or files that may not grow: an error that says so, and the last good night
/// stays.
@Suite struct FullDiskTests {
    /// Whether a small file system can be mounted in a name space of its own.
    private static let canMount =
        (try? Program.shell(
            "unshare -rm sh -c 'mount -t tmpfs -o size=64k tmpfs /mnt'",
            in: URL(filePath: "/tmp")))?.status == 0

    /// For each amount of room from none up, until there is enough: the status, what was said and
    /// whether the published night stood; then the same with room again.
    private static let script = """
        mkdir disk && mount -t tmpfs -o size=16m tmpfs disk && cp -a w disk/w && cd disk || exit 99
        published() { (cd w/published/current && find . -type f | sort | xargs sha256sum); }
        published > ../before
        cp ../changed.csv w/drop/wishes/wishes.csv
        room=0
        while :; do
            head -c $((($(df --output=avail -k . | tail -1) - room) * 1024)) /dev/zero > ballast
            mediaplan nightly -w w --now \(Scenario.now) > /dev/null 2> ../said
            status=$?
            echo "$room $status $(grep -c error: ../said) $(grep error: ../said)"
            [ $status = 0 ] && break
            published | cmp -s - ../before || echo "changed with $room"
            rm ballast
            mediaplan show nights -w w > /dev/null || echo "unreadable after $room"
            room=$((room + 30))
        done
        rm ballast
        published | cmp -s - ../before && echo "not published in the end"
        mediaplan audit -w w > /dev/null 2>&1 || echo "audit ends with $?"
        cp -a w/. ../w
        """

    private func scenario() throws -> Scenario {
        let scenario = try Scenario(devices: 14, titles: 10)
        try scenario.succeed("mediaplan nightly -w w --now \(Scenario.now)")
        let rows = try scenario.text("w/drop/wishes/wishes.csv").split(separator: "\n")
        let changed = rows.prefix(1) + rows.dropFirst().map { $0.replacing(",1,", with: ",2,") }
        let first = try #require(rows.dropFirst().first?.split(separator: ",").first)
        try scenario.write(
            "changed.csv", (changed + ["\(first),none,1,"]).map { $0 + "\n" }.joined())
        return scenario
    }

    @Test(
        .enabled(if: canMount, "a full disk needs a tmpfs of its own, which can't be mounted here"))
    func `a full disk ends the run with 1, whatever it was doing`() throws {
        let scenario = try scenario()
        try scenario.write("full.sh", FullDiskTests.script)
        let said = try scenario.succeed("unshare -rm sh full.sh")
        let lines = said.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 3) }
        let failed = lines.dropLast()
        #expect(lines.last?.dropFirst().first == "0", "\(said)")
        #expect(failed.count >= 4, "\(said)")
        for line in failed {
            #expect(line.count == 4 && line[1] == "1" && line[2] == "1", "\(line)")
            let isClear = ["No space left on device", "the disk is full or failed"].contains {
                line.last?.contains($0) == true
            }
            #expect(isClear, "\(line)")
        }
        #expect(said.contains("/store.sqlite: the disk is full"))
        #expect(said.contains(#/cannot write 'w/published/.*': No space left/#))
        _ = try PublishedNight(scenario)
    }

    @Test func `files that may not grow end the run with 1, and nothing is lost`() throws {
        let scenario = try scenario()
        let before = try PublishedNight(scenario)
        try scenario.succeed("cp changed.csv w/drop/wishes/wishes.csv")
        for blocks in [0, 4, 60, 200] {
            let result = try scenario.run(
                "ulimit -f \(blocks); exec mediaplan nightly -w w --now \(Scenario.now)")
            let isOut = result.output.contains("warning: the manifests are published, but: ")
            let isRefused = result.output.contains("mediaplan: error: ")
            #expect(
                isOut ? result.status == 0 : isRefused && result.status == 1,
                "\(blocks): \(result.output)[\(result.status)]")
            #expect(try isOut || PublishedNight(scenario) == before)
        }
        try scenario.succeed("mediaplan nightly -w w --now \(Scenario.now)")
        #expect(try PublishedNight(scenario).sequence == before.sequence + 1)
        let state = try scenario.succeed("mediaplan show nights -w w --format csv --columns state")
        #expect(state == "state\npublished\n")
    }
}
