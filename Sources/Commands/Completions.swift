import ArgumentParser
import Console

struct Completions: ShellCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints a shell's completion script.",
        discussion: """
            Install it where the shell looks, such as
              bash  /usr/share/bash-completion/completions/mediaplan
              zsh   /usr/share/zsh/site-functions/_mediaplan
              fish  /usr/share/fish/vendor_completions.d/mediaplan.fish
            """)

    @Argument(help: "bash, zsh or fish.")
    var name: String

    func run(_ shell: Shell) throws -> ExitStatus {
        guard let kind = CompletionShell(rawValue: name) else {
            throw ValidationError("no completions for '\(name)': bash, zsh or fish")
        }
        shell.output.line(Mediaplan.completionScript(for: kind))
        return .done
    }
}
