import Catalogue

/// What an asset says of its file.
struct ADIFile {
    /// Nil when the asset is data only: no content, size or checksum.
    private(set) var record: FileRecord?
    private(set) var faults: [FeedFault] = []
    private(set) var warnings: [FeedFault] = []

    /// - Parameters:
    ///   - asset: a movie, preview, poster, …
    ///   - title: which it belongs to.
    ///   - package: which both are part of.
    init(_ asset: ADIAsset, _ title: ADIAsset, _ package: ADIPackage) {
        let size = asset.value("content_filesize")
        let sum = asset.value("content_checksum")
        guard asset.content != nil || size != nil || sum != nil else { return }
        let name = asset.content?.text ?? ""
        if name.isEmpty {
            warn("W_ADI_CONTENT", asset, "the asset names no file")
        } else if !isIdentifier(name), let content = asset.content {
            faults.append(FeedFault("E_NAME", at: content, "the file's name can't be used"))
        }
        let kind = asset.kind.isEmpty ? "unknown" : displayName(asset.kind)
        let bytes = readSize(size, of: asset, name)
        let digits = sum.flatMap { checksum($0.text) }
        if let sum, digits == nil {
            warn("W_CHECKSUM", sum, "the checksum \(shown(sum.text)) is of no known kind: ignored")
        }
        record = FileRecord(
            name: name, kind: kind, sizeBytes: bytes, checksum: digits,
            id: package.identifiers(of: asset)?[0] ?? "")
        checkRate(bytes, asset, title)
    }

    /// Bytes, nil when nothing can be planned on.
    private mutating func readSize(_ size: ADIValue?, of asset: ADIAsset, _ name: String) -> Int64?
    {
        if isPlaylist(name) {
            warn(
                "W_PLAYLIST", asset,
                "\(shown(name)) is a playlist, not a file: the title can't be planned")
            return nil
        }
        guard let size else {
            warn(
                "W_SIZE", asset,
                "the size of \(shown(name)) isn't stated: the title can't be planned")
            return nil
        }
        guard let bytes = wholeNumber(size.text, in: 0...TitleLimits.bytes) else {
            faults.append(
                FeedFault(
                    "E_RANGE", at: size,
                    "the size \(shown(size.text)) isn't a whole number of bytes up to \(TitleLimits.bytes)"
                ))
            return nil
        }
        if bytes == 0 {
            warn("W_SIZE", size, "the size of \(shown(name)) is 0: the title can't be planned")
        }
        return bytes == 0 ? nil : bytes
    }

    /// Warns when size and running time don't fit: megabytes or minutes where bytes or seconds are
    /// meant.
    private mutating func checkRate(_ bytes: Int64?, _ asset: ADIAsset, _ title: ADIAsset) {
        let isMain = ["movie", "encrypted"].contains(asset.kind)
        let time = asset.value("run_time") ?? (isMain ? title.value("run_time") : nil)
        guard let bytes, let seconds = time.flatMap({ ADITime.duration($0.text) }), seconds > 0
        else { return }
        let kilobits = bytes * 8 / seconds / 1000
        if kilobits < 50 || kilobits > 200_000 {
            warn(
                "W_RATE", asset.value("content_filesize") ?? asset.data[0],
                "\(bytes) bytes in \(seconds) seconds are \(kilobits) kbit/s, which isn't likely: check the size"
            )
        }
    }

    private func isPlaylist(_ name: String) -> Bool {
        let path = name.lowercased().prefix { $0 != "?" && $0 != "#" }
        return [".m3u8", ".m3u", ".mpd", ".ism", "/manifest"].contains { path.hasSuffix($0) }
    }

    private mutating func warn(_ code: String, _ place: some Placed, _ message: String) {
        warnings.append(FeedFault(code, at: place, message))
    }
}
