import Quantities

extension Configuration {
    /// The whole configuration as `mediaplan.yaml`, every setting with what it means.
    package var text: String {
        var lines = [
            "# The configuration of a mediaplan workspace.",
            "# Every setting stands here with its value; what is left out has its default.",
            "# An unknown name, a wrong type or a value out of bounds is refused, with its line.",
        ]
        var group = ""
        for setting in Setting.all {
            if setting.group != group {
                group = setting.group
                lines += ["", "# " + Setting.heading(group), "\(group):"]
            }
            lines += setting.comment.map { "  # \($0)" }
            lines.append("  \(setting.name): \(setting.print(self))")
        }
        return (lines + feedLines).joined(separator: "\n") + "\n"
    }

    private var feedLines: [String] {
        [
            "", "# Folders in which catalogue feeds are dropped. For each:",
            "#   folder       relative to this folder",
            "#   timezone     of the feed's times that state none: an IANA name or UTC",
            "#   territories  ISO 3166 codes for titles whose feed states none; []: everywhere",
            "feeds:",
        ]
            + feeds.flatMap { feed in
                [
                    "  - folder: \(Setting.quoted(feed.folder))",
                    "    timezone: \(Setting.quoted(feed.timezone))",
                    "    territories: [\(feed.territories.map(Setting.quoted).joined(separator: ", "))]",
                ]
            }
    }
}
