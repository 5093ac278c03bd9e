import Catalogue
import Content
import Manifest
import Quantities

@testable import Delivery

/// A random little plan and the manifests that follow from it, each consistent with the others.
///
/// Chunks move from who holds them at the slot's start, over up to several hops; lines are not
/// overbooked; who doesn't accept connections is pushed from.
struct World {
    let seed: UInt64
    var random: SplitMix64
    let slotSeconds: Int32
    /// Slots in which something is planned, and in all.
    let planned: Int64
    let slots: Int64
    /// The window ends with the last planned slot.
    let isShort: Bool
    /// The caps leave little beside what is planned.
    let isTight: Bool
    let chunkBytes: Int64
    let boxes: Int
    /// What could be moved, and older versions of it.
    var indexes: [ChunkIndex] = []
    var older: [ChunkIndex] = []
    var nights: [Night] = []
    var shelves: [[Event.Shelved]] = []
    var accepts: [Bool] = []
    /// Chunks a slot.
    var up: [Int] = []
    var down: [Int] = []
    var transfers = 0
    private var byKey: [String: ChunkIndex] = [:]

    init(seed: UInt64) {
        self.seed = seed
        var random = SplitMix64(seed: seed)
        slotSeconds = random.below(3) > 0 ? 1 : [30, 900][random.below(2)]
        planned = Int64(3 + random.below(8))
        isShort = random.below(6) == 0
        slots = isShort ? planned : planned + max(6, Int64(240 / slotSeconds))
        isTight = random.below(8) == 0
        chunkBytes = slotSeconds == 1 ? 64_000 : 4_000_000
        boxes = 2 + random.below(5)
        self.random = random
        makeItems()
        makeBoxes()
        plan()
        addFallbacks()
        addRemovals()
        addCaps()
    }

    static func name(_ box: Int) -> String { "box\(box)" }

    private mutating func makeItems() {
        for item in 0..<(1 + random.below(4)) {
            let chunks = Int32(1 + random.below(16))
            let title = "item\(item)"
            indexes.append(
                Night.index(title, version: "2", chunks: chunks, chunkBytes: chunkBytes) {
                    $0 % 3 == 0 && $0 < chunks - 1 ? title : ""
                })
            older.append(
                Night.index(title, version: "1", chunks: chunks + 1, chunkBytes: chunkBytes) {
                    $0 % 3 == 0 ? title : ""
                })
        }
    }

    private mutating func makeBoxes() {
        for index in indexes + older { byKey["\(index.title)@\(index.version)"] = index }
        for box in 0..<boxes {
            var night = Night(slotSeconds: slotSeconds, slots: slots, device: World.name(box))
            night.content.aheadSeconds = [0, 3, 10][Int(seed / 7 % 3)]
            for index in indexes { night.add(index, completes: random.below(2) == 0) }
            for index in older { night.add(index, completes: false) }
            nights.append(night)
            accepts.append(box == 0 || random.below(6) > 0)
            let scale = slotSeconds == 1 ? 1 : 10
            up.append((2 + random.below(6)) * scale)
            down.append((4 + random.below(12)) * scale)
            shelves.append(shelf())
        }
    }

    private mutating func shelf() -> [Event.Shelved] {
        var held: [Event.Shelved] = []
        for (item, index) in indexes.enumerated() {
            if random.below(5) == 0 {
                held.append(
                    .init(
                        item: "item\(item)@1", chunks: RangeSet32(0..<older[item].layout.count),
                        bought: random.below(4) == 0, index: older[item]))
            }
            guard random.below(3) == 0 else { continue }
            let count = index.layout.count
            let whole = random.below(2) == 0
            let lower = whole ? 0 : Int32(random.below(Int(count)))
            let upper = whole ? count : lower + 1 + Int32(random.below(Int(count - lower)))
            held.append(
                .init(
                    item: "item\(item)@2", chunks: RangeSet32(lower..<upper),
                    bought: whole && random.below(2) == 0, index: index))
        }
        return held
    }

    private func held(_ box: Int, _ item: Int) -> RangeSet32 {
        shelves[box].first { $0.item == "item\(item)@2" }?.chunks ?? RangeSet32()
    }

    /// Fills slot after slot, at random.
    private mutating func plan() {
        var have = (0..<boxes).map { box in indexes.indices.map { held(box, $0) } }
        let wants = (0..<boxes).map { _ in indexes.indices.map { _ in random.below(3) > 0 } }
        for slot in 0..<planned {
            let atStart = have
            var upLeft = up
            var downLeft = down
            var originLeft = 4 + random.below(12)
            for box in 0..<boxes {
                for item in indexes.indices where wants[box][item] && random.below(4) > 0 {
                    let whole = RangeSet32(0..<indexes[item].layout.count)
                    guard let gap = whole.subtracting(have[box][item]).ranges.first else {
                        continue
                    }
                    let sources = (0..<boxes).filter {
                        $0 != box && upLeft[$0] > 0 && atStart[$0][item].contains(gap.lowerBound)
                            && (accepts[$0] || accepts[box])
                    }
                    let source = sources.isEmpty ? nil : sources[random.below(sources.count)]
                    guard source != nil || random.below(2) == 0 else { continue }
                    let capacity = min(downLeft[box], source.map { upLeft[$0] } ?? originLeft)
                    var end = gap.lowerBound
                    while end < gap.upperBound, end - gap.lowerBound < capacity,
                        source.map({ atStart[$0][item].contains(end) }) ?? true
                    { end += 1 }
                    guard end > gap.lowerBound else { continue }
                    let count = Int(end - gap.lowerBound)
                    downLeft[box] -= count
                    if let source { upLeft[source] -= count } else { originLeft -= count }
                    move(item, gap.lowerBound...(end - 1), slot, source, box)
                    have[box][item] = have[box][item].union(RangeSet32(gap.lowerBound..<end))
                }
            }
        }
    }

    private mutating func move(
        _ item: Int, _ chunks: ClosedRange<Int32>, _ slot: Int64, _ source: Int?, _ box: Int
    ) {
        transfers += 1
        let index = indexes[item]
        guard let source else { return nights[box].fetch(index, chunks, slot: slot) }
        let pulls = accepts[source]
        let token = "t\(transfers)"
        nights[box].fetch(
            index, chunks, slot: slot, from: Night.device(World.name(source)),
            role: pulls ? .connect : .listen, token: token,
            area: random.below(3) > 0 ? .wish : .cache)
        nights[source].serve(
            index, chunks, slot: slot, to: Night.device(World.name(box)),
            role: pulls ? .listen : .connect, token: token)
    }

    private mutating func addFallbacks() {
        for box in 0..<boxes {
            for item in indexes.indices {
                guard
                    let number = nights[box].content.items.firstIndex(where: {
                        $0.key == "item\(item)@2"
                    })
                else { continue }
                for other in 0..<boxes
                where other != box && accepts[other] && !held(other, item).isEmpty
                    && random.below(3) > 0
                {
                    let token = "f\(box)-\(item)-\(other)"
                    nights[box].content.items[number].fallbacks.append(
                        Night.device(World.name(other), token: token))
                    nights[other].content.standby.append(
                        .init(
                            item: "item\(item)@2", destination: Night.device(World.name(box)),
                            token: token, bytes: indexes[item].layout.totalBytes * 2))
                }
                nights[box].content.items[number].fallbacks.append(Night.origin)
            }
        }
    }

    /// Older versions go when there is something to fetch.
    private mutating func addRemovals() {
        for box in 0..<boxes {
            for shelved in shelves[box] where shelved.item.hasSuffix("@1") && random.below(2) == 0 {
                guard let index = shelved.index,
                    let first = nights[box].content.fetch.randomElement(
                        using: &random)
                else { continue }
                nights[box].content.remove.append(
                    .init(
                        piece: nights[box].piece(index, 0...(index.layout.count - 1)),
                        at: first.movement.span.starts))
            }
            nights[box].content.remove.sort { $0.at < $1.at }
        }
    }

    private mutating func addCaps() {
        for box in 0..<boxes {
            let fetched = nights[box].content.fetch.reduce(0) { $0 + $1.piece.bytes }
            let served = nights[box].content.serve.reduce(0) { $0 + $1.piece.bytes }
            guard !isTight else {
                nights[box].content.caps = .init(
                    fetchBytes: fetched + Int64(random.below(4)) * chunkBytes,
                    fallbackBytes: Int64(random.below(8)) * chunkBytes,
                    reserveBytes: Int64(random.below(8)) * chunkBytes,
                    serveBytes: served + Int64(random.below(4)) * chunkBytes)
                continue
            }
            nights[box].content.caps = .init(
                fetchBytes: fetched * 3 + 40 * chunkBytes,
                fallbackBytes: fetched * 2 + 20 * chunkBytes,
                reserveBytes: fetched * 2 + 20 * chunkBytes,
                serveBytes: served * 3 + 200 * chunkBytes)
        }
    }

    /// What a box wants tonight, by item.
    func wanted(_ box: Int) -> [(item: String, chunks: RangeSet32)] {
        nights[box].content.items.compactMap { item in
            let chunks = nights[box].content.fetch.filter { $0.piece.item == item.key }.map {
                $0.piece.chunks.lowerBound..<($0.piece.chunks.upperBound + 1)
            }
            return chunks.isEmpty ? nil : (item.key, RangeSet32(chunks))
        }
    }

    func index(of item: String) -> ChunkIndex? { byKey[item] }
}
