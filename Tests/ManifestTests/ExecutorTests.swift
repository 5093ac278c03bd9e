import Catalogue
import Fleet
import Foundation
import Manifest
import Quantities
import Schedule
import TestSupport
import Testing

/// A fleet's disks in a temporary folder, and the script that carries manifests out between them.
private struct Disks {
    let folder: TemporaryFolder
    let night: ExampleNight

    /// Writes the origin's items, what devices hold at dusk, and all manifests: the script knows
    /// nothing else.
    init(_ night: ExampleNight = ExampleNight(), held: [(Int, Int)] = [(2, 2), (3, 1)]) throws {
        folder = try TemporaryFolder()
        self.night = night
        for item in night.catalogue.items.indices {
            _ = try folder.write(content(item), to: "origin/\(path(item))")
        }
        for (device, item) in held {
            _ = try folder.write(content(item), to: disk(device, item))
        }
        try FileManager.default.createDirectory(
            atPath: folder.path("devices"), withIntermediateDirectories: true)
        for device in night.index.devices {
            let draft = night.index.draft(forDevice: device)
            let name = "manifests/\(device % 2)/\(ManifestNames.device(draft.content.device)).json"
            let signed = try draft.signed(with: exampleKey())
            _ = try folder.write(signed.json, to: name)
            _ = try folder.write(signed.minisig, to: name + ".minisig")
        }
        _ = try folder.write(exampleKey().publicKey.publicKeyFile, to: "key.pub")
    }

    /// Bytes that differ everywhere: of item `item` at this version.
    func content(_ item: Int) -> [UInt8] {
        var random = SplitMix64(seed: UInt64(item))
        let size = Int(night.catalogue.items[item].layout.totalBytes)
        return (0..<size).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    func key(_ item: Int) -> String {
        let entry = night.catalogue.items[item]
        return ManifestNames.item(
            title: night.catalogue.titles[Int(entry.title)].id, version: entry.version)
    }

    /// Where the item lies at the origin.
    func path(_ item: Int) -> String {
        night.catalogue.items[item].blobDigest.map { "blobs/\($0.hex)" } ?? key(item)
    }

    func disk(_ device: Int, _ item: Int) -> String {
        "devices/\(ManifestNames.device(night.fleet.devices[device].id))/\(key(item))"
    }

    func carryOut(signed: Bool = false) throws -> ProgramResult {
        try run(
            "python3",
            [
                Fixtures.url("agents/execute.py").path, folder.path("manifests"),
                folder.path("devices"), folder.path("origin"),
            ] + (signed ? [folder.path("key.pub")] : []))
    }

    /// Replaces a part of a device's manifest, which must hold it.
    func change(_ device: Int32, _ part: String, _ replacement: String) throws {
        let id = night.fleet.devices[Int(device)].id
        let name = "manifests/\(device % 2)/\(ManifestNames.device(id)).json"
        let text = String(decoding: try folder.read(name), as: UTF8.self)
        try #require(text.contains(part))
        _ = try folder.write(Array(text.replacing(part, with: replacement).utf8), to: name)
    }
}

@Suite(.enabled(if: isInstalled("python3"), "python3 isn't installed"))
struct ExecutorTests {
    @Test func `manifests alone move every byte of the night`() throws {
        let disks = try Disks()
        let result = try disks.carryOut()
        #expect(result.output == "7 transfers, 112599 bytes, 3 items\n")
        #expect(result.status == 0)
        for device in 0...2 {
            #expect(try disks.folder.read(disks.disk(device, 0)) == disks.content(0))
        }
    }

    @Test func `a partial item has what was sent and nothing else`() throws {
        let disks = try Disks()
        #expect(try disks.carryOut().status == 0)
        let whole = disks.content(1)
        let zeros = [UInt8](repeating: 0, count: 1_024)
        let received = try disks.folder.read(disks.disk(2, 1))
        #expect(received == zeros + whole[1_024..<3_072] + zeros)
        let relayed = try disks.folder.read(disks.disk(0, 2))
        let isRight = relayed.prefix(100_000) == disks.content(2).prefix(100_000)
        #expect(isRight && relayed.count == 250_001)
        #expect(relayed.dropFirst(100_000).allSatisfy { $0 == 0 })
    }

    @Test func `what is removed is gone`() throws {
        let disks = try Disks()
        #expect(try disks.carryOut().status == 0)
        let zeros = [UInt8](repeating: 0, count: 1_024)
        #expect(
            try disks.folder.read(disks.disk(3, 1))
                == zeros + disks.content(1)[1_024..<2_048] + zeros + zeros)
        #expect(try disks.folder.read(disks.disk(2, 2)).allSatisfy { $0 == 0 })
    }

    @Test(.enabled(if: isInstalled("minisign"), "minisign isn't installed"))
    func `with a key, signatures are asked for`() throws {
        let disks = try Disks()
        #expect(try disks.carryOut(signed: true).status == 0)
        let changed = try Disks()
        try changed.change(3, #""sequence":7"#, #""sequence":7 "#)
        #expect(try changed.carryOut(signed: true).status == 1)
    }

    @Test func `a source that doesn't hold what it is told to send is found out`() throws {
        let disks = try Disks(held: [(2, 2)])
        let result = try disks.carryOut()
        #expect(result.status == 1)
        #expect(result.output.contains("box-d"))
    }

    @Test func `a chunk that is removed at the start of the slot can't be sent in it`() throws {
        var night = ExampleNight()
        night.plan.removals[1].chunks = 1..<2
        night.plan.removals[1].slot = 1
        night.plan.removals.swapAt(0, 1)
        let result = try Disks(night).carryOut()
        #expect(result.status == 1)
        #expect(result.output.contains("wrong bytes"))
    }

    @Test func `a chunk that arrives in a slot can't be sent in it`() throws {
        var night = ExampleNight()
        night.plan.transfers[5].slot = 1
        #expect(try Disks(night).carryOut().status == 1)
    }

    @Test(
        arguments: [
            (0, #"[2,0,2,3,4,1]"#, #"[2,0,2,2,4,1]"#), (1, #"[2,0,0,3,4,1]"#, #"[2,0,0,3,5,1]"#),
            (0, #"[2,0,2,3,4,1]"#, #"[2,0,2,3,4,2]"#), (2, #""sequence":7"#, #""sequence":8"#),
            (2, #"{"cut":[1024,4096]"#, #"{"completes":true,"cut":[1024,4096]"#),
            (0, #"{"id":"box-b""#, #"{"address":"","id":"box-b""#),
            (1, #""id":"box a/1""#, #""id":"box-d""#), (0, #"[2,0,2,3,4,1]"#, #"[3,0,2,3,4,1]"#),
            (3, #"{"caps""#, #"{caps"#), (3, #""serve":["#, #""served":["#),
            (3, #"{"caps""#, #"{"caps":0,"caps""#),
            (2, #""version":"3.0","window""#, #""version":"2.0","window""#),
            (2, #""schema":"mediaplan-manifest""#, #""schema":"x""#),
            (3, #""device":"box-d""#, #""device":"box-c""#),
            (1, "example.com~2FALPHA@1.0", "../origin/example.com~2FALPHA@1.0"),
        ] as [(Int32, String, String)])
    func `a manifest that isn't right fails`(device: Int32, part: String, replacement: String)
        throws
    {
        let disks = try Disks()
        try disks.change(device, part, replacement)
        #expect(try disks.carryOut().status == 1)
    }

    @Test func `the script is no longer than a hundred and twenty lines`() throws {
        let script = String(decoding: try Fixtures.bytes("agents/execute.py"), as: UTF8.self)
        #expect(script.split(separator: "\n", omittingEmptySubsequences: false).count <= 121)
    }
}
