/// How long files, functions and lines may be.
enum SizeRules {
    static let fileLines = 400
    static let functionLines = 60
    static let lineCharacters = 100

    static func tooLong(_ file: SourceText) -> [Finding] {
        guard !file.isExempt else { return [] }
        var findings: [Finding] = []
        let count = file.lines.last?.isEmpty == true ? file.lines.count - 1 : file.lines.count
        if count > fileLines {
            findings.append(
                Finding(
                    path: file.path, line: 0,
                    message:
                        "\(count) lines, at most \(fileLines): split it by concept, or begin it "
                        + "with '// exempt: why'"))
        }
        for number in file.lines.indices where isTooLong(file, number) {
            findings.append(
                Finding(
                    path: file.path, line: number + 1,
                    message: "\(file.lines[number].count) characters, at most \(lineCharacters)"))
        }
        for function in functions(of: file) where function.length > functionLines {
            findings.append(
                Finding(
                    path: file.path, line: function.line,
                    message: "\(function.name) has \(function.length) lines, at most "
                        + "\(functionLines): name its steps"))
        }
        return findings
    }

    /// A line can't be broken within a string, nor in an address, a digest or a key: what lies in
    /// them doesn't count.
    private static func isTooLong(_ file: SourceText, _ number: Int) -> Bool {
        let line = file.lines[number]
        guard line.utf8.count > lineCharacters, line.count > lineCharacters else { return false }
        let isComment = line.drop { $0 == " " }.hasPrefix("//")
        let words = (isComment ? line : file.code[number]).split(separator: " ")
        let indent = line.prefix { $0 == " " }.count
        let visible = words.filter { $0.count <= 60 }.reduce(indent) { $0 + $1.count + 1 } - 1
        return visible > lineCharacters
    }

    struct Function {
        /// From 1.
        var line: Int
        var length: Int
        var name: String
    }

    /// The functions, initialisers and subscripts that have a body.
    static func functions(of file: SourceText) -> [Function] {
        file.code.indices.compactMap { function(of: file, at: $0) }
    }

    /// The one that begins at a line, counted from 0.
    static func function(of file: SourceText, at start: Int) -> Function? {
        let line = file.code[start]
        guard line.utf8.contains(where: { $0 == 40 || $0 == 123 }) else { return nil }
        let head = #/^\s*(?:[@\w()]+\s+)*(func\s+[^\s(<]+|init(?=[?(<])|subscript(?=[(<])|deinit)/#
        guard ["func ", "init", "subscript", "deinit"].contains(where: line.contains),
            let match = line.firstMatch(of: head), let end = endOfBody(file.code, from: start)
        else { return nil }
        return Function(line: start + 1, length: end - start + 1, name: String(match.output.1))
    }

    /// The line that ends the body of the declaration at `start`; nil when it has none.
    private static func endOfBody(_ code: [String], from start: Int) -> Int? {
        var parentheses = 0
        var braces = 0
        for number in start..<code.count {
            if number > start, braces == 0, parentheses == 0, !continues(code[number]) {
                return nil
            }
            for byte in code[number].utf8 {
                switch byte {
                case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
                case UInt8(ascii: "{") where parentheses == 0 || braces > 0: braces += 1
                case UInt8(ascii: "}") where braces > 0:
                    braces -= 1
                    if braces == 0 { return number }
                default: break
                }
            }
        }
        return nil
    }

    /// Whether a line after a closed parameter list still belongs to the head.
    private static func continues(_ line: String) -> Bool {
        let text = line.drop { $0 == " " }
        return ["{", "->", "where", "throws", "async", "rethrows", ")"].contains(
            where: text.hasPrefix)
    }
}
