import Manifest
import Quantities
import Schedule
import TestSupport
import Testing

@Suite struct TokenTests {
    private let night = ExampleNight()

    private func tokens(_ index: ManifestIndex) -> [String] {
        index.devices.flatMap { device in
            let content = index.draft(forDevice: device).content
            return content.serve.map(\.movement.token) + content.standby.map(\.token)
        }
    }

    @Test func `both ends know a movement's token, and no two have the same`() {
        let contents = night.index.devices.map { night.index.draft(forDevice: $0).content }
        let sent = contents.flatMap { content in
            content.serve.map { serve in
                [content.device, serve.destination.id, serve.destination.token]
                    + [serve.movement.token, serve.piece.item]
            }
        }
        let received = contents.flatMap { content in
            content.fetch.filter { $0.source.kind == .device }.map {
                [$0.source.id, content.device, $0.source.token, $0.movement.token, $0.piece.item]
            }
        }
        #expect(Set(sent) == Set(received))
        #expect(Set(sent.map { $0[..<3] }).count == 3 && sent.count == 4)
        let all = tokens(night.index)
        #expect(Set(all).count == 7 && all.count == 7)
        #expect(Set(all).isDisjoint(with: sent.map { $0[2] }))
        #expect(all.allSatisfy { $0.utf8.count == 32 })
    }

    @Test func `origins ask for none`() {
        for fetch in night.index.draft(forDevice: 0).content.fetch {
            #expect(fetch.source.kind == .origin && fetch.movement.token.isEmpty)
        }
    }

    @Test func `the same plan gives the same, another key, fleet or night others`() throws {
        let first = tokens(night.index)
        #expect(tokens(night.index) == first)
        var other = night
        other.header.sequence = 8
        other.header.issued = other.header.issued.advanced(bySeconds: 60)
        #expect(tokens(other.index) == first)
        other = night
        other.header.fleet = "trial2"
        #expect(Set(tokens(other.index)).isDisjoint(with: first))
        other = night
        other.plan.night.date = CivilDate(dayNumber: 20_781)
        #expect(Set(tokens(other.index)).isDisjoint(with: first))
        let signer = try exampleKey()
        let keyed = ManifestIndex(
            plan: night.plan, catalogue: night.catalogue, fleet: night.fleet, header: night.header,
            tokens: signer.tokenKey)
        let again = ManifestIndex(
            plan: night.plan, catalogue: night.catalogue, fleet: night.fleet, header: night.header,
            tokens: try SigningKey(secretKeyFile: signer.secretKeyFile).tokenKey)
        #expect(Set(tokens(keyed)).isDisjoint(with: first))
        #expect(tokens(keyed) == tokens(again))
    }

    @Test func `the token of a movement changes with its slot and its chunks`() {
        let first = tokens(night.index)
        var other = night
        other.plan.transfers[6].slot = 4
        #expect(zip(tokens(other.index), first).filter { $0 != $1 }.count == 1)
        other = night
        other.plan.transfers[6].chunks = 1..<5
        #expect(zip(tokens(other.index), first).filter { $0 != $1 }.count == 1)
    }

    @Test func `what the other sends back and what a fall-back sends have tokens of their own`() {
        var night = night
        night.plan.transfers.append(
            Transfer(
                source: .device(2), destination: 1, item: 1, chunks: 1..<2, slot: 4,
                initiator: .destination))
        let contents = night.index.devices.map { night.index.draft(forDevice: $0).content }
        let there = contents[1].serve[0].movement.token
        let back = contents[2].serve[0].movement.token
        let standby = contents[2].standby.filter { $0.destination.id == "box-b" }.map(\.token)
        #expect(contents[1].serve[0].destination.id == "box-c")
        #expect(contents[2].serve[0].destination.id == "box-b")
        #expect(standby.count == 1 && Set([there, back] + standby).count == 3)
    }

    /// The same by Python's own HMAC and HKDF (RFC 5869, one block).
    @Test(.enabled(if: isInstalled("python3"), "python3 isn't installed"))
    func `a second implementation derives the same`() throws {
        let script = """
            import datetime, hmac, hashlib, json
            h = lambda k, m: hmac.new(k, m, hashlib.sha256).digest()
            key = h(h(bytes(32), b'a secret that everyone may know.'), b'mediaplan tokens\\x01')
            f = lambda *w: h(key, json.dumps(w, separators=(',', ':')).encode())[:16].hex()
            pair = f('trial', '2026-11-23', 'box-b', 'box-c')
            starts = int(datetime.datetime.fromisoformat('2026-11-23T20:45:00+00:00').timestamp())
            text = f'{starts} example.com~2FALPHA@1.0 0 4'
            print(h(pair.encode(), text.encode())[:16].hex())
            print(f('trial', '2026-11-23', 'box-c', 'box-b', 'example.com~2FALPHA@1.0'))
            """
        let result = try run("python3", ["-c", script])
        let transfer = night.index.draft(forDevice: 1).content.serve[0].movement.token
        let standby = night.index.draft(forDevice: 2).content.standby
            .first { $0.destination.id == "box-b" }?.token
        #expect(result.output == "\(transfer)\n\(standby ?? "")\n")
    }

    @Test func `nothing prints the secret`() throws {
        let key = try exampleKey().tokenKey
        #expect("\(key)" == "token key" && String(reflecting: key) == "token key")
        #expect(Mirror(reflecting: key).children.isEmpty)
    }
}
