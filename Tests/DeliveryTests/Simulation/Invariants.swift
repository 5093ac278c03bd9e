import Catalogue
import Content
import Manifest
import Quantities

@testable import Delivery

// What must hold at every action, and in the end.

extension Simulator {
    mutating func checkPull(_ box: Int, _ exchange: Exchange) {
        let pull = exchange.pull
        let wall = boxes[box].moment(nowMs).wallMs
        expect(boxes[box].isOpen(nowMs), box, "asks outside the window")
        expect(!boxes[box].liars.contains(pull.end.id), box, "asks a liar again")
        for chunk in pull.chunks {
            expect(
                !boxes[box].disk[pull.item, default: []].contains(chunk), box,
                "asks for \(pull.item) \(chunk), which it has")
        }
        for other in live
        where other.receiver == box && other.intake != nil
            && other.pull.item == pull.item && other.pull.chunks.overlaps(pull.chunks)
        {
            expect(
                other.next < pull.chunks.lowerBound || !isSound(box) || isReleased(box, other), box,
                "asks two ends for \(pull.item) \(pull.chunks), \(other.pull.chunks)")
        }
        let planned = boxes[box].night.content.fetch.filter {
            $0.piece.item == pull.item && $0.source.id == pull.end.id
                && $0.movement.token == pull.token && $0.piece.chunks.overlaps(pull.chunks)
        }
        let policy = boxes[box].delivery.policy
        let lead = pull.end.kind == .origin ? 0 : max(policy.leadMs, policy.aheadMs)
        if let piece = planned.first {
            let starts = piece.movement.span.starts.seconds * 1000
            let early = piece.movement.role == .listen ? policy.holdEarlyMs : lead
            let slack: Int64 = pull.end.kind == .origin ? Int64.max / 2 : 0
            expect(wall >= starts - early - slack, box, "asks before its slot")
            checkPace(box, pull, piece)
        }
        exchange.isFallback = planned.isEmpty
        let inFallbacks = boxes[box].night.content.items.contains {
            $0.key == pull.item
                && $0.fallbacks.contains { $0.id == pull.end.id && $0.token == pull.token }
        }
        expect(!planned.isEmpty || inFallbacks, box, "asks somebody whom the manifest doesn't name")
        checkCaps(box)
    }

    /// Whether an exchange is so slow that another end may be asked for its chunk.
    func isReleased(_ box: Int, _ exchange: Exchange) -> Bool {
        guard let intake = exchange.intake,
            let position = boxes[box].delivery.intakes.position(intake)
        else { return false }
        return boxes[box].delivery.intakes[position].released
    }

    /// Whether every good chunk comes to lie on the box's disk.
    private func isSound(_ box: Int) -> Bool {
        faults.writeFaults[box] == nil && faults.lyingDisk[box] == nil
            && faults.readFaults[box] == nil
    }

    private mutating func checkPace(
        _ box: Int, _ pull: Action.Pull, _ piece: ManifestContent.Fetch
    ) {
        guard pull.end.kind == .device, pull.pace.untilSteadyMs > pull.pace.fromSteadyMs else {
            return
        }
        expect(
            pull.pace.bytesPerSecond == piece.movement.rateKbps * 125, box, "another rate")
        let starts = boxes[box].moment(nowMs).steady(
            atWallMs: piece.movement.span.starts.seconds * 1000)
        expect(pull.pace.fromSteadyMs >= starts, box, "begins before its slot")
        expect(
            pull.pace.burstBytes <= max(65_536, world.chunkBytes), box, "too great a burst")
    }

    mutating func checkCaps(_ box: Int) {
        let spent = boxes[box].delivery.spent
        let caps = boxes[box].night.content.caps
        expect(spent.receivedBytes <= caps.fetchBytes, box, "asks for more than its cap")
        expect(spent.fallbackBytes <= caps.fallbackBytes, box, "asks fall-backs for too much")
        expect(spent.reserveBytes <= caps.reserveBytes, box, "asks origins for too much")
        expect(spent.sentBytes <= caps.serveBytes, box, "sends more than its cap")
        expect(boxes[box].receivedBytes <= caps.fetchBytes, box, "received more than its cap")
        expect(boxes[box].sentBytes <= caps.serveBytes, box, "sent more than its cap")
    }

    mutating func checkSend(
        _ box: Int, token: String, asked: Range<Int64>, _ send: Action.Send
    ) {
        let content = boxes[box].night.content
        let wall = boxes[box].moment(nowMs).wallMs
        let aheadMs = Int64(content.aheadSeconds) * 1000
        expect(boxes[box].isOpen(nowMs), box, "sends outside the window")
        expect(
            send.bytes.lowerBound == asked.lowerBound && send.bytes.upperBound <= asked.upperBound,
            box, "sends another range")
        let served = content.serve.contains {
            $0.movement.token == token && $0.piece.item == send.item
                && $0.movement.span.starts.seconds * 1000 <= wall + aheadMs
                && $0.piece.offset <= send.bytes.lowerBound
                && send.bytes.upperBound <= $0.piece.offset + $0.piece.bytes
        }
        let standby = content.standby.contains { $0.token == token && $0.item == send.item }
        expect(served || standby, box, "sends what no entry allows: \(token)")
        guard let index = world.index(of: send.item) else { return }
        for chunk in 0..<index.layout.count {
            let offset = index.layout.offset(ofChunk: chunk)
            guard (offset..<offset + index.layout.bytes(ofChunk: chunk)).overlaps(send.bytes) else {
                continue
            }
            expect(
                boxes[box].disk[send.item, default: []].contains(chunk), box,
                "sends \(send.item) \(chunk), which isn't there")
        }
        checkCaps(box)
    }

    mutating func checkEnd() {
        for box in boxes.indices where boxes[box].isAlive {
            expect(boxes[box].isDone, box, "never says that it is done")
            expect(live.isEmpty, box, "something still moves")
            let (received, waste) = (boxes[box].receivedBytes, boxes[box].wasteBytes)
            let allowed = boxes[box].allowedBytes
            expect(
                waste <= received / 100 + allowed, box,
                "wastes \(waste) of \(received), allowed \(allowed)")
            checkWhole(box)
        }
    }

    private mutating func checkWhole(_ box: Int) {
        for (item, chunks) in world.wanted(box) {
            let there = boxes[box].disk[item, default: []]
            if there.count == world.index(of: item).map({ Int($0.layout.count) }) ?? 0 {
                expect(boxes[box].published.contains(item), box, "\(item) is whole, not published")
            }
            let missing = chunks.ranges.joined().filter { !there.contains($0) }
            guard !missing.isEmpty, faults.isMendable, !world.isShort, !world.isTight,
                !isGivenUp(box, item)
            else { continue }
            let bytes = missing.reduce(0) {
                $0 + (world.index(of: item)?.layout.bytes(ofChunk: $1) ?? 0)
            }
            let free = boxes[box].freeBytes
            expect(
                faults.short[box] != nil && bytes > free, box,
                "\(item) lacks \(missing), free are \(free) bytes")
        }
    }

    /// Whether the disk failed too often to go on with an item, or what failed spent the caps.
    private func isGivenUp(_ box: Int, _ item: String) -> Bool {
        let delivery = boxes[box].delivery
        let caps = delivery.budget.caps
        let worst = delivery.stocks.first { $0.key == item }?.diskFaults ?? 0
        return worst >= delivery.policy.diskFaults
            || delivery.spent.receivedBytes + world.chunkBytes > caps.fetchBytes
            || delivery.spent.reserveBytes + world.chunkBytes > caps.reserveBytes
    }
}
