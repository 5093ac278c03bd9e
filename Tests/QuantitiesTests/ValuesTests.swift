import Quantities
import Testing

struct DigestTests {
    private let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func `bytes and digits say the same`() throws {
        var random = SplitMix64(seed: 5)
        for _ in 0..<200 {
            let bytes = (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let digest = try #require(Digest(bytes: bytes))
            #expect(digest.bytes == bytes)
            #expect(Digest(hex: digest.hex) == digest)
            #expect(Digest(hex: digest.hex.uppercased()) == digest)
            #expect(digest.hex == digest.hex.lowercased() && digest.hex.utf8.count == 64)
        }
        #expect(Digest(hex: abc)?.hex == abc)
        #expect(Digest(hex: abc)?.bytes.first == 0xba)
        #expect(Digest(hex: abc)?.words.3 == 0xb410_ff61_f200_15ad)
    }

    @Test func `one bit makes another digest`() throws {
        let digest = try #require(Digest(hex: abc))
        for bit in 0..<256 {
            var bytes = digest.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Digest(bytes: bytes) != digest)
        }
    }

    @Test func `refuses other lengths and other characters`() {
        #expect(Digest(hex: String(abc.dropLast())) == nil)
        #expect(Digest(hex: abc + "0") == nil)
        #expect(Digest(hex: "") == nil)
        #expect(Digest(hex: "g" + abc.dropFirst()) == nil)
        #expect(Digest(hex: " " + abc) == nil)
        #expect(Digest(hex: abc.dropFirst(2) + "é") == nil)
        #expect(Digest(bytes: [UInt8](repeating: 0, count: 31)) == nil)
        #expect(Digest(bytes: [UInt8](repeating: 0, count: 33)) == nil)
    }
}

struct FractionTests {
    @Test(
        arguments: [
            ("0.8", 8, 10, 800_000), ("3", 3, 1, 3_000_000), ("0", 0, 1, 0),
            ("00.50", 50, 100, 500_000),
            ("1.000001", 1_000_001, 1_000_000, 1_000_001),
            ("0.123456789", 123_456_789, 1_000_000_000, 123_457),
            ("0.0000005", 5, 10_000_000, 0), ("0.0000015", 15, 10_000_000, 2),
            ("1000000000", 1_000_000_000, 1, 1_000_000_000_000_000),
        ] as [(String, UInt32, UInt32, Int64)])
    func `keeps a decimal exact`(
        text: String, numerator: UInt32, denominator: UInt32, millionths: Int64
    ) {
        #expect(Fraction(text) == Fraction(numerator, over: denominator))
        #expect(Fraction(text)?.millionths == millionths)
    }

    @Test(arguments: [
        "", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", " 1", "1 ", "1.2.3", "0.1234567890",
        "1000000001", "1.123456789", "4294967296", "9999999999", "9999999999.999999999", "x",
        "99999999999999999999",
    ])
    func `refuses signs, exponents and what is too long`(text: String) {
        #expect(Fraction(text) == nil)
    }
}

struct SplitMix64Tests {
    @Test func `gives the published numbers`() {
        // Of the authors' reference program in C, for seed 1234567.
        var random = SplitMix64(seed: 1_234_567)
        let first: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect(first.map { _ in random.next() } == first)
    }

    @Test(arguments: [1, 2, 3, 10, 1000, 1 << 20, 1 << 32])
    func `integers below a bound reach all of it and nothing else`(bound: Int) {
        var random = SplitMix64(seed: 6)
        let drawn = (0..<4_000).map { _ in random.below(bound) }
        #expect(drawn.allSatisfy { (0..<bound).contains($0) })
        if bound <= 10 { #expect(Set(drawn).count == bound) }
        if bound > 1 {
            let upper = drawn.filter { $0 >= bound / 2 }.count
            let share = Double(bound - bound / 2) / Double(bound)
            #expect(abs(Double(upper) / 4_000 - share) < 0.05)
        }
    }

    @Test func `units lie in the half-open interval and about its middle`() {
        var random = SplitMix64(seed: 7)
        let drawn = (0..<4_000).map { _ in random.unit() }
        #expect(drawn.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(abs(drawn.reduce(0, +) / 4_000 - 0.5) < 0.03)
    }
}

struct DiagnosticTests {
    @Test(arguments: [
        (0, 0, "f.csv: error: is bad [E_X]"), (7, 0, "f.csv:7: error: is bad [E_X]"),
        (7, 3, "f.csv:7:3: error: is bad [E_X]"), (0, 3, "f.csv: error: is bad [E_X]"),
    ])
    func `prints as compilers do`(line: Int, column: Int, printed: String) {
        let diagnostic = Diagnostic(
            .error, code: "E_X", file: "f.csv", line: line, column: column, message: "is bad",
            hint: "mend it")
        #expect(diagnostic.description == printed)
    }
}
