import Content
import Manifest
import Quantities

@testable import Delivery

/// One simulated device: the machine, what truly lies on its disk, and what it has done.
struct Box {
    let number: Int
    let night: Night
    var delivery: Delivery
    var isAlive = true
    /// Grows with every start: what was meant for an earlier life doesn't come any more.
    var life = 0
    var aheadMs: Int64 = 0
    var wakeMs: Int64?
    var isDone = false
    /// What lies on the disk, by item; when each chunk was written since the start.
    var disk: [String: Set<Int32>] = [:]
    var writtenMs: [String: [Int32: Int64]] = [:]
    var bought: Set<String> = []
    var indexes: Set<String> = []
    var published: Set<String> = []
    /// As the disk says, and truly.
    var saidFreeBytes: Int64 = 1 << 50
    var freeBytes: Int64 = 1 << 50
    /// The line is down until then.
    var downUntilMs: Int64 = -1
    var receivedBytes: Int64 = 0
    var fallbackBytes: Int64 = 0
    var sentBytes: Int64 = 0
    var wasteBytes: Int64 = 0
    /// What faults may have wasted.
    var allowedBytes: Int64 = 0
    /// Ends that sent a wrong chunk in this life.
    var liars: Set<String> = []
    /// Requests to be answered: what they asked for.
    var asked: [Int64: Asked] = [:]
    /// Those whose asker has gone away.
    var gone: Set<Int64> = []
    var noted: Int64 = 0
    var exchanges = 0

    struct Asked {
        var token: String
        var item: String
        var bytes: Range<Int64>
        var exchange: Exchange?
    }

    init(number: Int, world: World) {
        self.number = number
        night = world.nights[number]
        delivery = Delivery(content: night.content)
        for shelved in world.shelves[number] {
            disk[shelved.item] = Set(shelved.chunks.ranges.joined())
            if shelved.bought { bought.insert(shelved.item) }
            indexes.insert(shelved.item)
        }
    }

    func moment(_ nowMs: Int64) -> Moment {
        Moment(wallMs: Night.start * 1000 + nowMs + aheadMs, steadyMs: nowMs + steadyAheadMs)
    }

    var steadyAheadMs: Int64 { 60_000 + Int64(number) * 77 }

    func shelf(_ world: World) -> [Event.Shelved] {
        disk.keys.sorted().map { item in
            Event.Shelved(
                item: item,
                chunks: RangeSet32((disk[item] ?? []).sorted().map { $0..<($0 + 1) }),
                bought: bought.contains(item),
                index: indexes.contains(item) ? world.index(of: item) : nil)
        }
    }

    func isOpen(_ nowMs: Int64) -> Bool {
        let wall = Night.start * 1000 + nowMs + aheadMs
        return night.content.window.contains {
            $0.starts.seconds * 1000 <= wall && wall < $0.ends.seconds * 1000
        }
    }
}

/// One range on its way between two ends.
final class Exchange {
    let receiver: Int
    let receiverLife: Int
    let intake: IntakeID?
    var pull: Action.Pull
    /// The box that sends; nil: the origin.
    let sender: Int?
    var senderLife: Int
    var outlet: OutletID?
    /// A push's own number at the receiver.
    var bytes: Range<Int64> = 0..<0
    var senderPace: Pace?
    /// What moved at an earlier pace of the sender.
    var uncountedBytes: Int64 = 0
    var next: Int32
    var last: Int32 = -1
    var movedBytes: Int64 = 0
    var chunkBeganMs: Int64 = 0
    var isOver = false
    var isMoving = false
    var isFallback = false

    init(
        receiver: Int, life: Int, intake: IntakeID?, pull: Action.Pull, sender: Int?,
        senderLife: Int, outlet: OutletID? = nil
    ) {
        self.receiver = receiver
        receiverLife = life
        self.intake = intake
        self.pull = pull
        self.sender = sender
        self.senderLife = senderLife
        self.outlet = outlet
        next = pull.chunks.lowerBound
    }
}
