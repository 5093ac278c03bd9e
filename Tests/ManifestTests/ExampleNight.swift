import Catalogue
import Fleet
import Manifest
import Quantities
import Schedule

/// A night made by hand: three hops, a partial item, a relay, a push, removals, files with short
/// last chunks.
///
/// Positions: sites 0 `core`, 1 `east`; devices 0 `box a/1` to 4 `box-e` (retired).
struct ExampleNight {
    var catalogue: Catalogue
    var fleet: Fleet
    var plan: Plan
    var header: ManifestHeader

    var index: ManifestIndex {
        ManifestIndex(
            plan: plan, catalogue: catalogue, fleet: fleet, header: header, tokens: exampleTokens)
    }

    init() {
        catalogue = ExampleNight.catalogue()
        fleet = ExampleNight.fleet()
        plan = ExampleNight.plan()
        header = ManifestHeader(
            fleet: "trial", sequence: 7, plan: sha256(Array("plan".utf8)),
            issued: Instant(seconds: 1_795_460_400), notBefore: plan.night.start,
            expires: plan.night.end.advanced(bySeconds: 3600))
    }

    static let night = Night(
        date: CivilDate(dayNumber: 20_780), start: Instant(seconds: 1_795_464_000),
        slotSeconds: 900, slotCount: 8)

    /// Items: 0 ALPHA in two files (5 chunks), 1 BETA (4 chunks), 2 GAMMA (3 chunks, barred and
    /// without an index).
    static func catalogue() -> Catalogue {
        func title(_ id: String, _ name: String, peer: Bool = true, item: Int32) -> Title {
            Title(
                id: id, name: name, licence: LicenceWindow(), territories: .everywhere,
                peerToPeer: peer, currentItem: item)
        }
        func file(_ name: String, _ bytes: Int64) -> ItemFile {
            ItemFile(name: name, sizeBytes: bytes, kind: name == "poster.jpg" ? "poster" : "movie")
        }
        return Catalogue(
            titles: [
                title("example.com/ALPHA", "Die Große Stille", item: 0),
                title("example.com/BETA", "\"Beta\" \\ tab\t", item: 1),
                title("example.com/GAMMA", "", peer: false, item: 2),
            ],
            items: [
                Item(
                    title: 0, version: "1.0",
                    files: [file("alpha.mpg", 3_500), file("poster.jpg", 17)], chunkBytes: 1_024,
                    indexDigest: sha256(Array("alpha".utf8))),
                Item(
                    title: 1, version: "2 b", files: [file("beta.mpg", 4_096)], chunkBytes: 1_024,
                    indexDigest: sha256(Array("beta".utf8)),
                    blobDigest: sha256(Array("all of beta".utf8))),
                Item(
                    title: 2, version: "", files: [file("https://cdn.example.com/g?x=1", 250_001)],
                    chunkBytes: 100_000, indexDigest: nil),
            ])
    }

    static func fleet() -> Fleet {
        func device(
            _ id: String, site: Int32, address: String = "", state: Device.State = .active
        ) -> Device {
            Device(
                id: id, account: 0, site: site, wishBytes: 1 << 20, cacheBytes: 1 << 20,
                upKbps: 100, downKbps: 1_000,
                window: DailyWindow(fromMinute: 20 * 60, untilMinute: 22 * 60),
                accepts: !address.isEmpty, address: address, state: state)
        }
        return Fleet(
            sites: [
                Site(id: "core", parent: -1),
                Site(id: "east", parent: 0, upKbps: 10_000, costPerGB: 5),
            ],
            origins: [
                Origin(id: "far", site: 0, egressKbps: 10_000, baseURL: "https://far.example.com/"),
                Origin(id: "idle", site: 1, egressKbps: 0, baseURL: "https://idle.example.com"),
                Origin(id: "near", site: 1, egressKbps: 10_000, baseURL: "http://10.0.0.1/vod//"),
            ],
            accounts: [Account(id: "someone")],
            devices: [
                device("box a/1", site: 1, address: "10.0.0.11:7070"), device("box-b", site: 1),
                device("box-c", site: 0, address: "10.1.0.13:7070"), device("box-d", site: 0),
                device("box-e", site: 0, state: .retired),
            ],
            clocks: [LocalClock()],
            holdings: [[], [], [Holding(item: 2)], [Holding(item: 1)], []],
            wishes: [
                [Wish(title: 0, rank: 1)], [Wish(title: 0, rank: 1)],
                [Wish(title: 0, rank: 1), Wish(title: 1, rank: 2)], [], [],
            ])
    }

    static func plan() -> Plan {
        func move(
            _ slot: Int32, _ source: Source, _ destination: Int32, _ item: Int32,
            _ chunks: Range<Int32>, _ initiator: Transfer.Initiator = .destination
        ) -> Transfer {
            Transfer(
                source: source, destination: destination, item: item, chunks: chunks, slot: slot,
                initiator: initiator)
        }
        func outcome(
            _ device: Int32, _ title: Int32, rank: Int32, missing: Int64, planned: Int64,
            _ cause: Cause?
        ) -> Outcome {
            Outcome(
                device: device, title: title, item: title, rank: rank, worth: 4_000_000,
                missingBytes: missing, plannedBytes: planned, cause: cause)
        }
        return Plan(
            night: night, profile: .balanced,
            transfers: [
                move(0, .origin(2), 0, 0, 0..<3), move(0, .origin(0), 0, 2, 0..<1),
                move(1, .origin(2), 0, 0, 3..<5), move(1, .device(0), 1, 0, 0..<3),
                move(1, .device(3), 2, 1, 1..<3, .source), move(2, .device(0), 1, 0, 3..<5),
                move(3, .device(1), 2, 0, 0..<5, .source),
            ],
            removals: [
                Removal(device: 2, item: 2, chunks: 0..<3, slot: 1),
                Removal(device: 3, item: 1, chunks: 0..<1, slot: 2),
                Removal(device: 3, item: 1, chunks: 2..<4, slot: 3),
            ],
            outcomes: [
                outcome(0, 0, rank: 1, missing: 3_517, planned: 3_517, nil),
                outcome(1, 0, rank: 1, missing: 3_517, planned: 3_517, nil),
                outcome(2, 0, rank: 1, missing: 3_517, planned: 3_517, nil),
                outcome(2, 1, rank: 2, missing: 4_096, planned: 2_048, .room),
            ],
            certificate: Certificate(
                alpha: 0, beta: 0,
                prices: Prices(
                    up: [5, 0, 7, 0, 0], egress: [9], edgeUp: [0], edgeDown: [3],
                    firstCopy: [FirstCopy(device: 1, item: 0, price: 2)]), bound: 12_000_000))
    }
}
