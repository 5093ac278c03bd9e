import Agent
import ArgumentParser
import Console

/// `mediaplan-agent enroll`.
struct Enroll: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the device's keys and settings, and print its line for the fleet.")

    @Option(help: "The fleet's name.") var fleet: String?
    @Option(help: "The device's identifier.") var device: String?
    @Option(help: "A public key that signs manifests: minisign's file, or its second line.")
    var manifestKey: [String] = []
    @Option(help: "A public key that signs the catalogue of indexes.")
    var catalogueKey: [String] = []
    @Option(help: "A folder or http:// address that manifests come from.")
    var manifests: [String] = []
    @Option(help: "HOST:PORT where others reach the device; printed only.")
    var address = ""
    @Option(help: "HOST:PORT where the agent listens.") var listen: String?
    @Option(help: "Space of the disk that is never used.") var reserveBytes: Int64?
    @Option(help: "A program that is run for each complete item.") var onComplete: String?
    @Option(help: "How often manifests are looked for.") var pollSeconds: Int64?
    @Option(help: "How many nights' reports are kept.") var keptReports: Int64?
    @Option(help: "Longer manifests aren't read.") var maxManifestBytes: Int64?
    @Option(help: "Longer indexes aren't read.") var maxIndexBytes: Int64?
    @Option(help: "Others' connections at a time.") var maxConnections: Int64?
    @Flag(help: "Print an object of JSON in place of CSV.") var json = false
    @OptionGroup var state: StateOptions

    func run() throws {
        let settings = try changed()
        let line = try Enrolment.enroll(state.state, settings, address: address)
        let talk = Talk()
        let printer = RowPrinter(
            columns: ["device", "address", "public_key"], format: json ? .jsonl : .csv,
            output: talk.output, terminal: talk.terminal)
        printer.print([.text(line.device), .text(ifAny: line.address), .text(line.publicKey)])
        printer.finish()
        try talk.output.finish()
    }

    /// The settings that are there already, or those of a new device, with what is given.
    private func changed() throws -> Settings {
        let old = try Enrolment.settings(state.state)
        guard let fleet = fleet ?? old?.fleet, let device = device ?? old?.device,
            !manifestKey.isEmpty || old != nil, !catalogueKey.isEmpty || old != nil
        else {
            throw AgentError(
                .usage, "a new device needs --fleet, --device, --manifest-key and --catalogue-key")
        }
        var settings =
            old ?? Settings(fleet: fleet, device: device, manifestKeys: [], catalogueKeys: [])
        settings.fleet = fleet
        settings.device = device
        if !manifestKey.isEmpty { settings.manifestKeys = try manifestKey.map(Enrolment.keyLine) }
        if !catalogueKey.isEmpty {
            settings.catalogueKeys = try catalogueKey.map(Enrolment.keyLine)
        }
        if !manifests.isEmpty { settings.manifests = manifests }
        changeRest(&settings)
        return settings
    }

    private func changeRest(_ settings: inout Settings) {
        settings.listen = listen ?? settings.listen
        settings.reserveBytes = reserveBytes ?? settings.reserveBytes
        settings.onComplete = onComplete ?? settings.onComplete
        settings.pollSeconds = pollSeconds ?? settings.pollSeconds
        settings.keptReports = keptReports ?? settings.keptReports
        settings.maxManifestBytes = maxManifestBytes ?? settings.maxManifestBytes
        settings.maxIndexBytes = maxIndexBytes ?? settings.maxIndexBytes
        settings.maxConnections = maxConnections ?? settings.maxConnections
    }
}
