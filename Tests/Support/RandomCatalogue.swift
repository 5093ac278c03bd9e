import Catalogue
import Quantities

extension InstanceDraw {
    /// Titles with one item each; some with an older version beside it, some with none.
    mutating func catalogue() -> Catalogue {
        var catalogue = Catalogue()
        for number in 0..<random.pick(knobs.titles) {
            var title = Title(
                id: "example.com/T\(100 + number)", name: "Title \(number)", licence: licence(),
                territories: territories(), peerToPeer: !random.chance(knobs.titleOddityChance),
                currentItem: -1)
            if random.chance(knobs.titleOddityChance) {
                catalogue.items.append(item(of: number, version: 1))
            }
            if !random.chance(knobs.titleOddityChance / 2) {
                title.currentItem = Int32(catalogue.items.count)
                catalogue.items.append(item(of: number, version: 2))
            }
            catalogue.titles.append(title)
        }
        return catalogue
    }

    private mutating func licence() -> LicenceWindow {
        guard random.chance(2 * knobs.titleOddityChance) else { return LicenceWindow() }
        switch random.below(4) {
        case 0: return LicenceWindow(start: moment())
        case 1: return LicenceWindow(start: night.start, end: moment())
        case 2: return LicenceWindow(end: moment())
        default:
            let ends = [moment(), moment()].sorted()
            return LicenceWindow(start: ends[0], end: ends[1])
        }
    }

    private mutating func territories() -> Territories {
        guard random.chance(knobs.titleOddityChance) else { return .everywhere }
        return random.chance(50) ? .only(["AT", "DE"]) : .except(["CH", "DE"])
    }

    private mutating func item(of title: Int, version: Int) -> Item {
        Item(
            title: Int32(title), version: "\(version)", files: files(),
            chunkBytes: InstanceDraw.chunkBytes,
            indexDigest: random.chance(knobs.titleOddityChance)
                ? nil
                : Digest(
                    bytes: [UInt8](
                        repeating: UInt8(truncatingIfNeeded: title * 16 + version), count: 32)))
    }

    /// One or two files; the last chunk of each may be short.
    private mutating func files() -> [ItemFile] {
        let chunks = random.pick(knobs.chunks)
        let counts = chunks > 1 && random.chance(30) ? [chunks - 1, 1] : [chunks]
        return counts.enumerated().map { number, count in
            let short = random.chance(40) ? random.pick([450_000, 300_000, 899_999, 123_457]) : 0
            let last = short > 0 ? Int64(short) : InstanceDraw.chunkBytes
            return ItemFile(
                name: "f\(number)", sizeBytes: Int64(count - 1) * InstanceDraw.chunkBytes + last,
                kind: number == 0 ? "movie" : "preview")
        }
    }
}
