import Catalogue
import Content
import Manifest
import Quantities

@testable import Delivery

// What a box's shell does, and what it is watched for while doing it.

extension Simulator {
    mutating func perform(_ box: Int, _ action: Action) {
        switch action {
        case .needIndex(let item, _, let ends): needIndex(box, item, ends)
        case .pull(let id, let pull): self.pull(box, id, pull)
        case .accept(let outlet, let id, let pull): accept(box, outlet, id, pull)
        case .cancel(let id): cancel(box, id)
        case .store(let id, let item, let chunk): store(box, id, item, chunk)
        case .discard(let id, let chunk): discard(box, id, chunk)
        case .copy(let item, let chunk, let from, let fromChunk):
            copy(box, item, chunk, from, fromChunk)
        case .remove(let item, let chunks): remove(box, item, chunks)
        case .finish(let item, _): finish(box, item)
        case .send(let id, let send): self.send(box, id, send)
        case .push(let id, let end, let token, let send): push(box, id, end, token, send)
        case .refuse(let id, let status, let retryAfterMs): refuse(box, id, status, retryAfterMs)
        case .hasten(let id, let pace): hasten(box, id, pace)
        case .hangUp(let id): hangUp(box, id)
        case .note(let note): boxes[box].noted += note.bytes + note.wasteBytes
        case .wake(let steadyMs): wake(box, steadyMs)
        case .done:
            expect(!boxes[box].isDone, box, "is done twice")
            boxes[box].isDone = true
        }
    }

    private mutating func wake(_ box: Int, _ steadyMs: Int64) {
        let atMs = steadyMs - boxes[box].steadyAheadMs
        expect(atMs > nowMs, box, "wants to be woken in the past")
        boxes[box].wakeMs = steadyMs
        queue.add(.wake(box: box, life: boxes[box].life, steadyMs: steadyMs), atMs: atMs)
    }

    private mutating func needIndex(_ box: Int, _ item: String, _ ends: [ManifestContent.End]) {
        expect(boxes[box].isOpen(nowMs), box, "asks for an index outside the window")
        let there = ends.contains { end in
            if end.kind == .origin { return isOriginWell }
            guard let other = boxes.first(where: { World.name($0.number) == end.id }) else {
                return false
            }
            return isReachable(other.number) && other.indexes.contains(item)
        }
        let index = there && boxes[box].downUntilMs < nowMs ? world.index(of: item) : nil
        if index != nil { boxes[box].indexes.insert(item) }
        later(box, .index(item: item, index), 20 + Int64(random.below(100)))
    }

    private mutating func store(_ box: Int, _ id: IntakeID, _ item: String, _ chunk: Int32) {
        write(box, item, chunk, bytes: world.index(of: item)?.layout.bytes(ofChunk: chunk) ?? 0)
    }

    private mutating func write(_ box: Int, _ item: String, _ chunk: Int32, bytes: Int64) {
        let ms = 1 + Int64(random.below(20))
        if let one = faults.writeFaults[box], random.below(one) == 0 {
            boxes[box].allowedBytes += bytes
            return later(box, .notStored(item: item, chunk: chunk, .unwritable), ms)
        }
        if boxes[box].freeBytes < bytes {
            expect(faults.lyingDisk[box] != nil, box, "writes more than there is room for")
            boxes[box].allowedBytes += bytes
            return later(box, .notStored(item: item, chunk: chunk, .full), ms)
        }
        expect(
            !boxes[box].disk[item, default: []].contains(chunk), box,
            "writes \(item) \(chunk) twice")
        boxes[box].freeBytes -= bytes
        boxes[box].saidFreeBytes -= bytes
        boxes[box].disk[item, default: []].insert(chunk)
        boxes[box].writtenMs[item, default: [:]][chunk] = nowMs
        later(box, .stored(item: item, chunk: chunk), ms)
        if random.below(50) == 0 { later(box, .stored(item: item, chunk: chunk), ms + 5) }
    }

    private mutating func discard(_ box: Int, _ id: IntakeID, _ chunk: Int32) {
        guard let exchange = live.first(where: { $0.receiver == box && $0.intake == id }) else {
            return
        }
        boxes[box].wasteBytes +=
            world.index(of: exchange.pull.item)?.layout.bytes(ofChunk: chunk) ?? 0
    }

    private mutating func copy(
        _ box: Int, _ item: String, _ chunk: Int32, _ from: String, _ fromChunk: Int32
    ) {
        guard let source = world.index(of: from), let index = world.index(of: item) else { return }
        guard boxes[box].disk[from, default: []].contains(fromChunk) else {
            return later(box, .notStored(item: item, chunk: chunk, .unreadable), 3)
        }
        expect(
            source.chunks[Int(fromChunk)] == index.chunks[Int(chunk)], box, "copies another chunk")
        write(box, item, chunk, bytes: index.layout.bytes(ofChunk: chunk))
    }

    private mutating func remove(_ box: Int, _ item: String, _ chunks: RangeSet32?) {
        expect(!boxes[box].bought.contains(item), box, "removes bought \(item)")
        let wall = boxes[box].moment(nowMs).wallMs
        let ordered = boxes[box].night.content.remove.contains {
            $0.piece.item == item && $0.at.seconds * 1000 <= wall
        }
        let whole =
            boxes[box].disk[item]?.count == world.index(of: item).map { Int($0.layout.count) }
        expect(ordered || !whole, box, "removes \(item), which is whole, unasked")
        guard let index = world.index(of: item) else { return }
        for chunk in boxes[box].disk[item, default: []]
        where chunks.map({ $0.contains(chunk) }) ?? true {
            boxes[box].disk[item]?.remove(chunk)
            boxes[box].freeBytes += index.layout.bytes(ofChunk: chunk)
            boxes[box].saidFreeBytes += index.layout.bytes(ofChunk: chunk)
        }
        boxes[box].published.remove(item)
        later(box, .removed(item: item, freeBytes: boxes[box].saidFreeBytes), 5)
    }

    private mutating func finish(_ box: Int, _ item: String) {
        let count = world.index(of: item).map { Int($0.layout.count) }
        expect(boxes[box].disk[item]?.count == count, box, "publishes \(item), which isn't whole")
        boxes[box].published.insert(item)
        later(box, .finished(item: item, nil), 5)
    }
}
