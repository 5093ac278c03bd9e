import Catalogue
import Fleet
import Schedule

/// Collects breaches; beyond the limit it only counts them, so a wholly wrong plan costs no more
/// than a good one.
struct Findings {
    private let catalogue: Catalogue
    private let fleet: Fleet
    private var kept: [AuditFinding] = []
    private var count = 0

    init(catalogue: Catalogue, fleet: Fleet) {
        self.catalogue = catalogue
        self.fleet = fleet
    }

    /// Adds a breach; `message` is written only when it will be kept.
    mutating func add(_ rule: AuditFinding.Rule, _ message: (Names) -> String) {
        count += 1
        guard kept.count < AuditReport.findingLimit else { return }
        kept.append(AuditFinding(rule, message(Names(catalogue: catalogue, fleet: fleet))))
    }

    /// Adds what another collector of the same inputs has, after what is here.
    mutating func append(_ other: Findings) {
        count += other.count
        kept.append(contentsOf: other.kept.prefix(AuditReport.findingLimit - kept.count))
    }

    func report(_ figures: Figures) -> AuditReport {
        AuditReport(findings: kept, findingCount: count, figures: figures)
    }
}

/// Writes identifiers for messages; a position out of range is written as it is.
struct Names {
    let catalogue: Catalogue
    let fleet: Fleet

    func device(_ index: Int32) -> String {
        index >= 0 && Int(index) < fleet.devices.count
            ? "device \(fleet.devices[Int(index)].id)" : "device number \(index)"
    }

    func origin(_ index: Int32) -> String {
        index >= 0 && Int(index) < fleet.origins.count
            ? "origin \(fleet.origins[Int(index)].id)" : "origin number \(index)"
    }

    func source(_ source: Source) -> String {
        source.raw >= 0 ? device(source.raw) : origin(-1 - source.raw)
    }

    func site(_ index: Int) -> String { "site \(fleet.sites[index].id)" }

    func title(_ index: Int32) -> String {
        index >= 0 && Int(index) < catalogue.titles.count
            ? "title \(catalogue.titles[Int(index)].id)" : "title number \(index)"
    }

    /// The title of an item, which is how people know it.
    func item(_ index: Int32) -> String {
        index >= 0 && Int(index) < catalogue.items.count
            ? title(catalogue.items[Int(index)].title) : "item number \(index)"
    }

    func chunks(_ range: Range<Int32>) -> String {
        range.count == 1
            ? "chunk \(range.lowerBound)"
            : "chunks \(range.lowerBound)-\(Int64(range.upperBound) - 1)"
    }

    func chunks(_ set: [Range<Int32>]) -> String {
        (set.count == 1 && set[0].count == 1 ? "chunk " : "chunks ")
            + set.map {
                $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound - 1)"
            }
            .joined(separator: ",")
    }

    func end(_ end: Link.End) -> String {
        switch end {
        case .device(let index): device(index)
        case .site(let index): site(Int(index))
        }
    }

    /// `chunks 0-3 of title T from device a to device b in slot 4`.
    func transfer(_ transfer: Transfer) -> String {
        "\(chunks(transfer.chunks)) of \(item(transfer.item)) from \(source(transfer.source)) to "
            + "\(device(transfer.destination)) in slot \(transfer.slot)"
    }

    /// `removal of chunks 0-3 of title T from device a in slot 4`.
    func removal(_ removal: Removal) -> String {
        "removal of \(chunks(removal.chunks)) of \(item(removal.item)) from "
            + "\(device(removal.device)) in slot \(removal.slot)"
    }
}
