import Testing

/// The rules about the text of a file, and the scanner below them.
struct TextRuleTests {
    private func code(_ text: String) -> String {
        SourceText("Sources/A/B.swift", text).code.joined(separator: "\n")
    }

    @Test(arguments: [
        ("a // b", "a     "), ("a /* b /* c */ d */ e", "a                   e"),
        ("f(\"x // y\")", "f(\"      \")"), ("\"a\\\"b\" + c", "\"    \" + c"),
        ("\"a\\(b + \"c\")d\"", "\" \\(b + \" \") \""), ("#\"a\"b\"# + c", "#\"   \"# + c"),
        ("#\"a\\(b)\\#(c)\"#", "#\"     \\#(c)\"#"), ("\"\\(f(a, (b)))x\"", "\"\\(f(a, (b))) \""),
        ("\"\"\"\na \"b\" // c\n\"\"\" + d", "\"\"\"\n          \n\"\"\" + d"),
        ("/* a\nb */ c", "    \n     c"), ("\"\" + a", "\"\" + a"),
        ("#/a{\"/# + b", "        + b"), ("é // ü", "é      "),
    ])
    func `comments and strings are blanked, interpolated code is not`(text: String, blanked: String)
    {
        #expect(code(text) == blanked)
    }

    private func function(_ statements: Int) -> String {
        "func f(\n    _ a: () -> Void = {}\n) -> Int\n{\n"
            + String(repeating: "    a()\n", count: statements) + "}\n"
    }

    private func tooLong(_ text: String) -> [Finding] {
        SizeRules.tooLong(SourceText("Sources/A/B.swift", text))
    }

    @Test func `a long function is found, from its head to its brace`() {
        #expect(tooLong(function(55)).isEmpty)
        let found = tooLong("\n" + function(56))
        #expect(found.count == 1 && found[0].line == 2 && found[0].message.contains("has 61 lines"))
        let nested =
            "struct S {\n    init?(a: Int) {\n" + String(repeating: "        b()\n", count: 60)
            + "    }\n\n    func g() { h() }\n}\n"
        #expect(tooLong(nested).map(\.line) == [2])
    }

    @Test func `a requirement without a body has no length`() {
        let text =
            "protocol P {\n    func a()\n    func b() -> Int\n    init(c: Int)\n}\n"
            + "struct S {\n    func d() { e() }\n}\n"
        let functions = SizeRules.functions(of: SourceText("Sources/A/B.swift", text))
        #expect(functions.map(\.name) == ["func d"] && functions.map(\.length) == [1])
    }

    @Test func `a long file is found unless it says why`() {
        let lines = String(repeating: "let a = 1\n", count: 400)
        #expect(tooLong(lines).isEmpty)
        #expect(tooLong(lines + "let b = 1\n").count == 1)
        #expect(tooLong("// exempt: a table of the standard, line for line\n" + lines).isEmpty)
        #expect(tooLong("// exempt:\n" + lines).count == 1)
    }

    @Test func `a long line is found, counted in characters`() {
        #expect(tooLong("// " + String(repeating: "é ", count: 48) + "a").isEmpty)
        #expect(tooLong("// " + String(repeating: "é ", count: 48) + "ab").count == 1)
        #expect(tooLong("let key = \"" + String(repeating: "0 ", count: 64) + "\"").isEmpty)
        #expect(tooLong("// " + String(repeating: "0", count: 128)).isEmpty)
        #expect(tooLong(String(repeating: "f(a) + ", count: 15) + "b").count == 1)
    }

    private func undocumented(_ text: String) -> [String] {
        DocumentationRules.undocumented(SourceText("Sources/A/B.swift", text)).map {
            String($0.message.prefix { $0 != "," }.split(separator: " has ")[0])
        }
    }

    @Test(arguments: [
        ("package struct S {}", "struct S"), ("public final class C {}", "class C"),
        ("package enum E: String {", "enum E"), ("package protocol P {}", "protocol P"),
        ("    package static func f<T>(_ a: T) {}", "func f"),
        ("    @inlinable public mutating func g() {}", "func g"),
        ("    package var kilos: Int64", "var kilos"), ("    package let a: [Int]", "let a"),
        ("    package var b: Date?", "var b"), ("    package var c: Bool { true }", "var c"),
        ("    package private(set) var d: Int32 = 0", "var d"),
        ("    package static let e: Bool = true", "let e"),
        ("package typealias T = Int", "typealias T"),
        ("    package init?(text: String) { return nil }", "init text"),
        ("    package subscript(a: Int) -> Int { a }", "subscript a"),
    ])
    func `what needs a doc comment and has none is found`(line: String, name: String) {
        #expect(undocumented(line) == [name])
        #expect(undocumented("/// Some.\n" + line).isEmpty)
        #expect(undocumented("/// Some.\n@frozen\n" + line).isEmpty)
        #expect(undocumented("// Some.\n" + line) == [name])
        #expect(undocumented("/// Some.\n\n" + line) == [name])
    }

    @Test(arguments: [
        "struct S {}", "    func f() {}", "package import Fleet", "    package var name: String",
        "    package var isOpen: Bool = false", "    package var sizeBytes: Int64",
        "    package var upKbps: Int64 = 3", "    package var site: Site",
        "    package static func < (a: S, b: S) -> Bool { true }",
        "    package var description: String { \"\" }",
        "    package func hash(into h: inout Hasher) {}",
        "    case package", "// package struct S",
        "let a = \"\"\"\n    package struct S {}\n    \"\"\"",
        "    package init(a: Int) {\n        self.a = a\n        self.b = a + 1\n    }",
        "extension S: P {\n    package func f() {}\n    package static let g: Int = 1\n}",
        "extension S:\n    P\n{\n    package func f() {}\n}",
    ])
    func `what needs none is left alone`(text: String) {
        #expect(undocumented(text).isEmpty)
    }

    @Test func `an initialiser that does more than assign needs one, and so does a type anywhere`()
    {
        #expect(
            undocumented("package init(a: Int) {\n    self.a = a\n    check()\n}") == ["init a"])
        #expect(undocumented("extension S: P {\n    package struct T {}\n}") == ["struct T"])
        #expect(undocumented("extension S {\n    package func f() {}\n}") == ["func f"])
        #expect(undocumented("struct S: P {\n    package func f() {}\n}") == ["func f"])
    }
}
