package import Quantities

extension SplitMix64 {
    /// The bytes of a JSON text with some of them changed, dropped, doubled or replaced by words
    /// of JSON, `times` times over.
    package mutating func mutated(_ bytes: [UInt8], times: Int) -> [UInt8] {
        let words = [
            "\"", "\\", "{", "}", "[", "]", ",", ":", "-", "0", ".5", "e1", "null", "\\u0041",
            "\\ud800", " ", "\n", "\u{0}", "é", "9999999999999999", "\"a\":1,", "true",
        ].map { Array($0.utf8) }
        var bytes = bytes
        for _ in 0..<times where !bytes.isEmpty {
            let at = below(bytes.count)
            let end = min(bytes.count, at + below(12))
            switch below(6) {
            case 0: bytes[at] = UInt8(below(256))
            case 1: bytes[at] ^= UInt8(1 << below(8))
            case 2: bytes.removeSubrange(at..<end)
            case 3: bytes.insert(contentsOf: Array(bytes[at..<end]), at: below(bytes.count))
            case 4: bytes.insert(contentsOf: words[below(words.count)], at: at)
            default: bytes.replaceSubrange(at..<end, with: words[below(words.count)])
            }
        }
        return bytes
    }
}
