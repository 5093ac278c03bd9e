/// Man pages and fixtures are in step with what they serve.
enum ManualRules {
    /// The names of all commands but the root: what `commandName` says, else the type's name as
    /// ArgumentParser spells it.
    static func commands(_ files: [SourceText]) -> [String] {
        var names: [String] = []
        for file in files where file.module == "Commands" && file.isSource {
            var types = 0
            for (line, code) in zip(file.lines, file.code) {
                if let type = code.firstMatch(of: #/struct (\w+): (?:[^{]*, )?\w*Command\b/#) {
                    names.append(hyphenated(type.output.1))
                    types += 1
                }
                if types > 0, let name = line.firstMatch(of: #/commandName: "([\w-]+)"/#) {
                    names[names.count - 1] = String(name.output.1)
                }
            }
        }
        return Set(names).subtracting(["mediaplan"]).sorted()
    }

    /// `ShowPlan` as `show-plan`.
    private static func hyphenated(_ type: Substring) -> String {
        type.reduce(into: "") { name, character in
            if character.isUppercase, !name.isEmpty { name += "-" }
            name += character.lowercased()
        }
    }

    /// Every command has a page of its own or a section, a list item or a synopsis line in
    /// another's.
    static func missing(commands: [String], pages: [String: String]) -> [Finding] {
        commands.filter { command in
            pages["mediaplan-\(command).1"] == nil
                && !pages.values.contains { mentions(command, in: $0) }
        }.map {
            Finding(
                path: "man/mediaplan-\($0).1", line: 0,
                message: "the command \($0) has neither a page nor a section (.Ss, .It Cm or .Cm)")
        }
    }

    private static func mentions(_ command: String, in page: String) -> Bool {
        page.split(separator: "\n").contains { line in
            let words = line.split(separator: " ").map(String.init)
            guard let macro = words.first else { return false }
            return [".Ss", ".It", ".Cm", ".Nm"].contains(macro)
                && words.dropFirst().contains(command)
        }
    }

    /// Every page of a command is of one that exists.
    static func orphans(commands: [String], pages: [String: String]) -> [Finding] {
        pages.keys.sorted().filter { $0.hasPrefix("mediaplan-") && $0.hasSuffix(".1") }
            .filter { !commands.contains(String($0.dropFirst(10).dropLast(2))) }
            .map { Finding(path: "man/\($0)", line: 0, message: "there is no such command") }
    }

    /// Every `.Xr` to a page of ours leads to one that exists.
    static func brokenReferences(pages: [String: String]) -> [Finding] {
        pages.sorted { $0.key < $1.key }.flatMap { file, text in
            text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
                number, line in
                guard let match = line.firstMatch(of: #/^\.(?:It )?Xr (mediaplan[\w.-]*) (\d)/#),
                    pages["\(match.output.1).\(match.output.2)"] == nil
                else { return nil }
                return Finding(
                    path: "man/\(file)", line: number + 1,
                    message: "there is no page \(match.output.1)(\(match.output.2))")
            }
        }
    }

    /// Every fixture is named by a test or the README: the file, or in quotes the folder that it
    /// lies in.
    static func unused(fixtures: [String], texts: [String]) -> [Finding] {
        var files: Set<Substring> = []
        var quoted: Set<Substring> = []
        for line in texts.flatMap({ $0.split(separator: "\n") }) {
            for (place, piece) in line.split(separator: "\"", omittingEmptySubsequences: false)
                .enumerated()
            {
                if place % 2 == 1 { quoted.insert(piece.hasSuffix("/") ? piece.dropLast() : piece) }
                for word in piece.split(whereSeparator: { " `()[],".contains($0) }) {
                    files.insert(word.split(separator: "/").last ?? word)
                }
            }
        }
        return fixtures.filter { path in
            let parts = path.split(separator: "/")
            let folders = parts.dropFirst().dropLast()
            let folder = folders.joined(separator: "/")
            return !files.contains(parts[parts.count - 1]) && !quoted.contains(folder[...])
                && !quoted.contains(folders.last ?? "")
        }.map {
            Finding(
                path: $0, line: 0, message: "no test and no README names this fixture or its folder"
            )
        }
    }
}
