/// The assets of a package and how they belong together.
struct ADIPackage {
    /// The package itself first, then all assets in the order of the document.
    let assets: [ADIAsset]

    /// Positions of the assets of class title.
    let titles: [Int]
    /// For each of ``titles``: positions of the assets nested in it, however deep.
    private let nested: [[Int]]
    /// For each asset: whether it is nested in a title.
    private let isInTitle: [Bool]
    /// For each asset: its place among ``titles``, -1 when it isn't one.
    private let places: [Int]

    /// Finds what belongs to what: O(assets · depth).
    init(assets: [ADIAsset]) {
        self.assets = assets
        let titles = assets.indices.dropFirst().filter { assets[$0].kind == "title" }
        var places = [Int](repeating: -1, count: assets.count)
        for (place, title) in titles.enumerated() { places[title] = place }
        var nested = [[Int]](repeating: [], count: titles.count)
        var isInTitle = [Bool](repeating: false, count: assets.count)
        for asset in assets.indices {
            var at = assets[asset].parent
            while at >= 0 {
                if places[at] >= 0 {
                    nested[places[at]].append(asset)
                    isInTitle[asset] = true
                }
                at = assets[at].parent
            }
        }
        (self.titles, self.nested) = (titles, nested)
        (self.isInTitle, self.places) = (isInTitle, places)
    }

    /// The package is taken back, with all that is below it.
    var isDeleted: Bool { assets[0].isDeleted }

    /// The assets that belong to a title: those nested in it, and, when it is the only one, those
    /// beside it; without those that are taken back.
    func parts(of title: Int) -> [ADIAsset] {
        let candidates =
            titles.count == 1
            ? Array(assets.indices.dropFirst()) : place(of: title).map { nested[$0] } ?? []
        return candidates.filter { $0 != title && !isDeleted($0) }.map { assets[$0] }
    }

    /// Assets with a file that belong to none of several titles.
    var strays: [ADIAsset] {
        guard titles.count > 1 else { return [] }
        return assets.indices.dropFirst().filter { i in
            assets[i].content != nil && place(of: i) == nil && !isInTitle[i]
        }.map { assets[$0] }
    }

    /// Whether an asset or one that it is nested in is taken back.
    func isDeleted(_ asset: Int) -> Bool {
        var at = asset
        while at >= 0 {
            if assets[at].isDeleted { return true }
            at = assets[at].parent
        }
        return false
    }

    /// `Provider_ID`, the package's where the asset states none.
    func provider(of asset: ADIAsset) -> String? {
        asset.identity["provider_id"] ?? assets[0].identity["provider_id"]
    }

    /// The identifier and its other spellings: `provider/asset`, `vod://provider/asset`, and the
    /// bare asset's.
    ///
    /// Nil when the asset states none that can be used.
    func identifiers(of asset: ADIAsset) -> [String]? {
        guard let provider = provider(of: asset), let id = asset.identity["asset_id"],
            isIdentifier(provider + "/" + id)
        else { return nil }
        return ["\(provider)/\(id)", "vod://\(provider)/\(id)", id]
    }

    /// Why nothing can be taken from the package.
    var withoutTitle: FeedFault {
        FeedFault(
            "E_ADI_TITLE", at: assets[0],
            assets.count == 1 && assets[0].identity.isEmpty
                ? "the package is empty" : "the package has no asset of the class title")
    }

    /// Place of an asset among ``titles``; nil when it isn't one.
    private func place(of asset: Int) -> Int? {
        places[asset] < 0 ? nil : places[asset]
    }
}
