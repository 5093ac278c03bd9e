/// How things are called and where they may lie.
enum NameRules {
    static let forbidden: Set = [
        "Utils", "Util", "Utilities", "Utility", "Common", "Core", "Helpers", "Helper", "Manager",
        "Managers", "Misc",
    ]
    static let topLevel: Set = [
        "Package.swift", "Sources", "Tests", "Fixtures", "README.md", "man",
    ]

    /// Folders and files are called after what they hold.
    static func vague(_ paths: [String]) -> [Finding] {
        paths.compactMap { path in
            let parts = path.split(separator: "/").map { $0.prefix { $0 != "." } }
            guard let name = parts.first(where: { !forbidden.isDisjoint(with: words($0)) }) else {
                return nil
            }
            return Finding(
                path: path, line: 0,
                message: "\(name) says nothing: name it after the concept that it holds")
        }
    }

    /// The words of a name in camel case.
    private static func words(_ name: Substring) -> [String] {
        var words: [String] = []
        for character in name {
            if character.isUppercase || words.isEmpty {
                words.append(String(character))
            } else {
                words[words.count - 1].append(character)
            }
        }
        return words
    }

    /// The top of the repository holds a known few; what git ignores is not there.
    static func stray(_ names: [String]) -> [Finding] {
        let known = topLevel.sorted().joined(separator: ", ")
        let strays = names.filter {
            !topLevel.contains($0) && !$0.hasPrefix(".") && $0 != "Package.resolved"
        }
        return strays.sorted().map {
            Finding(
                path: $0, line: 0, message: "the repository's top holds only \(known) and dotfiles")
        }
    }
}
