import ArgumentParser
import Nightly

/// How much search follows the first plan.
struct EffortOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How much search follows the first plan (0 to 2,000,000,000); else the configuration's.",
            valueName: "tasks"))
    var effort: Int32?

    func validate() throws {
        let limits = Configuration.effortLimits
        if let effort, !limits.contains(effort) {
            throw ValidationError(
                "--effort must be from \(limits.lowerBound) to \(limits.upperBound)")
        }
    }
}
