import Foundation
import Manifest
import Nightly
import Quantities
import Store
import Testing

/// The catalogue is signed again whatever happened to the one before, and never by mistake.
@Suite struct SignCatalogueTests {
    private let ground: IngestGround
    private let key: SigningKey

    init() throws {
        ground = try IngestGround()
        key = try SigningKey(random: [UInt8](repeating: 1, count: 40))
        try put("cat.key", key.secretKeyFile, mode: 0o600)
        try put("cat.pub", key.publicKey.publicKeyFile)
        try ground.ingest(ground.request([ground.file("a.ts", 300, seed: 1)]))
    }

    private func path(_ name: String) -> String { "\(ground.scratch.path)/\(name)" }

    private func put(_ name: String, _ bytes: [UInt8], mode: UInt32 = 0o644) throws {
        try Files.replace(path(name), with: bytes, mode: mode)
    }

    private func makeNewKey() throws {
        let other = try SigningKey(random: [UInt8](repeating: 2, count: 40))
        try put("new.key", other.secretKeyFile, mode: 0o600)
        try put("new.pub", other.publicKey.publicKeyFile)
    }

    private func sign(
        _ name: String = "cat.key", fleet: String = "north",
        _ change: (inout SignCatalogue.Request) -> Void = { _ in }
    ) throws -> SignCatalogue.Report {
        let now = Instant(seconds: 1_795_000_000)
        var request = SignCatalogue.Request(
            origin: ground.folder, keyPath: path(name), fleet: fleet, now: now,
            expires: now.advanced(bySeconds: 1000))
        change(&request)
        return try SignCatalogue.run(request, progress: { _ in })
    }

    private func refusal(
        _ name: String = "cat.key", fleet: String = "north",
        _ change: (inout SignCatalogue.Request) -> Void = { _ in }
    ) -> NightlyError? {
        #expect(throws: NightlyError.self) { try sign(name, fleet: fleet, change) }
    }

    private func verify(_ name: String = "cat.pub") throws -> VerifyCatalogue.Report {
        try VerifyCatalogue.run(
            ground.folder, keyPath: path(name), fleet: "north",
            now: Instant(seconds: 1_795_000_001))
    }

    private var root: String { "\(ground.folder)/catalogue/root.json" }

    @Test func `the key is changed with the public half of the old one`() throws {
        try makeNewKey()
        #expect(try sign().sequence == 1)
        let refused = refusal("new.key")
        #expect(refused?.kind == .untrusted)
        #expect(refused?.hint?.contains("--old-key") == true)
        #expect(try sign("new.key") { $0.oldKeyPath = path("cat.pub") }.sequence == 2)
        #expect(try verify("new.pub").sequence == 2)
        #expect(try sign("new.key").sequence == 3)
        #expect(refusal("cat.key")?.kind == .untrusted)
    }

    @Test func `a run that ended between signature and root is gone on from`() throws {
        _ = try sign()
        let roots = try (Files.read(root), Files.read(root + ".minisig"))
        let second = try sign()
        try Files.replace(root, with: roots.0)
        #expect(throws: NightlyError.self) { try verify() }
        #expect(try sign().sequence == second.sequence)
        #expect(try verify().sequence == 2)
        // The same with a copy of the catalogue before that is none of this root.
        try Files.replace(root + ".previous", with: [1])
        try Files.replace(root + ".minisig", with: roots.1)
        #expect(refusal()?.hint?.contains("--after") == true)
        #expect(try sign { $0.after = 2 }.sequence == 3)
        #expect(try verify().sequence == 3)
    }

    @Test func `a lost catalogue is signed above the number that devices have seen`() throws {
        _ = try sign()
        _ = try sign()
        try Files.removeTree(root)
        #expect(refusal()?.kind == .untrusted)
        try Files.removeTree(root + ".minisig")
        #expect(refusal()?.kind == .untrusted, "the copy shows that there was one")
        #expect(try sign { $0.after = 7 }.sequence == 8)
        #expect(try sign { $0.after = 3 }.sequence == 9)
        #expect(refusal { $0.after = 9_007_199_254_740_991 }?.kind == .usage)
    }

    @Test func `another fleet's catalogue is not passed over`() throws {
        _ = try sign()
        let refused = refusal(fleet: "south") { $0.after = 7 }
        #expect(refused?.message.contains("fleet north") == true)
    }

    @Test func `the key of the manifests is refused`() throws {
        #expect(refusal { $0.manifestKeyPath = path("cat.pub") }?.kind == .untrusted)
        #expect(Files.kind(root) == nil)
        try makeNewKey()
        #expect(try sign { $0.manifestKeyPath = path("new.pub") }.sequence == 1)
    }

    @Test func `a public key in place of the secret one is called so, and the other way round`()
        throws
    {
        #expect(refusal("cat.pub")?.message.hasSuffix("cat.pub' is the public key") == true)
        _ = try sign()
        let secret = #expect(throws: NightlyError.self) { try verify("cat.key") }
        #expect(secret?.message.hasSuffix("cat.key' is the secret key") == true)
        let neither = #expect(throws: NightlyError.self) { try verify("a.ts") }
        #expect(neither?.message.contains("isn't one that minisign writes") == true)
    }

    @Test func `a fault of an index is told as it is, with its hint and kind`() throws {
        let name = try #require(try ground.names("indexes").first)
        let bytes = try Files.read("\(ground.folder)/indexes/\(name)")
        try ground.write("indexes/\(name)", Array(bytes.dropLast()))
        let damaged = refusal()
        #expect(damaged?.kind == .failed && damaged?.hint?.contains("--replace") == true)
        #expect(damaged?.message.contains("can't be understood") == false)
        try ground.write("indexes/\(name)", bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        let other = Array(
            text.replacingOccurrences(of: "\"kind\":\"movie\"", with: "\"kind\":\"x\"").utf8)
        try ground.write("indexes/\(sha256(other).hex)", other)
        #expect(refusal()?.kind == .refused)
        #expect(refusal()?.hint?.hasPrefix("take the wrong one out") == true)
    }
}

/// Files that lie there and aren't what they should be.
@Suite struct IngestKeysAndMetalinkTests {
    private let ground: IngestGround

    init() throws { ground = try IngestGround() }

    @Test(arguments: [("{ ", "at byte 2: "), ("{\"schema\":\"x\"}", "schema")])
    func `a file of content keys that is none is told where`(text: String, told: String) throws {
        let path = ground.workspace.contentKeysPath
        try Files.makeFolder(Files.folder(of: path))
        try Files.replace(path, with: Array(text.utf8), mode: 0o600)
        let source = try ground.file("a.ts", 300, seed: 1)
        let refused = #expect(throws: NightlyError.self) {
            try ground.ingest(ground.request([source]))
        }
        #expect(refused?.kind == .untrusted)
        #expect(refused?.message.contains(told) == true)
        #expect(refused?.message.contains("Fault") == false)
    }

    @Test func `metalinks of items that are known get the addresses of origins imported later`()
        throws
    {
        try ground.ingest(ground.request([ground.file("a.ts", 300, seed: 1)]))
        try ground.scratch.write(
            "feed.xml",
            """
            <catalogue xmlns="urn:mediaplan:catalogue:1" extent="delta">
              <title id="A" major="1"><file name="a.ts" kind="movie" size="300"/></title>
            </catalogue>
            """)
        try ground.scratch.write("sites.csv", "site,parent\nroot,\n")
        try ground.scratch.write(
            "origins.csv", "origin,site,egress_kbps,base_url\nc,root,1000,http://origin.test/x\n")
        for (table, file) in [
            (ImportTable.catalogue, "feed.xml"), (.sites, "sites.csv"), (.origins, "origins.csv"),
        ] {
            let store = try ground.workspace.openStore()
            defer { try? store.close() }
            let outcomes = try ImportSources.run(
                ImportRequest(
                    table: table, sources: [ground.scratch.path + "/" + file],
                    now: Instant(seconds: 1_795_000_000)), in: ground.workspace, store: store
            ) { _, _ in }
            #expect(outcomes.allSatisfy { $0.failure == nil && $0.rejected == 0 })
        }
        var below = ground.request([])
        (below.title, below.version, below.folders) = (nil, nil, [ground.scratch.path])
        #expect(try ground.ingest(below).verdict == .known)
        let link = String(
            decoding: try Files.read("\(ground.folder)/metalinks/A@1.meta4"), as: UTF8.self)
        #expect(link.contains(">http://origin.test/x/blobs/"))
    }
}
