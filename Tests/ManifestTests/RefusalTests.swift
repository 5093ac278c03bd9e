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
        for version in ["2.0", "4.0", "0.9", "10.0"] {
            #expect(throws: ManifestRefusal.unknownVersion(version)) {
                try forged(#""version":"3.0","window""#, #""version":"\#(version)","window""#)
                    .verify(rules())
            }
        }
        let later = try forged(
            #""version":"3.0","window""#,
            #""version":"3.12","weather":{"rain":[1,true,null]},"window""#
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
        (#""version":"3.0","window""#, #""version":"1","window""#),
        (#""version":"3.0","window""#, #""version":"1.00","window""#),
        (#""version":"3.0","window""#, #""version":"1.-1","window""#),
        (#""sequence":7"#, #""sequence":7.0"#), (#""sequence":7"#, #""sequence":7e0"#),
        (#""sequence":7"#, #""sequence":0"#), (#""sequence":7"#, #""sequence":"7""#),
        (#""sequence":7"#, #""sequence":9007199254740992"#),
        (#""sequence":7"#, #""sequence":7,"sequence":7"#), (#""sequence":7,"#, ""),
        (#""night":"2026-11-23""#, #""night":"2026-02-30""#),
        (#""expires":"2026-11-23T23:00:00Z""#, #""expires":"2026-11-23T23:00:00+00:00""#),
        (#""expires":"2026-11-23T23:00:00Z""#, #""expires":"2026-11-23T20:00:00Z""#),
        (#"[1,1,0,1,2,1]"#, #"[1,1,0,2,1,1]"#), (#"[1,1,0,1,2,1]"#, #"[1,1,0,1,4,1]"#),
        (#"[1,1,0,1,2,1]"#, #"[1,1,0,1,2]"#), (#"[1,1,0,1,2,1]"#, #"[1,1,0,1,2,1,1,1]"#),
        (#"[1,1,0,1,2,1]"#, #"[1,1,0,-1,2,1]"#), (#"[1,1,0,1,2,1]"#, #"[1,1,0,1,2,0]"#),
        (#"[1,1,0,1,2,1]"#, #"[1,1,0,1,2,1,0]"#), (#"[1,1,0,1,2,1]"#, #"[1,1,0,1,2,1,"2"]"#),
        (#"[1,1,0,1,2,1]"#, #"[1,3,0,1,2,1]"#), (#"[1,1,0,1,2,1]"#, #"[1,1,7,1,2,1]"#),
        (#"[1,1,0,1,2,1]"#, #"[9,1,0,1,2,1]"#), (#"[1,1,0,1,2,1]"#, #"[99999999,1,0,1,2,1]"#),
        (#"[1,1,0,1,2,1]"#, #"[1,1,4,1,2,1]"#), (#"[1,1,0,1,2,1]"#, #"{}"#),
        (#"[1,1,0,1,2,1]"#, #"[1,1,2,1,2,1]"#), (#""serve":[]"#, #""serve":[[1,1,5,0,0,1]]"#),
        (#""serve":[]"#, #""serve":[[1,1,0,0,0,1]]"#), (#""serve":[]"#, #""serve":{}"#),
        (#""remove":[[1,2,0,2]]"#, #""remove":[[1,2,0,3]]"#),
        (#""remove":[[1,2,0,2]]"#, #""remove":[[1,2,0]]"#),
        (#""wish":true}"#, #""wish":1}"#), (#""completes":true"#, #""completes":"yes""#),
        (#""key":"example.com~2FBETA@2~20b""#, #""key":"example.com~2FBETA@3""#),
        (#""title":"example.com/BETA""#, #""title":"example.com/beta""#),
        (#""title":"example.com/BETA","version":"2 b","#, #""title":"example.com/BETA","#),
        (#""key":"example.com~2FALPHA@1.0""#, #""key":"z~2FALPHA@1.0""#),
        (#""index":"8ed3"#, #""index":"8ED3"#), (#""index":"8ed3"#, #""index":"ed3"#),
        (#""fetch_bytes":6589"#, #""fetch_bytes":5564"#),
        (#""cut":[1024,4096]"#, #""cut":[9007199254740991,9007199254740991]"#),
        (#""cut":[1024,4096]"#, #""cut":[1,9007199254740991]"#),
        (#""cut":[1024,4096]"#, #""cut":[1024]"#), (#""cut":[1024,4096]"#, #""cut":[0,4096]"#),
        (#""cut":[1024,4096]"#, #""cut":[1024,0,4096]"#), (#""cut":[1024,4096]"#, #""cut":4096"#),
        (#"{"caps""#, #"{"caps":{},"caps""#), (#"{"caps""#, #" ["caps""#),
        (#""token":"4"#, #""token":"F"#), (#""token":"4"#, #""token":""#),
        (#","token":"477bb5f1edee2e8e9e413de65689c0be""#, ""),
        (
            #""token":"477bb5f1edee2e8e9e413de65689c0be""#,
            #""token":"439dc89ccbc46d1cb93a4e573534a2d2""#
        ), (#""address":"10.0.0.11:7070""#, #""address":"10.0.0.11""#),
        (#""address":"10.0.0.11:7070""#, #""address":"10.0.0.11:0""#),
        (#""address":"10.0.0.11:7070""#, #""address":"::1:7070""#),
        (#""address":"10.0.0.11:7070""#, #""address":"a/b:7070""#),
        (#""address":"10.0.0.11:7070""#, #""address":"""#),
        (#""address":"10.0.0.11:7070","#, ""), (#""id":"box-d","#, #""id":"box-c","#),
        (#""id":"box-d","#, ""), (#""id":"box a/1""#, #""id":"box-c""#),
        (#"{"id":"box-d","#, #"{"base_url":"http://d","id":"box-d","#),
        (#""base_url":"https://far.example.com","id""#, #""id""#),
        (#""id":"far""#, #""id":"far","token":"""#),
        (#""base_url":"https://far.example.com""#, #""address":"a:1","base_url":"x""#),
        (#""fallbacks":[4,5,6]"#, #""fallbacks":[5,4,6]"#),
        (#""fallbacks":[4,5,6]"#, #""fallbacks":[5,5]"#),
        (#""fallbacks":[4,5,6]"#, #""fallbacks":[]"#),
        (#""fallbacks":[4,5,6]"#, #""fallbacks":[7]"#),
        (#""fallbacks":[4,5,6]"#, #""fallbacks":[2,5,6]"#),
        (#""path":"example.com~2FALPHA@1.0""#, #""path":"blobs/12""#),
        (#""path":"example.com~2FALPHA@1.0""#, #""path":"example.com~2FBETA@2~20b""#),
        (#""path":"example.com~2FALPHA@1.0""#, #""path":"/etc/passwd""#),
        (#""path":"blobs/"#, #""path":"blobs/0"#), (#""path":"blobs/"#, #""path":"blobs"#),
        (#""path":"example.com~2FALPHA@1.0","#, ""),
        (#""up_kbps":100"#, #""up_kbps":-1"#), (#""rates""#, #""rate""#),
        (#""reserve_bytes":5565"#, #""reserve_bytes":5566"#),
        (#"{"caps""#, #"{"ahead_seconds":0,"caps""#),
        (#"{"caps""#, #"{"ahead_seconds":11,"caps""#),
        (#""plan":"#, #""origin_patience_seconds":-1,"plan":"#),
        (#""starts":"2026-11-23T20:00:00Z","version""#, #""version""#),
        (#""standby":[["#, #""standby":[[],["#), (#"[0,2,3517]"#, #"[0,2,0]"#),
        (#"[0,2,3517]"#, #"[3,2,3517]"#), (#"[0,2,3517]"#, #"[0,6,3517]"#),
        (#"[0,2,3517]"#, #"[0,4,3517]"#), (#"[0,2,3517]"#, #"[1,2,3517]"#),
        (#"[0,2,3517]"#, #"[0,1,3517]"#), (#"[0,2,3517]"#, #"[0,3,3517]"#),
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
        for files in [1, 2_000] {
            let more = String(repeating: ",9007199254740991", count: files)
            #expect(throws: ManifestRefusal.self) {
                try forged(#""cut":[1024,4096]"#, #""cut":[1024,9007199254740991\#(more)]"#)
                    .verify(rules())
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
