import Foundation
import Manifest
import Quantities
import TestSupport
import Testing

@Suite struct CatalogueTests {
    private static let start = Instant(seconds: 1_795_000_000)

    private func entries(_ count: Int) -> [IndexCatalogue.Entry] {
        (0..<count).map {
            IndexCatalogue.Entry(
                item: ManifestNames.item(title: "example.com/T\($0)", version: "1"),
                index: sha256(Array("\($0)".utf8)))
        }
    }

    private func catalogue(_ count: Int, sequence: Int64 = 5) throws -> IndexCatalogue {
        try IndexCatalogue(
            fleet: "trial", sequence: sequence, issued: Self.start,
            expires: Self.start.advanced(bySeconds: 86_400), entries: entries(count))
    }

    private func rules(_ change: (inout CatalogueRules) -> Void = { _ in }) throws
        -> CatalogueRules
    {
        var rules = CatalogueRules(
            keys: [try exampleKey().publicKey], fleet: "trial", now: Self.start)
        change(&rules)
        return rules
    }

    private func signed(_ catalogue: IndexCatalogue, salt: UInt8 = 1) throws -> SignedCatalogue {
        try catalogue.root(of: catalogue.shards).signed(with: exampleKey(salt))
    }

    @Test(arguments: [0, 1, 256, 257, 512, 513, 1500])
    func `every item is found in its shard, and no other`(count: Int) throws {
        let catalogue = try catalogue(count)
        let shards = catalogue.shards
        #expect(shards.count.nonzeroBitCount == 1)
        #expect(shards.count == 1 || shards.count * 256 < 2 * count)
        let verified = try signed(catalogue).verify(rules())
        #expect(verified.root.items == Int64(count))
        let files = Dictionary(
            shards.map { (sha256($0), $0) }, uniquingKeysWith: { first, _ in first })
        for entry in entries(count).enumerated().filter({ $0.offset % 13 == 0 }).map(\.element) {
            let shard = try #require(files[verified.shard(ofItem: entry.item)])
            #expect(try verified.index(ofItem: entry.item, shard: shard) == entry.index)
            try verified.check(entry.index, ofItem: entry.item, shard: shard)
            #expect(throws: CatalogueRefusal.wrongIndex(entry.item)) {
                try verified.check(sha256([]), ofItem: entry.item, shard: shard)
            }
        }
        let strange = "strange@1"
        let shard = try #require(files[verified.shard(ofItem: strange)])
        #expect(throws: CatalogueRefusal.unknownItem(strange)) {
            try verified.index(ofItem: strange, shard: shard)
        }
    }

    @Test func `a shortened key that lost its at-sign is signed and found`() throws {
        let key = ManifestNames.item(title: String(repeating: "t", count: 300), version: "1")
        #expect(key.utf8.count == 200)
        #expect(!key.contains("@"))
        let entry = IndexCatalogue.Entry(item: key, index: sha256([1]))
        let catalogue = try IndexCatalogue(
            fleet: "trial", sequence: 5, issued: Self.start,
            expires: Self.start.advanced(bySeconds: 86_400), entries: entries(1) + [entry])
        let shard = try #require(catalogue.shards.first)
        let verified = try signed(catalogue).verify(rules())
        #expect(try verified.index(ofItem: key, shard: shard) == entry.index)
    }

    @Test(arguments: [
        String(repeating: "t", count: 200), "plain",
        String(repeating: "t", count: 134) + "~~" + String(repeating: "A", count: 64),
        String(repeating: "t", count: 133) + "~~" + String(repeating: "a", count: 64),
        String(repeating: "t", count: 135) + "~~" + String(repeating: "a", count: 64),
    ])
    func `without an at-sign nothing else is a key`(text: String) {
        #expect(!CatalogueShard.isKey(text))
    }

    @Test func `the shard is the first bits of the key's digest`() {
        for entry in entries(100) {
            let first = sha256(Array(entry.item.utf8)).bytes[0]
            #expect(CatalogueShard.number(ofItem: entry.item, of: 1) == 0)
            #expect(CatalogueShard.number(ofItem: entry.item, of: 8) == Int(first >> 5))
            #expect(CatalogueShard.number(ofItem: entry.item, of: 256) == Int(first))
        }
    }

    @Test func `the order of the entries doesn't matter, an item twice is refused`() throws {
        let forwards = try catalogue(600)
        let backwards = try IndexCatalogue(
            fleet: "trial", sequence: 5, issued: forwards.issued, expires: forwards.expires,
            entries: forwards.entries.reversed())
        #expect(try signed(forwards) == signed(backwards))
        #expect(throws: CatalogueRefusal.self) {
            try IndexCatalogue(
                fleet: "trial", sequence: 5, issued: forwards.issued, expires: forwards.expires,
                entries: forwards.entries + [forwards.entries[7]])
        }
        for key in ["", "a", "a/b@1", "../x@1", "x@\"", String(repeating: "a", count: 200) + "@1"] {
            #expect(throws: CatalogueRefusal.self) {
                try IndexCatalogue(
                    fleet: "trial", sequence: 5, issued: forwards.issued,
                    expires: forwards.expires,
                    entries: [IndexCatalogue.Entry(item: key, index: sha256([]))])
            }
        }
    }

    @Test func `a catalogue of another key, fleet or time is refused`() throws {
        let good = try signed(catalogue(3))
        let other = try exampleKey(2).publicKey
        #expect(throws: CatalogueRefusal.wrongKey(keyID: try exampleKey().publicKey.keyIDText)) {
            try good.verify(rules { $0.keys = [other] })
        }
        #expect(throws: CatalogueRefusal.wrongFleet("trial")) {
            try good.verify(rules { $0.fleet = "another" })
        }
        let end = Self.start.advanced(bySeconds: 86_400)
        #expect(throws: CatalogueRefusal.expired(at: end)) {
            try good.verify(rules { $0.now = end })
        }
        _ = try good.verify(rules { $0.now = end.advanced(bySeconds: -1) })
        #expect(throws: CatalogueRefusal.tooLarge(bytes: good.root.count, limit: 10)) {
            try good.verify(rules { $0.maxBytes = 10 })
        }
    }

    @Test func `an older catalogue, or another of the same number, is refused`() throws {
        let seen = try signed(catalogue(3)).verify(rules()).seen
        #expect(try signed(catalogue(3)).verify(rules { $0.seen = seen }).seen == seen)
        #expect(throws: CatalogueRefusal.conflict(sequence: 5)) {
            try signed(catalogue(4)).verify(rules { $0.seen = seen })
        }
        #expect(throws: CatalogueRefusal.rollback(sequence: 4, seen: 5)) {
            try signed(catalogue(3, sequence: 4)).verify(rules { $0.seen = seen })
        }
        #expect(
            try signed(catalogue(4, sequence: 6)).verify(rules { $0.seen = seen }).seen.sequence
                == 6)
    }

    @Test func `every flipped bit of root, signature and shard is refused`() throws {
        let catalogue = try catalogue(2)
        let good = try signed(catalogue)
        let rules = try rules()
        for place in good.root.indices {
            var changed = good
            changed.root[place] ^= 1 << (place % 8)
            #expect(throws: CatalogueRefusal.badSignature) { try changed.verify(rules) }
        }
        let untrusted = try #require(good.minisig.firstIndex(of: 0x0A))
        for place in good.minisig.indices.dropLast() where place > untrusted {
            var changed = good
            changed.minisig[place] ^= 1 << (place % 7)
            #expect(throws: CatalogueRefusal.self, "byte \(place)") { try changed.verify(rules) }
        }
        let verified = try good.verify(rules)
        let shard = catalogue.shards[0]
        let entry = catalogue.entries[0]
        for place in shard.indices {
            var changed = shard
            changed[place] ^= 1 << (place % 8)
            #expect(throws: CatalogueRefusal.wrongShard(sha256(shard))) {
                try verified.check(entry.index, ofItem: entry.item, shard: changed)
            }
        }
    }

    @Test(arguments: [
        (#""version":"1.0""#, #""version":"2.0""#),
        (#""schema":"mediaplan-catalogue""#, #""schema":"mediaplan-manifest""#),
        (#""sequence":5"#, #""sequence":0"#),
        (#""shards":["#, #""shards":["00","#),
        (#""items":2"#, #""items":-2"#),
        (#""fleet":"trial""#, #""fleet":"trial","fleet":"x""#),
    ])
    func `what is signed and no catalogue is refused`(part: String, replacement: String) throws {
        let root = try catalogue(2).root(of: catalogue(2).shards)
        let text = String(decoding: root.json, as: UTF8.self)
        #expect(text.contains(part))
        let json = Array(text.replacing(part, with: replacement).utf8)
        let signed = try sign(json, comment: root.trustedComment, with: exampleKey())
        #expect(throws: CatalogueRefusal.self) {
            try SignedCatalogue(root: signed.json, minisig: signed.minisig).verify(rules())
        }
    }

    @Test func `a number of shards that is no power of two is refused`() throws {
        var root = try catalogue(2).root(of: catalogue(2).shards)
        root.shards = Array(repeating: root.shards[0], count: 3)
        #expect(throws: CatalogueRefusal.self) { try CatalogueRoot(json: root.json) }
        root.shards = []
        #expect(throws: CatalogueRefusal.self) { try CatalogueRoot(json: root.json) }
        root.shards = Array(repeating: sha256([]), count: 4)
        #expect(try CatalogueRoot(json: root.json) == root)
    }

    @Test func `a signature of a manifest doesn't count for a catalogue`() throws {
        let root = try catalogue(2).root(of: catalogue(2).shards)
        let strange = try sign(root.json, comment: "plan:x\tfleet:trial", with: exampleKey())
        #expect(throws: CatalogueRefusal.commentMismatch) {
            try SignedCatalogue(root: strange.json, minisig: strange.minisig).verify(rules())
        }
    }

    @Test(.enabled(if: isInstalled("minisign"), "minisign isn't installed"))
    func `minisign accepts a root`() throws {
        let folder = try TemporaryFolder()
        let signed = try signed(catalogue(300))
        let root = try folder.write(signed.root, to: "root.json")
        _ = try folder.write(signed.minisig, to: "root.json.minisig")
        let key = try folder.write(exampleKey().publicKey.publicKeyFile, to: "key.pub")
        let result = try run("minisign", ["-V", "-p", key, "-m", root])
        #expect(result.status == 0)
        #expect(result.output.contains("fleet:trial"))
    }
}
