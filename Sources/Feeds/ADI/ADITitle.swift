import Catalogue
import Quantities

/// What a package says of one title.
struct ADITitle {
    private(set) var record: TitleRecord
    /// Why the title can't be taken.
    private(set) var faults: [FeedFault] = []
    private(set) var warnings: [FeedFault] = []
    /// Times that were read in the feed's zone.
    private(set) var zonelessTimes = 0
    private let package: ADIPackage
    private let title: ADIAsset

    /// - Parameters:
    ///   - position: of the title among the package's assets.
    ///   - package: which it is part of.
    ///   - settings: what the operator says of the feed.
    init(_ position: Int, of package: ADIPackage, _ settings: FeedSettings) {
        let title = package.assets[position]
        let parts = package.parts(of: position)
        self.init(package, title, parts, settings)
        if package.isDeleted(position) {
            record.verb = .delete
            readVersion([package.assets[0]])
            return
        }
        checkVerb()
        readVersion([package.assets[0]] + parts)
        readLicence(parts, settings)
        readTerritories(settings)
        readFiles(parts)
    }

    /// Takes back a package that doesn't list its title: the record has the package's identifier.
    init(deleting package: ADIPackage) {
        self.init(package, package.assets[0], [], FeedSettings())
        record.verb = .delete
        readVersion([])
    }

    private init(
        _ package: ADIPackage, _ title: ADIAsset, _ parts: [ADIAsset], _ settings: FeedSettings
    ) {
        self.package = package
        self.title = title
        let named = package.titles.count == 1 ? [package.assets[0]] : []
        let movies = parts.filter { ["movie", "encrypted"].contains($0.kind) }
        let identifiers = package.identifiers(of: title)
        let others = (named + movies).flatMap { package.identifiers(of: $0) ?? [] }
        let name = title.value("title") ?? title.value("title_brief")
        record = TitleRecord(
            id: identifiers?[0] ?? "", name: displayName(name?.text ?? ""),
            peerToPeer: settings.defaultPeerToPeer, version: .init(major: 0), line: title.line)
        for alias in (identifiers ?? []).dropFirst() + others
        where alias != record.id && !record.aliases.contains(alias) {
            record.aliases.append(alias)
        }
        if identifiers == nil {
            fault("E_ID", title, "the title has no usable Provider_ID and Asset_ID")
        }
    }

    /// Warns of a verb that means nothing here.
    private mutating func checkVerb() {
        if let verb = title.identity["verb"], !["", "delete"].contains(verb.lowercased()) {
            warn("W_ADI_VERB", title, "the verb \(shown(verb)) isn't known and is ignored")
        }
    }

    /// The highest version that the title or one of `others` states.
    private mutating func readVersion(_ others: [ADIAsset]) {
        if title.identity["version_major"] == nil {
            warn("W_ADI_VERSION", title, "the title's Version_Major isn't stated and counts as 0")
        }
        for asset in [title] + others {
            let major = asset.identity["version_major"] ?? "0"
            let minor = asset.identity["version_minor"] ?? "0"
            let range = 0...Int64(Int32.max)
            if let first = wholeNumber(major, in: range), let second = wholeNumber(minor, in: range)
            {
                record.version = max(
                    record.version, .init(major: Int32(first), minor: Int32(second)))
            } else {
                fault(
                    "E_VERSION", asset,
                    "the version \(shown(major + "." + minor)) isn't two whole numbers")
            }
        }
    }

    /// The title's own window; the narrowest where it states several.
    private mutating func readLicence(_ parts: [ADIAsset], _ settings: FeedSettings) {
        let start = times("licensing_window_start", isEnd: false, settings)
        let end = times("licensing_window_end", isEnd: true, settings)
        record.licence = LicenceWindow(start: start.max(), end: end.min())
        let regional = parts.first {
            $0.data.contains { isLicence($0.name) } && $0.kind == "regional"
        }
        if let regional {
            if start.isEmpty && end.isEmpty {
                fault(
                    "E_ADI_REGIONAL", regional,
                    "the licence is stated by region only, which isn't read",
                    hint: "send a package for each region, with a window of the title's own")
            } else {
                warn("W_ADI_REGIONAL", regional, "windows by region aren't read; the title's holds")
            }
        } else if faults.isEmpty, start.isEmpty || end.isEmpty {
            let missing = start.isEmpty && end.isEmpty ? "window" : start.isEmpty ? "start" : "end"
            warn("W_ADI_LICENCE", title, "no \(missing) of the licence is stated: it is open")
        }
        if let start = start.max(), let end = end.min(), end <= start {
            let place = title.value("licensing_window_end") ?? title.data[0]
            fault("E_WINDOW", place, "the licence ends at \(end), not after its start at \(start)")
        }
        if let variant = title.data.first(where: {
            isLicence($0.name)
                && !["licensing_window_start", "licensing_window_end"].contains($0.name)
        }) {
            warn("W_ADI_PRIVATE", variant, "'\(variant.name)' is a private name and is ignored")
        }
    }

    private func isLicence(_ name: String) -> Bool { name.hasPrefix("licensing_window_") }

    /// All values of an `App_Data` of the title as times.
    private mutating func times(_ name: String, isEnd: Bool, _ settings: FeedSettings) -> [Instant]
    {
        var instants: [Instant] = []
        for value in title.values(name) {
            guard let time = ADITime(value.text, isEnd: isEnd, settings) else {
                fault(
                    "E_TIME", value, "'\(name)' is \(shown(value.text)), not a time",
                    hint: "write it as 2026-11-23 or 2026-11-23T20:15:00")
                continue
            }
            zonelessTimes += time.isZoneless ? 1 : 0
            instants.append(time.instant)
        }
        if Set(instants).count > 1 {
            let place = title.values(name)[1]
            warn(
                "W_ADI_REPEATED", place, "'\(name)' is stated several times: the narrowest is taken"
            )
        }
        return instants
    }

    /// The operator's territories; where there are none, the countries that the title states.
    private mutating func readTerritories(_ settings: FeedSettings) {
        record.territories = settings.defaultTerritories
        let stated = title.values("country")
        guard record.territories == .everywhere, let first = stated.first else { return }
        if let codes = territoryCodes(
            stated.map(\.text).joined(separator: " ").replacing(";", with: " "))
        {
            record.territories = .only(codes)
            warn("W_ADI_COUNTRY", first, "'Country' is taken as the only territories")
        } else {
            warn(
                "W_ADI_COUNTRY", first,
                "'Country' is \(shown(first.text)), no ISO 3166 code: ignored")
        }
    }

    private mutating func readFiles(_ parts: [ADIAsset]) {
        var totalBytes: Int64 = 0
        for part in parts {
            let reading = ADIFile(part, title, package)
            guard let file = reading.record else { continue }
            faults += reading.faults
            warnings += reading.warnings
            totalBytes += file.sizeBytes ?? 0
            if let same = record.files.firstIndex(where: {
                !$0.name.isEmpty && $0.name == file.name
            }) {
                if record.files[same].sizeBytes != file.sizeBytes {
                    fault("E_FILES", part, "two assets give \(shown(file.name)) different sizes")
                }
            } else {
                record.files.append(file)
            }
        }
        if record.files.isEmpty {
            warn("W_FILES", title, "the title has no files: it can't be planned")
        }
        if totalBytes > TitleLimits.bytes || record.files.count > TitleLimits.count {
            fault("E_RANGE", title, "the title has too many files or bytes")
        }
    }

    private mutating func fault(
        _ code: String, _ place: some Placed, _ message: String, hint: String? = nil
    ) {
        faults.append(FeedFault(code, at: place, message, hint: hint))
    }

    private mutating func warn(_ code: String, _ place: some Placed, _ message: String) {
        warnings.append(FeedFault(code, at: place, message))
    }
}
