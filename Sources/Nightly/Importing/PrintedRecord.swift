package import Fleet
import Quantities

/// A record that can be written as a row of its table, so that importing the row gives the record
/// again.
package protocol PrintedRecord {
    /// All columns, as the inputs' page names them.
    static var printedColumns: [String] { get }
    /// The values in the order of ``printedColumns``; empty for what isn't known.
    var printedFields: [String] { get }
    /// What a row of a delta does; nil for a table that has no deltas.
    var printedOperation: RowOperation? { get }
}

extension PrintedRecord {
    /// Tables have no deltas, but for holdings and wishes.
    package var printedOperation: RowOperation? { nil }
}

extension SiteRecord: PrintedRecord {
    package static let printedColumns = [
        "site", "parent", "territory", "timezone", "cidr", "up_kbps", "down_kbps", "cost_per_gb",
    ]

    package var printedFields: [String] {
        [
            site, parent, territory ?? "", timezone ?? "", cidr.joined(separator: " "),
            printed(upKbps), printed(downKbps), printedDecimal(costPerGB, decimals: 6),
        ]
    }
}

extension OriginRecord: PrintedRecord {
    package static let printedColumns = [
        "origin", "site", "egress_kbps", "base_url", "cost_per_gb", "nightly_gb",
    ]

    package var printedFields: [String] {
        [
            origin, site, String(egressKbps), baseURL, printedDecimal(costPerGB, decimals: 6),
            nightlyBytes.map { printedDecimal($0, decimals: 9) } ?? "",
        ]
    }
}

extension Account: PrintedRecord {
    package static let printedColumns = ["account", "status", "territory"]

    package var printedFields: [String] { [id, status.rawValue, territory ?? ""] }
}

extension DeviceRecord: PrintedRecord {
    package static let printedColumns = [
        "device", "account", "site", "wish_bytes", "cache_bytes", "up_kbps", "down_kbps", "window",
        "accepts", "address", "public_key", "last_served", "last_sent", "state", "picks",
    ]

    package var printedFields: [String] {
        [
            device, account, site, String(wishBytes), String(cacheBytes), String(upKbps),
            String(downKbps), window?.description ?? "", accepts ? "yes" : "no", address, publicKey,
            lastServed?.description ?? "", lastSent?.description ?? "", state.rawValue,
            picks.joined(separator: " "),
        ]
    }
}

extension HoldingRecord: PrintedRecord {
    package var printedOperation: RowOperation? { operation }

    package static let printedColumns = [
        "device", "item", "version", "chunks", "area", "bought", "bytes", "observed_at",
    ]

    package var printedFields: [String] {
        let ranges =
            switch chunks {
            case .all: "all"
            case .some(let set): set.description
            }
        return [
            device, item, version ?? "", ranges, area?.rawValue ?? "",
            bought ? "yes" : "no", printed(bytes), observedAt?.description ?? "",
        ]
    }
}

extension WishRecord: PrintedRecord {
    package var printedOperation: RowOperation? { operation }

    package static let printedColumns = ["device", "title", "rank", "wanted_until"]

    package var printedFields: [String] {
        [
            device, title, rank == 0 ? "" : String(rank), wantedUntil?.description ?? "",
        ]
    }
}

extension LinkRecord: PrintedRecord {
    package static let printedColumns = [
        "from", "to", "kbps", "kind", "measured_at", "bytes", "paced", "failures",
    ]

    package var printedFields: [String] {
        [
            from, to, String(kbps), isCapacity ? "capacity" : "measured",
            measuredAt?.description ?? "", printed(bytes), paced ? "yes" : "no", String(failures),
        ]
    }
}

extension ReportRecord: PrintedRecord {
    package static let printedColumns = [
        "device", "night", "item", "version", "chunks", "source", "source_kind", "bytes",
        "waste_bytes", "seconds", "at", "paced", "result", "area", "completed",
    ]

    package var printedFields: [String] {
        let ranges =
            switch chunks {
            case nil: ""
            case .some(.all): "all"
            case .some(.some(let set)): set.description
            }
        return [
            device, night.description, item, version ?? "", ranges, source,
            sourceKind?.rawValue ?? "", String(bytes), String(wasteBytes),
            printedDecimal(milliseconds, decimals: 3), at?.description ?? "",
            paced ? "yes" : "no", result.rawValue, area?.rawValue ?? "", completed ? "yes" : "no",
        ]
    }
}

private func printed(_ value: Int64?) -> String { value.map { String($0) } ?? "" }

/// A number of `10^-decimals` as a decimal number without needless zeros.
private func printedDecimal(_ value: Int64, decimals: Int) -> String {
    let scale = (0..<decimals).reduce(Int64(1)) { power, _ in power * 10 }
    var rest = String(value % scale)
    rest = String(repeating: "0", count: decimals - rest.utf8.count) + rest
    while rest.hasSuffix("0") { rest.removeLast() }
    return String(value / scale) + (rest.isEmpty ? "" : "." + rest)
}
