import ArgumentParser
import Console
import Nightly

struct Schema: ShellCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints a published schema.",
        discussion: "manifest: JSON Schema of manifests; catalogue: XML Schema of native feeds.")

    @Argument(help: "manifest or catalogue.")
    var format: PublishedSchema

    func run(_ shell: Shell) throws -> ExitStatus {
        shell.output.write(format.text)
        return .done
    }
}

extension PublishedSchema: ExpressibleByArgument {}
