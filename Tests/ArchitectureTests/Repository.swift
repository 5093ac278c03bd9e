import Foundation

/// The repository that these tests stand in.
enum Repository {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let package = PackageFile(text("Package.swift"))

    /// All Swift files of `Sources` and `Tests`, by path.
    static let files = (paths(below: "Sources") + paths(below: "Tests"))
        .filter { $0.hasSuffix(".swift") }.map { SourceText($0, text($0)) }

    /// Man pages by file name.
    static let pages = Dictionary(
        uniqueKeysWithValues: paths(below: "man").map {
            (String($0.dropFirst("man/".count)), text($0))
        })

    static func text(_ path: String) -> String {
        (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    }

    /// Names in a folder, ascending; none when it isn't there.
    static func names(in folder: String) -> [String] {
        let path = root.appending(path: folder).path(percentEncoded: false)
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// Regular files below a folder, ascending, relative to the root.
    static func paths(below folder: String) -> [String] {
        let path = root.appending(path: folder).path(percentEncoded: false)
        return ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).sorted()
            .filter { name in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(
                    atPath: path + "/" + name, isDirectory: &isFolder)
                    && !isFolder.boolValue
            }.map { folder + "/" + $0 }
    }
}
