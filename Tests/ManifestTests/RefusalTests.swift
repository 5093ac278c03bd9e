import Manifest
import Quantities
import Schedule
import Testing

@Suite struct RefusalTests {
    private let night = ExampleNight()

    private func rules(at seconds: Int64 = 0, _ change: (inout TrustRules) -> Void = { _ in })
        throws -> TrustRules
    {
        var rules = TrustRules(
            keys: [try exampleKey().publicKey], fleet: "trial", device: "box-c",
            now: night.plan.night.start.advanced(bySeconds: seconds))
        change(&rules)
        return rules
    }

    private func signed(_ change: (inout ManifestContent) -> Void = { _ in }) throws
        -> SignedManifest
    {
        var draft = night.index.draft(forDevice: 2)
        change(&draft.content)
        return try draft.signed(with: exampleKey())
    }

    /// Text of the example manifest with one part replaced, signed with the right key and comment.
    private func forged(_ part: String, _ replacement: String, key: SigningKey? = nil) throws
        -> SignedManifest
    {
        let draft = night.index.draft(forDevice: 2)
        let json = String(decoding: draft.canonicalBytes, as: UTF8.self)
        #expect(json.contains(part))
        return try sign(
            Array(json.replacing(part, with: replacement, maxReplacements: 1).utf8),
            comment: draft.trustedComment, with: key ?? exampleKey())
    }

    @Test func `a good manifest is obeyed, and again when it comes twice`() throws {
        let first = try signed().verify(rules())
        #expect(first.content == night.index.draft(forDevice: 2).content)
        #expect(first.seen.sequence == 7)
        let second = try signed().verify(rules { $0.seen = first.seen })
        #expect(second == first)
        let later = try signed { $0.sequence = 8 }.verify(rules { $0.seen = first.seen })
        #expect(later.seen.sequence == 8)
    }

    @Test func `another key, fleet or device is refused`() throws {
        let other = try exampleKey(2)
        let keyID = other.publicKey.keyIDText
        let strange = try night.index.draft(forDevice: 2).signed(with: other)
        #expect(throws: ManifestRefusal.wrongKey(keyID: keyID)) { try strange.verify(rules()) }
        #expect(throws: ManifestRefusal.wrongFleet("trial")) {
            try signed().verify(rules { $0.fleet = "another" })
        }
        #expect(throws: ManifestRefusal.wrongDevice("box-c")) {
            try signed().verify(rules { $0.device = "box-d" })
        }
    }

    @Test func `any of several keys is trusted`() throws {
        let keys = [try exampleKey(2).publicKey, try exampleKey().publicKey]
        #expect(try signed().verify(rules { $0.keys = keys }).content.device == "box-c")
        #expect(throws: ManifestRefusal.self) { try signed().verify(rules { $0.keys = [] }) }
    }

    @Test func `a key of another with the same id is refused`() throws {
        let twin = try SigningKey(
            random: [UInt8](repeating: 3, count: 32) + exampleKey().publicKey.keyID)
        let strange = try night.index.draft(forDevice: 2).signed(with: twin)
        #expect(throws: ManifestRefusal.badSignature) { try strange.verify(rules()) }
    }

    @Test func `an older one is refused, and another with the same number`() throws {
        let seen = try signed { $0.sequence = 9 }.verify(rules()).seen
        #expect(throws: ManifestRefusal.rollback(sequence: 7, seen: 9)) {
            try signed().verify(rules { $0.seen = seen })
        }
        #expect(throws: ManifestRefusal.conflict(sequence: 9)) {
            try signed {
                $0.sequence = 9
                $0.caps.serveBytes += 1
            }.verify(rules { $0.seen = seen })
        }
    }

    @Test func `it is obeyed from not_before until expires, to the second`() throws {
        let content = night.index.draft(forDevice: 2).content
        let length = content.expires.seconds - content.notBefore.seconds
        #expect(throws: ManifestRefusal.notYetValid(notBefore: content.notBefore)) {
            try signed().verify(rules(at: -1))
        }
        _ = try signed().verify(rules(at: 0))
        _ = try signed().verify(rules(at: length - 1))
        #expect(throws: ManifestRefusal.expired(at: content.expires)) {
            try signed().verify(rules(at: length))
        }
    }

    @Test func `a comment about another manifest is refused`() throws {
        let draft = night.index.draft(forDevice: 2)
        let other = night.index.draft(forDevice: 1)
        let mixed = try sign(
            draft.canonicalBytes, comment: other.trustedComment, with: exampleKey())
        #expect(throws: ManifestRefusal.commentMismatch) { try mixed.verify(rules()) }
    }

    @Test func `an endless manifest isn't read`() throws {
        let signed = try signed()
        let limit = signed.json.count - 1
        #expect(throws: ManifestRefusal.tooLarge(bytes: limit + 1, limit: limit)) {
            try signed.verify(rules { $0.maxBytes = limit })
        }
        _ = try signed.verify(rules { $0.maxBytes = limit + 1 })
    }

    @Test func `every flipped bit of manifest and signature is refused`() throws {
        let signed = try signed()
        let rules = try rules()
        for position in stride(from: 0, to: signed.json.count, by: 37) {
            var changed = signed
            changed.json[position] ^= UInt8(1 << (position % 8))
            #expect(throws: ManifestRefusal.badSignature) { try changed.verify(rules) }
        }
        let untrusted = signed.minisig.firstIndex(of: UInt8(ascii: "\n")) ?? 0
        for position in untrusted..<signed.minisig.count - 1 {
            var changed = signed
            changed.minisig[position] ^= UInt8(1 << (position % 8))
            #expect(throws: ManifestRefusal.self, "byte \(position)") {
                try changed.verify(rules)
            }
        }
    }

    @Test func `a changed trusted comment is refused by name`() throws {
        var signed = try signed()
        let text = String(decoding: signed.minisig, as: UTF8.self)
        signed.minisig = Array(text.replacing("sequence:7", with: "sequence:8").utf8)
        #expect(throws: ManifestRefusal.badCommentSignature) { try signed.verify(rules()) }
    }

    @Test(arguments: [
        "", "untrusted comment: x\n", "untrusted comment: x\nRWQ=\ntrusted comment: y\nAAAA\n",
        "\n\n\n\n",
    ])
    func `a text that isn't a signature is refused`(text: String) throws {
        var signed = try signed()
        signed.minisig = Array(text.utf8)
        #expect(throws: ManifestRefusal.malformedSignature) { try signed.verify(rules()) }
    }

    @Test func `the newer form of minisign is refused with a hint`() throws {
        var signed = try signed()
        let text = String(decoding: signed.minisig, as: UTF8.self)
        signed.minisig = Array(text.replacing("\nRW", with: "\nRU").utf8)
        #expect(throws: ManifestRefusal.malformedSignature) { try signed.verify(rules()) }
        #expect("\(ManifestRefusal.malformedSignature)".contains("minisign -S -l"))
    }

    @Test func `another major version is refused, a later minor one is read`() throws {
        for version in ["3.0", "0.9", "10.0"] {
            #expect(throws: ManifestRefusal.unknownVersion(version)) {
                try forged(#""version":"2.0","window""#, #""version":"\#(version)","window""#)
                    .verify(rules())
            }
        }
        let later = try forged(
            #""version":"2.0","window""#,
            #""version":"2.12","weather":{"rain":[1,true,null]},"window""#
        ).verify(rules())
        #expect(later.content.minor == 12)
    }

    @Test func `unknown members are ignored unless they are critical`() throws {
        let unknown = try forged(#""device""#, #""darkness":1,"device""#).verify(rules())
        #expect(unknown.content == night.index.draft(forDevice: 2).content)
        let known = #""critical":["caps","fetch"],"darkness":1,"device""#
        _ = try forged(#""device""#, known).verify(rules())
        #expect(throws: ManifestRefusal.unknownCritical(["darkness"])) {
            try forged(#""device""#, #""critical":["caps","darkness"],"darkness":1,"device""#)
                .verify(rules())
        }
    }

    @Test(arguments: [
        (#""schema":"mediaplan-manifest""#, #""schema":"other""#),
        (#""version":"2.0","window""#, #""version":"1","window""#),
        (#""version":"2.0","window""#, #""version":"1.00","window""#),
        (#""version":"2.0","window""#, #""version":"1.-1","window""#),
        (#""sequence":7"#, #""sequence":7.0"#), (#""sequence":7"#, #""sequence":7e0"#),
        (#""sequence":7"#, #""sequence":0"#), (#""sequence":7"#, #""sequence":"7""#),
        (#""sequence":7"#, #""sequence":9007199254740992"#),
        (#""sequence":7"#, #""sequence":7,"sequence":7"#), (#""sequence":7,"#, ""),
        (#""night":"2026-11-23""#, #""night":"2026-02-30""#),
        (#""expires":"2026-11-23T23:00:00Z""#, #""expires":"2026-11-23T23:00:00+00:00""#),
        (#""expires":"2026-11-23T23:00:00Z""#, #""expires":"2026-11-23T20:00:00Z""#),
        (#""chunks":[1,2]"#, #""chunks":[2,1]"#), (#""chunks":[1,2]"#, #""chunks":[1,3]"#),
        (#""chunks":[1,2]"#, #""chunks":[1]"#), (#""chunks":[1,2]"#, #""chunks":[-1,2]"#),
        (#""chunks":[0,4],"ends""#, #""chunks":[0,5],"ends""#),
        (#""offset":1024"#, #""offset":1023"#), (#""bytes":2048"#, #""bytes":2047"#),
        (#""role":"listen""#, #""role":"wait""#), (#""area":"wish""#, #""area":"bought""#),
        (#""rate_kbps":1"#, #""rate_kbps":0"#),
        (#""item":"example.com~2FBETA@2~20b""#, #""item":"example.com~2FBETA@3""#),
        (#""title":"example.com/BETA""#, #""title":"example.com/beta""#),
        (#""index_known":false"#, #""index_known":true"#),
        (#""index":null"#, #""index":"""#), (#""fetch_bytes":6589"#, #""fetch_bytes":5564"#),
        (#""chunk_bytes":1024"#, #""chunk_bytes":9007199254740991"#),
        (#""chunks":5,"completes""#, #""chunks":4,"completes""#),
        (#""offset":3500}"#, #""offset":3501}"#), (#""serve":[]"#, #""serve":{}"#),
        (#""starts":"2026-11-23T20:15:00Z""#, #""starts":"2026-11-23T21:15:00Z""#),
        (#"{"caps""#, #"{"caps":{},"caps""#), (#"{"caps""#, #" ["caps""#),
        (#""token":"8"#, #""token":"F"#), (#""token":"8"#, #""token":""#),
        (#""token":"859e409cd16145076eb9592d57469165","#, ""),
        (
            #""token":"859e409cd16145076eb9592d57469165""#,
            #""token":"08d8bb1627eff10ba711496a65d40cfa""#
        ), (#""address":"10.0.0.11:7070""#, #""address":"10.0.0.11""#),
        (#""address":"10.0.0.11:7070""#, #""address":"10.0.0.11:0""#),
        (#""address":"10.0.0.11:7070""#, #""address":"::1:7070""#),
        (#""address":"10.0.0.11:7070""#, #""address":"a/b:7070""#),
        (#""address":"10.0.0.11:7070","#, ""),
        (#""id":"box-d","kind""#, #""address":"10.0.0.9:7070","id":"box-d","kind""#),
        (#""id":"box-d","kind""#, #""id":"box-c","kind""#),
        (#""id":"box a/1","kind""#, #""id":"box-c","kind""#),
        (#""kind":"device""#, #""kind":"origin""#),
        (#""base_url":"https://far.example.com","id""#, #""id""#),
        (#""id":"far","kind":"origin""#, #""id":"far","kind":"origin","token":"""#),
        (
            #""base_url":"http://10.0.0.1/vod","id":"near""#,
            #""base_url":"https://far.example.com","id":"far""#
        ),
        (#""path":"example.com~2FALPHA@1.0""#, #""path":"blobs/12""#),
        (#""path":"example.com~2FALPHA@1.0""#, #""path":"example.com~2FBETA@2~20b""#),
        (#""path":"example.com~2FALPHA@1.0""#, #""path":"/etc/passwd""#),
        (#""path":"example.com~2FALPHA@1.0","#, ""), (#""path":"blobs/"#, #""path":"blobs/0"#),
        (#""path":"blobs/"#, #""path":"blobs"#),
        (#""up_kbps":100"#, #""up_kbps":-1"#), (#""rates""#, #""rate""#),
        (#""reserve_bytes":5565"#, #""reserve_bytes":5566"#),
        (#"{"caps""#, #"{"ahead_seconds":0,"caps""#),
        (#"{"caps""#, #"{"ahead_seconds":11,"caps""#),
        (#""plan":"#, #""origin_patience_seconds":-1,"plan":"#),
        (#""standby":[{"#, #""standby":[[],{"#),
        (#""standby":[{"bytes":3517"#, #""standby":[{"bytes":0"#),
        (
            #""standby":[{"bytes":3517,"destination":{"id""#,
            #""standby":[{"bytes":3517,"destination":{"address":"a:1","id""#
        ),
        (#"{"id":"box-b","kind":"device"},"item""#, #"{"id":"box a/1","kind":"device"},"item""#),
        (#"{"id":"box-b","kind":"device"},"item""#, #"{"id":"aox-b","kind":"device"},"item""#),
        (
            #"{"id":"box-b","kind":"device"},"item":"example.com~2FALPHA@1.0""#,
            #"{"id":"box-b","kind":"device"},"item":"example.com~2FX@1.0""#
        ),
    ])
    func `a signed mistake is refused as malformed`(part: String, replacement: String) throws {
        let signed = try forged(part, replacement)
        let rules = try rules()
        #expect {
            _ = try signed.verify(rules)
        } throws: {
            guard case ManifestRefusal.malformed(let what)? = $0 as? ManifestRefusal else {
                return false
            }
            return !what.isEmpty
        }
    }

    @Test func `sums that don't fit are refused, not computed`() throws {
        let big = #""bytes":9007199254740991,"kind":"movie","name":"beta.mpg","offset":0"#
        for files in [1, 2_000] {
            let more = String(
                repeating:
                    #",{"bytes":9007199254740991,"kind":"","name":"","offset":9007199254740991}"#,
                count: files)
            #expect(throws: ManifestRefusal.self) {
                try forged(
                    #"{"bytes":4096,"kind":"movie","name":"beta.mpg","offset":0}"#,
                    "{\(big)}\(more)"
                ).verify(rules())
            }
        }
    }

    @Test func `every refusal has a sentence of its own`() {
        let refusals: [ManifestRefusal] = [
            .tooLarge(bytes: 2, limit: 1), .malformedSignature, .wrongKey(keyID: "00"),
            .badSignature, .badCommentSignature, .malformed("x"), .unknownVersion("3.0"),
            .unknownCritical(["x"]), .commentMismatch, .wrongFleet("x"), .wrongDevice("x"),
            .rollback(sequence: 1, seen: 2), .conflict(sequence: 1),
            .notYetValid(notBefore: Instant(seconds: 0)), .expired(at: Instant(seconds: 0)),
        ]
        let sentences = refusals.map(\.description)
        #expect(Set(sentences).count == refusals.count)
        #expect(sentences.allSatisfy { $0.hasPrefix("the ") || $0.hasPrefix("another ") })
    }
}
