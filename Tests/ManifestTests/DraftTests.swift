import Fleet
import Manifest
import Quantities
import Schedule
import TestSupport
import Testing

@Suite struct DraftTests {
    private let night = ExampleNight()

    @Test func `every active device gets a manifest, one with nothing to do says so`() throws {
        var night = night
        #expect(night.index.devices == [0, 1, 2, 3])
        #expect(!night.index.draft(forDevice: 3).content.isNothing)
        night.plan.transfers = []
        night.plan.removals = []
        let idle = night.index.draft(forDevice: 3).content
        #expect(idle.isNothing && idle.items.isEmpty && !idle.window.isEmpty)
        #expect(idle.caps == ManifestContent.Caps())
    }

    @Test(arguments: [0, 1, 2, 3] as [Int32])
    func `manifests are as kept, to the last byte, and so are their signatures`(device: Int32)
        throws
    {
        let draft = night.index.draft(forDevice: device)
        let name = "manifests/\(ManifestNames.device(draft.content.device)).json"
        let signed = try draft.signed(with: exampleKey())
        #expect(GoldenFile.difference(of: signed.json, from: name) == nil)
        #expect(GoldenFile.difference(of: signed.minisig, from: name + ".minisig") == nil)
    }

    @Test func `the public key of the kept signatures is kept too`() throws {
        let key = try exampleKey().publicKey
        #expect(GoldenFile.difference(of: key.publicKeyFile, from: "manifests/key.pub") == nil)
    }

    @Test func `both ends of a transfer are told the same`() {
        let sender = night.index.draft(forDevice: 0).content
        let receiver = night.index.draft(forDevice: 1).content
        #expect(sender.serve.map(\.piece) == receiver.fetch.map(\.piece))
        #expect(sender.serve.map(\.movement.span) == receiver.fetch.map(\.movement.span))
        #expect(sender.serve.map(\.movement.token) == receiver.fetch.map(\.movement.token))
        #expect(sender.serve.allSatisfy { $0.movement.role == .listen })
        #expect(receiver.fetch.allSatisfy { $0.movement.role == .connect })
    }

    @Test func `an address is given only to the end that connects`() {
        let receiver = night.index.draft(forDevice: 1).content
        #expect(receiver.fetch.map(\.source.address) == ["10.0.0.11:7070", "10.0.0.11:7070"])
        #expect(receiver.serve.map(\.destination.address) == ["10.1.0.13:7070"])
        let pushedTo = night.index.draft(forDevice: 2).content
        #expect(pushedTo.fetch.map(\.source.address) == ["", ""])
    }

    @Test func `offsets follow the files, whose last chunks are short`() {
        let fetch = night.index.draft(forDevice: 0).content.fetch.map(\.piece)
        #expect(fetch.map(\.offset) == [0, 0, 3_072])
        #expect(fetch.map(\.bytes) == [3_072, 100_000, 445])
        #expect(fetch.map(\.chunks) == [0...2, 0...0, 3...4])
    }

    @Test func `the rate is the least that moves the bytes in the slot`() {
        let rates = night.index.draft(forDevice: 0).content.fetch.map(\.movement.rateKbps)
        #expect(rates == [1, 1, 1])
        var night = night
        night.plan.night.slotSeconds = 1
        night.plan.night.slotCount = 7_200
        for fetch in night.index.draft(forDevice: 0).content.fetch {
            let rate = fetch.movement.rateKbps
            #expect(night.plan.night.bytesPerSlot(kbps: rate) >= fetch.piece.bytes)
            #expect(night.plan.night.bytesPerSlot(kbps: rate - 1) < fetch.piece.bytes)
        }
    }

    @Test func `caps leave a tenth or a chunk to spare`() {
        let caps = night.index.draft(forDevice: 0).content.caps
        let planned: Int64 = 3_072 + 100_000 + 445
        #expect(caps.fetchBytes == planned + 100_000)
        #expect(caps.fallbackBytes == planned)
        #expect(caps.reserveBytes == planned)
        #expect(caps.serveBytes == 3_517 + 1_024 + 3_517)
        var night = night
        night.header.originReservePercent = 10
        #expect(night.index.draft(forDevice: 0).content.caps.reserveBytes == planned / 10)
        night.header.originReservePercent = 900
        #expect(night.index.draft(forDevice: 0).content.caps.reserveBytes == planned)
    }

    @Test func `the window is the device's own, as instants`() {
        var night = night
        let whole = night.index.draft(forDevice: 0).content.window
        #expect(whole.map(\.starts) == [night.plan.night.start])
        #expect(whole.map(\.ends) == [night.plan.night.end])
        night.fleet.devices[0].window = DailyWindow("20:20-20:50")
        let inner = night.index.draft(forDevice: 0).content.window
        #expect(inner.map(\.starts.description) == ["2026-11-23T20:30:00Z"])
        #expect(inner.map(\.ends.description) == ["2026-11-23T20:45:00Z"])
        night.fleet.accounts[0].status = .closed
        #expect(night.index.draft(forDevice: 0).content.window.isEmpty)
    }

    @Test func `what is wished and what only passes through are told apart`() {
        let areas = night.index.draft(forDevice: 0).content.fetch.map(\.area)
        #expect(areas == [.wish, .cache, .wish])
    }

    @Test func `an item says whether its index is known and whether it completes`() {
        let items = night.index.draft(forDevice: 2).content.items
        #expect(items.map(\.key) == items.map(\.key).sorted())
        #expect(
            items.map(\.title) == ["example.com/ALPHA", "example.com/BETA", "example.com/GAMMA"])
        #expect(items.map { $0.index == nil } == [false, false, true])
        let blob = sha256(Array("all of beta".utf8)).hex
        #expect(items.map(\.path) == [items[0].key, "blobs/\(blob)", ""])
        #expect(items.map(\.name) == ["Die Große Stille", "\"Beta\" \\ tab\t", ""])
        #expect(items.map(\.completes) == [true, false, false])
    }
}
