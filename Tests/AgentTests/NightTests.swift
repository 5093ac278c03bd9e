import Catalogue
import Foundation
import Manifest
import Quantities
import Testing

@testable import Agent

@Suite(.serialized) struct NightTests {
    /// 4 MiB and a poster, in chunks of 64 KiB: 65 chunks.
    private let film = TrialItem("film", sizes: [4 << 20, 20_000], seed: 11)
    private var last: Int32 { film.layout.count - 1 }

    @Test func `a source, the origin and a neighbour bring two boxes an item each`() throws {
        let series = TrialItem("series", sizes: [1 << 20], seed: 12)
        let night = try TrialNight([film, series])
        try night.add("a", holding: [film])
        try night.add("b")
        try night.add("c")
        night.plan(film, 0...31, from: "a", to: "b", slot: 2)
        night.plan(film, 32...last, fromOriginTo: "b", slot: 2)
        night.plan(film, 0...31, from: "b", to: "c", slot: 4)
        night.plan(film, 32...last, from: "a", to: "c", slot: 4, pushes: true)
        night.plan(series, 0...15, fromOriginTo: "c", slot: 3)
        try night.publish()
        #expect(try night.isComplete(film, at: "b"), "\(night.log("b"))")
        #expect(try night.isComplete(film, at: "c"), "\(night.log("c"))")
        #expect(try night.isComplete(series, at: "c"), "\(night.log("c"))")
        let list = try agent("list", "--json", "-s", night.folder.path("c"))
        #expect(list.output.contains(#""may_be_bought":true"#))
        #expect(list.output.split(separator: "\n").count == 2)
        let status = try agent("status", "--json", "-s", night.folder.path("c"))
        #expect(status.output.contains(#""works":true"#), "\(status.output)")
        let rows = try night.report("c")
        #expect(
            rows.allSatisfy { $0["result"] as? String == "complete" }, "\(rows) \(night.log("c"))")
        #expect(Set(rows.compactMap { $0["source"] as? String }) == ["a", "b", "origin"])
        #expect(rows.count { $0["completed"] as? Bool == true } == 2)
        #expect(rows.reduce(0) { $0 + ($1["waste_bytes"] as? Int ?? 0) } == 0)
        let verified = try agent("verify", "-s", night.folder.path("c"))
        #expect(verified.status == 0, "\(verified.output)")
    }
}
