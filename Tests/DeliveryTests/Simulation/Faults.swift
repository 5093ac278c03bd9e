import Quantities

/// What goes wrong in a simulated night.
struct Faults {
    enum Origin { case well, briefly, always, nonsense }

    var origin = Origin.well
    /// The origin's bad time, in milliseconds since the window opened.
    var originBadMs: Range<Int64> = 0..<0
    /// They send a wrong chunk, one time in four.
    var liars: Set<Int> = []
    /// Their lines are so much slower.
    var slow: [Int: Int64] = [:]
    /// When a box is killed, and for how long.
    var kills: [(box: Int, atMs: Int64, forMs: Int64)] = []
    /// When a box's line is down, and for how long.
    var drops: [(box: Int, atMs: Int64, forMs: Int64)] = []
    /// Boxes at whose address nobody answers.
    var unreachable: Set<Int> = []
    /// One write in so many fails; one read.
    var writeFaults: [Int: Int] = [:]
    var readFaults: [Int: Int] = [:]
    /// A disk has less room than is needed, in chunks; or less than it said.
    var short: [Int: Int] = [:]
    var lyingDisk: [Int: Int] = [:]
    /// The wall clock jumps.
    var jumps: [(box: Int, atMs: Int64, byMs: Int64)] = []
    /// The manifest is replaced by the same one.
    var replaced: [(box: Int, atMs: Int64)] = []
    /// Requests with tokens of others, repeats.
    var intruders = 0
    /// One exchange in so many is cut or stalls; 0: none.
    var cuts = 0

    /// Whether everything has to come in the end for which there is room.
    var isMendable: Bool {
        origin != .always && origin != .nonsense && lyingDisk.isEmpty
            && jumps.allSatisfy { abs($0.byMs) < 60_000 }
    }

    init() {}

    init(_ world: World, _ random: inout SplitMix64) {
        let slotMs = Int64(world.slotSeconds) * 1000
        let busyMs = world.planned * slotMs
        func chance(_ one: Int, in many: Int) -> Bool { random.below(many) < one }
        func moment() -> Int64 { Int64(random.unit() * Double(busyMs)) }
        func box() -> Int { random.below(world.boxes) }
        switch random.below(8) {
        case 0: origin = .always
        case 1: origin = .nonsense
        case 2, 3: origin = .briefly
        default: break
        }
        let bad = moment()
        originBadMs = origin == .briefly ? bad..<(bad + 5000) : Int64.min..<Int64.max
        if chance(1, in: 4) { liars.insert(box()) }
        if chance(1, in: 4) { slow[box()] = [4, 20, 100][random.below(3)] }
        if chance(1, in: 4) { kills.append((box(), moment(), 100 + Int64(random.below(10_000)))) }
        if chance(1, in: 3) {
            let weak = box()
            drops.append((weak, moment(), 10_000))
            drops.append((weak, moment(), 10_000))
        }
        if chance(1, in: 6) { unreachable.insert(box()) }
        if chance(1, in: 10) { writeFaults[box()] = 20 }
        if chance(1, in: 10) { readFaults[box()] = 20 }
        if chance(1, in: 8) { short[box()] = random.below(20) }
        if chance(1, in: 10) { lyingDisk[box()] = random.below(12) }
        if chance(1, in: 5) {
            let by = [-20_000, -500, 700, 15_000, 40_000_000][random.below(5)]
            jumps.append((box(), moment(), Int64(by)))
        }
        if chance(1, in: 6) { replaced.append((box(), moment())) }
        if chance(1, in: 2) { intruders = 12 }
        if chance(1, in: 2) { cuts = 6 + random.below(20) }
    }
}
