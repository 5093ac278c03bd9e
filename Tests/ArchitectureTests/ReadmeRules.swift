/// The README says what is there.
enum ReadmeRules {
    /// Every module and every man page has its row, and no row is of something that isn't there.
    static func rows(_ readme: String, modules: [String], pages: [String]) -> [Finding] {
        let named = readme.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { row in
            row.dropFirst(2).prefix { $0 != "|" }.split(separator: "`").filter {
                $0.first != "," && $0 != " "
            }
            .map(String.init)
        }
        let known = Set(modules + pages)
        return known.subtracting(named).sorted().map { finding("\($0) has no row") }
            + named.filter { name in
                !known.contains(name)
                    && (name.first?.isUppercase == true || name.last?.isNumber == true)
            }.map { finding("\($0) has a row and isn't there") }
    }

    /// The command that runs all tests is the one that `.ci/run` ends with.
    static func testCommand(_ readme: String, ci: String) -> [Finding] {
        let command = ci.split(separator: "\n").last.map(String.init) ?? ""
        return readme.contains("```sh\n\(command)\n```")
            ? [] : [finding("it doesn't have the test command of .ci/run: \(command)")]
    }

    private static func finding(_ message: String) -> Finding {
        Finding(path: "README.md", line: 0, message: message)
    }
}
