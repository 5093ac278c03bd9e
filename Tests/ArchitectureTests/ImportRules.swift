/// Who may import what.
enum ImportRules {
    /// Modules of the toolchain that code at the edge may use.
    static let toolchain: Set = [
        "Foundation", "Glibc", "Dispatch", "Synchronization", "Testing", "RegexBuilder",
    ]

    /// Behind which doors outside code stands: the folders whose files may import it.
    static let doors = [
        "GRDB": ["Sources/Store/"],
        "ArgumentParser": ["Sources/Commands/", "Sources/mediaplan/", "Sources/mediaplan-agent/"],
        "Crypto": [
            "Sources/Manifest/", "Sources/Content/", "Sources/Nightly/", "Sources/Agent/",
        ],
        "Yams": ["Sources/Nightly/"],
        "CLibXML2": ["Sources/Feeds/XML/"],
        "CZlib": ["Sources/Feeds/Compression/"],
        "CZstd": ["Sources/Feeds/Compression/"],
    ]

    /// The module that a line of code imports, nil when it imports none.
    static func imported(_ line: String) -> String? {
        // Most lines are none: look at their first letter before asking a pattern.
        guard let first = line.utf8.first(where: { $0 != 32 }), "@ip".utf8.contains(first),
            line.contains("import ")
        else { return nil }
        let match = line.firstMatch(
            of: #/^ *(?:@\w+\s+)*(?:package |public |internal |private )?import (?:\w+ )?([\w.]+)$/#
        )
        return match.map { String($0.output.1.prefix { $0 != "." }) }
    }

    /// Every import is listed for its module in `Package.swift`.
    static func unlisted(_ file: SourceText, _ package: PackageFile) -> [Finding] {
        guard !file.module.isEmpty else { return [] }
        guard let target = package.target(ofFolder: file.module) else {
            return [
                Finding(
                    path: file.path, line: 0, message: "no target of Package.swift owns this folder"
                )
            ]
        }
        return file.code.enumerated().compactMap { number, line in
            guard let name = imported(line), name != target.name,
                let message = refusal(of: name, to: target, in: file)
            else { return nil }
            return Finding(path: file.path, line: number + 1, message: message)
        }
    }

    private static func refusal(
        of name: String, to target: PackageFile.Target, in file: SourceText
    ) -> String? {
        let short = file.path.split(separator: "/").dropFirst().joined(separator: "/")
        if toolchain.contains(name) {
            return target.kind == .pure
                ? "\(short) imports \(name): \(target.name) is pure; pass the value in" : nil
        }
        guard target.imports.contains(name) else {
            return "\(short) imports \(name), which Package.swift doesn't list for \(target.name): "
                + "let the layer that composes the two translate, or list it if the arrow is right"
        }
        if let doors = doors[name], file.isSource, !doors.contains(where: file.path.hasPrefix) {
            return
                "\(short) imports \(name), which stays behind \(doors.joined(separator: " and ")): "
                + "ask that module for what you need"
        }
        return nil
    }

    /// Nothing imports upwards: a module lists only modules above it in `Package.swift`, a pure one
    /// only pure ones.
    static func upwards(_ package: PackageFile) -> [Finding] {
        let places = Dictionary(
            package.targets.enumerated().map { ($0.element.name, $0.offset) },
            uniquingKeysWith: { first, _ in first })
        return package.targets.enumerated().flatMap { place, target in
            target.imports.compactMap { name -> Finding? in
                guard let other = places[name] else {
                    return package.products.contains(name)
                        ? nil : finding("\(target.name) lists \(name), which is no target")
                }
                let kind = package.targets[other].kind
                if kind == .system { return nil }
                if other >= place, target.kind != .tests {
                    return finding(
                        "\(target.name) lists \(name), which stands below it: turn the arrow")
                }
                if target.kind == .pure, kind != .pure {
                    return finding("\(target.name) is pure and lists \(name), which is not")
                }
                return nil
            }
        }
    }

    /// Every module has its folder and every folder its module.
    static func folders(_ package: PackageFile, sources: [String], tests: [String]) -> [Finding] {
        let modules = package.targets.filter { $0.kind != .tests && $0.kind != .support }.map(
            \.name)
        let testModules = package.targets.filter { $0.kind == .tests }.map(\.name)
        return Set(modules).symmetricDifference(sources).sorted().map {
            finding("module and folder Sources/\($0) don't both exist")
        }
            + Set(testModules).subtracting(tests).sorted().map {
                finding("test module \($0) has no folder in Tests")
            }
    }

    private static func finding(_ message: String) -> Finding {
        Finding(path: "Package.swift", line: 0, message: message)
    }
}
