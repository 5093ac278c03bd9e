import ArgumentParser
import Console
import Nightly

struct Init: ShellCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a folder a workspace: configuration, store, keys, drop folders.",
        discussion: "Nothing that is there is changed; a folder that is a workspace is refused.")

    @Argument(
        help: ArgumentHelp("The folder; made if it isn't there.", valueName: "dir"),
        completion: .directory)
    var folder: String

    func run(_ shell: Shell) throws -> ExitStatus {
        let workspace = try InitWorkspace.run(folder)
        shell.output.line("made workspace \(workspace.folder)")
        shell.output.line("  \(workspace.path(Workspace.fileName))  configuration: read it first")
        shell.output.line("  \(workspace.publicKeyPath)  key that verifies manifests")
        shell.output.line("  \(workspace.path("drop"))  drop feeds and exports here")
        return .done
    }
}
