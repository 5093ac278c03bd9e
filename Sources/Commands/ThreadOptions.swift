import ArgumentParser
import Foundation

/// How many threads a command may use.
struct ThreadOptions: ParsableArguments {
    @Option(
        help: "How many threads it uses; else one for each core. Results don't depend on it."
    )
    var threads: Int?

    /// At least 1.
    var count: Int { threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }

    func validate() throws {
        guard threads.map({ (1...256).contains($0) }) ?? true else {
            throw ValidationError("--threads must be from 1 to 256")
        }
    }
}
