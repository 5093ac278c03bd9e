import Catalogue
import Fleet
import GRDB
import Quantities

/// The steps of a snapshot: what names mean and which are used, the catalogue, the fleet.
enum SnapshotReader {
    static func read(
        _ database: Database, night: Night, chunkBytes: Int64, clock: (String) -> LocalClock?
    ) throws -> Snapshot {
        let names = try CatalogueNames(database)
        var tree = TreeReader()
        try tree.read(database, clock: clock)
        var devices = DeviceReader(names: names)
        try devices.read(database, tree: tree)
        var wishes = try WishReader(database, names: names)
        try wishes.read(database, devices: devices.devices, night: night)
        var holdings = try HoldingReader(database, names: names)
        try holdings.markUsed(database)

        var catalogue = CatalogueReader(names: names, chunkBytes: chunkBytes)
        for title in wishes.titles + devices.picks where title >= 0 {
            catalogue.keep(title: title)
        }
        for item in holdings.usedItems { catalogue.keep(title: item.title, major: item.major) }
        try catalogue.read(database)
        try holdings.read(database, devices: devices.devices, catalogue: catalogue)

        var fleet = Fleet()
        (fleet.sites, fleet.clocks) = (tree.sites, tree.clocks)
        (fleet.origins, fleet.accounts) = (tree.origins, tree.accounts)
        fleet.devices = devices.resolved(catalogue)
        (fleet.holdings, fleet.holdingOffsets) = (holdings.holdings, holdings.offsets)
        (fleet.wishes, fleet.wishOffsets) = wishes.resolved(catalogue)
        var links = LinkReader()
        fleet.links = try links.read(database, sites: tree.index, devices: devices.index)
        return Snapshot(
            catalogue: catalogue.catalogue, fleet: fleet,
            notes: tree.notes + catalogue.notes + devices.notes + holdings.notes + wishes.notes
                + links.notes)
    }

    /// Gives each device's packed row in `table`, in the order of the devices; only that of
    /// `device` when it is stated.
    static func forEachPacked(
        _ database: Database, _ table: String, of device: String? = nil,
        _ body: (String, [UInt8]) throws -> Void
    ) throws {
        let condition = device == nil ? "" : "WHERE device = ?"
        let rows = try Row.fetchCursor(
            database, sql: "SELECT device, packed FROM \(table) \(condition) ORDER BY device",
            arguments: device.map { [$0] } ?? [])
        while let row = try rows.next() {
            let device: String = row[0]
            do {
                try body(device, try row.bytes(at: 1))
            } catch let fault as ByteReader.Fault {
                throw StoreError.damaged(table, device: device, fault)
            }
        }
    }
}

/// Where each device's part of a flat array begins, as the rows of the devices come by in order.
struct OffsetBuilder {
    private let devices: [Device]
    private(set) var offsets: [Int32] = []

    init(devices: [Device]) {
        self.devices = devices
        offsets.reserveCapacity(devices.count + 1)
    }

    /// The rows of `device` begin at `start`. Devices before it without rows begin there too.
    mutating func begin(_ device: String, at start: Int) throws {
        let id = Identifier(device)
        repeat {
            guard offsets.count < devices.count else {
                throw StoreError(.corrupt, "device '\(device)' has rows and is no device")
            }
            try append(start)
        } while Identifier(devices[offsets.count - 1].id) != id
    }

    /// No more devices have rows.
    mutating func end(at end: Int) throws {
        while offsets.count <= devices.count { try append(end) }
    }

    private mutating func append(_ offset: Int) throws {
        guard let offset = Int32(exactly: offset) else {
            throw StoreError(.failed, "the fleet has more than 2147483647 holdings or wishes")
        }
        offsets.append(offset)
    }
}
