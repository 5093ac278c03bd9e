import Foundation

/// Compares what a test produced with a file kept in the repository.
///
/// With `MEDIAPLAN_RECORD=1` in the environment the file is written and the
/// comparison still fails, so that a recording run is never taken for a pass.
package enum GoldenFile {
    /// What differs from `Fixtures/path`, nil when nothing does.
    ///
    ///     #expect(GoldenFile.difference(of: manifest, from: "golden/manifest.json") == nil)
    package static func difference(of bytes: [UInt8], from path: String) -> String? {
        let file = Fixtures.url(path)
        if ProcessInfo.processInfo.environment["MEDIAPLAN_RECORD"] == "1" {
            return record(bytes, to: file)
        }
        guard let kept = try? Data(contentsOf: file) else {
            return "\(file.path) can't be read; run with MEDIAPLAN_RECORD=1 to write it"
        }
        guard kept != Data(bytes) else { return nil }
        return firstDifference(Array(kept), bytes, file: file.path)
    }

    /// The same for text.
    package static func difference(of text: String, from path: String) -> String? {
        difference(of: Array(text.utf8), from: path)
    }

    private static func record(_ bytes: [UInt8], to file: URL) -> String {
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
            return "recorded \(file.path); run again without MEDIAPLAN_RECORD"
        } catch {
            return "\(file.path) can't be written: \(error)"
        }
    }

    private static func firstDifference(_ kept: [UInt8], _ made: [UInt8], file: String) -> String {
        let keptLines = lines(kept)
        let madeLines = lines(made)
        for (number, pair) in zip(keptLines, madeLines).enumerated() where pair.0 != pair.1 {
            return "\(file):\(number + 1) is \(pair.0.debugDescription), made was "
                + pair.1.debugDescription
        }
        return "\(file) has \(keptLines.count) lines, made were \(madeLines.count)"
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: 10, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
