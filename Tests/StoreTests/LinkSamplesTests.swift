import Testing

@testable import Store

/// Rates as means that age.
struct LinkSamplesTests {
    private let day: Int64 = 86_400

    private func samples(_ bytes: Int64, kbps: Int64, at: Int64) -> LinkSamples {
        var samples = LinkSamples()
        samples.add(bytes: bytes, milliseconds: bytes * 8 / kbps, at: at)
        return samples
    }

    @Test func `the mean weighs by bytes`() {
        var both = samples(1_000_000, kbps: 8_000, at: 10)
        both.add(bytes: 3_000_000, milliseconds: 24_000, at: 5)
        let link = both.merged(with: nil)
        #expect(link == .init(kbps: 2_750, measuredAt: 10, bytes: 4_000_000, failures: 0))
    }

    @Test func `nothing measured says nothing`() {
        var none = LinkSamples()
        none.add(bytes: 65_535, milliseconds: 1, at: 0)
        none.add(bytes: 65_536, milliseconds: 0, at: 0)
        none.failures = 3
        #expect(none.merged(with: nil) == nil)
        let old = LinkSamples.Stored(kbps: 7, measuredAt: 3, bytes: 9, failures: 1)
        #expect(none.merged(with: old)?.failures == 4)
        #expect(none.merged(with: old)?.kbps == 7)
    }

    @Test(
        arguments: [
            (0, 1_000), (7 * 86_400, 500), (14 * 86_400, 250), (7 * 43_200, 750),
            (21 * 43_200, 375),
            (7 * 86_400 * 63, 0), (Int64.max, 0), (1, 1_000),
        ] as [(Int64, Int64)])
    func `what was known counts half after a week`(seconds: Int64, expected: Int64) {
        #expect(LinkSamples.aged(1_000, seconds) == expected)
    }

    @Test func `ageing never grows with time`() {
        var last = Int64.max
        for hour in 0..<2_000 {
            let now = LinkSamples.aged(1_000_000_007, Int64(hour) * 3_600)
            #expect(now <= last && now >= 0)
            last = now
        }
    }

    @Test func `old and new meet by their bytes, and the past never weighs more than a gigabyte`() {
        let old = LinkSamples.Stored(
            kbps: 1_000, measuredAt: 0, bytes: 50_000_000_000, failures: 8)
        let link = samples(1_000_000_000, kbps: 3_000, at: 7 * day).merged(with: old)
        #expect(link?.kbps == 2_333)
        #expect(link?.failures == 4)
        #expect(link?.measuredAt == 7 * day)
        let unstated = LinkSamples.Stored(kbps: 1_000, measuredAt: nil, bytes: nil, failures: 0)
        #expect(samples(1_000_000, kbps: 3_000, at: 5).merged(with: unstated)?.kbps == 2_000)
    }

    @Test func `an older sample doesn't make a link young`() {
        let old = LinkSamples.Stored(
            kbps: 1_000, measuredAt: 9 * day, bytes: 1_000_000, failures: 0)
        let link = samples(1_000_000, kbps: 3_000, at: day).merged(with: old)
        #expect(link == .init(kbps: 2_000, measuredAt: 9 * day, bytes: 2_000_000, failures: 0))
    }

    @Test func `a line that changed is known after a few films`() {
        var link = LinkSamples.Stored(
            kbps: 50_000, measuredAt: 0, bytes: 900_000_000_000, failures: 0)
        for night in 1...6 {
            let film = samples(2_000_000_000, kbps: 5_000, at: Int64(night) * day)
            link = film.merged(with: link) ?? link
        }
        #expect(link.kbps < 5_200)
    }
}
