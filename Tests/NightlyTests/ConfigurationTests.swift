import Nightly
import Quantities
import Schedule
import Store
import Testing

/// The configuration file: printed, read, refused.
@Suite struct ConfigurationTests {
    @Test func `prints then reads the defaults unchanged`() throws {
        let defaults = Configuration()
        #expect(try ConfigurationReader.read(defaults.text, file: "f") == defaults)
    }

    @Test func `reads every setting back from a file where each differs from its default`() throws {
        var changed = Configuration()
        let samples = [
            "7", "\"07:05\"", "280", "Europe/Lisbon", "min-time", "0.25", "0.125", "0.75", "2.5",
            "0.5", "3", "7m", "8s", "yes", "no", "99", "131072", "x y",
        ]
        for setting in Setting.all {
            let before = changed
            for sample in samples where changed == before {
                _ = setting.read(&changed, sample.replacing("\"", with: ""))
            }
            if changed == before { Issue.record("\(setting.path) takes none of the samples") }
        }
        changed.night.slotSeconds = 7
        changed.night.lengthSeconds = 280
        var feed = FeedFolder()
        feed.folder = "in \"quotes\""
        feed.territories = ["ES", "PT"]
        changed.feeds = [feed]
        #expect(try ConfigurationReader.read(changed.text, file: "f") == changed)
    }

    @Test func `takes the default for what a file leaves out`() throws {
        let read = try ConfigurationReader.read("night:\n  slot: 30m\n", file: "f")
        var expected = Configuration()
        expected.night.slotSeconds = 1800
        #expect(read == expected)
        #expect(try ConfigurationReader.read("", file: "f") == Configuration())
        #expect(try ConfigurationReader.read("night:\n", file: "f") == Configuration())
    }

    @Test(arguments: [
        (
            "nigth:\n  slot: 15m\n",
            "c.yaml:1:1: error: unknown group `nigth`; did you mean `night`?"
        ),
        (
            "night:\n  slott: 15m\n",
            "c.yaml:2:3: error: unknown setting `night.slott`; did you mean `slot`?"
        ),
        (
            "night:\n  slot: soon\n",
            "c.yaml:2:9: error: `night.slot` must be a time from 1s to 4h, such as 90s, 15m or 8h"
        ),
        (
            "night:\n  slot: 0s\n",
            "c.yaml:2:9: error: `night.slot` must be a time from 1s to 4h, such as 90s, 15m or 8h"
        ),
        (
            "night:\n  start: 25:00\n",
            "c.yaml:2:10: error: `night.start` must be a time of day such as \"22:00\""
        ),
        (
            "night:\n  timezone: Mars/Base\n",
            "c.yaml:2:13: error: `night.timezone` must be a time zone's IANA name such as Europe/Lisbon; \"Mars/Base\" is unknown"
        ),
        (
            "night:\n  slot: [15]\n",
            "c.yaml:2:9: error: `night.slot` must be a single value"
        ),
        ("night: 3\n", "c.yaml:1:8: error: `night` must hold settings, each on its own line"),
        (
            "plan:\n  decay: 1.5\n",
            "c.yaml:2:10: error: `plan.decay` must be a number from 0 to 1 with at most six decimals"
        ),
        ("plan:\n  decay: 0\n", "c.yaml: error: `plan.decay` must be above 0"),
        ("plan:\n  decay: 0.8\n  decay: 0.7\n", "c.yaml:2:3: error: set twice: decay"),
        (
            "plan:\n  sizes_alone: maybe\n",
            "c.yaml:2:16: error: `plan.sizes_alone` must be yes or no"
        ),
        (
            "night:\n  length: 100m\n",
            "c.yaml: error: `night.length` (100m) must be a multiple of `night.slot` (15m)"
        ),
        (
            "feeds: drop\n",
            "c.yaml:1:8: error: `feeds` must be a list of folders, each beginning with `- folder:`"
        ),
        ("feeds:\n  - timezone: UTC\n", "c.yaml:2:5: error: a feed must have `folder:`"),
        ("feeds:\n  - folder: a\n  - folder: a\n", "c.yaml: error: two `feeds` have one folder"),
        (
            "feeds:\n  - folder: a\n    territories: [pt]\n",
            "c.yaml:3:19: error: `feeds.territories` must hold ISO 3166 codes of two capitals"
        ),
        ("- a\n", "c.yaml:1:1: error: the file must be a list of groups such as `night:`"),
        ("a: [b\n", "c.yaml:2:1: error: not YAML: did not find expected ',' or ']'"),
    ])
    func `refuses what it can't take, with its place`(text: String, message: String) {
        let error = #expect(throws: NightlyError.self) {
            try ConfigurationReader.read(text, file: "c.yaml")
        }
        #expect(error?.message == message)
        #expect(error?.kind == .configuration)
    }

    @Test func `applies the rates only under min-origin`() {
        let configuration = Configuration()
        #expect(configuration.planSettings().profile == .balanced)
        let spare = configuration.planSettings(profile: .minOrigin).profile
        #expect(spare == Profile(order: .minOrigin, alpha: 500_000, beta: 0))
        #expect(configuration.planSettings(profile: .minTime).profile.alpha == 0)
    }
}

/// Limits on rejected records.
@Suite struct RejectLimitsTests {
    @Test(arguments: [
        (0, 0, true), (0, 1000, true), (10, 1000, true), (11, 1000, false), (1, 99, false),
        (1, 100, true),
        (1000, 1_000_000, true), (1001, 1_000_000, false),
    ])
    func `holds both limits`(rejected: Int64, total: Int64, allowed: Bool) {
        #expect(RejectLimits().allow(rejected, of: total, table: .devices) == allowed)
    }
}
