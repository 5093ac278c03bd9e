import Catalogue
import Fleet
import Manifest
import Quantities
import Schedule
import TestSupport
import Testing

@Suite struct RandomPlanTests {
    /// A transfer as somebody is told of it; nil: from an origin.
    private struct Told: Hashable {
        var source: String?
        var destination: String
        var item: String
        var chunks: ClosedRange<Int32>
        var starts: Instant
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `every transfer and removal is told exactly once at each end`(seed: UInt64) {
        let random = RandomPlan(seed: seed)
        let devices = random.instance.fleet.devices
        let contents = devices.indices.map { random.index.draft(forDevice: Int32($0)).content }
        let night = random.plan.night
        let planned = random.plan.transfers.map { transfer in
            let item = random.instance.catalogue.items[Int(transfer.item)]
            let title = random.instance.catalogue.titles[Int(item.title)].id
            let source = transfer.source.device.map { devices[Int($0)].id }
            return Told(
                source: source, destination: devices[Int(transfer.destination)].id,
                item: ManifestNames.item(title: title, version: item.version),
                chunks: ClosedRange(transfer.chunks), starts: night.start(ofSlot: transfer.slot))
        }
        let fetched = contents.flatMap { content in
            content.fetch.map {
                Told(
                    source: $0.source.kind == .device ? $0.source.id : nil,
                    destination: content.device, item: $0.piece.item, chunks: $0.piece.chunks,
                    starts: $0.movement.span.starts)
            }
        }
        let served = contents.flatMap { content in
            content.serve.map {
                Told(
                    source: content.device, destination: $0.destination.id, item: $0.piece.item,
                    chunks: $0.piece.chunks, starts: $0.movement.span.starts)
            }
        }
        #expect(fetched.count == planned.count && Set(fetched) == Set(planned))
        let sent = planned.filter { $0.source != nil }
        #expect(served.count == sent.count && Set(served) == Set(sent))
        #expect(contents.map(\.remove.count).reduce(0, +) == random.plan.removals.count)
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `what a transfer says follows from the plan`(seed: UInt64) {
        let random = RandomPlan(seed: seed)
        for device in random.instance.fleet.devices.indices {
            let content = random.index.draft(forDevice: Int32(device)).content
            let transfers = random.plan.transfers.filter { $0.destination == device }
            #expect(content.fetch.count == transfers.count)
            for (fetch, transfer) in zip(content.fetch, transfers) {
                check(fetch.piece, transfer.item, transfer.chunks, random.instance.catalogue)
                let night = random.plan.night
                #expect(fetch.movement.span.starts == night.start(ofSlot: transfer.slot))
                #expect(fetch.movement.span.ends == night.start(ofSlot: transfer.slot + 1))
                let rate = fetch.movement.rateKbps
                #expect(night.bytesPerSlot(kbps: rate) >= fetch.piece.bytes)
                #expect(rate == 1 || night.bytesPerSlot(kbps: rate - 1) < fetch.piece.bytes)
                #expect((fetch.movement.role == .connect) == (transfer.initiator == .destination))
                #expect((fetch.source.kind == .origin) == (transfer.source.origin != nil))
            }
        }
    }

    /// The piece by a second method: chunk by chunk along the files.
    private func check(
        _ piece: ManifestContent.Piece, _ item: Int32, _ chunks: Range<Int32>,
        _ catalogue: Catalogue
    ) {
        let entry = catalogue.items[Int(item)]
        var sizes: [Int64] = []
        for file in entry.files {
            var rest = file.sizeBytes
            while rest > 0 {
                sizes.append(min(rest, entry.chunkBytes))
                rest -= entry.chunkBytes
            }
        }
        #expect(piece.offset == sizes[..<Int(chunks.lowerBound)].reduce(0, +))
        #expect(piece.bytes == sizes[Int(chunks.lowerBound)..<Int(chunks.upperBound)].reduce(0, +))
        #expect(piece.chunks == ClosedRange(chunks))
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `reading and writing again gives the same bytes`(seed: UInt64) throws {
        let index = RandomPlan(seed: seed).index
        for device in index.devices {
            let draft = index.draft(forDevice: device)
            let content = try ManifestContent(json: draft.canonicalBytes)
            #expect(content == draft.content)
            #expect(ManifestDraft(content: content).canonicalBytes == draft.canonicalBytes)
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `what is printed at once is what the draft says, to the last byte`(seed: UInt64) {
        let index = RandomPlan(seed: seed).index
        let printer = ManifestPrinter(index)
        var sheet = ManifestSheet()
        for device in index.devices {
            let draft = index.draft(forDevice: device)
            printer.write(device, on: &sheet)
            #expect(sheet.bytes == draft.canonicalBytes)
            #expect(printer.trustedComment(forDevice: device) == draft.trustedComment)
        }
    }

    @Test(.enabled(if: isInstalled("jq"), "jq isn't installed"))
    func `jq's sorted compact form is the canonical form`() throws {
        let index = RandomPlan(seed: 5).index
        for device in index.devices {
            let bytes = index.draft(forDevice: device).canonicalBytes
            let result = try run("jq", ["-cS", "."], input: bytes)
            #expect(result.output == String(decoding: bytes, as: UTF8.self) + "\n")
        }
    }

    @Test func `mutated contents never break a reader, and what is read can be written`() throws {
        var random = SplitMix64(seed: 21)
        let whole = ExampleNight().index.draft(forDevice: 2).canonicalBytes
        var read = 0
        for _ in 0..<4_000 {
            let text = random.mutated(whole, times: 1 + random.below(3))
            guard let content = try? ManifestContent(json: text) else { continue }
            read += 1
            let again = ManifestDraft(content: content).canonicalBytes
            #expect(try ManifestContent(json: again) == content)
        }
        #expect(read > 100)
    }

    @Test func `mutated signature and key files never break a reader`() throws {
        var random = SplitMix64(seed: 22)
        let key = try exampleKey()
        let signed = try ExampleNight().index.draft(forDevice: 2).signed(with: key)
        let rules = TrustRules(
            keys: [key.publicKey], fleet: "trial", device: "box-c", now: ExampleNight.night.start)
        var refused = 0
        for _ in 0..<2_000 {
            var changed = signed
            changed.minisig = random.mutated(signed.minisig, times: 1)
            let isComment =
                changed.minisig.split(separator: 10).dropFirst()
                == signed.minisig.split(separator: 10).dropFirst()
            if (try? changed.verify(rules)) == nil { refused += 1 } else { #expect(isComment) }
            _ = try? SigningKey(secretKeyFile: random.mutated(key.secretKeyFile, times: 1))
            let other = try? VerifyingKey(
                publicKeyFile: random.mutated(key.publicKey.publicKeyFile, times: 1))
            if let other, other != key.publicKey {
                #expect(!other.accepts(Array(repeating: 0, count: 64), of: signed.json))
            }
        }
        #expect(refused > 1_000)
    }
}
