import Fleet
import GRDB
import Quantities

/// Reads sites with what they inherit, the clocks of their zones, origins and accounts.
struct TreeReader {
    private(set) var sites: [Site] = []
    private(set) var clocks: [LocalClock] = []
    private(set) var origins: [Origin] = []
    private(set) var accounts: [Account] = []
    private(set) var notes: [Diagnostic] = []
    /// Of ``sites``.
    private(set) var index = IdentifierIndex(ascending: [])
    /// Of ``accounts``.
    private(set) var accountIndex = IdentifierIndex(ascending: [])

    mutating func read(_ database: Database, clock: (String) -> LocalClock?) throws {
        let records = try SiteRows.records(database)
        index = IdentifierIndex(ascending: records.map(\.site))
        let parents = try records.map { try SiteRows.parent(of: $0, in: index) }
        let territories = TreeReader.inherited(records.map(\.territory), parents)
        let zones = TreeReader.inherited(records.map(\.timezone), parents).map { $0 ?? "UTC" }
        readClocks(of: zones, clock: clock)
        let zoneIndex = IdentifierIndex(ascending: clocks.map(\.zone))
        sites = records.indices.map { i in
            Site(
                id: records[i].site, parent: parents[i], territory: territories[i],
                clock: zoneIndex.position(of: zones[i]) ?? 0, upKbps: records[i].upKbps,
                downKbps: records[i].downKbps, costPerGB: records[i].costPerGB)
        }
        origins = try FleetRows.origins(database).map { record in
            Origin(
                id: record.origin, site: try position(of: record.site, for: record.origin),
                egressKbps: record.egressKbps, baseURL: record.baseURL,
                costPerGB: record.costPerGB, nightlyBytes: record.nightlyBytes)
        }
        accounts = try FleetRows.accounts(database)
        accountIndex = IdentifierIndex(ascending: accounts.map(\.id))
    }

    /// Position of a site that something refers to.
    func position(of site: String, for id: String) throws -> Int32 {
        guard let position = index.position(of: site) else {
            throw StoreError(.corrupt, "'\(id)' is at site '\(site)', which is no site")
        }
        return position
    }

    /// Each site's own value, else its nearest ancestor's. O(sites), each is settled once.
    static func inherited(_ own: [String?], _ parents: [Int32]) -> [String?] {
        var values = own
        var settled = [Bool](repeating: false, count: own.count)
        for start in own.indices {
            var trail: [Int] = []
            var node = start
            while !settled[node], values[node] == nil, parents[node] >= 0, trail.count < own.count {
                trail.append(node)
                node = Int(parents[node])
            }
            settled[node] = true
            for passed in trail {
                values[passed] = values[node]
                settled[passed] = true
            }
        }
        return values
    }

    private mutating func readClocks(of zones: [String], clock: (String) -> LocalClock?) {
        for zone in Set(zones.map { Identifier($0) }).sorted() {
            if var found = clock(zone.text) {
                found.zone = zone.text
                clocks.append(found)
            } else {
                clocks.append(LocalClock(zone: zone.text))
                notes.append(
                    Diagnostic(
                        .warning, code: "W_UNKNOWN_ZONE", file: "sites",
                        message: "the time zone '\(zone.text)' isn't known; UTC is taken",
                        hint: "correct the sites' timezone column"))
            }
        }
    }
}
