import Catalogue
import Console
import Fleet
import Nightly
import Quantities
import Store

/// A column of a shown table: its name and what stands in it.
struct ShowColumn<Row>: Sendable {
    /// Where a column is printed unless columns are chosen.
    enum Place: Sendable {
        case everywhere
        /// In the forms for programs.
        case rows
        /// In the table for people.
        case people
        /// Nowhere.
        case asked
    }

    /// Lower snake case with its unit.
    let name: String
    let place: Place
    let cell: @Sendable (Row) -> Cell

    init(_ name: String, _ place: Place = .everywhere, _ cell: @escaping @Sendable (Row) -> Cell) {
        self.name = name
        self.place = place
        self.cell = cell
    }

    func isShown(_ toPeople: Bool) -> Bool {
        switch place {
        case .everywhere: true
        case .rows: !toPeople
        case .people: toPeople
        case .asked: false
        }
    }
}

/// The columns of every table that can be looked at.
///
/// The rows of an imported table have the import's columns, so that they can be imported again.
enum ShowColumns {
    static func text(_ instant: Instant?) -> Cell { .text(ifAny: instant?.description) }
    static func text(_ date: CivilDate?) -> Cell { .text(ifAny: date?.description) }
}

extension ShowColumns {
    static let sites: [ShowColumn<SiteRecord>] = [
        .init("site") { .text($0.site) },
        .init("parent") { .text(ifAny: $0.parent) },
        .init("territory") { .text(ifAny: $0.territory) },
        .init("timezone") { .text(ifAny: $0.timezone) },
        .init("cidr", .rows) { .text(ifAny: $0.cidr.joined(separator: " ")) },
        .init("up_kbps") { .integer(ifAny: $0.upKbps) },
        .init("down_kbps") { .integer(ifAny: $0.downKbps) },
        .init("cost_per_gb") { .decimal($0.costPerGB, places: 6) },
    ]

    static let origins: [ShowColumn<OriginRecord>] = [
        .init("origin") { .text($0.origin) },
        .init("site") { .text($0.site) },
        .init("egress_kbps") { .integer($0.egressKbps) },
        .init("base_url") { .text($0.baseURL) },
        .init("cost_per_gb") { .decimal($0.costPerGB, places: 6) },
        .init("nightly_gb") { row in
            row.nightlyBytes.map { .decimal($0, places: 9) } ?? .none
        },
    ]

    static let accounts: [ShowColumn<Account>] = [
        .init("account") { .text($0.id) },
        .init("status") { .text($0.status.rawValue) },
        .init("territory") { .text(ifAny: $0.territory) },
    ]

    static let devices: [ShowColumn<DeviceRecord>] = [
        .init("device") { .text($0.device) },
        .init("account") { .text($0.account) },
        .init("site") { .text($0.site) },
        .init("wish_bytes") { .bytes($0.wishBytes) },
        .init("cache_bytes") { .bytes($0.cacheBytes) },
        .init("up_kbps") { .integer($0.upKbps) },
        .init("down_kbps") { .integer($0.downKbps) },
        .init("window") { .text(ifAny: $0.window?.description) },
        .init("accepts") { .flag($0.accepts) },
        .init("address", .rows) { .text(ifAny: $0.address) },
        .init("public_key", .rows) { .text(ifAny: $0.publicKey) },
        .init("last_served") { text($0.lastServed) },
        .init("last_sent", .rows) { text($0.lastSent) },
        .init("state") { .text($0.state.rawValue) },
        .init("picks", .rows) { .text(ifAny: $0.picks.joined(separator: " ")) },
    ]

    static let holdings: [ShowColumn<ShownHolding>] = [
        .init("device") { .text($0.record.device) },
        .init("item") { .text($0.record.item) },
        .init("version") { .text(ifAny: $0.record.version) },
        .init("chunks") { row in
            switch row.record.chunks {
            case .all: .text("all")
            case .some(let set): .text(set.description)
            }
        },
        .init("area") { .text(ifAny: $0.record.area?.rawValue) },
        .init("bought") { .flag($0.record.bought) },
        .init("bytes", .rows) { row in row.record.bytes.map { .bytes($0) } ?? .none },
        .init("observed_at") { text($0.record.observedAt) },
        .init("known", .people) { .flag($0.isKnown) },
    ]

    static let wishes: [ShowColumn<ShownWish>] = [
        .init("device") { .text($0.record.device) },
        .init("title") { .text($0.record.title) },
        .init("rank") { .integer(Int64($0.record.rank)) },
        .init("wanted_until") { text($0.record.wantedUntil) },
        .init("known", .people) { .flag($0.isKnown) },
    ]

    static let links: [ShowColumn<LinkRecord>] = [
        .init("from") { .text($0.from) },
        .init("to") { .text($0.to) },
        .init("kbps") { .integer($0.kbps) },
        .init("kind") { .text($0.isCapacity ? "capacity" : "measured") },
        .init("measured_at") { text($0.measuredAt) },
        .init("bytes", .rows) { row in row.bytes.map { .bytes($0) } ?? .none },
        .init("paced") { .flag($0.paced) },
        .init("failures") { .integer($0.failures) },
    ]
}

extension ShowColumns {
    static func settings(of configuration: Configuration) -> [ShowColumn<Setting>] {
        let defaults = Configuration()
        return [
            .init("setting") { .text($0.path) },
            .init("value") { .text(unquoted($0.print(configuration))) },
            .init("default") { .text(unquoted($0.print(defaults))) },
            .init("meaning") { .text($0.comment.joined(separator: " ")) },
        ]
    }

    /// A value without the quotes that YAML wants.
    private static func unquoted(_ value: String) -> String {
        value.count > 1 && value.hasPrefix("\"") ? String(value.dropFirst().dropLast()) : value
    }
}
