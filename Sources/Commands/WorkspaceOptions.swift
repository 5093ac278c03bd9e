import ArgumentParser
import Nightly

/// Which workspace a command works on.
struct WorkspaceOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The workspace's folder; else MEDIAPLAN_WORKSPACE, else the current folder or one above it.",
            valueName: "dir"),
        completion: .directory)
    var workspace: String?

    /// The workspace, its configuration read.
    func open(_ shell: Shell) throws -> Workspace {
        try Workspace.find(option: workspace, environment: shell.environment)
    }
}
