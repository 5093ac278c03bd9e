import ArgumentParser

/// The root of all subcommands.
struct Mediaplan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mediaplan",
        abstract: "Plans each night what set-top boxes fetch, from whom and when.",
        discussion: """
            A workspace holds one fleet. `mediaplan nightly` brings in what was dropped there, \
            plans the night, audits the plan and publishes a signed manifest for each device.

            EXAMPLES
              mediaplan init fleet
              mediaplan nightly --workspace fleet

            Exit status: 0 done, 1 failed, 2 done with rejected input, 3 refused by a guard, \
            12 not trusted, 64 usage, 75 locked, 78 configuration, 130 and 143 signals.
            """,
        version: "mediaplan 0.1.0",
        subcommands: [
            Init.self, Import.self, IngestCommand.self, OriginCommand.self,
            CatalogueCommand.self, PlanCommand.self, AuditCommand.self, ExplainCommand.self,
            PublishCommand.self, ExportCommand.self, NightlyCommand.self, Show.self, Synth.self,
            Schema.self, Completions.self,
        ])
}
