/// `Package.swift` read as text: which module may import what.
struct PackageFile {
    enum Kind: String {
        case pure
        case edge
        case tests
        case support
        case program
        case system
    }

    struct Target {
        var name: String
        var kind: Kind
        /// Modules and products of other packages by name.
        var imports: [String]
    }

    /// In the order of the file.
    let targets: [Target]
    /// Products of other packages.
    let products: Set<String>

    init(_ text: String) {
        let code = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.drop { $0 == " " }.hasPrefix("//") ? "" : $0 }.joined(separator: "\n")
        var products: [String: String] = [:]
        let product = #/let (\w+) = Target\.Dependency\.product\(\s*name: "(\w+)"/#
        for match in code.matches(of: product) {
            products[String(match.output.1)] = String(match.output.2)
        }
        var found: [(Substring.Index, Target)] = []
        let helper = #/\b(pure|edge|tests|support)\(\s*"(\w+)"((?:,\s*(?:"[\w-]+"|\w+))*),?\s*\)/#
        for match in code.matches(of: helper) {
            let imports = PackageFile.names(match.output.3, products)
            let kind = Kind(rawValue: String(match.output.1)) ?? .edge
            found.append(
                (
                    match.range.lowerBound,
                    Target(name: String(match.output.2), kind: kind, imports: imports)
                ))
        }
        let program = #/\.executableTarget\(\s*name: "([\w-]+)",\s*dependencies: \[([^\]]*)\]/#
        for match in code.matches(of: program) {
            let imports = PackageFile.names(match.output.2, products)
            found.append(
                (
                    match.range.lowerBound,
                    Target(name: String(match.output.1), kind: .program, imports: imports)
                ))
        }
        for match in code.matches(of: #/\.systemLibrary\(\s*name: "(\w+)"/#) {
            found.append(
                (
                    match.range.lowerBound,
                    Target(name: String(match.output.1), kind: .system, imports: [])
                ))
        }
        targets = found.sorted { $0.0 < $1.0 }.map(\.1)
        self.products = Set(products.values)
    }

    private static func names(_ list: Substring, _ products: [String: String]) -> [String] {
        list.split { ", \n".contains($0) }.map { word in
            word.hasPrefix("\"")
                ? String(word.dropFirst().dropLast()) : products[String(word)] ?? String(word)
        }
    }

    func target(_ name: String) -> Target? { targets.first { $0.name == name } }

    /// The module that holds the files of a folder of `Tests`: `Support` is `TestSupport`.
    func target(ofFolder folder: String) -> Target? {
        target(folder) ?? (folder == "Support" ? targets.first { $0.kind == .support } : nil)
    }
}
