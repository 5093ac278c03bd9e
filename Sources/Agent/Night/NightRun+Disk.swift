import Catalogue
import Content
import Delivery
import Glibc
import Manifest
import Quantities
import Transport

// What lies on the disk: written when it was verified, published when it is whole.

extension NightRun {
    /// Writes the chunk that is being handed over.
    func store(_ id: IntakeID, _ item: String, _ chunk: Int32) {
        guard let block, block.intake == id, block.chunk == chunk else {
            return failed(item, chunk, .unwritable, "its bytes are gone")
        }
        write(item, chunk, block.bytes)
    }

    /// Tells the machine that a chunk doesn't lie there, and people the first of an item.
    private func failed(_ item: String, _ chunk: Int32, _ fault: DiskFault, _ reason: String) {
        if toldItems.insert(item).inserted {
            equipment.say(Remark(.warning, "\(item): chunk \(chunk) can't be written: \(reason)"))
        }
        post(.notStored(item: item, chunk: chunk, fault))
    }

    private func write(_ item: String, _ chunk: Int32, _ bytes: UnsafeRawBufferPointer) {
        guard let layout = layouts[item], ItemName.isSafe(item), chunk < layout.count,
            Int64(bytes.count) == layout.bytes(ofChunk: chunk)
        else { return failed(item, chunk, .unwritable, "it isn't a chunk of the item") }
        let code = equipment.shelf.files.write(
            item, bytes, at: layout.offset(ofChunk: chunk), totalBytes: layout.totalBytes)
        if let code {
            return failed(item, chunk, DiskFault(writing: code), String(cString: strerror(code)))
        }
        hold(item, layout)
        held[item] = (held[item] ?? RangeSet32()).union(RangeSet32(chunk..<(chunk + 1)))
        equipment.status.touch()
        post(.stored(item: item, chunk: chunk))
    }

    /// Makes the shelf know an item that has begun to come.
    private func hold(_ item: String, _ layout: ChunkLayout) {
        guard equipment.shelf.entry(item) == nil || held[item] == nil,
            let index = indexes[item], let digest = items[item]?.index
        else { return }
        var entry = ShelfEntry(
            key: item, index: index, digest: digest, layout: layout, chunks: RangeSet32())
        entry.name = items[item]?.name ?? ""
        entry.isWish = journal.isWish(item)
        equipment.shelf.set(entry)
    }

    /// Copies a chunk of another item that has the same digest, if it still has it.
    func copy(_ item: String, _ chunk: Int32, _ from: String, _ fromChunk: Int32) {
        guard !isOver else { return }
        guard let index = indexes[item], let source = layouts[from], ItemName.isSafe(from),
            fromChunk < source.count, chunk < Int32(index.chunks.count),
            let file = equipment.shelf.files.open(from)
        else { return post(.notStored(item: item, chunk: chunk, .unreadable)) }
        let size = Int(source.bytes(ofChunk: fromChunk))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4096)
        defer { buffer.deallocate() }
        guard file.read(buffer, at: source.offset(ofChunk: fromChunk)) == nil,
            sha256(UnsafeRawBufferPointer(buffer)) == index.chunks[Int(chunk)]
        else { return post(.notStored(item: item, chunk: chunk, .unreadable)) }
        write(item, chunk, UnsafeRawBufferPointer(buffer))
    }

    func remove(_ item: String, _ chunks: RangeSet32?) {
        if ItemName.isSafe(item) {
            let before = held[item] ?? RangeSet32()
            journal.add(
                removed: chunks.map { before.intersection($0) } ?? before, of: item,
                at: EventLoop.wallMs())
            equipment.shelf.remove(item, chunks, layout: layouts[item])
            held[item] = chunks.flatMap { held[item]?.subtracting($0) }
            equipment.shelf.save()
        }
        post(
            .removed(
                item: item,
                freeBytes: equipment.folder.freeBytes(reserve: equipment.settings.reserveBytes)))
    }

    /// Publishes an item: its bytes are on the disk before its name is.
    func finish(_ item: String, _ mayBeBought: Bool) {
        guard ItemName.isSafe(item), let layout = layouts[item] else {
            return post(.finished(item: item, .unwritable))
        }
        let shelf = equipment.shelf
        if shelf.entry(item)?.isComplete != true {
            guard let mark = shelf.files.finish(item) else {
                return post(.finished(item: item, DiskFault(writing: errno)))
            }
            hold(item, layout)
            var entry = shelf.entry(item)
            entry?.mark = mark
            entry?.chunks = RangeSet32(0..<layout.count)
            entry?.heldBytes = layout.totalBytes
            entry?.name = items[item]?.name ?? ""
            entry?.isWish = journal.isWish(item)
            entry?.mayBeBought = mayBeBought
            if let entry { shelf.set(entry) }
            shelf.save()
            equipment.announce(item)
        }
        equipment.status.touch()
        post(.finished(item: item, nil))
    }

    /// The file of an item that holds all that shall be sent; nil when it doesn't, of which the
    /// machine is told.
    func opened(_ send: Action.Send) -> Descriptor? {
        guard ItemName.isSafe(send.item), let file = equipment.shelf.files.open(send.item),
            let size = file.mark?.sizeBytes, size >= send.bytes.upperBound
        else {
            unreadable(send.item, at: send.bytes.lowerBound)
            return nil
        }
        return file
    }

    /// Tells the machine that what lies at a place of an item can't be read.
    func unreadable(_ item: String, at offset: Int64) {
        guard let layout = layouts[item], offset < layout.totalBytes else { return }
        var chunk = Int32(offset / layout.chunkBytes)
        while chunk + 1 < layout.count, layout.offset(ofChunk: chunk + 1) <= offset { chunk += 1 }
        equipment.say(Remark(.warning, "\(item): chunk \(chunk) can't be read"))
        post(.unreadable(item: item, chunk: chunk))
    }
}

extension DiskFault {
    /// What a number of the system means for a write.
    init(writing code: Int32) {
        self = [ENOSPC, EDQUOT, EFBIG].contains(code) ? .full : .unwritable
    }
}
