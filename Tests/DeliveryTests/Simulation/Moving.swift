import Catalogue
import Content
import Manifest
import Quantities

@testable import Delivery

// The network: requests, ranges on their way, and how they end.

extension Simulator {
    var isOriginWell: Bool {
        switch faults.origin {
        case .well, .nonsense: true
        case .always: false
        case .briefly: !faults.originBadMs.contains(nowMs)
        }
    }

    func isReachable(_ box: Int) -> Bool {
        boxes[box].isAlive && world.accepts[box] && !faults.unreachable.contains(box)
            && boxes[box].downUntilMs < nowMs
    }

    private func number(_ end: ManifestContent.End) -> Int? {
        boxes.first { World.name($0.number) == end.id }?.number
    }

    private mutating func delay() -> Int64 { 5 + Int64(random.below(40)) }

    // MARK: receiving

    mutating func pull(_ box: Int, _ id: IntakeID, _ pull: Action.Pull) {
        let sender = pull.end.kind == .origin ? nil : number(pull.end)
        let exchange = Exchange(
            receiver: box, life: boxes[box].life, intake: id, pull: pull, sender: sender,
            senderLife: sender.map { boxes[$0].life } ?? 0)
        checkPull(box, exchange)
        live.append(exchange)
        exchanges += 1
        let reachable = sender.map { isReachable($0) } ?? isOriginWell
        if reachable, boxes[box].downUntilMs < nowMs {
            queue.add(.request(exchange), atMs: nowMs + delay())
        } else {
            queue.add(.broken(exchange, .unreachable), atMs: nowMs + 500)
        }
    }

    mutating func arrive(_ exchange: Exchange) {
        guard !exchange.isOver else { return }
        guard let sender = exchange.sender else { return originAnswers(exchange) }
        guard isReachable(sender) else {
            return end(exchange, receiver: .unreachable, sender: .cut)
        }
        exchange.senderLife = boxes[sender].life
        outlets += 2
        exchange.outlet = OutletID(raw: outlets)
        boxes[sender].asked[outlets] = .init(
            token: exchange.pull.token, item: exchange.pull.item, bytes: exchange.pull.bytes,
            exchange: exchange)
        tell(
            sender,
            .asked(
                OutletID(raw: outlets), token: exchange.pull.token, item: exchange.pull.item,
                bytes: exchange.pull.bytes))
    }

    private mutating func originAnswers(_ exchange: Exchange) {
        guard isOriginWell else {
            return end(exchange, receiver: .refused(status: 502, retryAfterMs: nil), sender: .cut)
        }
        guard faults.origin != .nonsense else {
            return end(exchange, receiver: .malformed, sender: .cut)
        }
        begin(exchange, bytes: exchange.pull.bytes, pace: nil)
    }

    mutating func begin(_ exchange: Exchange, bytes: Range<Int64>, pace: Pace?) {
        exchange.bytes = bytes
        exchange.senderPace = pace
        exchange.isMoving = true
        if let intake = exchange.intake { tell(exchange.receiver, .intakeBegan(intake)) }
        guard !exchange.isOver else { return }
        beginChunk(exchange)
        if let outlet = exchange.outlet, let sender = exchange.sender, outlet.raw % 10 == 0 {
            later(sender, .outletQuiet(outlet, true), 1000)
            later(sender, .outletQuiet(outlet, false), 1500)
        }
        guard faults.cuts > 0, random.below(faults.cuts) == 0 else { return }
        let ms = Int64(random.below(2000))
        queue.add(.broken(exchange, random.below(2) == 0 ? .cut : .stalled), atMs: nowMs + ms)
    }

    private mutating func beginChunk(_ exchange: Exchange) {
        guard let index = world.index(of: exchange.pull.item) else { return }
        let size = index.layout.bytes(ofChunk: exchange.next)
        let receiver = exchange.receiver
        var rate = lineRate(
            world.down[receiver], live.count { $0.receiver == receiver && $0.isMoving })
        if let sender = exchange.sender {
            let sending = live.count { $0.sender == sender && $0.isMoving }
            rate = min(rate, lineRate(world.up[sender], sending) / (faults.slow[sender] ?? 1))
        }
        exchange.chunkBeganMs = nowMs
        var atMs = nowMs + max(1, size * 1000 / max(1, rate))
        let after = exchange.movedBytes + size
        atMs = max(atMs, earliest(exchange.pull.pace, after, boxes[receiver].steadyAheadMs))
        if let pace = exchange.senderPace, let sender = exchange.sender {
            let counted = after - exchange.uncountedBytes
            atMs = max(atMs, earliest(pace, counted, boxes[sender].steadyAheadMs))
        }
        queue.add(.chunk(exchange), atMs: atMs)
    }

    private func lineRate(_ chunksPerSlot: Int, _ exchanges: Int) -> Int64 {
        let bytes = Int64(chunksPerSlot + 1) * world.chunkBytes / Int64(world.slotSeconds)
        return bytes / Int64(max(1, exchanges))
    }

    /// When a pace allows that so many bytes have moved.
    private func earliest(_ pace: Pace, _ bytes: Int64, _ aheadMs: Int64) -> Int64 {
        let wait = max(0, bytes - pace.burstBytes) * 1000 / max(1, pace.bytesPerSecond)
        return min(pace.fromSteadyMs + wait, max(pace.untilSteadyMs, pace.fromSteadyMs)) - aheadMs
    }

    mutating func chunkCame(_ exchange: Exchange) {
        guard !exchange.isOver, let index = world.index(of: exchange.pull.item),
            let intake = exchange.intake
        else { return }
        let chunk = exchange.next
        let size = index.layout.bytes(ofChunk: chunk)
        let box = exchange.receiver
        expect(boxes[box].isOpen(nowMs - 1), box, "receives outside the window")
        exchange.next += 1
        exchange.movedBytes += size
        boxes[box].receivedBytes += size
        if exchange.isFallback { boxes[box].fallbackBytes += size }
        let lies = exchange.sender.map { faults.liars.contains($0) } ?? false
        var digest = index.chunks[Int(chunk)]
        if lies, random.below(4) == 0 {
            digest = Night.digest("lie", chunk)
            boxes[box].liars.insert(exchange.pull.end.id)
            boxes[box].allowedBytes += size
        }
        exchange.chunkBeganMs = nowMs
        tell(box, .chunk(intake, chunk: chunk, digest: digest))
        guard !exchange.isOver else { return }
        if exchange.movedBytes >= Int64(exchange.bytes.count) {
            let whole = exchange.bytes == exchange.pull.bytes
            end(exchange, receiver: whole ? .complete : .short, sender: .complete)
        } else if let sender = exchange.sender, let one = faults.readFaults[sender],
            random.below(one) == 0
        {
            spoil(exchange, sender)
        } else {
            beginChunk(exchange)
        }
    }

    private mutating func spoil(_ exchange: Exchange, _ sender: Int) {
        let (item, chunk) = (exchange.pull.item, exchange.next)
        let bytes = world.index(of: item)?.layout.bytes(ofChunk: chunk) ?? 0
        if boxes[sender].disk[item]?.remove(chunk) != nil {
            boxes[sender].freeBytes += bytes
            boxes[sender].saidFreeBytes += bytes
            boxes[sender].published.remove(item)
        }
        later(sender, .unreadable(item: item, chunk: chunk), 0)
        end(exchange, receiver: .cut, sender: .cut)
    }

    /// Both ends are told; what was half there is waste.
    mutating func end(_ exchange: Exchange, receiver: Ending, sender: Ending) {
        guard !exchange.isOver else { return }
        exchange.isOver = true
        live.removeAll { $0 === exchange }
        let box = exchange.receiver
        var waste: Int64 = 0
        if exchange.isMoving, receiver != .complete, receiver != .short,
            nowMs > exchange.chunkBeganMs
        {
            let next = world.index(of: exchange.pull.item)?.layout.bytes(ofChunk: exchange.next)
            waste = Int64(random.below(Int(next ?? 1)))
            if receiver != .cancelled { boxes[box].allowedBytes += waste }
        }
        if let intake = exchange.intake, boxes[box].life == exchange.receiverLife {
            boxes[box].receivedBytes += waste
            if exchange.isFallback { boxes[box].fallbackBytes += waste }
            boxes[box].wasteBytes += waste
            later(box, .intakeEnded(intake, receiver, wasteBytes: waste), 0)
            if random.below(30) == 0 {
                later(box, .intakeEnded(intake, receiver, wasteBytes: 0), 3)
            }
        }
        guard let other = exchange.sender, let outlet = exchange.outlet,
            boxes[other].life == exchange.senderLife
        else { return }
        boxes[other].sentBytes += exchange.movedBytes + waste
        if boxes[other].asked.removeValue(forKey: outlet.raw) != nil {
            boxes[other].gone.insert(outlet.raw)
        }
        later(
            other, .outletEnded(outlet, sender, sentBytes: exchange.movedBytes + waste), 1)
    }

    mutating func cancel(_ box: Int, _ id: IntakeID) {
        guard let exchange = live.first(where: { $0.receiver == box && $0.intake == id }) else {
            return
        }
        if !boxes[box].isOpen(nowMs) || boxes[box].liars.contains(exchange.pull.end.id)
            || !faults.slow.isEmpty || !faults.lyingDisk.isEmpty || !faults.short.isEmpty
            || boxes[box].delivery.stage == .ending || isReleased(box, exchange)
        {
            boxes[box].allowedBytes += world.chunkBytes
        }
        end(exchange, receiver: .cancelled, sender: .cut)
    }
}
