import Catalogue
import Content
import Manifest
import Quantities

@testable import Delivery

/// Carries a random little night out on a virtual clock, with faults, and watches every action.
struct Simulator {
    enum Step {
        case tell(box: Int, life: Int, Event)
        case wake(box: Int, life: Int, steadyMs: Int64)
        case request(Exchange)
        case chunk(Exchange)
        case broken(Exchange, Ending)
        case kill(Int)
        case start(Int)
        case down(Int, forMs: Int64)
        case jump(Int, byMs: Int64)
        case stop(Int)
        case intrude
    }

    let world: World
    let faults: Faults
    var random: SplitMix64
    var boxes: [Box]
    var queue = Queue<Step>()
    var nowMs: Int64 = -2000
    var live: [Exchange] = []
    var outlets: Int64 = 0
    var steps = 0
    var exchanges = 0
    var breaches: [String] = []
    var trace: [String]?

    init(seed: UInt64, tracing: Bool = false, faults given: Faults? = nil) {
        world = World(seed: seed)
        random = SplitMix64(seed: seed ^ 0x5EED)
        faults = given ?? Faults(world, &random)
        let world = world
        boxes = (0..<world.boxes).map { Box(number: $0, world: world) }
        trace = tracing ? [] : nil
        schedule()
    }

    private mutating func schedule() {
        for (box, chunks) in faults.short.sorted(by: { $0.key < $1.key }) {
            boxes[box].saidFreeBytes = Int64(chunks) * world.chunkBytes
            boxes[box].freeBytes = boxes[box].saidFreeBytes
        }
        for (box, chunks) in faults.lyingDisk {
            boxes[box].freeBytes = Int64(chunks) * world.chunkBytes
        }
        for box in boxes.indices { queue.add(.start(box), atMs: Int64(random.below(2000)) - 2000) }
        for kill in faults.kills {
            queue.add(.kill(kill.box), atMs: kill.atMs)
            queue.add(.start(kill.box), atMs: kill.atMs + kill.forMs)
        }
        for drop in faults.drops { queue.add(.down(drop.box, forMs: drop.forMs), atMs: drop.atMs) }
        for jump in faults.jumps { queue.add(.jump(jump.box, byMs: jump.byMs), atMs: jump.atMs) }
        for replaced in faults.replaced {
            queue.add(.stop(replaced.box), atMs: replaced.atMs)
            queue.add(.start(replaced.box), atMs: replaced.atMs + 100)
        }
        let busyMs = world.planned * Int64(world.slotSeconds) * 1000
        for _ in 0..<faults.intruders {
            queue.add(.intrude, atMs: Int64(random.unit() * Double(busyMs + 2000)))
        }
    }

    /// Runs until nothing is left to happen. More steps than these are a breach.
    mutating func run(mostSteps: Int = 400_000) {
        while let (atMs, step) = queue.next() {
            steps += 1
            guard steps <= mostSteps else { return breach(nil, "does not terminate") }
            guard breaches.isEmpty else { return }
            nowMs = max(nowMs, atMs)
            take(step)
        }
        checkEnd()
    }

    private mutating func take(_ step: Step) {
        switch step {
        case .tell(let box, let life, let event):
            if boxes[box].life == life { tell(box, event) }
        case .wake(let box, let life, let steadyMs):
            guard boxes[box].life == life, boxes[box].wakeMs == steadyMs else { return }
            boxes[box].wakeMs = nil
            tell(box, .tick)
        case .request(let exchange): arrive(exchange)
        case .chunk(let exchange): chunkCame(exchange)
        case .broken(let exchange, let ending): end(exchange, receiver: ending, sender: .cut)
        case .kill(let box): kill(box)
        case .start(let box): start(box)
        case .down(let box, let forMs): dropLine(box, forMs)
        case .jump(let box, let byMs):
            boxes[box].aheadMs += byMs
            tell(box, .tick)
        case .stop(let box):
            tell(box, .stop)
        case .intrude: intrude()
        }
    }

    mutating func tell(_ box: Int, _ event: Event) {
        guard boxes[box].isAlive else { return }
        trace?.append("\(nowMs) \(box) ← \(event)")
        let actions = boxes[box].delivery.handle(event, at: boxes[box].moment(nowMs))
        for action in actions {
            trace?.append("\(nowMs) \(box) → \(action)")
            perform(box, action)
        }
    }

    /// Tells a box something after a while.
    mutating func later(_ box: Int, _ event: Event, _ ms: Int64) {
        queue.add(.tell(box: box, life: boxes[box].life, event), atMs: nowMs + ms)
    }

    mutating func breach(_ box: Int?, _ text: String) {
        breaches.append("seed \(world.seed), \(nowMs) ms\(box.map { ", box\($0)" } ?? ""): \(text)")
    }

    mutating func expect(_ holds: Bool, _ box: Int, _ text: @autoclosure () -> String) {
        if !holds { breach(box, text()) }
    }
}

// MARK: faults

extension Simulator {
    private mutating func start(_ box: Int) {
        for exchange in live where exchange.receiver == box || exchange.sender == box {
            end(exchange, receiver: .cut, sender: .cut)
        }
        boxes[box].life += 1
        boxes[box].isAlive = true
        boxes[box].isDone = false
        boxes[box].wakeMs = nil
        boxes[box].liars = []
        boxes[box].asked = [:]
        if boxes[box].life > 1 {
            boxes[box].delivery = Delivery(
                content: boxes[box].night.content, spent: boxes[box].delivery.spentIfCut)
        }
        tell(box, .began(shelf: boxes[box].shelf(world), freeBytes: boxes[box].saidFreeBytes))
    }

    private mutating func kill(_ box: Int) {
        guard boxes[box].isAlive else { return }
        for exchange in live where exchange.receiver == box || exchange.sender == box {
            end(exchange, receiver: .cut, sender: .cut)
        }
        boxes[box].isAlive = false
        boxes[box].life += 1
        for (item, chunks) in boxes[box].writtenMs {
            for (chunk, atMs) in chunks where atMs > nowMs - 300 {
                if boxes[box].disk[item]?.remove(chunk) != nil {
                    let bytes = world.index(of: item)?.layout.bytes(ofChunk: chunk) ?? 0
                    boxes[box].allowedBytes += bytes
                    boxes[box].freeBytes += bytes
                    boxes[box].saidFreeBytes += bytes
                    boxes[box].published.remove(item)
                }
            }
        }
    }

    private mutating func dropLine(_ box: Int, _ forMs: Int64) {
        boxes[box].downUntilMs = nowMs + forMs
        for exchange in live where exchange.receiver == box || exchange.sender == box {
            let cut = random.below(2) == 0
            queue.add(
                .broken(exchange, cut ? .cut : .stalled),
                atMs: nowMs + Int64(cut ? random.below(3000) : 5000))
        }
    }

    /// Somebody asks with a token of another transfer, or asks once more what was asked before.
    private mutating func intrude() {
        let box = random.below(boxes.count)
        guard boxes[box].isAlive else { return }
        let from = boxes[random.below(boxes.count)].night.content
        let tokens =
            from.serve.map(\.movement.token) + from.standby.map(\.token)
            + from.fetch.map(\.movement.token)
        let token = tokens.isEmpty ? "none" : tokens[random.below(tokens.count)]
        let index = world.indexes[random.below(world.indexes.count)]
        let total = index.layout.totalBytes
        let lower = Int64(random.below(Int(total)))
        let bytes = lower..<(lower + 1 + Int64(random.below(Int(total))))
        outlets += 2
        let id = OutletID(raw: outlets)
        boxes[box].asked[id.raw] = .init(
            token: token, item: "\(index.title)@2", bytes: bytes, exchange: nil)
        let event: Event =
            random.below(3) == 0
            ? .offered(id, token: token, item: "\(index.title)@2", bytes: bytes)
            : .asked(id, token: token, item: "\(index.title)@2", bytes: bytes)
        tell(box, event)
    }
}
