/// What a run tells a Prometheus server, as a textfile of the node exporter.
///
/// Gauges only, base units, no label of unbounded values, no timestamps.
package struct Metrics: Hashable, Sendable {
    /// A measurement with its labels.
    package struct Sample: Hashable, Sendable {
        /// What it is about, in the order written; may be empty.
        package var labels: [Label]
        /// In the family's base unit.
        package var value: Double

        package init(_ value: Double, _ labels: Label...) {
            self.labels = labels
            self.value = value
        }
    }

    /// One label of a sample.
    package struct Label: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A metric: its name without `mediaplan_`, its help and its samples.
    package struct Family: Hashable, Sendable {
        package var name: String
        package var help: String
        /// In the order written; empty: the family is left out.
        package var samples: [Sample]

        package init(_ name: String, _ help: String, _ samples: [Sample]) {
            self.name = name
            self.help = help
            self.samples = samples
        }
    }

    /// In the order written.
    package var families: [Family]

    package init(_ families: [Family] = []) { self.families = families }

    /// The text exposition format (version 0.0.4); families without samples are left out.
    package var text: String {
        families.filter { !$0.samples.isEmpty }.map { family in
            let name = "mediaplan_\(family.name)"
            let head = "# HELP \(name) \(family.help)\n# TYPE \(name) gauge\n"
            return head
                + family.samples.map {
                    "\(name)\(Metrics.braces($0.labels)) \(Metrics.number($0.value))\n"
                }
                .joined()
        }.joined()
    }

    /// The value of a metric without labels in a text of this format; nil when it isn't there.
    package static func value(of name: String, in text: String) -> Double? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("mediaplan_\(name) ") }
        return line.flatMap { Double($0.split(separator: " ").last ?? "") }
    }

    private static func braces(_ labels: [Label]) -> String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.map { label in
            let value = label.value.map { character in
                switch character {
                case "\\": "\\\\"
                case "\"": "\\\""
                case "\n": "\\n"
                default: String(character)
                }
            }
            return "\(label.name)=\"\(value.joined())\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : String(value)
    }
}
