/// Words that a kind of module may not use.
enum PurityRules {
    private struct Ban {
        let words: [String]
        let advice: String
    }

    /// What would bring I/O, a clock or entropy into a pure module.
    private static let pure = [
        Ban(
            words: [
                "Date()", "Date.now", "ContinuousClock", "SuspendingClock", "DispatchTime",
                "clock_gettime(", "gettimeofday(", "time(nil)", "Task.sleep", "sleep(",
            ], advice: "it has no clock; take the time as an argument"),
        Ban(
            words: [
                ".random(", ".randomElement(", ".shuffled()", ".shuffle()", "UUID()", "arc4random",
                "getrandom(", "SystemRandomNumberGenerator", "Hasher()", ".hashValue",
            ], advice: "it has no entropy; take a seed and use SplitMix64"),
        Ban(
            words: [
                "print(", "debugPrint(", "dump(", "readLine(", "FileManager", "FileHandle",
                "fopen(",
                "getenv(", "ProcessInfo", "CommandLine", "URLSession", "Process()", "exit(",
            ], advice: "it does no I/O; return the value and let the caller act"),
    ]

    /// What no module does, and what only one does.
    private static let everywhere = [
        Ban(words: ["try!"], advice: "handle the error"),
        Ban(words: ["as!"], advice: "use as? and handle nil"),
    ]
    private static let printing = Ban(
        words: ["print(", "debugPrint(", "dump("], advice: "Console is the one that prints")

    static func banned(_ file: SourceText, _ package: PackageFile) -> [Finding] {
        guard file.isSource, let target = package.target(ofFolder: file.module) else { return [] }
        var bans = everywhere
        if target.kind == .pure { bans += pure }
        if target.kind == .edge, target.name != "Console" { bans.append(printing) }
        let named = bans.flatMap { ban in ban.words.map { ($0, ban.advice) } }
            .filter { file.names.isSuperset(of: SourceText.names(in: $0.0.utf8)) }
        guard !named.isEmpty else { return [] }
        return file.code.enumerated().flatMap { number, line in
            named.filter { uses($0.0, line) }.map { word, advice in
                Finding(
                    path: file.path, line: number + 1,
                    message: "\(target.name) uses \(word): \(advice)")
            }
        }
    }

    /// Whether `line` has `word` that is no part of a longer name. A declaration of that name is
    /// none.
    static func uses(_ word: String, _ line: String) -> Bool {
        guard line.contains(word) else { return false }
        func isName(_ character: Character?) -> Bool {
            character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
        }
        for range in line.ranges(of: word) {
            let before = line[..<range.lowerBound]
            let after = line[range.upperBound...]
            let joinsBefore = isName(word.first) && (isName(before.last) || before.last == ".")
            let joinsAfter = isName(word.last) && isName(after.first)
            if !joinsBefore, !joinsAfter, !before.hasSuffix("func ") { return true }
        }
        return false
    }
}
