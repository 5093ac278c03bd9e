/// What the compiler can't check needs a comment that proves it.
enum SafetyRules {
    private static let words = [
        "@unchecked", "nonisolated(unsafe)", "unsafe", "unsafeBitCast(", "unsafeDowncast(",
    ]

    /// Each run of lines without a blank one that uses such a word has a comment at its beginning
    /// or on a line before.
    static func unproved(_ file: SourceText) -> [Finding] {
        let words = words.filter { file.names.isSuperset(of: SourceText.names(in: $0.utf8)) }
        guard file.isSource, !words.isEmpty else { return [] }
        return file.code.indices.compactMap { line in
            guard let word = words.first(where: { PurityRules.uses($0, file.code[line]) }),
                !isCommented(file, line)
            else { return nil }
            return Finding(
                path: file.path, line: line + 1,
                message: "\(word) without a comment above it: say why it is safe")
        }
    }

    private static func isCommented(_ file: SourceText, _ line: Int) -> Bool {
        var here = line
        while here >= 0, !file.lines[here].allSatisfy({ $0 == " " }) {
            if file.lines[here].contains("//"), !file.code[here].contains("//") { return true }
            here -= 1
        }
        return false
    }
}
