import Testing

/// The rules of the house, held against the repository. Each message says what to do.
struct RepositoryTests {
    private func expectNone(_ findings: [Finding]) {
        for finding in findings { Issue.record("\(finding)") }
    }

    private func expectNone(_ rule: (SourceText) -> [Finding]) {
        expectNone(Repository.files.flatMap(rule))
    }

    @Test func `the repository is found and Package.swift understood`() {
        #expect(Repository.files.count > 60)
        #expect(Repository.package.targets.count > 25)
        #expect(Repository.package.target("Quantities")?.imports == [])
        #expect(Repository.package.target("Store")?.imports.contains("GRDB") == true)
    }

    @Test func `every import is listed in Package.swift`() {
        expectNone { ImportRules.unlisted($0, Repository.package) }
    }

    @Test func `no module imports upwards`() {
        expectNone(ImportRules.upwards(Repository.package))
    }

    @Test func `modules and folders match`() {
        expectNone(
            ImportRules.folders(
                Repository.package, sources: Repository.names(in: "Sources"),
                tests: Repository.names(in: "Tests")))
    }

    @Test func `pure modules have no I/O, clock or entropy, and only Console prints`() {
        expectNone { PurityRules.banned($0, Repository.package) }
    }

    @Test func `files, functions and lines are short`() {
        expectNone(SizeRules.tooLong)
    }

    @Test func `package API is documented`() {
        expectNone(DocumentationRules.undocumented)
    }

    @Test func `files and folders are called after what they hold`() {
        let paths = ["Sources", "Tests", "Fixtures", "man"].flatMap(Repository.paths)
        expectNone(NameRules.vague(paths))
    }

    @Test func `the top of the repository holds what belongs there`() {
        expectNone(NameRules.stray(Repository.names(in: "")))
    }

    @Test func `what the compiler can't check is proved in a comment`() {
        expectNone(SafetyRules.unproved)
    }

    @Test func `every command has its man page and every page its command`() {
        let commands = ManualRules.commands(Repository.files)
        expectNone(ManualRules.missing(commands: commands, pages: Repository.pages))
        expectNone(ManualRules.orphans(commands: commands, pages: Repository.pages))
    }

    @Test func `every reference between man pages leads somewhere`() {
        expectNone(ManualRules.brokenReferences(pages: Repository.pages))
    }

    @Test func `the README lists every module and page, and the test command`() {
        let readme = Repository.text("README.md")
        let modules = Repository.package.targets.filter { $0.kind != .tests && $0.kind != .support }
        expectNone(
            ReadmeRules.rows(
                readme, modules: modules.map(\.name), pages: Repository.pages.keys.sorted()))
        expectNone(ReadmeRules.testCommand(readme, ci: Repository.text(".ci/run")))
    }

    @Test func `every fixture is used`() {
        let texts = Repository.files.filter { !$0.isSource }.map {
            $0.lines.joined(separator: "\n")
        }
        expectNone(
            ManualRules.unused(
                fixtures: Repository.paths(below: "Fixtures"),
                texts: texts + [Repository.text("README.md")]))
    }
}
