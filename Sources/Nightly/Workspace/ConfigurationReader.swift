import Quantities
import Schedule
import Yams

/// Reads `mediaplan.yaml` strictly: what it doesn't know or can't take is an error with its line.
package struct ConfigurationReader {
    private let file: String
    private var configuration = Configuration()

    /// The configuration that `text` states; what it leaves out has its default.
    ///
    /// - Parameters:
    ///   - text: YAML 1.1, at most a few kilobytes.
    ///   - file: its path, for messages.
    /// - Throws: a ``NightlyError`` of kind `configuration` that names file and line.
    /// - Returns: the configuration.
    package static func read(_ text: String, file: String) throws(NightlyError) -> Configuration {
        var reader = ConfigurationReader(file: file)
        try reader.readDocument(text)
        try reader.checkWhole()
        return reader.configuration
    }

    private init(file: String) { self.file = file }

    private mutating func readDocument(_ text: String) throws(NightlyError) {
        guard let root = try composed(text) else { return }
        guard case .mapping(let groups) = root else {
            throw fault(root, "the file must be a list of groups such as `night:`")
        }
        for (key, value) in groups {
            let name = try self.name(of: key)
            if name == "feeds" { try readFeeds(value) } else { try readGroup(name, key, value) }
        }
    }

    private func composed(_ text: String) throws(NightlyError) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw syntaxFault(error)
        } catch {
            throw NightlyError(.configuration, "\(file): error: \(error)")
        }
    }

    private mutating func readGroup(_ group: String, _ key: Node, _ value: Node)
        throws(NightlyError)
    {
        let settings = Setting.all.filter { $0.group == group }
        guard !settings.isEmpty else {
            let groups = Setting.all.map(\.group) + ["feeds"]
            throw fault(key, "unknown group `\(group)`" + nearest(group, groups))
        }
        if case .scalar(let scalar) = value, scalar.string.isEmpty { return }
        guard case .mapping(let members) = value else {
            throw fault(value, "`\(group)` must hold settings, each on its own line")
        }
        for (key, value) in members {
            let name = try self.name(of: key)
            guard let setting = settings.first(where: { $0.name == name }) else {
                throw fault(
                    key, "unknown setting `\(group).\(name)`" + nearest(name, settings.map(\.name)))
            }
            let text = try scalar(value, for: setting.path)
            if let problem = setting.read(&configuration, text) {
                throw fault(value, "`\(setting.path)` \(problem)")
            }
        }
    }

    private mutating func readFeeds(_ value: Node) throws(NightlyError) {
        guard case .sequence(let list) = value else {
            throw fault(value, "`feeds` must be a list of folders, each beginning with `- folder:`")
        }
        configuration.feeds = []
        for node in list { configuration.feeds.append(try feed(node)) }
    }

    private func feed(_ node: Node) throws(NightlyError) -> FeedFolder {
        guard case .mapping(let members) = node else {
            throw fault(node, "a feed must have `folder:`")
        }
        var feed = FeedFolder()
        feed.folder = ""
        for (key, value) in members {
            switch try name(of: key) {
            case "folder": feed.folder = try scalar(value, for: "feeds.folder")
            case "timezone":
                feed.timezone = try scalar(value, for: "feeds.timezone")
                guard ZoneTable.knows(feed.timezone) else {
                    throw fault(value, "`feeds.timezone` must be a time zone's IANA name")
                }
            case "territories": feed.territories = try territories(value)
            case let other:
                let names = ["folder", "timezone", "territories"]
                throw fault(key, "unknown setting `feeds.\(other)`" + nearest(other, names))
            }
        }
        guard !feed.folder.isEmpty else { throw fault(node, "a feed must have `folder:`") }
        return feed
    }

    private func territories(_ node: Node) throws(NightlyError) -> [String] {
        guard case .sequence(let list) = node else {
            throw fault(node, "`feeds.territories` must be a list such as [\"PT\", \"ES\"]")
        }
        var codes: [String] = []
        for entry in list {
            let code = try scalar(entry, for: "feeds.territories")
            guard code.utf8.count == 2, code.utf8.allSatisfy({ (65...90).contains($0) }) else {
                throw fault(entry, "`feeds.territories` must hold ISO 3166 codes of two capitals")
            }
            codes.append(code)
        }
        return Set(codes).sorted()
    }

    /// What no single line can tell.
    private func checkWhole() throws(NightlyError) {
        let night = configuration.night
        guard night.lengthSeconds % night.slotSeconds == 0 else {
            throw NightlyError(
                .configuration,
                "\(file): error: `night.length` (\(Setting.duration(night.lengthSeconds)))"
                    + " must be a multiple of `night.slot`"
                    + " (\(Setting.duration(night.slotSeconds)))")
        }
        guard configuration.plan.decay.numerator > 0 else {
            throw NightlyError(.configuration, "\(file): error: `plan.decay` must be above 0")
        }
        let folders = configuration.feeds.map(\.folder)
        guard Set(folders).count == folders.count else {
            throw NightlyError(.configuration, "\(file): error: two `feeds` have one folder")
        }
    }
}

extension ConfigurationReader {
    private func name(of key: Node) throws(NightlyError) -> String {
        guard case .scalar(let scalar) = key else { throw fault(key, "a name was expected here") }
        return scalar.string
    }

    private func scalar(_ node: Node, for path: String) throws(NightlyError) -> String {
        guard case .scalar(let scalar) = node else {
            throw fault(node, "`\(path)` must be a single value")
        }
        return scalar.string
    }

    private func fault(_ node: Node, _ message: String) -> NightlyError {
        fault(line: node.mark?.line, column: node.mark?.column, message)
    }

    private func fault(line: Int?, column: Int?, _ message: String) -> NightlyError {
        let place = [file] + [line, column].compactMap { $0.map { String($0) } }
        return NightlyError(
            .configuration, place.joined(separator: ":") + ": error: " + message,
            hint: "every setting is told in mediaplan.yaml(5), with its default")
    }

    private func syntaxFault(_ error: YamlError) -> NightlyError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            fault(line: mark.line, column: mark.column, "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let names, let context):
            fault(
                line: context.mark.line, column: context.mark.column,
                "set twice: \(names.joined(separator: ", "))")
        case .reader(let problem, _, _, _):
            fault(line: nil, column: nil, "not UTF-8 text: \(problem)")
        default: fault(line: nil, column: nil, "not YAML: \(error)")
        }
    }

    /// `; did you mean …?` when a known name is at most two edits away.
    private func nearest(_ name: String, _ names: [String]) -> String {
        let scored = names.map { (name: $0, distance: editDistance(name, $0)) }
        guard let best = scored.min(by: { $0.distance < $1.distance }), best.distance <= 2 else {
            return ""
        }
        return "; did you mean `\(best.name)`?"
    }
}

/// Insertions, deletions and replacements that make `b` of `a` (Levenshtein). O(|a|·|b|).
func editDistance(_ a: String, _ b: String) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, y) in b.enumerated() {
            let above = row[j + 1]
            row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
            diagonal = above
        }
    }
    return row[b.count]
}
