import Foundation
import Quantities
import TestSupport
import Testing

@testable import CanonicalJSON

@Suite struct JSONTests {
    private func read(_ text: String) -> JSONValue? {
        try? StrictJSONReader.read(Array(text.utf8))
    }

    @Test(arguments: [
        ("null", JSONValue.null), (" true ", .flag(true)), ("\t\r\nfalse\n", .flag(false)),
        ("0", .integer(0)), ("-1", .integer(-1)),
        ("9007199254740991", .integer(9_007_199_254_740_991)),
        ("-9007199254740991", .integer(-9_007_199_254_740_991)),
        (#""\"\\\/\b\f\n\r\t""#, .text("\"\\/\u{8}\u{c}\n\r\t")),
        (#""\u00e9\uD83D\uDE00""#, .text("é😀")), ("\"é\u{7F}\u{2028}\"", .text("é\u{7F}\u{2028}")),
        ("[]", .array([])), ("[ 1 , [ ] ]", .array([.integer(1), .array([])])),
        ("{}", .object([])),
        (
            #"{"b":1,"a":"x"}"#,
            .object([
                JSONMember(key: "b", value: .integer(1)), JSONMember(key: "a", value: .text("x")),
            ])
        ),
    ])
    func `what is JSON to everyone is read`(text: String, value: JSONValue) {
        #expect(read(text) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "True", "1 2", "[1,]", "[1", "[,1]", "{", #"{"a"}"#, #"{"a":}"#,
        #"{"a":1,}"#, #"{a:1}"#, #"{'a':1}"#, #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, "01",
        "-", "-0", "+1", "1.0", "1e3", "1E3", ".5", "0x10", "NaN", "Infinity",
        "9007199254740992", "-9007199254740992", "99999999999999999999999999",
        #"""#, #""\x""#, #""\u12""#, #""\uD800""#, #""\uD800\u0041""#, #""\uDC00""#,
        #""\uDC00\uD800""#, "\"\n\"", "\"\u{0}\"", "/* */ 1", "\u{FEFF}1", "[1]]", "{}{}",
    ])
    func `what readers could take differently is refused`(text: String) {
        #expect(read(text) == nil)
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0x22, 0xC3, 0x22],
        ] as [[UInt8]])
    func `what isn't UTF-8 is refused`(bytes: [UInt8]) {
        #expect(throws: JSONFault.self) { try StrictJSONReader.read(bytes) }
    }

    @Test func `sixteen levels are read, more are refused`() {
        func nested(_ levels: Int) -> String {
            String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        }
        #expect(read(nested(16)) != nil)
        #expect(read(nested(17)) == nil)
        #expect(read(String(repeating: "[", count: 1_000_000)) == nil)
        #expect(read(String(repeating: #"{"a":"#, count: 100_000)) == nil)
    }

    @Test func `a fault says where`() {
        #expect(throws: JSONFault(offset: 6, message: "a number isn't an integer")) {
            try StrictJSONReader.read(Array(#"{"a":1.5}"#.utf8))
        }
    }

    @Test func `strings are written with the shortest escapes of RFC 8785`() {
        var writer = CanonicalWriter()
        writer.value(String(decoding: (0..<0x80).map { UInt8($0) }, as: UTF8.self) + "é😀\u{2028}")
        let expected =
            #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#
            + #"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c"#
            + ##"\u001d\u001e\u001f !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"##
            + "[\\\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\u{7F}é😀\u{2028}\""
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    @Test func `commas stand between members and elements, nothing else does`() {
        var writer = CanonicalWriter()
        writer.object { writer in
            writer.member("a", array: [1, 2] as [Int64]) { $0.value($1) }
            writer.member("b", object: { $0.member("c", true) })
            writer.member("d", object: { _ in })
            writer.member("e", Instant(seconds: -1))
        }
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"a":[1,2],"b":{"c":true},"d":{},"e":"1969-12-31T23:59:59Z"}"#)
    }

    @Test func `what is written is read back`() throws {
        var random = SplitMix64(seed: 11)
        for _ in 0..<500 {
            let value = random.value(depth: 0)
            var writer = CanonicalWriter()
            writer.write(value)
            #expect(try StrictJSONReader.read(writer.bytes) == value)
        }
    }

    /// The second opinion: Python's reader with the same refusals switched on.
    private static let python = """
        import base64, json, sys
        def pairs(p):
            if len(dict(p)) < len(p): raise ValueError
            return dict(p)
        def integer(t):
            if t == '-0' or abs(int(t)) > 2**53 - 1: raise ValueError
            return int(t)
        def no(t): raise ValueError
        def depth(v):
            if isinstance(v, dict): return 1 + max([depth(x) for x in v.values()], default=0)
            if isinstance(v, list): return 1 + max([depth(x) for x in v], default=0)
            return 0
        for line in sys.stdin:
            try:
                text = base64.b64decode(line).decode('utf-8')
                if text[:1] == chr(0xFEFF): raise ValueError
                v = json.loads(text, object_pairs_hook=pairs, parse_int=integer, parse_float=no,
                               parse_constant=no)
                canonical = json.dumps(v, sort_keys=True, separators=(',', ':'), ensure_ascii=False)
                canonical.encode('utf-8')
                if depth(v) > 16: raise ValueError
                print('yes')
            except (ValueError, RecursionError):
                print('no')
        """

    @Test(.enabled(if: isInstalled("python3"), "python3 isn't installed"))
    func `mutated manifests are read exactly when Python's strict reader takes them`() throws {
        let texts = try mutations(count: 3_000)
        let lines = texts.map { Data($0).base64EncodedString() }.joined(separator: "\n")
        let result = try run("python3", ["-c", JSONTests.python], input: Array(lines.utf8))
        try #require(result.status == 0, "\(result.output)")
        let answers = result.output.split(separator: "\n")
        try #require(answers.count == texts.count)
        var accepted = 0
        for (text, answer) in zip(texts, answers) {
            let isRead = (try? StrictJSONReader.read(text)) != nil
            accepted += isRead ? 1 : 0
            #expect(isRead == (answer == "yes"), "\(String(decoding: text, as: UTF8.self))")
        }
        #expect(accepted > 50 && accepted < texts.count - 50)
    }

    private func mutations(count: Int) throws -> [[UInt8]] {
        var random = SplitMix64(seed: 3)
        let whole = try Fixtures.bytes("manifests/box-d.json")
        return (0..<count).map { _ in random.mutated(whole, times: 1 + random.below(2)) }
    }
}

extension SplitMix64 {
    fileprivate mutating func value(depth: Int) -> JSONValue {
        switch below(depth > 3 ? 4 : 6) {
        case 0: .null
        case 1: .flag(below(2) == 0)
        case 2: .integer(Int64(truncatingIfNeeded: next()) >> Int64(11 + below(53)))
        case 3: .text(text())
        case 4: .array((0..<below(5)).map { _ in value(depth: depth + 1) })
        default:
            .object(
                (0..<below(5)).map {
                    JSONMember(key: "k\($0)", value: value(depth: depth + 1))
                })
        }
    }

    private mutating func text() -> String {
        let scalars = (0..<below(9)).compactMap { _ in
            Unicode.Scalar(UInt32([below(0x80), below(0x800), below(0x11_0000)][below(3)]))
        }
        return String(String.UnicodeScalarView(scalars))
    }
}

extension CanonicalWriter {
    fileprivate mutating func write(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .flag(let flag): self.value(flag)
        case .integer(let integer): self.value(integer)
        case .text(let text): self.value(text)
        case .array(let elements): array(elements) { $0.write($1) }
        case .object(let members):
            object { writer in
                for member in members {
                    writer.name(member.key)
                    writer.write(member.value)
                }
            }
        }
    }
}
