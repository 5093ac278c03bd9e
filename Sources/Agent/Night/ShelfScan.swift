import Content
import Delivery
import Manifest
import Quantities
import Transport

/// Finds out at the start of a night what on the disk counts.
///
/// A finished file that is as it was when it was checked isn't read; everything else is, chunk by
/// chunk. An index that no signed catalogue lists makes nothing count and harms nothing.
final class ShelfScan {
    private let equipment: Equipment
    private let content: ManifestContent
    private let indexIntake: IndexIntake
    private var waiting: [(key: String, place: ShelfFiles.Place)]
    private var unknown: [String: [Digest]]?
    private var current: ChunkCheck?
    private(set) var shelved: [Event.Shelved] = []
    private var isStopped = false

    init(_ equipment: Equipment, _ content: ManifestContent, _ indexIntake: IndexIntake) {
        self.equipment = equipment
        self.content = content
        self.indexIntake = indexIntake
        let files = equipment.shelf.files
        let finished = files.keys(.items)
        let others = Set(finished)
        let places =
            finished.map { ($0, ShelfFiles.Place.items) }
            + files.keys(.partial).filter { !others.contains($0) }.map { ($0, .partial) }
        waiting = places.sorted { $0.0 > $1.0 }
    }

    /// Scans, a chunk at a time between other events; `then` is called at the end with what counts,
    /// ascending by item key.
    func run(then: @escaping ([Event.Shelved]) -> Void) {
        guard !isStopped else { return }
        guard let next = waiting.popLast() else {
            equipment.shelf.save()
            return then(shelved)
        }
        let named = content.items.first { $0.key == next.key }
        guard let named, let digest = named.index else {
            return known(next.key) { [self] in check(next.key, next.place, $0, then) }
        }
        indexIntake.get(next.key, digest, from: named.fallbacks) { [self] index in
            if let index { return check(next.key, next.place, (index, digest), then) }
            known(next.key) { [self] in check(next.key, next.place, $0, then) }
        }
    }

    func stop() { isStopped = true }

    /// The index by which an item was checked before, or one that lies in `indexes/` and that the
    /// catalogue lists; nil: there is none.
    private func known(_ key: String, then: @escaping ((ChunkIndex, Digest)?) -> Void) {
        if let digest = equipment.shelf.entry(key)?.index,
            let index = equipment.indexes.read(digest)
        {
            return equipment.loop.soon { then((index, digest)) }
        }
        let all = unknown ?? equipment.indexes.byItem()
        unknown = all
        first(of: (all[key] ?? [])[...], key, then: then)
    }

    private func first(
        of digests: ArraySlice<Digest>, _ key: String,
        then: @escaping ((ChunkIndex, Digest)?) -> Void
    ) {
        guard let digest = digests.first else { return equipment.loop.soon { then(nil) } }
        indexIntake.get(key, digest, from: []) { [self] index in
            if let index { return then((index, digest)) }
            first(of: digests.dropFirst(), key, then: then)
        }
    }

    private func check(
        _ key: String, _ place: ShelfFiles.Place, _ known: (ChunkIndex, Digest)?,
        _ then: @escaping ([Event.Shelved]) -> Void
    ) {
        guard let (index, digest) = known else { return run(then: then) }
        if place == .items, equipment.shelf.isKnown(key, index: digest) {
            add(key, RangeSet32(0..<Int32(index.chunks.count)), index)
            return equipment.loop.soon { [self] in run(then: then) }
        }
        guard let file = equipment.shelf.files.open(key, place) else { return run(then: then) }
        step(ChunkCheck(file, index), key, place, digest, then)
    }

    private func step(
        _ check: ChunkCheck, _ key: String, _ place: ShelfFiles.Place, _ digest: Digest,
        _ then: @escaping ([Event.Shelved]) -> Void
    ) {
        guard !isStopped else { return }
        // Some 20 ms' worth, so that signals and connections are heard in between.
        let end = EventLoop.steadyMs() + 20
        while check.step() {
            if EventLoop.steadyMs() >= end {
                return equipment.loop.soon { [self] in step(check, key, place, digest, then) }
            }
        }
        let good = equipment.shelf.settle(key, place, check, digest: digest)
        if !check.bad.isEmpty, place == .items {
            equipment.say(
                Remark(.warning, "\(key): \(check.bad.count) chunks on the disk are bad"))
        }
        if place == .partial, equipment.shelf.entry(key)?.isComplete == true {
            equipment.announce(key)
        }
        if !good.isEmpty { add(key, good, check.index) }
        equipment.loop.soon { [self] in run(then: then) }
    }

    private func add(_ key: String, _ chunks: RangeSet32, _ index: ChunkIndex) {
        shelved.append(
            Event.Shelved(
                item: key, chunks: chunks, bought: equipment.shelf.files.isBought(key), index: index
            ))
    }
}
