import Content
import Crypto
import Foundation
import Quantities
import TestSupport
import Testing

@Suite struct ChunkSealerTests {
    private func sealer(_ salt: UInt8 = 0) throws -> ChunkSealer {
        guard let key = ContentKey(bytes: (0..<32).map { $0 &* 5 &+ salt }) else {
            throw SealFault.refused
        }
        return ChunkSealer(key)
    }

    @Test func `what is sealed is opened, and is 28 bytes longer`() throws {
        let sealer = try sealer()
        var stored: [UInt8] = []
        var opened: [UInt8] = []
        for count in [1, 2, 15, 16, 17, 72, 4068, 65_536] {
            let plain = bytes(count, seed: UInt64(count))
            try sealer.seal(plain[...], into: &stored)
            #expect(stored.count == count + StoredForm.overheadBytes)
            let nonce = sealer.nonce(ofPlain: SHA256Stream.digest(plain[...]))
            #expect(Array(stored.prefix(12)) == nonce)
            try sealer.open(stored[...], into: &opened)
            #expect(opened == plain)
        }
    }

    @Test func `equal chunks are equal when sealed, others and other titles are not`() throws {
        let one = try sealer()
        let other = try sealer(1)
        let plain = bytes(500, seed: 1)
        var (a, b, c, d): ([UInt8], [UInt8], [UInt8], [UInt8]) = ([], [], [], [])
        try one.seal(plain[...], into: &a)
        try sealer().seal(plain[...], into: &b)
        try other.seal(plain[...], into: &c)
        try one.seal(plain[1...], into: &d)
        #expect(a == b)
        #expect(a.prefix(12) != c.prefix(12))
        #expect(a.prefix(12) != d.prefix(12))
        #expect(throws: SealFault.notAuthentic) { try other.open(a[...], into: &b) }
        #expect(b == a)
    }

    @Test func `every flipped bit of a stored chunk is refused`() throws {
        let sealer = try sealer()
        let plain = bytes(40, seed: 3)
        var stored: [UInt8] = []
        var opened: [UInt8] = []
        try sealer.seal(plain[...], into: &stored)
        for place in stored.indices {
            for bit in 0..<8 {
                var changed = stored
                changed[place] ^= 1 << bit
                #expect(throws: SealFault.notAuthentic) {
                    try sealer.open(changed[...], into: &opened)
                }
            }
        }
        for count in stored.indices {
            #expect(throws: SealFault.self) { try sealer.open(stored[..<count], into: &opened) }
        }
        #expect(opened.isEmpty)
    }

    @Test func `a buffer that is used again isn't allocated again`() throws {
        let sealer = try sealer()
        let plain = bytes(10_000, seed: 4)
        var stored: [UInt8] = []
        stored.reserveCapacity(10_028)
        let before = stored.withUnsafeBufferPointer { $0.baseAddress }
        for length in [10_000, 1, 9999] { try sealer.seal(plain[..<length], into: &stored) }
        #expect(stored.withUnsafeBufferPointer { $0.baseAddress } == before)
    }

    @Test func `a key has 32 bytes`() {
        for count in [0, 16, 31, 33, 64] {
            let made = ContentKey(bytes: [UInt8](repeating: 1, count: count)) != nil
            #expect(!made)
        }
    }

    @Test(.enabled(if: PythonSealer.missing == nil, "\(PythonSealer.missing ?? "")"))
    func `another implementation gives the same stored chunks`() throws {
        var chunks: [(key: [UInt8], plain: [UInt8])] = []
        for (number, count) in [1, 16, 100, 4068, 70_000].enumerated() {
            chunks.append((bytes(32, seed: UInt64(number)), bytes(count, seed: UInt64(count))))
        }
        let expected = try PythonSealer.sealed(chunks)
        #expect(expected.count == chunks.count)
        for (chunk, expected) in zip(chunks, expected) {
            var stored: [UInt8] = []
            guard let key = ContentKey(bytes: chunk.key) else { throw SealFault.refused }
            try ChunkSealer(key).seal(chunk.plain[...], into: &stored)
            #expect(hexadecimal(stored) == expected)
        }
    }

    @Test func `the vector of the manual`() throws {
        var stored: [UInt8] = []
        guard let key = ContentKey(bytes: Array(0..<32)) else { throw SealFault.refused }
        try ChunkSealer(key).seal(Array("mediaplan".utf8)[...], into: &stored)
        #expect(hexadecimal(stored) == manualVector)
        let page = try String(
            contentsOf: Fixtures.root.appending(path: "man/mediaplan-origin.5"), encoding: .utf8)
        let digits = page.filter { $0 != "\n" }
        #expect(digits.contains(manualVector))
    }
}

/// The stored form of `mediaplan` under the key 00 01 … 1f.
private let manualVector =
    "5a4c177bf3d29c25ef35d67d70195c506d2e2d0d2d20f642cc6666cbbfaf67030436b88e70"

/// Runs `Tests/Exact/seal.py`.
enum PythonSealer {
    /// Why there is no second opinion, for a test's skip message.
    static let missing: String? = {
        let answer = try? run(input: "")
        return answer?.status == 0
            ? nil : "needs python3 with the package cryptography (pip install cryptography)"
    }()

    /// The stored form of each chunk in hexadecimal.
    static func sealed(_ chunks: [(key: [UInt8], plain: [UInt8])]) throws -> [String] {
        let lines = chunks.map {
            #"{"key": "\#(hexadecimal($0.key))", "plain": "\#(hexadecimal($0.plain))"}"# + "\n"
        }
        let answer = try run(input: lines.joined())
        #expect(answer.status == 0)
        return answer.output.split(separator: "\n").map(String.init)
    }

    private static func run(input: String) throws -> (status: Int32, output: String) {
        try Fixtures.withFolder { folder in
            let (from, to) = (folder.appending(path: "in"), folder.appending(path: "out"))
            try Data(input.utf8).write(to: from)
            try Data().write(to: to)
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [
                "python3", Fixtures.root.appending(path: "Tests/Exact/seal.py").path,
            ]
            process.standardInput = try FileHandle(forReadingFrom: from)
            process.standardOutput = try FileHandle(forWritingTo: to)
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            let output = String(decoding: try Data(contentsOf: to), as: UTF8.self)
            return (process.terminationStatus, output)
        }
    }
}
