/// What a rule found, with the place and what to do about it.
struct Finding: Hashable, CustomStringConvertible {
    var path: String
    /// From 1; 0 when it is about the whole file.
    var line: Int
    var message: String

    var description: String { line > 0 ? "\(path):\(line): \(message)" : "\(path): \(message)" }
}

/// A Swift file as text, and the same without what its comments and strings say.
struct SourceText {
    /// Relative to the repository, such as `Sources/Planner/Search.swift`.
    let path: String
    let lines: [String]
    /// As many lines; comments and the insides of strings are blank, but for the code in `\( )`.
    let code: [String]
    /// Every identifier and keyword in ``code``.
    let names: Set<String>

    init(_ path: String, _ text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let blanked = Scanner(text).output
        code = blanked.split(separator: 10, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        names = SourceText.names(in: blanked)
    }

    /// The runs of letters, digits and underscores.
    static func names(in bytes: some Collection<UInt8>) -> Set<String> {
        let runs = bytes.split { byte in
            switch byte {
            case 48...57, 65...90, 97...122, 95, 128...: false
            default: true
            }
        }
        return Set(runs.map { String(decoding: Array($0), as: UTF8.self) })
    }

    /// The folder below `Sources` or `Tests`; empty for anything else, and for programs that
    /// measure, which are built in packages of their own.
    var module: String {
        let parts = path.split(separator: "/")
        guard parts.count > 2, ["Sources", "Tests"].contains(parts[0]) else { return "" }
        return parts[1] == "Benchmarks" ? "" : String(parts[1])
    }

    var isSource: Bool { path.hasPrefix("Sources/") }

    /// Whether the first line states why the limits on sizes don't hold for this file.
    var isExempt: Bool {
        let mark = "// exempt: "
        return lines.first.map { $0.hasPrefix(mark) && $0.utf8.count > mark.utf8.count + 8 }
            ?? false
    }
}

/// Blanks out comments and strings. Knows nested comments, raw and multi-line strings and
/// interpolation.
private struct Scanner {
    private enum Place {
        case code
        /// In an interpolation, with this many open parentheses.
        case interpolation(parentheses: Int)
        case lineComment
        case blockComment(depth: Int)
        case string(hashes: Int, multiLine: Bool)
        /// Between `#/` and `/#`.
        case pattern
    }

    private let bytes: [UInt8]
    private var position = 0
    private var places: [Place] = [.code]
    private(set) var output: [UInt8] = []

    init(_ text: String) {
        bytes = Array(text.utf8)
        output.reserveCapacity(bytes.count)
        while position < bytes.count {
            step()
            takeDull()
        }
    }

    /// Moves on over bytes that mean nothing anywhere: all but `"`, `#`, `(`, `)`, `*`, `/`, `\`
    /// and line ends.
    private mutating func takeDull() {
        var keep = false
        switch places[places.count - 1] {
        case .code, .interpolation: keep = true
        default: break
        }
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case 10, 34, 35, 40, 41, 42, 47, 92: return
            default: output.append(keep ? byte : 32)
            }
            position += 1
        }
    }

    private func isHere(_ text: StaticString, offset: Int = 0) -> Bool {
        let start = position + offset
        guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { wanted in
            wanted.indices.allSatisfy { bytes[start + $0] == wanted[$0] }
        }
    }

    /// Moves on by `count` bytes, which are kept or blanked; line ends are always kept.
    private mutating func take(_ count: Int, keep: Bool) {
        for _ in 0..<count where position < bytes.count {
            let byte = bytes[position]
            output.append(keep || byte == 10 ? byte : 32)
            position += 1
        }
    }

    private mutating func step() {
        switch places[places.count - 1] {
        case .code: stepCode(parentheses: nil)
        case .interpolation(let parentheses): stepCode(parentheses: parentheses)
        case .lineComment:
            if bytes[position] == 10 { places.removeLast() }
            take(1, keep: false)
        case .blockComment(let depth): stepComment(depth)
        case .string(let hashes, let multiLine): stepString(hashes, multiLine)
        case .pattern:
            if isHere("/#") { places.removeLast() }
            take(isHere("/#") ? 2 : 1, keep: false)
        }
    }

    private mutating func stepCode(parentheses: Int?) {
        if isHere("//") {
            places.append(.lineComment)
            return take(2, keep: false)
        }
        if isHere("/*") {
            places.append(.blockComment(depth: 1))
            return take(2, keep: false)
        }
        if isHere("#/") {
            places.append(.pattern)
            return take(2, keep: false)
        }
        var hashes = 0
        while isHere("#", offset: hashes) { hashes += 1 }
        if isHere("\"", offset: hashes) {
            let multiLine = isHere("\"\"\"", offset: hashes)
            places.append(.string(hashes: hashes, multiLine: multiLine))
            return take(hashes + (multiLine ? 3 : 1), keep: true)
        }
        if let parentheses {
            let change = bytes[position] == 40 ? 1 : bytes[position] == 41 ? -1 : 0
            places[places.count - 1] = .interpolation(parentheses: parentheses + change)
            if parentheses + change == 0 { places.removeLast() }
        }
        take(1, keep: true)
    }

    private mutating func stepComment(_ depth: Int) {
        let change = isHere("/*") ? 1 : isHere("*/") ? -1 : 0
        places[places.count - 1] = .blockComment(depth: depth + change)
        if depth + change == 0 { places.removeLast() }
        take(change == 0 ? 1 : 2, keep: false)
    }

    private mutating func stepString(_ hashes: Int, _ multiLine: Bool) {
        func followedByHashes(_ offset: Int) -> Bool {
            (0..<hashes).allSatisfy { isHere("#", offset: offset + $0) }
        }
        if isHere("\\"), followedByHashes(1) {
            if isHere("(", offset: 1 + hashes) {
                places.append(.interpolation(parentheses: 1))
                return take(2 + hashes, keep: true)
            }
            return take(2 + hashes, keep: false)
        }
        let quotes = multiLine ? 3 : 1
        if multiLine ? isHere("\"\"\"") : isHere("\""), followedByHashes(quotes) {
            places.removeLast()
            return take(quotes + hashes, keep: true)
        }
        if !multiLine, bytes[position] == 10 { places.removeLast() }
        take(1, keep: false)
    }
}
