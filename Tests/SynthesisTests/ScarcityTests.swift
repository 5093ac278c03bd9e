import Quantities
import Testing

@testable import Synthesis

/// A crude fluid calculation: all bytes that can be sent fill the wishes by value per byte.
///
/// It ignores who holds what, edges, slots and hops, so it is somewhat above what a plan can serve.
struct ScarcityTests {
    private struct Entry {
        var value: Double
        var bytes: Double
    }

    @Test(arguments: [(300, 200, UInt64(1)), (2_000, 800, 2), (2_000, 2_000, 3)])
    func `About half of the wished value can be served`(
        devices: Int, titles: Int, seed: UInt64
    ) throws {
        let night = CivilDate(dayNumber: 20_780)
        let world = World(deviceCount: devices, titleCount: titles, seed: seed, night: night)
        var supply = 0.0
        var wished = 0.0
        var entries: [Entry] = []
        var peers = 0.0
        for number in 0..<devices {
            let box = Box(number, in: world)
            guard box.state == "active", box.standing != .closed else { continue }
            peers += Double(box.upKbps) * 125 * seconds(box.window)
            guard box.standing == .active, seconds(box.window) > 0 else { continue }
            let open = openWishes(of: box, in: world)
            wished += open.reduce(0) { $0 + $1.value }
            var room = min(
                Double(box.downKbps) * 125 * seconds(box.window), Double(box.wishBytes) * 0.6)
            for entry in open.sorted(by: { $0.value / $0.bytes > $1.value / $1.bytes }) {
                let part = min(entry.bytes, room)
                room -= part
                guard part > 0 else { break }
                entries.append(Entry(value: entry.value * part / entry.bytes, bytes: part))
            }
        }
        for number in 0..<world.originCount {
            let egress = try #require(Double(world.originRow(number)[2]))
            let budget = Double(world.originRow(number)[5]) ?? .infinity
            supply += min(egress * 125 * 10 * 3_600, budget * 1e9)
        }
        #expect((0.08...0.2).contains(supply / peers), "origins \(supply / peers) of peers")
        supply += peers
        var served = 0.0
        for entry in entries.sorted(by: { $0.value / $0.bytes > $1.value / $1.bytes }) {
            let part = min(entry.bytes, supply)
            supply -= part
            served += entry.value * part / entry.bytes
        }
        #expect((0.45...0.62).contains(served / wished), "\(served / wished)")
    }

    private func openWishes(of box: Box, in world: World) -> [Entry] {
        let shelf = Shelf(of: box, in: world)
        let complete = Set(shelf.holdings.filter { $0.chunks == nil }.map(\.title))
        let evening = world.night.startUTC.advanced(bySeconds: 72_000)
        let waited = box.lastServed.map { world.night.dayNumber - $0.dayNumber } ?? 14
        var value = 1 + 3 * Double(min(waited, 14)) / 14
        var entries: [Entry] = []
        for number in shelf.wishes where !complete.contains(number) {
            let title = world.titles[number]
            guard title.indexDigest != nil, title.licenceStart <= evening,
                title.licenceEnd.map({ $0 > evening }) ?? true
            else { continue }
            entries.append(Entry(value: value, bytes: Double(title.totalBytes)))
            value *= 0.8
        }
        return entries
    }

    /// How long a window is open in the night from 20:00 to 8:00 UTC; those of the day not at all.
    private func seconds(_ window: String) -> Double {
        let minutes = window.split(separator: "-").map { end in
            end.split(separator: ":").reduce(0) { $0 * 60 + (Int($1) ?? 0) }
        }
        guard minutes.count == 2 else { return 43_200 }
        if minutes[0] >= 480, minutes[0] < 1_200 { return 0 }
        return Double((minutes[1] - minutes[0] + 1_440) % 1_440) * 60
    }
}
