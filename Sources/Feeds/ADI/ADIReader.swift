import Catalogue
import Quantities

/// Reads a package of CableLabs VOD Metadata 1.1 (MD-SP-VOD-CONTENT1.1, MD-SP-ADI1.1).
///
/// A document holds one package, which is small: its assets are collected and
/// become titles when the root ends. Names of elements, attributes and data are
/// case-folded, and values trimmed, since they differ between senders.
struct ADIReader: CatalogueReader {
    /// How much a package may hold.
    private static let maxAssets = 10_000
    private static let maxData = 100_000

    private var assets: [ADIAsset]
    /// For each open element below the root: the asset that it belongs to.
    private var open: [Int] = []
    private var dataCount = 0
    private var warned: Set<String> = []

    init(_ root: XMLElement) {
        assets = [ADIAsset(parent: -1, root)]
    }

    mutating func start(_ element: XMLElement, _ run: inout CatalogueRun) throws {
        let current = open.last ?? 0
        switch element.name.lowercased() {
        case "asset":
            assets.append(ADIAsset(parent: current, element))
            open.append(assets.count - 1)
            guard assets.count <= ADIReader.maxAssets else { throw tooMuch(element, run) }
            return
        case "ams":
            assets[current].addIdentity(element)
        case "app_data":
            dataCount += 1
            guard dataCount <= ADIReader.maxData else { throw tooMuch(element, run) }
            assets[current].addData(element)
        case "content":
            assets[current].addContent(element)
        case "metadata":
            break
        default:
            if warned.count < 20, warned.insert(element.name).inserted {
                try run.warn(
                    FeedFault(
                        "W_ELEMENT", at: element,
                        "the element '\(element.name)' isn't known here and is ignored"))
            }
        }
        open.append(current)
    }

    mutating func end(_ run: inout CatalogueRun) throws {
        guard open.isEmpty else {
            open.removeLast()
            return
        }
        let package = ADIPackage(assets: assets)
        if package.titles.isEmpty {
            if package.isDeleted {
                try finish(ADITitle(deleting: package), &run)
            } else {
                try run.refuse([package.withoutTitle])
            }
        }
        for stray in package.strays {
            try run.warn(
                FeedFault("W_ADI_STRAY", at: stray, "the asset belongs to none of the titles"))
        }
        for title in package.titles {
            try finish(ADITitle(title, of: package, run.settings), &run)
        }
    }

    private func finish(_ title: ADITitle, _ run: inout CatalogueRun) throws {
        guard title.faults.isEmpty else { return try run.refuse(title.faults) }
        for warning in title.warnings { try run.warn(warning) }
        run.summary.zonelessTimes += title.zonelessTimes
        try run.take(title.record)
    }

    private func tooMuch(_ element: XMLElement, _ run: CatalogueRun) -> FeedError {
        FeedFault("E_TOO_LARGE", at: element, "the package has too many assets or too much data")
            .error(in: run.name)
    }
}
