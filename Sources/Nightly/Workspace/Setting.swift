import Quantities
import Schedule
import Store

/// One line of `mediaplan.yaml`: its name, what it means, how it is printed and read.
///
/// The list ``all`` is the one place where a setting is defined; the file that
/// `init` writes, the strict reader and the manual's table come from it.
package struct Setting {
    /// Group and name, such as `night` and `slot`.
    package var group: String
    package var name: String
    /// What it means, its unit and bounds, in one or two lines.
    package var comment: [String]
    /// The value as YAML writes it.
    package var print: (Configuration) -> String
    /// Sets the value from a scalar's text; returns what is wrong with it, nil when nothing is.
    package var read: (inout Configuration, String) -> String?

    /// `night.slot`.
    package var path: String { "\(group).\(name)" }

    /// Every setting, in the file's order.
    package static var all: [Setting] {
        night + plan + catalogue + imports + rejectLimits + manifests + origin
    }

    /// What a group is about, printed above it.
    package static func heading(_ group: String) -> String {
        switch group {
        case "night": "When the night is and how it is cut."
        case "plan": "What a plan may do and what it is worth; see mediaplan-plan(1)."
        case "catalogue": "What becomes of catalogue feeds."
        case "import": "What an import may do."
        case "whole":
            "Whether a drop folder names all there is: what it no longer names is removed."
        case "max_rejects": "Rejected records of one source above which nothing of it is taken …"
        case "max_reject_percent": "… and the same in percent of its records."
        case "manifests": "What is published, and for how long."
        case "origin": "Where sealed items go; see mediaplan-ingest(1)."
        default: ""
        }
    }

    private static var night: [Setting] {
        [
            duration(
                "night", "slot", \.night.slotSeconds, 1...14_400,
                "Length of a slot: a plan says what moves in which slot."),
            Setting(
                group: "night", name: "start",
                comment: ["Time of day at which the night begins, HH:MM or HH:MM:SS."],
                print: { "\"\(Setting.clock($0.night.startSeconds))\"" },
                read: { configuration, text in
                    guard let second = Setting.second(text) else {
                        return "must be a time of day such as \"22:00\""
                    }
                    configuration.night.startSeconds = second
                    return nil
                }),
            duration(
                "night", "length", \.night.lengthSeconds, 1...86_400,
                "Length of the night, a multiple of slot."),
            zone(
                "night", "timezone", \.night.timezone,
                "Whose clocks `start` is read on: an IANA name or UTC."),
        ]
    }

    private static var plan: [Setting] {
        [
            Setting(
                group: "plan", name: "profile",
                comment: [
                    "balanced: value first; min-origin: spare the origins; min-bandwidth: spare the",
                    "dear ways; min-time: finish soonest.",
                ],
                print: { $0.profile.rawValue },
                read: { configuration, text in
                    guard let order = Profile.Order(rawValue: text) else {
                        return "must be balanced, min-origin, min-bandwidth or min-time"
                    }
                    configuration.profile = order
                    return nil
                }),
            fraction(
                "plan", "origin_rate", \.originRate, 0...1000,
                "min-origin: a GB from an origin costs as much as this many wishes of value 1."),
            fraction(
                "plan", "cost_rate", \.costRate, 0...1000,
                "min-origin and min-bandwidth: the same for one unit of carried cost."),
            fraction(
                "plan", "decay", \.plan.decay, 0...1,
                "A wish's value falls by this factor with each rank, above 0."),
            fraction(
                "plan", "fairness_base", \.plan.fairnessBase, 0...1000,
                "Value of the first wish of a device that was served last night."),
            fraction(
                "plan", "fairness_gain", \.plan.fairnessGain, 0...1000,
                "What fairness_days nights without a completed wish add to it."),
            integer(
                "plan", "fairness_days", \.plan.fairnessDays, 1...3650,
                "Nights after which waiting counts no more."),
            integer(
                "plan", "max_incoming", \.plan.maxIncoming, 1...1000,
                "Other ends from which a device receives in one slot, at most."),
            integer(
                "plan", "max_outgoing", \.plan.maxOutgoing, 1...1000,
                "Other ends to which a device sends in one slot, at most."),
            flag(
                "plan", "sizes_alone", \.plan.sizesAlone,
                "Plan titles that have no chunk index on the sizes their feed states."),
            integer(
                "plan", "effort", \.effort, Configuration.effortLimits,
                "How much search follows the first plan; 0: none."),
            integer(
                "plan", "seed", \.plan.seed, 0...UInt64(Int64.max),
                "Breaks ties; equal seeds give equal plans."),
        ]
    }

    private static var catalogue: [Setting] {
        [
            integer(
                "catalogue", "chunk_bytes", \.chunkBytes, 4096...1_073_741_824,
                "Size of a chunk where the feed states none.")
        ]
    }

    private static var imports: [Setting] {
        [
            integer(
                "import", "shrink_percent", \.shrinkPercent, 0...100,
                "An import may take away at most this share of what is there; more needs --force.")
        ]
            + [ImportTable.sites, .origins, .accounts, .devices, .links].map { table in
                flag("whole", table.rawValue, \.[whole: table])
            }
    }

    private static var origin: [Setting] {
        [
            text(
                "origin", "folder", \.originFolder,
                "The folder that an origin's web server serves, relative to this one.")
        ]
    }

    private static var rejectLimits: [Setting] {
        ImportTable.allCases.map { table in
            integer(
                "max_rejects", table.rawValue, \.rejects[count: table], 0...1_000_000_000)
        }
            + ImportTable.allCases.map { table in
                fraction("max_reject_percent", table.rawValue, \.rejects[percent: table], 0...100)
            }
    }

    private static var manifests: [Setting] {
        [
            text("manifests", "fleet", \.manifests.fleet, "Names this fleet in every manifest."),
            integer(
                "manifests", "expiry_hours", \.manifests.expiryHours, 1...720,
                "Hours after the night's end at which a manifest expires."),
            integer(
                "manifests", "kept_nights", \.manifests.keptNights, 1...1000,
                "Published nights that are kept, the current one among them."),
            integer(
                "manifests", "peer_fallbacks", \.manifests.peerFallbacks, 0...16,
                "Other boxes that a box may ask for an item whose source fails, at most."),
            integer(
                "manifests", "origin_reserve_percent", \.manifests.originReservePercent, 0...100,
                "What a box may take from origins when sources fail, in percent of what it fetches."
            ),
            flag(
                "manifests", "metalinks", \.manifests.hasMetalinks,
                "Whether a Metalink is published beside each manifest, for aria2 and its like."),
            duration(
                "manifests", "overtime", \.manifests.overtimeSeconds, 0...43_200,
                "How long after the night boxes may still fetch what came late."),
            duration(
                "manifests", "ahead", \.manifests.aheadSeconds, 0...10,
                "How long before its slot a box with nothing else to send may send something."),
            text(
                "manifests", "metrics_file", \.metricsFile,
                "Where the Prometheus textfile goes, relative to this folder; \"\": nowhere."),
        ]
    }
}

extension Configuration {
    /// Whether the drop folder of `table` names all there is.
    fileprivate subscript(whole table: ImportTable) -> Bool {
        get { wholeTables.contains(table) }
        set { if newValue { wholeTables.insert(table) } else { wholeTables.remove(table) } }
    }
}
