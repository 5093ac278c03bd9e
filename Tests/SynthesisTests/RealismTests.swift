import Quantities
import Testing

@testable import Synthesis

/// Shares and sizes of one larger fleet lie where its description says.
struct RealismTests {
    static let world = World(
        deviceCount: 3_000, titleCount: 1_000, seed: 11, night: CivilDate(dayNumber: 20_780))
    static let boxes = (0..<3_000).map { Box($0, in: world) }
    static let shelves = boxes.map { Shelf(of: $0, in: world) }

    private var world: World { RealismTests.world }
    private var boxes: [Box] { RealismTests.boxes }
    private var shelves: [Shelf] { RealismTests.shelves }

    private func permille<T>(_ things: [T], _ isTrue: (T) -> Bool) -> Int {
        things.filter(isTrue).count * 1000 / things.count
    }

    @Test func `Boxes differ as described`() {
        #expect((600...730).contains(permille(boxes, \.accepts)))
        #expect((10...32).contains(permille(boxes) { $0.standing == .suspended }))
        #expect((4...18).contains(permille(boxes) { $0.standing == .closed }))
        #expect((60...100).contains(permille(boxes) { $0.upKbps == 0 }))
        #expect((4...18).contains(permille(boxes) { $0.state == "retired" }))
        #expect(boxes.allSatisfy { $0.upKbps == 0 || (2_000...20_000).contains($0.upKbps) })
        #expect(boxes.allSatisfy { (20_000...200_000).contains($0.downKbps) })
        #expect((80...150).contains(permille(boxes) { $0.lastServed == nil }))
        #expect((90...150).contains(permille(boxes) { $0.accountNumber != $0.number } * 2))
    }

    @Test func `Titles differ as described`() {
        let titles = world.titles
        #expect((8...35).contains(permille(titles) { !$0.peerToPeer }))
        #expect((30...75).contains(permille(titles) { $0.territories != .everywhere }))
        #expect((3...25).contains(permille(titles) { !$0.isPackage && $0.indexDigest == nil }))
        #expect(permille(titles) { $0.isPackage } == 30)
        let night = world.night.startUTC.advanced(bySeconds: 72_000)
        let outside = permille(titles) { title in
            title.licenceStart > night || title.licenceEnd.map { $0 <= night } ?? false
        }
        #expect((30...70).contains(outside))
        #expect(
            titles.allSatisfy {
                $0.licenceEnd ?? night.advanced(bySeconds: 1 << 40) > $0.licenceStart
            })
        let sizes = titles.map(\.totalBytes)
        #expect(sizes.allSatisfy { (500_000_000...8_000_000_000).contains($0) })
        #expect((3_900_000_000...4_600_000_000).contains(sizes.reduce(0, +) / 1_000))
        #expect(Set(titles.map(\.id)).count == 1_000)
    }

    @Test func `Chunks are counted as a byte-by-byte reading of the files gives`() {
        for title in world.titles.prefix(200) {
            var chunks: Int32 = 0
            for file in title.files {
                var left = file.sizeBytes
                while left > 0 {
                    chunks += 1
                    left -= SyntheticTitle.chunkBytes
                }
            }
            #expect(title.chunkCount == chunks)
        }
    }

    @Test func `A box holds about fifty things and wants about twenty`() {
        let holdings = shelves.reduce(0) { $0 + $1.holdings.count }
        #expect((40...55).contains(holdings / shelves.count))
        let wishes = shelves.reduce(0) { $0 + $1.wishes.count }
        #expect((18...22).contains(wishes / shelves.count))
        for shelf in shelves {
            #expect(Set(shelf.wishes).count == shelf.wishes.count)
            #expect(shelf.wishes.count <= 32)
            let known = shelf.holdings.map(\.title).filter { $0 >= 0 }
            #expect(Set(known).count == known.count)
        }
    }

    @Test func `Disks are nearly full, and what is bought leaves room for wishes`() {
        var full = 0
        for (box, shelf) in zip(boxes, shelves) where box.state != "new" {
            func bytes(_ isTrue: (Shelf.Holding) -> Bool) -> Int64 {
                shelf.holdings.filter(isTrue).reduce(0) {
                    $0 + ($1.title >= 0 ? world.titles[$1.title].totalBytes : $1.goneBytes)
                }
            }
            let used = bytes { _ in true }
            if used * 10 >= (box.wishBytes + box.cacheBytes) * 8 { full += 1 }
            #expect(bytes { $0.isBought } * 2 < box.wishBytes)
            // A part carried over and rare copies may come on top.
            #expect(used < box.wishBytes + box.cacheBytes + 32_000_000_000)
        }
        #expect(full * 100 > boxes.count * 90)
    }

    @Test func `About three holdings in a hundred lack chunks, all within the item`() {
        let holdings = shelves.flatMap(\.holdings)
        #expect((20...45).contains(permille(holdings) { $0.chunks != nil }))
        for holding in holdings where holding.title >= 0 {
            guard let chunks = holding.chunks else { continue }
            let count = world.titles[holding.title].chunkCount
            #expect(!chunks.isEmpty && chunks.count < Int(count))
            #expect(RangeSet32(0..<count).contains(chunks.ranges[chunks.ranges.count - 1]))
            #expect(!holding.isBought)
        }
    }

    @Test func `A fifth wants the premiere and nobody holds it`() throws {
        let premiere = try #require(world.premiere)
        #expect((170...230).contains(permille(shelves) { $0.wishes.prefix(3).contains(premiere) }))
        #expect(!shelves.contains { $0.holdings.contains { $0.title == premiere } })
        let title = world.titles[premiere]
        #expect(title.indexDigest != nil && title.peerToPeer && title.territories == .everywhere)
    }

    @Test func `Some titles have no copy, some up to three, some thousands`() {
        var holders = [Int](repeating: 0, count: world.titles.count)
        for holding in shelves.flatMap(\.holdings) where holding.title >= 0 {
            holders[holding.title] += 1
        }
        let cold = world.titles.filter(\.isCold)
        #expect((30...90).contains(cold.count))
        #expect(cold.allSatisfy { holders[$0.number] <= 3 })
        #expect(cold.contains { holders[$0.number] == 0 })
        #expect(holders.contains { $0 > 1_500 })
        let wished = Set(shelves.flatMap(\.wishes))
        #expect(cold.contains { wished.contains($0.number) })
    }

    @Test func `Regions differ in taste`() {
        let count = world.network.regions.count
        var firsts: [Int] = []
        for region in 0..<count {
            var wishes = [Int](repeating: 0, count: world.titles.count)
            for (box, shelf) in zip(boxes, shelves) where box.region == region {
                for title in shelf.wishes where title != world.premiere { wishes[title] += 1 }
            }
            firsts.append(wishes.indices.max { wishes[$0] < wishes[$1] } ?? 0)
        }
        #expect(Set(firsts).count > 1)
        #expect(Set(world.network.regions.map(\.timezone)).count == 3)
    }

    @Test func `Access nodes have 50 to 250 boxes and follow each other`() {
        for count in [600, 3_000, 10_000] {
            let network = Network(deviceCount: count, seed: 3)
            let sizes = zip(network.firstBox, network.firstBox.dropFirst()).map { $1 - $0 }
            #expect(sizes.allSatisfy { (50...250).contains($0) })
            #expect(sizes.reduce(0, +) == count)
            for box in [0, 1, count / 2, count - 1] {
                let node = network.node(ofBox: box)
                #expect((network.firstBox[node]..<network.firstBox[node + 1]).contains(box))
            }
            #expect(network.boxesBelowPOP.allSatisfy { $0 > 0 })
        }
    }
}
