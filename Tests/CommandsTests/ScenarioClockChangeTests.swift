import Foundation
import Testing

/// Nights on which clocks change, windows in local time, from the feeds to the manifests; a second
/// program reckons when each box may take part.
@Suite(
    .enabled(
        if: isInstalled("python3"), "reckoning local times a second time needs python3"))
struct ScenarioClockChangeTests {
    /// Windows at, in and around the hour that comes twice or not at all.
    private static let windows = [
        "00:00-06:00", "01:30-03:00", "02:00-03:00", "02:15-02:45", "03:00-04:15", "23:30-02:30",
        "22:00-06:00", "02:45-01:15", "", "01:00-02:00",
    ]

    @Test(arguments: ["2026-10-24", "2026-10-25", "2027-03-27", "2027-03-28"])
    func `boxes take part in their local windows, and only there`(night: String) throws {
        let scenario = try Scenario()
        try scenario.succeed(
            "mediaplan synth w/drop --devices 30 --titles 12 --seed 5 --night \(night)")
        try scenario.set("timezone", "Europe/Berlin")
        try setWindows(scenario)
        try scenario.succeed("mediaplan nightly -w w --night \(night) --now \(night)T12:00:00Z")
        let audit = try scenario.succeed("mediaplan audit -w w --night \(night)")
        #expect(audit.contains("every rule holds, the bound is proved"))
        try scenario.write("windows.py", ScenarioClockChangeTests.reckoning)
        let said = try scenario.run("python3 windows.py")
        #expect(said.status == 0, "\(said.output)")
        let figures = said.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        #expect(figures.count == 3 && figures[0] == 30 && figures[1] > 20 && figures[2] > 0)
        try expectChange(night, scenario)
    }

    /// The night is eight hours long whatever clocks say, and begins at ten in the evening in
    /// Berlin.
    private func expectChange(_ night: String, _ scenario: Scenario) throws {
        let span = try scenario.succeed(
            "mediaplan show nights -w w --format csv --columns starts_utc,ends_utc")
        let summer = ["2026-10-24", "2027-03-28"].contains(night)
        #expect(span.contains("\(night)T\(summer ? 20 : 21):00:00Z,"))
    }

    private func setWindows(_ scenario: Scenario) throws {
        let rows = try scenario.text("w/drop/devices/devices.csv").split(separator: "\n")
        let names = rows[0].split(separator: ",")
        let column = try #require(names.firstIndex(of: "window"))
        let state = try #require(names.firstIndex(of: "state"))
        let changed = rows.dropFirst().enumerated().map { number, row in
            var fields = row.split(separator: ",", omittingEmptySubsequences: false)
            fields[column] = Substring(
                ScenarioClockChangeTests.windows[number % ScenarioClockChangeTests.windows.count])
            fields[state] = "active"
            return fields.joined(separator: ",")
        }
        try scenario.write(
            "w/drop/devices/devices.csv",
            ([String(rows[0])] + changed).joined(separator: "\n") + "\n")
    }

    /// For each box the slots of which every minute is inside its window on the clocks of its site:
    /// they must be its manifest's windows, and hold all that it fetches and serves.
    private static let reckoning = """
        import csv, datetime, glob, json, sys, zoneinfo
        rows = lambda table: csv.DictReader(open(f"w/drop/{table}/{table}.csv"))
        sites = {r["site"]: r for r in rows("sites")}
        devices = {r["device"]: r for r in rows("devices")}

        def zone(site):
            while not sites[site]["timezone"]:
                site = sites[site]["parent"]
            return zoneinfo.ZoneInfo(sites[site]["timezone"])

        def minute(text):
            return int(text[:2]) * 60 + int(text[3:])

        def inside(device, time):
            window = device["window"]
            if not window:
                return True
            start, end = minute(window[:5]), minute(window[6:])
            local = time.astimezone(zone(device["site"]))
            now = local.hour * 60 + local.minute
            return start <= now < end if start < end else now >= start or now < end

        def parse(text):
            return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))

        def span(entry):
            return parse(entry["starts"]), parse(entry["ends"])

        step = datetime.timedelta(minutes=1)
        publication = json.load(open("w/published/current/publication.json"))
        busy = pieces = 0
        manifests = [json.load(open(p)) for p in glob.glob("w/published/current/*/*.json")]
        for m in manifests:
            device = devices[m["device"]]
            # The night has 8 hours; a manifest expires 12 hours later.
            start = parse(m["expires"]) - datetime.timedelta(hours=20)
            allowed = []
            for slot in range(32):
                at = start + slot * 15 * step
                if all(inside(device, at + k * step) for k in range(15)):
                    if allowed and allowed[-1][1] == at:
                        allowed[-1][1] = at + 15 * step
                    else:
                        allowed.append([at, at + 15 * step])
            stated = [list(span(w)) for w in m["window"]]
            if stated != allowed:
                sys.exit(f"{m['device']}, {device['window']}: {stated} is not {allowed}")
            moved = m["fetch"] + m["serve"]
            busy += bool(allowed)
            pieces += len(moved)
            for entry in moved:
                begin = parse(m["starts"]) + 15 * step * entry[0]
                end = begin + 15 * step
                if not any(a <= begin and end <= b for a, b in allowed):
                    sys.exit(f"{m['device']} moves something from {begin} to {end}")
        print(len(manifests), busy, pieces)
        """
}
