import Quantities
import Testing

struct NightTests {
    private let night = Night(
        date: CivilDate(dayNumber: 20_780), start: Instant(seconds: 1_000_000), slotSeconds: 900,
        slotCount: 10)

    /// The slots of which every second lies in `[from, until)`.
    private func counted(_ from: Int64?, _ until: Int64?) -> [Int32] {
        (Int32(0)..<10).filter { slot in
            let first = 1_000_000 + Int64(slot) * 900
            return (from.map { $0 <= first } ?? true) && (until.map { first + 899 < $0 } ?? true)
        }
    }

    @Test func `slots of a time are those that lie wholly in it`() {
        let edges = [
            -90_000, -901, -900, -1, 0, 1, 899, 900, 901, 4_499, 4_500, 8_999, 9_000, 9_001, 99_000,
        ]
        .map { Int64($0) + 1_000_000 }
        for from in edges.map(Optional.some) + [nil] {
            for until in edges.map(Optional.some) + [nil] {
                let slots = night.slots(
                    from: from.map { Instant(seconds: $0) },
                    until: until.map { Instant(seconds: $0) })
                #expect(Array(slots) == counted(from, until), "\(from ?? -1) \(until ?? -1)")
                #expect(slots.lowerBound >= 0 && slots.upperBound <= 10)
            }
        }
    }

    @Test func `slots follow each other from start to end`() {
        #expect(night.start(ofSlot: 0) == night.start)
        #expect(night.start(ofSlot: 3).seconds == 1_002_700)
        #expect(night.end == night.start(ofSlot: 10))
    }

    @Test(
        arguments: [
            (0, 0), (1, 112_500), (8, 900_000), (3_333, 374_962_500), (Int64.max, Int64.max),
            (Int64.max / 125, Int64.max), (Int64.max / 125 / 900, Int64.max / 112_500 * 112_500),
        ] as [(Int64, Int64)])
    func `bytes of a slot are exact and saturate`(kbps: Int64, bytes: Int64) {
        #expect(night.bytesPerSlot(kbps: kbps) == bytes)
    }
}
