import Foundation
import Quantities
import Schedule
import Testing

/// A plan that was changed after it was made: the audit names the breach, and nothing publishes it.
@Suite struct ScenarioTamperedTests {
    private static let plan = "w/nights/\(Scenario.night)/plan"

    /// One change that keeps the document well formed.
    struct Tampering: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout Plan) throws -> Void

        init(_ name: String, _ change: @escaping @Sendable (inout Plan) throws -> Void) {
            testDescription = name
            self.change = change
        }
    }

    static let tamperings = [
        Tampering("a transfer in another slot") { plan in
            plan.transfers[plan.transfers.count - 1].slot = 0
        },
        Tampering("a transfer twice") { plan in
            plan.transfers.append(try #require(plan.transfers.last))
        },
        Tampering("a transfer without a source that has it") { plan in
            let place = try #require(plan.transfers.firstIndex { $0.source.device != nil })
            plan.transfers[place].source = .device(plan.transfers[place].destination)
        },
        Tampering("a transfer less, and a wish that is said to come") { plan in
            let served = try #require(plan.outcomes.first { $0.cause == nil })
            plan.transfers.removeAll {
                $0.destination == served.device && $0.item == served.item
            }
        },
        Tampering("another end that connects") { plan in
            for place in plan.transfers.indices {
                let was = plan.transfers[place].initiator
                plan.transfers[place].initiator = was == .source ? .destination : .source
            }
        },
        Tampering("an outcome worth more") { plan in
            plan.outcomes[0].worth += 1
        },
        Tampering("a bound that isn't what its prices prove") { plan in
            plan.certificate.bound -= 1
        },
    ]

    private func scenario() throws -> Scenario {
        let scenario = try Scenario(devices: 14, titles: 10)
        try scenario.succeed("mediaplan nightly -w w --now \(Scenario.now)")
        return scenario
    }

    @Test(arguments: tamperings)
    func `is refused by audit and by publish`(tampering: Tampering) throws {
        let scenario = try scenario()
        let before = try scenario.files(below: "w/published")
        let kept = try scenario.bytes(ScenarioTamperedTests.plan)
        var document = try PlanDocument(decoding: kept)
        try tampering.change(&document.plan)
        document.plan.transfers.sort {
            ($0.slot, $0.destination, $0.item, $0.chunks.lowerBound)
                < ($1.slot, $1.destination, $1.item, $1.chunks.lowerBound)
        }
        try scenario.write(ScenarioTamperedTests.plan, document.encoded())
        try scenario.end(
            "mediaplan audit -w w", with: 1, saying: "breach of rule ",
            "mediaplan: error: the plan breaks its rules in ")
        let lines = try scenario.end("mediaplan audit -w w --json 2> /dev/null", with: 1)
        #expect(lines.contains(#""exit_code":1}"#))
        try scenario.end(
            "mediaplan publish -w w --now \(Scenario.now)", with: 1,
            saying: "mediaplan: error: the plan breaks its rules in ", "and is not published: ")
        #expect(try scenario.files(below: "w/published") == before)
        // A whole night makes its own plan and never publishes one that lies about.
        let said = try scenario.succeed("mediaplan nightly -w w --now \(Scenario.now)")
        #expect(said.contains("all as published before"))
        #expect(try scenario.bytes(ScenarioTamperedTests.plan) == kept)
        #expect(try scenario.files(below: "w/published") == before)
    }

    @Test func `a file that was changed, cut or is another night's is told as that`() throws {
        let scenario = try scenario()
        let before = try scenario.files(below: "w/published")
        let kept = try scenario.bytes(ScenarioTamperedTests.plan)
        var flipped = kept
        flipped[kept.count / 2] ^= 1
        for bytes in [flipped, Array(kept.dropLast(100)), [], Array("a text\n".utf8)] {
            try scenario.write(ScenarioTamperedTests.plan, bytes)
            for command in [
                "audit", "publish --now \(Scenario.now)", "export plan", "show plan",
            ] {
                try scenario.end(
                    "mediaplan \(command) -w w", with: 1,
                    saying: "mediaplan: error: \(ScenarioTamperedTests.plan): ",
                    "hint: make it again with `mediaplan plan`")
            }
        }
        try scenario.write("w/nights/2026-11-25/plan", kept)
        for command in ["audit", "publish --now \(Scenario.now)", "export plan"] {
            try scenario.end(
                "mediaplan \(command) -w w --night 2026-11-25", with: 1,
                saying:
                    "w/nights/2026-11-25/plan: the file is the plan of another night, 2026-11-24")
        }
        #expect(try scenario.files(below: "w/published") == before)
    }

    @Test func `a plan whose inputs have changed since is told to be made again`() throws {
        let scenario = try scenario()
        try scenario.write("wish.csv", "device,title,rank\nbox-0000003,north.example/x,1\n")
        try scenario.succeed("rm w/drop/wishes/wishes.csv; mediaplan import wishes -w w wish.csv")
        for command in ["audit", "publish --now \(Scenario.now)"] {
            try scenario.end(
                "mediaplan \(command) -w w", with: 1,
                saying: "what the plan for \(Scenario.night) was made from has changed since",
                "hint: plan the night again with `mediaplan plan --night \(Scenario.night)`")
        }
    }
}
