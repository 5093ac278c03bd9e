import Catalogue
import Delivery
import Foundation
import Manifest
import Quantities
import TestSupport
import Testing

@testable import Agent

/// A night's caps hold for the night, however often the agent begins.
@Suite(.serialized, .waiting) struct CapTests {
    private let film = TrialItem("film", sizes: [4 << 20, 20_000], seed: 11)
    private let chunkBytes = 65_536
    /// What `b` may fetch: not the film and half of it again.
    private var capBytes: Int { film.bytes.count * 13 / 10 }

    /// A night in which `b` fetches the film from the origin; two fifths have come.
    private func begun() throws -> TrialNight {
        let night = try TrialNight([film], seconds: 14)
        try night.add("b")
        night.plan(
            film, 0...(film.layout.count - 1), fromOriginTo: "b", slot: 2, slots: 4, kbps: 8000)
        night.change("b") { $0.caps.fetchBytes = Int64(capBytes) }
        try night.publish()
        #expect(
            try eventually {
                try night.goodBytes(of: film, at: "b") >= film.bytes.count * 2 / 5
            }, "\(night.log("b"))")
        return night
    }

    /// What `b` has on record as received, in bytes.
    private func spentBytes(_ night: TrialNight) throws -> Int {
        let content = try #require(night.contents["b"])
        let record = try night.folder.read("b/reports/\(content.night)/b.spent")
        let object = try JSONSerialization.jsonObject(with: Data(record)) as? [String: Any]
        return try #require(object?["received_bytes"] as? Int)
    }

    /// What came was lost when `lostBytes` had come: `b` fetches again, and ends at its cap.
    private func checkEnd(_ night: TrialNight, lostBytes: Int) throws {
        #expect(
            try eventually {
                let view = try StateView(night.folder.path("b"))
                return view.night != nil && view.state == "idle"
            }, "\(night.log("b"))")
        let good = try night.goodBytes(of: film, at: "b")
        #expect(good > 0)
        #expect(lostBytes + good <= capBytes)
        #expect(try (capBytes - chunkBytes...capBytes).contains(spentBytes(night)))
        #expect(!night.folder.has("b/items/\(film.key)"))
    }

    @Test func `a kill and a restart don't begin the caps anew`() throws {
        let night = try begun()
        night.programs["b"]?.kill()
        let came = try night.goodBytes(of: film, at: "b")
        let spent = try spentBytes(night)
        // The chunk that was on its way may not have come.
        #expect((came...(came + chunkBytes)).contains(spent))
        #expect(unlink(night.folder.path("b/partial/\(film.key)")) == 0)
        try night.start("b")
        try checkEnd(night, lostBytes: spent)
    }

    @Test func `a newer manifest of the night doesn't begin the caps anew`() throws {
        let night = try begun()
        let came = try night.goodBytes(of: film, at: "b")
        #expect(unlink(night.folder.path("b/partial/\(film.key)")) == 0)
        night.change("b") { $0.sequence = 2 }
        try night.publish()
        #expect(eventually { night.log("b").contains("manifest 2 ") }, "\(night.log("b"))")
        try checkEnd(night, lostBytes: came)
    }

    @Test func `what was spent is read again, what is damaged isn't`() throws {
        let folder = try TemporaryFolder()
        let box = try TrialBox("a", in: folder)
        var remarks: [Remark] = []
        let equipment = try Equipment(
            StateFolder(working: box.path), Settings.read(box.path), say: { remarks.append($0) })
        let content = trialContent("a", now: Equipment.now())
        let first = SpendingRecord(equipment, content)
        #expect(first.spent == .init())
        for number in [1, 1 << 52, 7] as [Int64] {
            let spent = Spent(
                receivedBytes: number, fallbackBytes: number + 1, reserveBytes: number + 2,
                sentBytes: number + 3)
            first.keep(spent)
            #expect(SpendingRecord(equipment, content).spent == spent)
        }
        #expect(remarks.isEmpty)
        var other = content
        other.night = Instant(seconds: 2_000_000_000).utcDate
        #expect(SpendingRecord(equipment, other).spent == .init())
        let path = "a/reports/\(content.night)/a.spent"
        #expect(try folder.read(path).count == 256)
        try folder.write(Array(try folder.read(path).prefix(40)), path)
        #expect(SpendingRecord(equipment, content).spent == .init())
        #expect(remarks.map(\.weight) == [.warning])
        #expect(remarks.first?.text.contains("damaged") == true)
    }
}
