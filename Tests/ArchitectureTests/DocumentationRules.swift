/// What must have a doc comment: package and public types, functions and computed properties, and
/// each stored property whose type leaves something open: what nil means, the order and meaning of
/// a list, the unit of a number whose name doesn't tell it.
///
/// Exempt are initialisers that only assign, operators, and what a protocol documents: members of
/// an extension that declares a conformance, and the well-known members of the standard protocols.
enum DocumentationRules {
    private static let witnesses: Set = [
        "description", "debugDescription", "hash", "next", "makeIterator", "encode", "id",
        "rawValue",
        "errorDescription", "allCases", "columns", "table",
    ]

    static func undocumented(_ file: SourceText) -> [Finding] {
        guard file.isSource else { return [] }
        return file.code.indices.compactMap { line in
            guard let (kind, name) = declaration(file.code[line]), !isDocumented(file, line) else {
                return nil
            }
            if kind == "init" ? onlyAssigns(file, line) : isWitness(kind, name) { return nil }
            if conforms(file, line), !isType(kind) { return nil }
            if saysAll(file.code[line], name) { return nil }
            return Finding(
                path: file.path, line: line + 1,
                message:
                    "\(kind) \(name) has no doc comment: say in one line what it is, then units, "
                    + "bounds and what empty means")
        }
    }

    private static let kinds: Set = [
        "struct", "class", "enum", "actor", "protocol", "typealias", "func", "var", "let", "init",
        "subscript",
    ]
    private static let containers: Set = ["extension", "struct", "class", "enum", "actor"]
    private static let modifiers: Set = [
        "package", "public", "static", "final", "mutating", "nonmutating", "nonisolated",
        "indirect",
        "override", "convenience", "required", "lazy", "weak", "unowned", "consuming", "borrowing",
        "private(set)", "internal(set)", "fileprivate(set)",
    ]

    /// The kind and name of what a line declares with `package` or `public`; nil for anything else.
    static func declaration(_ line: String) -> (kind: String, name: String)? {
        guard line.contains("package ") || line.contains("public ") else { return nil }
        let words = line.split { " (<:?{".contains($0) }
        var isAPI = false
        for (place, word) in words.enumerated() {
            if kinds.contains(String(word)) {
                var name = place + 1 < words.count ? String(words[place + 1]) : ""
                if word == "func", let start = line.firstRange(of: "func ")?.upperBound {
                    let rest = line[start...].prefix { $0 != "(" }
                    name = rest.first?.isLetter == true ? name : String(rest)
                }
                return isAPI ? (String(word), name) : nil
            }
            isAPI = isAPI || word == "package" || word == "public"
            let isModifier = modifiers.contains { $0 == word || $0.hasPrefix(word + "(") }
            guard isModifier || word == "set)" || word.hasPrefix("@") else { return nil }
        }
        return nil
    }

    /// Units that a name may end with.
    private static let units = [
        "Bytes", "Kbps", "Seconds", "Minutes", "Minute", "Days", "GB", "kbps", "Count", "Slots",
    ]

    /// Whether `line` is a stored instance property of which name and type say all.
    private static func saysAll(_ line: String, _ name: String) -> Bool {
        guard let match = line.firstMatch(of: #/\b(?:var|let) \w+: ([^={]+?)(?: = .*)?$/#),
            !line.contains(#/\bstatic\b/#)
        else { return false }
        let type = match.output.1
        if type.hasSuffix("?") || type.hasPrefix("[") { return false }
        let isNumber = type.contains(#/^(U?Int\d*|Double)$/#)
        return !isNumber || units.contains { name.hasSuffix($0) }
    }

    private static func isType(_ kind: String) -> Bool {
        ["struct", "class", "enum", "actor", "protocol"].contains(kind)
    }

    /// An operator, or a member that everyone knows.
    private static func isWitness(_ kind: String, _ name: String) -> Bool {
        if isType(kind) { return false }
        return witnesses.contains(name) || name.first.map { !$0.isLetter && $0 != "`" } ?? true
    }

    private static func isDocumented(_ file: SourceText, _ line: Int) -> Bool {
        var above = line - 1
        while above >= 0, file.lines[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
        guard above >= 0 else { return false }
        return file.lines[above].drop { $0 == " " }.hasPrefix("///")
    }

    private static func indent(_ line: String) -> Int { line.prefix { $0 == " " }.count }

    /// Whether the body of the initialiser at `line` has nothing but assignments to its own
    /// properties.
    private static func onlyAssigns(_ file: SourceText, _ line: Int) -> Bool {
        guard let function = SizeRules.function(of: file, at: line) else { return false }
        let all = file.code[line..<(line + function.length)].joined(separator: "\n")
        guard let open = all.firstMatch(of: #/\)[^(){}]*\{/#)?.range.upperBound else {
            return false
        }
        let statements = all[open...].dropLast().split(separator: "\n")
            .map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
        return statements.allSatisfy { $0.hasPrefix("self.") || $0.hasPrefix("precondition(") }
    }

    /// Whether `line` stands in an extension that declares a conformance.
    private static func conforms(_ file: SourceText, _ line: Int) -> Bool {
        let own = indent(file.code[line])
        var above = line - 1
        while above >= 0 {
            let text = file.code[above]
            let words = text.split(separator: " ")
            if indent(text) < own, words.contains(where: { containers.contains(String($0)) }) {
                let head = file.code[above..<min(above + 3, file.code.count)].joined(separator: " ")
                    .prefix { $0 != "{" }
                return text.contains("extension ") && head.contains(":")
            }
            above -= 1
        }
        return false
    }
}
