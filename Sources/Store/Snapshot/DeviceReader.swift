import Fleet
import GRDB
import Quantities

/// Reads devices; their picks are resolved when the catalogue is there.
struct DeviceReader {
    private let names: CatalogueNames
    private(set) var devices: [Device] = []
    /// Of ``devices``.
    private(set) var index = IdentifierIndex(ascending: [])
    /// Picks of all devices, positions in ``CatalogueNames/titles``; -1 for what isn't known.
    private(set) var picks: [Int32] = []
    private var pickEnds: [Int] = []
    private var unknown = Tally()

    init(names: CatalogueNames) { self.names = names }

    mutating func read(_ database: Database, tree: TreeReader) throws {
        try FleetRows.forEachDevice(database) { record in
            guard let account = tree.accountIndex.position(of: record.account) else {
                throw StoreError(
                    .corrupt,
                    "device '\(record.device)' is of account '\(record.account)', which is none")
            }
            devices.append(
                Device(
                    id: record.device, account: account,
                    site: try tree.position(of: record.site, for: record.device),
                    wishBytes: record.wishBytes, cacheBytes: record.cacheBytes,
                    upKbps: record.upKbps, downKbps: record.downKbps, window: record.window,
                    accepts: record.accepts, address: record.address,
                    publicKey: record.publicKey, lastServed: record.lastServed,
                    lastSent: record.lastSent, state: record.state))
            for pick in record.picks {
                let title = names.wished(pick)
                if title == nil { unknown.add("'\(pick)' of device '\(record.device)'") }
                picks.append(title ?? -1)
            }
            pickEnds.append(picks.count)
        }
        index = IdentifierIndex(ascending: devices.map(\.id))
    }

    /// The devices with their picks as positions in the catalogue.
    func resolved(_ catalogue: CatalogueReader) -> [Device] {
        var devices = devices
        var start = 0
        for (device, end) in pickEnds.enumerated() {
            if start < end {
                let titles = picks[start..<end].compactMap {
                    $0 < 0 ? nil : catalogue.title(at: $0)
                }
                devices[device].picks = Set(titles).sorted()
            }
            start = end
        }
        return devices
    }

    var notes: [Diagnostic] {
        unknown.notes("W_UNKNOWN_PICK", "devices") { count, example in
            "\(count) picks name titles that the catalogue doesn't know, such as \(example)"
        }
    }
}
