import ArgumentParser
import Console
import Nightly
import Quantities

struct Synth: ShellCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes the feeds and exports of a made-up fleet, to try a night on.",
        discussion: """
            The files lie as in a workspace's drop folder, so `mediaplan synth fleet/drop` followed by \
            `mediaplan nightly -w fleet` plans a night for them. Equal arguments give equal files.
            """)

    @Argument(
        help: ArgumentHelp("Where the files go; it must hold none.", valueName: "dir"),
        completion: .directory)
    var folder: String

    @Option(help: "How many devices (1 to 5,000,000).")
    var devices = 300

    @Option(help: "How many titles (1 to 200,000).")
    var titles = 120

    @Option(help: "What everything is drawn from.")
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "The night that licences and wishes are made for; else today's.", valueName: "date"),
        transform: dateArgument)
    var night: CivilDate?

    @Option(
        help: ArgumentHelp(
            "Writes the same rows in another order, which follows from this number.",
            valueName: "seed"))
    var shuffled: UInt64?

    @Option(
        help: ArgumentHelp(
            "A fleet made to mislead planners: \(SynthesiseFleet.families.joined(separator: ", ")).",
            valueName: "name"),
        completion: .list(SynthesiseFleet.families))
    var family: String?

    func validate() throws {
        if let family, !SynthesiseFleet.families.contains(family) {
            throw ValidationError(
                "there is no family '\(family)'; those there are: "
                    + SynthesiseFleet.families.joined(separator: ", "))
        }
        guard SynthesiseFleet.deviceLimits.contains(devices) else {
            throw ValidationError(
                "--devices must be from 1 to \(SynthesiseFleet.deviceLimits.upperBound)")
        }
        guard SynthesiseFleet.titleLimits.contains(titles) else {
            throw ValidationError(
                "--titles must be from 1 to \(SynthesiseFleet.titleLimits.upperBound)")
        }
    }

    func run(_ shell: Shell) throws -> ExitStatus {
        let request = SynthesiseFleet.Request(
            folder: folder, devices: devices, titles: titles, seed: seed,
            night: night ?? SystemClock.now().utcDate, shuffled: shuffled, family: family)
        let report = try SynthesiseFleet.run(request) { file, bytes in
            shell.progress.show("writing \(file)", done: bytes)
        }
        shell.progress.clear()
        shell.output.line(
            "wrote \(report.files.grouped) files, \(report.bytes.asBytes), to \(folder) for the night of \(request.night)"
        )
        return .done
    }
}
