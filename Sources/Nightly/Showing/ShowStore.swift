import Catalogue
package import Fleet
import Manifest
import Quantities
package import Store

/// Gives the rows of what was imported and planned, in the order of their identifiers.
///
/// Each method hands on rows one by one, as they are read, until there are no
/// more or `body` returns false. What there may be millions of is never held as
/// a whole; sites, nights and imports are. A filter that names something unknown
/// throws a ``NightlyError`` of kind `usage`.
package struct ShowStore {
    private let store: Store
    private let request: ShowRequest
    private let chunkBytes: Int64

    /// - Parameters:
    ///   - store: of the workspace.
    ///   - workspace: its chunk size.
    ///   - request: which rows.
    package init(_ store: Store, of workspace: Workspace, request: ShowRequest) {
        self.store = store
        self.request = request
        chunkBytes = workspace.configuration.chunkBytes
    }

    /// Titles; a deleted one only when it is asked for by its identifier.
    package func titles(_ body: (ShownTitle) throws -> Bool) throws {
        try requireTitle()
        try each(body) { give in
            try store.forEachTitle(request.title, deletedToo: request.title != nil, give)
        }
    }

    /// Items, by title and version.
    package func items(_ body: (ListedItem) throws -> Bool) throws {
        try requireTitle()
        try each(body) { give in
            try store.forEachItem(ofTitle: request.title) {
                try give(ListedItem($0, chunkBytes: chunkBytes))
            }
        }
    }

    /// Sites; with a site, that and all below it.
    package func sites(_ body: (SiteRecord) throws -> Bool) throws {
        let below = try sitesBelow()
        for site in try store.sites() where below?.contains(Array(site.site.utf8)) ?? true {
            guard try body(site) else { return }
        }
    }

    /// Origins; with a site, those at or below it.
    package func origins(_ body: (OriginRecord) throws -> Bool) throws {
        let below = try sitesBelow()
        for origin in try store.origins() where below?.contains(Array(origin.site.utf8)) ?? true {
            guard try body(origin) else { return }
        }
    }

    /// Accounts.
    package func accounts(_ body: (Account) throws -> Bool) throws {
        try requireAccount()
        try each(body) { try store.forEachAccount(request.account, $0) }
    }

    /// Devices; with a site, those at or below it.
    package func devices(_ body: (DeviceRecord) throws -> Bool) throws {
        try requireDevice()
        try requireAccount()
        let below = try sitesBelow()
        try each(body) { give in
            try store.forEachDevice(request.device) { device in
                guard request.account.map(device.account.isExactly) ?? true,
                    below?.contains(Array(device.site.utf8)) ?? true
                else { return }
                try give(device)
            }
        }
    }

    /// Holdings, by device, item and version.
    package func holdings(_ body: (ShownHolding) throws -> Bool) throws {
        try requireDevice()
        let some = try each(body) {
            try store.forEachHolding(device: request.device, title: request.title, $0)
        }
        if !some { try requireTitle() }
    }

    /// Wishes, by device and rank.
    package func wishes(_ body: (ShownWish) throws -> Bool) throws {
        try requireDevice()
        let some = try each(body) {
            try store.forEachWish(device: request.device, title: request.title, $0)
        }
        if !some { try requireTitle() }
    }

    /// Links; with a device or site, those that begin or end at it, with both, those between them.
    package func links(_ body: (LinkRecord) throws -> Bool) throws {
        try requireDevice()
        if let site = request.site, try !isKnown(site: site) {
            throw ShowStore.unknown("site", site)
        }
        try each(body) { give in
            try store.forEachLink(end: request.device ?? request.site) { link in
                guard request.site.map({ link.from.isExactly($0) || link.to.isExactly($0) }) ?? true
                else { return }
                try give(link)
            }
        }
    }

    /// Imported files, the first one first.
    package func imports(_ body: (ImportEntry) throws -> Bool) throws {
        for entry in try store.imports() {
            guard try body(entry) else { return }
        }
    }

    /// Planned nights, the first one first.
    package func nights(_ body: (NightEntry) throws -> Bool) throws {
        let nights = try store.nights().filter {
            request.night == nil || $0.night.date == request.night
        }
        if let night = request.night, nights.isEmpty { throw ShowStore.noPlan(night) }
        for entry in nights {
            guard try body(entry) else { return }
        }
    }
}

extension ShowStore {
    /// Thrown through a reader that knows no other way to stop early.
    private struct Enough: Error {}

    /// Runs `read` until `body` has enough.
    ///
    /// - Returns: whether there was any row.
    @discardableResult
    private func each<Row>(
        _ body: (Row) throws -> Bool,
        _ read: @escaping (_ give: (Row) throws -> Void) throws -> Void
    ) throws -> Bool {
        var some = false
        do {
            try read { row in
                some = true
                guard try body(row) else { throw Enough() }
            }
        } catch is Enough {
            // `body` wants no more.
        }
        return some
    }

    private func requireDevice() throws {
        guard let device = request.device else { return }
        guard try each({ _ in false }, { try store.forEachDevice(device, $0) }) else {
            throw ShowStore.unknown("device", device)
        }
    }

    private func requireAccount() throws {
        guard let account = request.account else { return }
        guard try each({ _ in false }, { try store.forEachAccount(account, $0) }) else {
            throw ShowStore.unknown("account", account)
        }
    }

    private func requireTitle() throws {
        guard let title = request.title else { return }
        guard try each({ _ in false }, { try store.forEachTitle(title, deletedToo: true, $0) })
        else { throw ShowStore.unknown("title", title) }
    }

    private func isKnown(site: String) throws -> Bool {
        try store.sites().contains { $0.site.isExactly(site) }
    }

    /// The site that is asked for and all below it, as bytes; nil: all sites.
    private func sitesBelow() throws -> Set<[UInt8]>? {
        guard let top = request.site else { return nil }
        let sites = try store.sites()
        guard sites.contains(where: { $0.site.isExactly(top) }) else {
            throw ShowStore.unknown("site", top)
        }
        var children: [[UInt8]: [[UInt8]]] = [:]
        for site in sites {
            children[Array(site.parent.utf8), default: []].append(Array(site.site.utf8))
        }
        var below: Set<[UInt8]> = []
        var open = [Array(top.utf8)]
        while let site = open.popLast() {
            below.insert(site)
            open += children[site] ?? []
        }
        return below
    }

    private static func noPlan(_ night: CivilDate) -> NightlyError {
        NightlyError(
            .failed, "there is no plan for the night of \(night)",
            hint: "make one with `mediaplan plan --night \(night)`")
    }

    private static func unknown(_ kind: String, _ name: String) -> NightlyError {
        NightlyError(
            .usage, "no \(kind) '\(name)' is known",
            hint: "see which are with `mediaplan show \(kind)s`")
    }
}

/// An item, with how it is cut.
package struct ListedItem: Hashable, Sendable {
    package var item: ShownItem
    /// The item key, by which manifests and plans call it.
    package var key: String
    /// The size of a full chunk in bytes.
    package var chunkBytes: Int64
    /// How many chunks; nil when a file's size isn't known.
    package var chunks: Int64?

    init(_ item: ShownItem, chunkBytes: Int64) {
        self.item = item
        let size = item.chunkBytes ?? chunkBytes
        self.chunkBytes = size
        key = ManifestNames.item(title: item.title, version: item.version)
        chunks =
            item.totalBytes == nil
            ? nil
            : item.files.reduce(0) { count, file in
                count + ((file.sizeBytes ?? 0) + size - 1) / size
            }
    }
}
