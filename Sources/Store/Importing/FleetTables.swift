import Fleet
import GRDB
import Quantities

extension TableShape {
    static let site = TableShape(
        name: "site", key: ["id"],
        values: [
            "parent", "territory", "timezone", "cidr", "up_kbps", "down_kbps", "cost_per_gb",
        ],
        referred: """
            WITH RECURSIVE needed (id) AS (
                SELECT site FROM main.device UNION SELECT site FROM main.origin
                UNION SELECT id FROM temp.staged
                UNION SELECT parent FROM main.site JOIN needed USING (id) WHERE parent IS NOT NULL)
            SELECT id FROM needed
            """)

    static let origin = TableShape(
        name: "origin", key: ["id"],
        values: ["site", "egress_kbps", "base_url", "cost_per_gb", "nightly_bytes"])

    static let account = TableShape(
        name: "account", key: ["id"], values: ["status", "territory"],
        referred: "SELECT account FROM main.device")

    static let device = TableShape(
        name: "device", key: ["id"],
        values: [
            "account", "site", "wish_bytes", "cache_bytes", "up_kbps", "down_kbps", "window_from",
            "window_until", "accepts", "address", "public_key", "last_served", "last_sent", "state",
            "picks",
        ])

    /// Of a measurement the pair and whether it was paced make a row; of a capacity its rate too,
    /// for all of them hold.
    static let link = TableShape(
        name: "link", key: ["from_end", "to_end", "capacity", "paced", "capacity_kbps"],
        values: ["measured_kbps", "measured_at", "bytes", "failures"],
        group: ["from_end", "to_end", "capacity", "paced"], time: "measured_at")
}

extension SiteRecord {
    /// As ``TableShape/site`` has it.
    var row: StatementArguments {
        [
            site, parent.isEmpty ? nil : parent, territory, timezone, cidr.joined(separator: " "),
            upKbps, downKbps, costPerGB,
        ]
    }

    var texts: [String] { [site, parent, territory ?? "", timezone ?? ""] + cidr }
}

extension OriginRecord {
    /// As ``TableShape/origin`` has it.
    var row: StatementArguments {
        [origin, site, egressKbps, baseURL, costPerGB, nightlyBytes]
    }

    var texts: [String] { [origin, site, baseURL] }
}

extension DeviceRecord {
    /// As ``TableShape/device`` has it.
    var row: StatementArguments {
        [
            device, account, site, wishBytes, cacheBytes, upKbps, downKbps, window?.fromMinute,
            window?.untilMinute, accepts, address, publicKey, lastServed?.dayNumber,
            lastSent?.seconds, state.rawValue, PickList.joined(picks),
        ]
    }

    var texts: [String] { [device, account, site, address, publicKey] + picks }
}

/// A device's picks as one text: one a line, in the order given.
enum PickList {
    static func joined(_ picks: [String]) -> String {
        picks.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    static func split(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension LinkRecord {
    /// As ``TableShape/link`` has it.
    var row: StatementArguments {
        [
            from, to, isCapacity, isCapacity ? false : paced, isCapacity ? kbps : 0,
            isCapacity ? 0 : kbps, measuredAt?.seconds, bytes, failures,
        ]
    }

    var texts: [String] { [from, to] }
}

extension Account {
    /// As ``TableShape/account`` has it.
    var row: StatementArguments { [id, status.rawValue, territory] }

    var texts: [String] { [id, territory ?? ""] }
}
