import Catalogue
import Fleet
import Quantities
import Schedule
import TestSupport

/// A fleet and a plan made by hand in which every rule has something to say, and nothing is broken.
///
/// Rates and areas are in chunks of 900,000 bytes, which is 8 kbps for a slot. Six
/// slots; edges carry four chunks a slot. North and south are below the root, where
/// the origin is; abroad is another country.
enum Village {
    static let chunk: Int64 = 900_000

    // Titles (and items, which have the same positions).
    static let alpha: Int32 = 0
    static let beta: Int32 = 1
    static let delta: Int32 = 2
    static let gamma: Int32 = 3
    static let old: Int32 = 4
    static let own: Int32 = 5
    static let raw: Int32 = 6

    // Devices.
    static let ann: Int32 = 0
    static let bob: Int32 = 1
    static let cid: Int32 = 2
    static let dot: Int32 = 3
    static let eve: Int32 = 4
    static let fay: Int32 = 5
    static let gus: Int32 = 6
    static let hal: Int32 = 7

    static let night = Night(
        date: CivilDate(dayNumber: 20_780), start: Instant(seconds: 20_780 * 86_400 + 79_200),
        slotSeconds: 900, slotCount: 6)

    static let catalogue = Catalogue(
        titles: [
            title("alpha", alpha), title("beta", beta, peerToPeer: false),
            title("delta", delta, territories: .only(["DE"])),
            title(
                "gamma", gamma,
                licence: LicenceWindow(start: night.start(ofSlot: 1), end: night.start(ofSlot: 5))),
            title("old", old), title("own", own), title("raw", raw),
        ],
        items: [
            item(alpha, 4), item(beta, 2), item(delta, 2), item(gamma, 2), item(old, 3),
            item(own, 2), item(raw, 2, hasIndex: false),
        ])

    static let fleet = Fleet(
        sites: [
            Site(id: "root", parent: -1, territory: "DE"),
            Site(
                id: "north", parent: 0, territory: "DE", upKbps: 32, downKbps: 32,
                costPerGB: 1_000_000),
            Site(
                id: "south", parent: 0, territory: "DE", upKbps: 32, downKbps: 32,
                costPerGB: 2_000_000),
            Site(id: "abroad", parent: 0, territory: "CH"),
        ],
        origins: [
            Origin(
                id: "hub", site: 0, egressKbps: 24, costPerGB: 500_000, nightlyBytes: 10 * chunk)
        ],
        accounts: [
            Account(id: "fine"), Account(id: "suspended", status: .suspended),
            Account(id: "closed", status: .closed), Account(id: "swiss", territory: "CH"),
        ],
        devices: [
            device("ann", site: 1), device("bob", site: 1, accepts: false, picks: [own]),
            device("cid", site: 2, up: 8),
            device(
                "dot", site: 2, cache: 3,
                window: DailyWindow(fromMinute: 22 * 60, untilMinute: 22 * 60 + 45)),
            device("eve", site: 2, account: 1), device("fay", site: 2, account: 2),
            device("gus", site: 3), device("hal", site: 2, accepts: false),
        ],
        clocks: [LocalClock()],
        holdings: [
            [Holding(item: alpha, area: .wish)],
            [Holding(item: own, area: .wish, bought: true)],
            [Holding(item: alpha, chunks: .some(RangeSet32(0..<1)), area: .wish)],
            [Holding(item: old)],
            [Holding(item: gamma, area: .wish)],
            [Holding(item: gamma, area: .wish)],
            [],
            [],
        ],
        wishes: [
            [Wish(title: alpha, rank: 1), Wish(title: delta, rank: 2)],
            [Wish(title: alpha, rank: 1), Wish(title: beta, rank: 4)],
            [Wish(title: alpha, rank: 1), Wish(title: gamma, rank: 2)],
            [Wish(title: beta, rank: 1)],
            [Wish(title: alpha, rank: 1)],
            [Wish(title: alpha, rank: 1)],
            [Wish(title: delta, rank: 1), Wish(title: raw, rank: 2)],
            [Wish(title: gamma, rank: 1), Wish(title: alpha, rank: 2)],
        ])

    static let instance = Instance(
        catalogue: catalogue, fleet: fleet, night: night,
        settings: {
            var settings = PlanSettings()
            settings.maxIncoming = 2
            settings.maxOutgoing = 2
            settings.profile = Profile(order: .minOrigin, alpha: 1_000_000, beta: 500_000)
            return settings
        }())

    /// Twelve moves: alpha over bob to cid, beta and delta from the origin, gamma from the
    /// suspended eve and by dot, who wants it not, to hal.
    static let transfers = [
        move(from: ann, to: bob, alpha, 0..<2, slot: 0),
        fetch(to: bob, beta, 0..<2, slot: 0),
        move(from: ann, to: bob, alpha, 2..<4, slot: 1),
        move(from: bob, to: cid, alpha, 1..<2, slot: 1, .source),
        move(from: eve, to: cid, gamma, 0..<2, slot: 1),
        fetch(to: dot, gamma, 0..<1, slot: 1),
        fetch(to: ann, delta, 0..<2, slot: 2),
        move(from: bob, to: cid, alpha, 2..<3, slot: 2, .source),
        move(from: dot, to: hal, gamma, 0..<1, slot: 2),
        move(from: cid, to: hal, gamma, 1..<2, slot: 3),
        fetch(to: hal, alpha, 0..<3, slot: 4),
        move(from: ann, to: cid, alpha, 3..<4, slot: 5),
    ]

    /// Dot makes room for gamma.
    static let removals = [
        Removal(device: dot, item: old, chunks: 0..<1, slot: 1),
        Removal(device: dot, item: gamma, chunks: 0..<1, slot: 4),
    ]

    // What it is made of.

    static func move(
        from source: Int32, to destination: Int32, _ item: Int32, _ chunks: Range<Int32>,
        slot: Int32, _ initiator: Transfer.Initiator = .destination
    ) -> Transfer {
        Transfer(
            source: .device(source), destination: destination, item: item, chunks: chunks,
            slot: slot, initiator: initiator)
    }

    static func fetch(
        to destination: Int32, _ item: Int32, _ chunks: Range<Int32>, slot: Int32
    ) -> Transfer {
        Transfer(
            source: .origin(0), destination: destination, item: item, chunks: chunks, slot: slot,
            initiator: .destination)
    }

    private static func title(
        _ name: String, _ item: Int32, licence: LicenceWindow = LicenceWindow(),
        territories: Territories = .everywhere, peerToPeer: Bool = true
    ) -> Title {
        Title(
            id: "example.com/\(name)", name: name, licence: licence, territories: territories,
            peerToPeer: peerToPeer, currentItem: item)
    }

    private static func item(_ title: Int32, _ chunks: Int64, hasIndex: Bool = true) -> Item {
        Item(
            title: title, version: "1",
            files: [ItemFile(name: "movie", sizeBytes: chunks * chunk, kind: "movie")],
            chunkBytes: chunk,
            indexDigest: hasIndex ? Digest(bytes: [UInt8](repeating: UInt8(title), count: 32)) : nil
        )
    }

    private static func device(
        _ id: String, site: Int32, account: Int32 = 0, up: Int64 = 16, cache: Int64 = 0,
        window: DailyWindow? = nil, accepts: Bool = true, picks: [Int32] = []
    ) -> Device {
        Device(
            id: id, account: account, site: site, wishBytes: 8 * chunk, cacheBytes: cache * chunk,
            upKbps: up, downKbps: 32, window: window, accepts: accepts, picks: picks)
    }
}
