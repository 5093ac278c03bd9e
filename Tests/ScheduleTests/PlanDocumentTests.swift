import Quantities
import Schedule
import Testing

/// The plan's file: identity, and what damaged or hostile bytes lead to.
struct PlanDocumentTests {
    @Test func `what was encoded is decoded`() throws {
        for seed in 0..<120 as Range<UInt64> {
            var draw = PlanDraw(seed: seed)
            let document = draw.document()
            let bytes = document.encoded()
            #expect(try PlanDocument(decoding: bytes) == document, "seed \(seed)")
            #expect(document.encoded() == bytes)
        }
    }

    @Test func `other documents have other bytes`() {
        var seen: Set<[UInt8]> = []
        var documents: Set<PlanDocument> = []
        for seed in 0..<200 as Range<UInt64> {
            var draw = PlanDraw(seed: seed)
            let document = draw.document()
            documents.insert(document)
            seen.insert(document.encoded())
        }
        #expect(seen.count == documents.count)
    }

    @Test func `every field is carried`() throws {
        var draw = PlanDraw(seed: 5)
        let document = draw.document()
        for change in PlanChange.all {
            var changed = document
            change(&changed)
            #expect(changed != document)
            #expect(try PlanDocument(decoding: changed.encoded()) == changed)
        }
    }

    @Test func `a large plan takes about ten bytes a transfer`() throws {
        var draw = PlanDraw(seed: 1)
        let document = draw.document(devices: 2_000, items: 500, transfers: 20_000)
        let names = PlanDraw.bare(document).encoded().count
        #expect(document.encoded().count - names < 12 * 20_000)
    }

    @Test func `any changed byte and any early end is told`() {
        var draw = PlanDraw(seed: 7)
        let bytes = draw.document().encoded()
        for length in 0..<bytes.count {
            let error = #expect(throws: PlanDocumentError.self) {
                try PlanDocument(decoding: Array(bytes.prefix(length)))
            }
            #expect(error?.code == (length == 0 ? .notAPlan : .truncated))
        }
        for i in bytes.indices {
            for mask in [0x01, 0x80, 0xFF] as [UInt8] {
                var changed = bytes
                changed[i] ^= mask
                #expect(throws: PlanDocumentError.self) { try PlanDocument(decoding: changed) }
            }
        }
        #expect(throws: PlanDocumentError(.corrupt, "something follows the end of the plan")) {
            try PlanDocument(decoding: bytes + [0])
        }
    }

    @Test func `tells other files and later formats apart`() {
        let cases: [([UInt8], PlanDocumentError.Code)] = [
            ([], .notAPlan), (Array("{\"plan\": 1}".utf8), .notAPlan),
            ([0x1F, 0x8B, 8, 0], .notAPlan),
            ([0x89, 0x6D, 0x70, 0x6C, 0x61, 0x6E, 0x0D, 0x0A, 2, 0], .newerVersion),
            ([0x89, 0x6D, 0x70, 0x6C, 0x61, 0x6E, 0x0D, 0x0A, 1, 0xFF, 0xFF], .truncated),
            (
                [
                    0x89, 0x6D, 0x70, 0x6C, 0x61, 0x6E, 0x0D, 0x0A, 1, 0x80, 0x80, 0x80, 0x80, 0x80,
                    0x80, 0x80, 0x80, 0x80, 0x01,
                ], .truncated
            ),
        ]
        for (bytes, code) in cases {
            let error = #expect(throws: PlanDocumentError.self) {
                try PlanDocument(decoding: bytes)
            }
            #expect(error?.code == code)
            #expect(error?.description.contains(code.rawValue) == true)
        }
    }

    /// Changes inside the body with the checksum put right, so that only the reader's own checks
    /// are left.
    @Test func `hostile bytes never trap, and what is decoded is within its tables`() throws {
        var random = SplitMix64(seed: 9)
        var refused = 0
        var taken = 0
        for seed in 0..<60 as Range<UInt64> {
            var draw = PlanDraw(seed: seed)
            let bytes = draw.document().encoded()
            for _ in 0..<60 {
                var body = Array(bytes.dropFirst(PlanDraw.headBytes(bytes)).dropLast(8))
                for _ in 0...random.below(3) { PlanDraw.mutate(&body, &random) }
                do {
                    let document = try PlanDocument(decoding: PlanDraw.sealed(body))
                    #expect(PlanDraw.isWithinTables(document))
                    #expect(try PlanDocument(decoding: document.encoded()) == document)
                    taken += 1
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > 500)
        #expect(taken > 200)
    }
}
