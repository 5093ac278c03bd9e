import Foundation
import Manifest
import Quantities
import Schedule
import TestSupport
import Testing

@Suite struct MinisignTests {
    private let draft = ExampleNight().index.draft(forDevice: 0)

    @Test(.enabled(if: isInstalled("minisign"), "minisign isn't installed"))
    func `minisign accepts what we sign and says the trusted comment`() throws {
        let folder = try TemporaryFolder()
        let key = try exampleKey()
        let signed = try draft.signed(with: key)
        let json = try folder.write(signed.json, to: "m.json")
        _ = try folder.write(signed.minisig, to: "m.json.minisig")
        let publicKey = try folder.write(key.publicKey.publicKeyFile, to: "key.pub")
        let result = try run("minisign", ["-V", "-p", publicKey, "-m", json])
        #expect(result.status == 0)
        #expect(result.output.contains(draft.trustedComment))
    }

    @Test(.enabled(if: isInstalled("minisign"), "minisign isn't installed"))
    func `minisign signs with our secret key file and we accept it`() throws {
        let folder = try TemporaryFolder()
        let night = ExampleNight()
        let key = try exampleKey()
        let json = try folder.write(draft.canonicalBytes, to: "m.json")
        let secret = try folder.write(key.secretKeyFile, to: "key")
        let result = try run(
            "minisign", ["-S", "-l", "-W", "-s", secret, "-m", json, "-t", draft.trustedComment])
        #expect(result.status == 0)
        let signed = SignedManifest(
            json: draft.canonicalBytes, minisig: try folder.read("m.json.minisig"))
        let rules = TrustRules(
            keys: [key.publicKey], fleet: "trial", device: "box a/1", now: night.plan.night.start)
        #expect(try signed.verify(rules).content == draft.content)
    }

    @Test(.enabled(if: isInstalled("minisign"), "minisign isn't installed"))
    func `a key that minisign made is read, and written back the same`() throws {
        let folder = try TemporaryFolder()
        let result = try run(
            "minisign", ["-G", "-W", "-p", folder.path("key.pub"), "-s", folder.path("key")])
        #expect(result.status == 0)
        let key = try SigningKey(secretKeyFile: folder.read("key"))
        let publicKey = try VerifyingKey(publicKeyFile: folder.read("key.pub"))
        #expect(key.publicKey == publicKey)
        #expect(try lines(key.secretKeyFile)[1] == lines(folder.read("key"))[1])
        #expect(key.publicKey.publicKeyFile == (try folder.read("key.pub")))
    }

    @Test(.enabled(if: isInstalled("signify-openbsd"), "signify-openbsd isn't installed"))
    func `signify accepts what we sign`() throws {
        let folder = try TemporaryFolder()
        let key = try exampleKey()
        let signed = try draft.signed(with: key)
        let arguments = [
            "-V", "-p", try folder.write(key.publicKey.publicKeyFile, to: "key.pub"), "-x",
            try folder.write(signed.minisig, to: "m.minisig"), "-m",
            try folder.write(signed.json, to: "m.json"),
        ]
        #expect(try run("signify-openbsd", arguments).status == 0)
        _ = try folder.write(changed(signed.minisig, line: 1), to: "m.minisig")
        #expect(try run("signify-openbsd", arguments).status != 0)
        _ = try folder.write(signed.minisig, to: "m.minisig")
        _ = try folder.write(flipped(signed.json), to: "m.json")
        #expect(try run("signify-openbsd", arguments).status != 0)
    }

    @Test(.enabled(if: isInstalled("openssl"), "openssl isn't installed"))
    func `openssl accepts what we sign`() throws {
        let folder = try TemporaryFolder()
        let key = try exampleKey()
        let signed = try draft.signed(with: key)
        let line = try #require(Data(base64Encoded: lines(signed.minisig)[1]))
        let arguments = [
            "pkeyutl", "-verify", "-pubin", "-inkey",
            try folder.write(key.publicKey.pem, to: "key.pem"), "-rawin", "-in",
            try folder.write(signed.json, to: "m.json"), "-sigfile",
            try folder.write(Array(line.dropFirst(10)), to: "m.sig"),
        ]
        #expect(try run("openssl", arguments).status == 0)
        _ = try folder.write(flipped(Array(line.dropFirst(10))), to: "m.sig")
        #expect(try run("openssl", arguments).status != 0)
        _ = try folder.write(Array(line.dropFirst(10)), to: "m.sig")
        _ = try folder.write(flipped(signed.json), to: "m.json")
        #expect(try run("openssl", arguments).status != 0)
    }

    @Test(.enabled(if: isInstalled("minisign"), "minisign isn't installed"))
    func `minisign refuses a flipped byte in manifest, signature and comment`() throws {
        let folder = try TemporaryFolder()
        let key = try exampleKey()
        let signed = try draft.signed(with: key)
        let publicKey = try folder.write(key.publicKey.publicKeyFile, to: "key.pub")
        let json = try folder.write(signed.json, to: "m.json")
        let arguments = ["-V", "-p", publicKey, "-m", json]
        for line in 1...3 {
            let changed = changed(signed.minisig, line: line)
            _ = try folder.write(changed, to: "m.json.minisig")
            #expect(try run("minisign", arguments).status != 0, "line \(line)")
        }
        _ = try folder.write(signed.minisig, to: "m.json.minisig")
        #expect(try run("minisign", arguments).status == 0)
        _ = try folder.write(flipped(signed.json), to: "m.json")
        #expect(try run("minisign", arguments).status != 0)
    }

    @Test func `the same draft and key give the same bytes`() throws {
        let key = try exampleKey()
        let again = try SigningKey(secretKeyFile: key.secretKeyFile)
        let first = try draft.signed(with: key)
        for _ in 0..<20 { #expect(try draft.signed(with: again) == first) }
    }

    @Test func `signatures match the vectors of RFC 8032, section 7.1`() throws {
        let vectors = [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
        ]
        for (seed, publicKey, message, signature) in vectors {
            let key = try SigningKey(random: hex(seed) + [UInt8](repeating: 9, count: 8))
            #expect(key.publicKey.bytes == hex(publicKey))
            #expect(try key.signature(of: hex(message)) == hex(signature))
            #expect(key.publicKey.accepts(hex(signature), of: hex(message)))
        }
    }

    @Test func `nothing that prints a key shows its secret`() throws {
        let key = try exampleKey()
        var dumped = ""
        dump(key, to: &dumped)
        let id = "secret key \(key.publicKey.keyIDText)"
        #expect("\(key)" == id)
        #expect(String(reflecting: key) == id)
        #expect(dumped == "- \(id) #0\n")
    }

    @Test func `a key id is printed as minisign prints it, without leading zeros`() throws {
        let id: [UInt8] = [0x5B, 0x45, 0xAC, 0xFF, 0x75, 0xA6, 0x00, 0x00]
        let key = try SigningKey(random: [UInt8](repeating: 1, count: 32) + id)
        #expect(key.publicKey.keyIDText == "A675FFAC455B")
    }

    @Test func `keys that aren't whole are refused`() throws {
        let key = try exampleKey()
        #expect(throws: KeyFault.malformed) { try SigningKey(random: [1, 2, 3]) }
        #expect(throws: KeyFault.malformed) {
            try SigningKey(secretKeyFile: key.publicKey.publicKeyFile)
        }
        #expect(throws: KeyFault.malformed) {
            try VerifyingKey(publicKeyFile: key.secretKeyFile)
        }
        var blob = try #require(Data(base64Encoded: lines(key.secretKeyFile)[1]))
        blob[100] ^= 1
        #expect(throws: KeyFault.malformed) { try SigningKey(secretKeyFile: keyFile(blob)) }
        blob[100] ^= 1
        #expect(try SigningKey(secretKeyFile: keyFile(blob)).publicKey == key.publicKey)
        blob[2] = UInt8(ascii: "S")
        #expect(throws: KeyFault.encrypted) { try SigningKey(secretKeyFile: keyFile(blob)) }
    }

    private func keyFile(_ blob: Data) -> [UInt8] {
        Array("untrusted comment: x\n\(blob.base64EncodedString())\n".utf8)
    }

    private func lines(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func flipped(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes[bytes.count / 2] ^= 1
        return bytes
    }

    /// The text with one character in the middle of a line replaced by another.
    private func changed(_ text: [UInt8], line: Int) -> [UInt8] {
        var lines = lines(text)
        var characters = Array(lines[line])
        let middle = characters.count / 2
        characters[middle] = characters[middle] == "A" ? "B" : "A"
        lines[line] = String(characters)
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private func hex(_ text: String) -> [UInt8] {
        stride(from: 0, to: text.utf8.count, by: 2).compactMap {
            let start = text.index(text.startIndex, offsetBy: $0)
            return UInt8(text[start..<text.index(start, offsetBy: 2)], radix: 16)
        }
    }
}
