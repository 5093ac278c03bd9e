import Agent
import ArgumentParser
import Console

/// `mediaplan-agent enroll`.
struct Enroll: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the device's keys and settings, and print its line for the fleet.")

    @Option(help: "The fleet's name.") var fleet: String
    @Option(help: "The device's identifier.") var device: String
    @Option(help: "A public key that signs manifests: minisign's file, or its second line.")
    var manifestKey: [String]
    @Option(help: "A public key that signs the catalogue of indexes.")
    var catalogueKey: [String]
    @Option(help: "A folder or http:// address that manifests come from.")
    var manifests: [String] = []
    @Option(help: "HOST:PORT where others reach the device; printed only.")
    var address = ""
    @Option(help: "HOST:PORT where the agent listens.") var listen = "0.0.0.0:7080"
    @Option(help: "Space of the disk that is never used.") var reserveBytes: Int64 = 1_000_000_000
    @Option(help: "A program that is run for each complete item.") var onComplete = ""
    @Option(help: "How often manifests are looked for.") var pollSeconds: Int64 = 300
    @Flag(help: "Print an object of JSON in place of CSV.") var json = false
    @OptionGroup var state: StateOptions

    func run() throws {
        var settings = Settings(
            fleet: fleet, device: device, manifestKeys: try manifestKey.map(Enrolment.keyLine),
            catalogueKeys: try catalogueKey.map(Enrolment.keyLine))
        settings.manifests = manifests
        settings.listen = listen
        settings.reserveBytes = reserveBytes
        settings.onComplete = onComplete
        settings.pollSeconds = pollSeconds
        let line = try Enrolment.enroll(state.state, settings, address: address)
        let talk = Talk()
        let printer = RowPrinter(
            columns: ["device", "address", "public_key"], format: json ? .jsonl : .csv,
            output: talk.output, terminal: talk.terminal)
        printer.print([.text(line.device), .text(ifAny: line.address), .text(line.publicKey)])
        printer.finish()
        try talk.output.finish()
    }
}
