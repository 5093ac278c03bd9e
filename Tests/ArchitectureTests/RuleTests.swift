import Testing

/// Each rule finds a planted violation, and nothing where there is none.
struct RuleTests {
    static let package = PackageFile(
        """
        let strict: [SwiftSetting] = []
        func pure(_ name: String, _ imports: Target.Dependency...) -> Target { fatalError() }
        let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
        let xml = "C"
        let package = Package(
            targets: [
                // pure("Ghost", "Low"),
                pure("Low"),
                pure("High", "Low", "CLibXML2"),
                edge("Store", "Low",
                    "High", grdb),
                edge("Console"),
                .executableTarget(name: "tool", dependencies: ["Store", "Low"]),
                .systemLibrary(
                    name: "CLibXML2", pkgConfig: "libxml-2.0"),
                support("TestSupport", "Low"),
                tests("LowTests", "Low", "TestSupport"),
            ])
        """)

    private func source(_ path: String, _ text: String) -> SourceText { SourceText(path, text) }

    private func unlisted(_ path: String, _ text: String) -> [String] {
        ImportRules.unlisted(source(path, text), Self.package).map(\.description)
    }

    @Test func `Package.swift is read as text`() {
        let targets = Self.package.targets.map { "\($0.kind) \($0.name): \($0.imports)" }
        #expect(
            targets == [
                "pure Low: []", "pure High: [\"Low\", \"CLibXML2\"]",
                "edge Store: [\"Low\", \"High\", \"GRDB\"]", "edge Console: []",
                "program tool: [\"Store\", \"Low\"]", "system CLibXML2: []",
                "support TestSupport: [\"Low\"]", "tests LowTests: [\"Low\", \"TestSupport\"]",
            ])
        #expect(Self.package.products == ["GRDB"])
    }

    @Test(arguments: [
        ("import Low", "Low"), ("package import Low", "Low"), ("@testable import Low", "Low"),
        ("public import struct Low.Thing", "Low"), ("import Foundation.NSObject", "Foundation"),
        ("@preconcurrency package import Low", "Low"), ("    import Low", "Low"),
        ("let important = 1", nil),
        ("importLow", nil), ("// import Low", nil),
    ])
    func `imports are recognised in every form`(line: String, name: String?) {
        #expect(ImportRules.imported(line) == name)
    }

    @Test func `an import that isn't listed is found, with advice`() {
        #expect(unlisted("Sources/High/A.swift", "import Low\nimport CLibXML2").count == 1)
        let found = unlisted("Sources/Low/A.swift", "import Low\n\npackage import High\n")
        #expect(found.count == 1)
        #expect(found[0].hasPrefix("Sources/Low/A.swift:3: Low/A.swift imports High, which"))
        #expect(
            unlisted("Sources/Low/A.swift", "// import High\nlet a = \"\"\"\nimport High\n\"\"\"")
                .isEmpty)
        #expect(unlisted("Tests/LowTests/A.swift", "import High").count == 1)
        #expect(unlisted("Tests/Support/A.swift", "import Low\nimport Foundation").isEmpty)
        #expect(unlisted("Sources/Ghost/A.swift", "").count == 1)
    }

    @Test func `a pure module may not import the system`() {
        let found = unlisted("Sources/High/Search.swift", "import Foundation")
        #expect(
            found == [
                "Sources/High/Search.swift:1: High/Search.swift imports Foundation: High is pure; "
                    + "pass the value in"
            ])
        #expect(unlisted("Sources/Store/A.swift", "import Foundation\nimport Glibc").isEmpty)
    }

    @Test func `outside code stays behind its door`() {
        #expect(unlisted("Sources/Store/A.swift", "import GRDB").isEmpty)
        let text =
            "let grdb = Target.Dependency.product(name: \"GRDB\", package: \"g\")\n"
            + "edge(\"Nightly\", grdb),"
        let package = PackageFile(text)
        let file = source("Sources/Nightly/A.swift", "import GRDB")
        #expect(ImportRules.unlisted(file, package).count == 1)
        let feeds = PackageFile("pure(\"Feeds\", \"CLibXML2\"),")
        let inside = source("Sources/Feeds/XML/A.swift", "import CLibXML2")
        let outside = source("Sources/Feeds/CSV/A.swift", "import CLibXML2")
        #expect(ImportRules.unlisted(inside, feeds).isEmpty)
        #expect(ImportRules.unlisted(outside, feeds).count == 1)
    }

    @Test func `an arrow upwards is found`() {
        #expect(ImportRules.upwards(Self.package).isEmpty)
        func count(_ text: String) -> Int { ImportRules.upwards(PackageFile(text)).count }
        #expect(count("pure(\"A\", \"B\"),\npure(\"B\"),") == 1)
        #expect(count("pure(\"A\", \"A\"),") == 1)
        #expect(count("edge(\"A\"),\npure(\"B\", \"A\"),") == 1)
        #expect(count("edge(\"A\"),\nedge(\"B\", \"A\"),") == 0)
        #expect(count("pure(\"A\", \"Nowhere\"),") == 1)
    }

    @Test func `a module without folder and a folder without module are found`() {
        let all = ["CLibXML2", "Console", "High", "Low", "Store", "tool"]
        #expect(ImportRules.folders(Self.package, sources: all, tests: ["LowTests"]).isEmpty)
        #expect(
            ImportRules.folders(Self.package, sources: all + ["X"], tests: ["LowTests"]).count == 1)
        #expect(
            ImportRules.folders(Self.package, sources: Array(all.dropLast()), tests: []).count == 2)
    }

    private func banned(_ path: String, _ line: String) -> Int {
        PurityRules.banned(source(path, line), Self.package).count
    }

    @Test(arguments: [
        "let now = Date()", "let t = ContinuousClock.now", "x = list.randomElement()",
        "for x in list.shuffled() {", "let i = Int.random(in: 0..<3)", "print(x)",
        "let id = UUID().uuidString", "let e = getenv(\"HOME\")", "FileManager.default",
        "let h = key.hashValue", "let line = readLine()", "clock_gettime(CLOCK_REALTIME, &t)",
        "var g = SystemRandomNumberGenerator()", "let s = \"at \\(Date())\"",
    ])
    func `a clock, entropy or I/O in a pure module is found`(line: String) {
        #expect(banned("Sources/High/A.swift", line) == 1)
    }

    @Test(arguments: [
        "let fingerprint = fingerprint(x)", "// print(x)", "let text = \"print(x)\"",
        "func print(_ x: Int) {}", "let update = Update()", "list.shuffled(using: &random)",
        "state.exit(now)", "context.now", "/* Date() */",
    ])
    func `what only looks like it is not`(line: String) {
        #expect(banned("Sources/High/A.swift", line) == 0)
    }

    @Test func `only Console prints, and nothing is forced`() {
        #expect(banned("Sources/Store/A.swift", "print(1)") == 1)
        #expect(banned("Sources/Console/A.swift", "print(1)") == 0)
        #expect(banned("Sources/Store/A.swift", "let now = Date()") == 0)
        #expect(banned("Sources/Store/A.swift", "let a = try! b()") == 1)
        #expect(banned("Sources/Console/A.swift", "let a = b as! Int") == 1)
    }

    @Test func `vague names and strays are found`() {
        let vague = [
            "Sources/Utils/A.swift", "Sources/A/StringHelpers.swift", "Tests/X/Common/B.swift",
        ]
        #expect(NameRules.vague(vague).count == 3)
        #expect(NameRules.vague(["Sources/Score/Managed.swift", "Tests/X/Coretta.swift"]).isEmpty)
        #expect(
            NameRules.stray(["Sources", ".ci", "notes.txt", "man", "Package.resolved"]).count == 1)
    }

    @Test func `an unproved unsafe is found`() {
        func count(_ text: String) -> Int {
            SafetyRules.unproved(source("Sources/Low/A.swift", text)).count
        }
        #expect(count("let x = unsafe p[0]") == 1)
        #expect(count("// the buffer outlives the call\nlet x = unsafe p[0]") == 0)
        #expect(
            count("// the buffer outlives the call\nlet x =\n    unsafe p[0]\nlet y = unsafe p[1]")
                == 0)
        #expect(count("// about something else\n\nlet x = unsafe p[0]") == 1)
        #expect(count("final class Box: @unchecked Sendable {}") == 1)
        #expect(count("nonisolated(unsafe) var x = 1") == 1)
        #expect(count("let s = \"unsafe\"\nlet unsafely = 1") == 0)
    }

    private let commands = SourceText(
        "Sources/Commands/A.swift",
        """
        struct Root: ParsableCommand {
            static let configuration = CommandConfiguration(commandName: "mediaplan")
        }
        struct Init: ShellCommand {}
        struct Bring: ParsableCommand {
            static let configuration = CommandConfiguration(commandName: "import")
        }
        struct ShowPlan: AsyncParsableCommand {}
        struct NoCommand: Sendable {}
        """)

    @Test func `a command without a page and a page without a command are found`() {
        let names = ManualRules.commands([commands])
        #expect(names == ["import", "init", "show-plan"])
        let pages = [
            "mediaplan-init.1": ".Nm init",
            "mediaplan.1": ".Bl\n.It Cm import Ar file\n.El\n.Ss show-plan",
        ]
        #expect(ManualRules.missing(commands: names, pages: pages).isEmpty)
        #expect(
            ManualRules.missing(commands: names, pages: ["mediaplan.1": "import init"]).count == 3)
        #expect(ManualRules.orphans(commands: names, pages: pages).isEmpty)
        #expect(ManualRules.orphans(commands: ["import"], pages: pages).count == 1)
    }

    @Test func `a reference to a page that isn't there is found`() {
        let pages = [
            "mediaplan.1": "of\n.Xr mediaplan-show 1 ,\n.Xr jq 1 ,\n.Xr mediaplan.yaml 5",
            "mediaplan-show.1": ".Xr mediaplan 1 ,\n.Xr mediaplan-lost 1\n.It Xr mediaplan 7 ,",
            "mediaplan.yaml.5": "",
        ]
        let found = ManualRules.brokenReferences(pages: pages).map(\.description)
        #expect(
            found == [
                "man/mediaplan-show.1:2: there is no page mediaplan-lost(1)",
                "man/mediaplan-show.1:3: there is no page mediaplan(7)",
            ])
    }

    @Test func `a README that lacks a row, has one too many or another command is found`() {
        let readme =
            "| `One`, `Two` | x |\n| `m.1` | `Not` |\n| `served` | x |\n```sh\nmake all\n```\n"
        func count(_ modules: [String], _ pages: [String] = ["m.1"]) -> Int {
            ReadmeRules.rows(readme, modules: modules, pages: pages).count
        }
        #expect(count(["One", "Two"]) == 0)
        #expect(count(["One", "Two", "Three"]) == 1)
        #expect(count(["One"]) == 1)
        #expect(count(["One", "Two"], ["m.1", "n.5"]) == 1)
        #expect(count(["One", "Two"], []) == 1)
        #expect(ReadmeRules.testCommand(readme, ci: "set -e\nmake all\n").isEmpty)
        #expect(ReadmeRules.testCommand(readme, ci: "make some\n").count == 1)
    }

    @Test func `an unused fixture is found`() {
        let fixtures = ["Fixtures/tables/a.csv", "Fixtures/tables/b.csv", "Fixtures/c.json"]
        func count(_ texts: String...) -> Int {
            ManualRules.unused(fixtures: fixtures, texts: texts).count
        }
        #expect(count() == 3)
        #expect(count("read(\"a.csv\")", "see Fixtures/c.json") == 1)
        #expect(count("folder(\"tables\")", "c.json") == 0)
        #expect(count("tables are nice") == 3)
        #expect(count("url(\"tables/\" + name)", "the file `Fixtures/c.json`") == 0)
    }
}
