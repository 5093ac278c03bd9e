import Foundation
import Testing

/// Random little nights on a virtual clock, with every fault there is.
@Suite struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let isSlow = environment["MEDIAPLAN_SLOW"] == "1"
    private static let seed = environment["MEDIAPLAN_SEED"].flatMap { UInt64($0) }

    /// Runs nights from `seed` on until `transfers` are over; returns seeds and transfers used.
    private static func run(from seed: UInt64, transfers: Int) -> (nights: UInt64, transfers: Int) {
        var nights: UInt64 = 0
        var over = 0
        var breaches = 0
        while over < transfers {
            var simulator = Simulator(seed: seed &+ nights)
            simulator.run()
            nights += 1
            over += simulator.exchanges
            if let breach = simulator.breaches.first {
                Issue.record("\(breach); MEDIAPLAN_SEED=\(simulator.world.seed) repeats it alone")
                breaches += 1
                if breaches == 10 { break }
            }
        }
        return (nights, over)
    }

    @Test(.disabled(if: seed != nil)) func `a few thousand transfers keep every rule`() {
        let done = SimulationTests.run(from: 1, transfers: 4000)
        #expect(done.transfers >= 4000)
    }

    /// `MEDIAPLAN_SLOW=1 swift test --filter DeliveryTests` runs a million, or
    /// `MEDIAPLAN_TRANSFERS`, from a seed that it prints.
    @Test(.enabled(if: isSlow && seed == nil, "takes minutes: set MEDIAPLAN_SLOW=1"))
    func `a million transfers keep every rule`() {
        let wanted = SimulationTests.environment["MEDIAPLAN_TRANSFERS"].flatMap { Int($0) }
        let first = UInt64.random(in: 1...1_000_000) * 1_000_000
        let done = SimulationTests.run(from: first, transfers: wanted ?? 1_000_000)
        print("seeds \(first) to \(first + done.nights - 1): \(done.transfers) transfers")
        #expect(done.transfers >= wanted ?? 1_000_000)
    }

    /// `MEDIAPLAN_SEED=n swift test --filter DeliveryTests` repeats one night and prints it all.
    @Test(.enabled(if: seed != nil)) func `one night again`() throws {
        var simulator = Simulator(seed: try #require(SimulationTests.seed), tracing: true)
        simulator.run()
        print(simulator.faults)
        for line in simulator.trace ?? [] { print(line) }
        #expect(simulator.breaches == [])
    }
}
