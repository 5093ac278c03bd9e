package import Foundation

/// Where the repository's own files lie, from any test.
package enum Fixtures {
    /// The folder that holds `Package.swift`.
    package static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// `Fixtures/` with `path` appended.
    package static func url(_ path: String = "") -> URL {
        root.appending(path: "Fixtures").appending(path: path)
    }

    /// The bytes of `Fixtures/path`.
    package static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: url(path)))
    }

    /// Runs `body` with a fresh folder that is removed afterwards.
    package static func withFolder<T>(_ body: (URL) throws -> T) throws -> T {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "mediaplan-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }
}
