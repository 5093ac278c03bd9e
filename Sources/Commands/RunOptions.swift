import ArgumentParser
import Nightly
import Quantities

/// What every command takes that changes a workspace.
struct RunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The time to take for the current one, for runs that can be repeated.",
            valueName: "time"),
        transform: instantArgument)
    var now: Instant?

    @Option(help: ArgumentHelp("Waits that long for another run to end.", valueName: "seconds"))
    var lockTimeout: Double = 0

    @Flag(help: "Prints JSON Lines, the last one a summary.")
    var json = false

    /// `--now`, else the clock's time.
    var instant: Instant { now ?? SystemClock.now() }

    func validate() throws {
        guard lockTimeout >= 0, lockTimeout <= 86_400 else {
            throw ValidationError("--lock-timeout must be from 0 to 86400 seconds")
        }
    }
}
