/// A line of RFC 4180 with a line feed.
struct CSVLine {
    let bytes: [UInt8]

    init(_ fields: [String]) {
        let text = fields.map { field in
            field.utf8.contains { $0 == 44 || $0 == 34 || $0 == 10 || $0 == 13 }
                ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
        }
        bytes = Array((text.joined(separator: ",") + "\n").utf8)
    }
}

/// Text as JSON has it (RFC 8259).
enum JSONText {
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..."\u{1F}":
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
