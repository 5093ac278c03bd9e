import ArgumentParser

/// How much search follows the first plan.
struct EffortOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How much search follows the first plan (0 to 2,000,000,000); else the configuration's.",
            valueName: "tasks"))
    var effort: Int32?

    func validate() throws {
        if let effort, !(0...2_000_000_000).contains(effort) {
            throw ValidationError("--effort must be from 0 to 2000000000")
        }
    }
}
