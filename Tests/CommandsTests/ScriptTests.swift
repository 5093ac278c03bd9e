import Testing

/// What a user types, played against the built program.
@Suite struct ScriptTests {
    @Test(arguments: Script.all)
    func `prints what the transcript says`(script: Script) throws {
        for difference in try script.differences() { Issue.record("\(difference)") }
    }

    @Test func `finds the transcripts`() {
        #expect(Script.all.count > 5)
        #expect(Script.readme.steps.count > 5)
    }

    @Test(arguments: [
        (["a", "b"], ["a", "b"], true), (["a", "b"], ["a"], false), (["a"], ["a", "b"], false),
        (["a", "b", "c"], ["…", "c"], true), (["c"], ["…", "c"], true),
        (["a b c"], ["a … c"], true),
        (["a c"], ["a … c"], false), (["abcbd"], ["a…b…d"], true), (["x"], ["…y"], false),
        ([], ["…"], true),
    ])
    func `matches lines with gaps`(lines: [String], pattern: [String], matches: Bool) {
        #expect(Script.matches(lines[...], pattern[...]) == matches)
    }
}
