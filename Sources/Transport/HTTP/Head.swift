/// The head of a request, RFC 9112, 3.
struct RequestHead: Hashable, Sendable {
    var method: String
    /// As it was sent, percent-encoding and query included.
    var target: String
    /// Of HTTP/1.
    var minorVersion: Int
    var fields: [Field]

    /// A head is printed with one blank after each colon.
    var bytes: [UInt8] {
        Head.print("\(method) \(target) HTTP/1.\(minorVersion)", fields)
    }

    /// Reads a whole head, the empty line included.
    init(_ bytes: [UInt8]) throws(HeadFault) {
        let (line, fields) = try Head.parse(bytes)
        let parts = line.split(separator: 32, omittingEmptySubsequences: false)
        guard parts.count == 3, let minor = Head.minorVersion(parts[2]) else {
            throw HeadFault("no request of HTTP/1")
        }
        guard !parts[0].isEmpty, parts[0].allSatisfy(Head.isTokenByte) else {
            throw HeadFault("a method that is none")
        }
        guard !parts[1].isEmpty, parts[1].allSatisfy({ (33...126).contains($0) }) else {
            throw HeadFault("a target that is none")
        }
        self.init(
            method: Head.text(parts[0]), target: Head.text(parts[1]), minorVersion: minor,
            fields: fields)
    }

    init(method: String, target: String, minorVersion: Int = 1, fields: [Field]) {
        self.method = method
        self.target = target
        self.minorVersion = minorVersion
        self.fields = fields
    }

    /// Whether the connection is over with this exchange.
    var closes: Bool { minorVersion == 0 || fields.lists("close", in: "connection") }
}

/// The head of an answer, RFC 9112, 4.
struct ResponseHead: Hashable, Sendable {
    /// 100 to 599.
    var status: Int
    /// Words for people; often empty.
    var reason: String
    /// Of HTTP/1.
    var minorVersion: Int
    var fields: [Field]

    /// A head is printed with one blank after each colon.
    var bytes: [UInt8] { Head.print("HTTP/1.\(minorVersion) \(status) \(reason)", fields) }

    /// Reads a whole head, the empty line included.
    init(_ bytes: [UInt8]) throws(HeadFault) {
        let (line, fields) = try Head.parse(bytes)
        let parts = line.split(separator: 32, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let minor = Head.minorVersion(parts[0]) else {
            throw HeadFault("no answer of HTTP/1")
        }
        guard parts[1].count == 3, let status = decimal(parts[1]), (100...599).contains(status)
        else { throw HeadFault("a status that is none") }
        let reason = parts.count == 3 ? parts[2] : []
        guard reason.allSatisfy(Head.isValueByte) else {
            throw HeadFault("a control character in the status line")
        }
        self.init(
            status: Int(status), reason: Head.text(reason), minorVersion: minor, fields: fields)
    }

    init(status: Int, reason: String, minorVersion: Int = 1, fields: [Field]) {
        self.status = status
        self.reason = reason
        self.minorVersion = minorVersion
        self.fields = fields
    }

    /// Whether the connection is over with this exchange.
    var closes: Bool { minorVersion == 0 || fields.lists("close", in: "connection") }
}

/// What the heads of requests and of answers have in common.
enum Head {
    /// The first line, and the fields in order.
    static func parse(_ bytes: [UInt8]) throws(HeadFault) -> (ArraySlice<UInt8>, [Field]) {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while true {
            guard let end = bytes[start...].firstIndex(of: 10), end > start,
                bytes[end - 1] == 13
            else { throw HeadFault("a head that doesn't end") }
            if end == start + 1 {
                start = end + 1
                break
            }
            lines.append(bytes[start..<(end - 1)])
            start = end + 1
        }
        guard start == bytes.count else { throw HeadFault("bytes after the head") }
        guard let first = lines.first else { throw HeadFault("an empty head") }
        var fields: [Field] = []
        fields.reserveCapacity(lines.count - 1)
        for line in lines.dropFirst() { fields.append(try field(line)) }
        return (first, fields)
    }

    private static func field(_ line: ArraySlice<UInt8>) throws(HeadFault) -> Field {
        guard let first = line.first, first != 32, first != 9 else {
            throw HeadFault("a folded line in the head")
        }
        guard let colon = line.firstIndex(of: 58), colon > line.startIndex,
            line[..<colon].allSatisfy(isTokenByte)
        else { throw HeadFault("a line in the head that is no field") }
        var value = line[(colon + 1)...]
        while let blank = value.first, blank == 32 || blank == 9 { value.removeFirst() }
        while let blank = value.last, blank == 32 || blank == 9 { value.removeLast() }
        guard value.allSatisfy(isValueByte) else {
            throw HeadFault("a control character in the head")
        }
        return Field(text(line[..<colon]), text(value))
    }

    static func print(_ line: String, _ fields: [Field]) -> [UInt8] {
        var bytes = latin1(line)
        bytes += [13, 10]
        for field in fields {
            bytes += latin1(field.name)
            bytes += [58, 32]
            bytes += latin1(field.value)
            bytes += [13, 10]
        }
        bytes += [13, 10]
        return bytes
    }

    /// RFC 9110, 5.6.2: `tchar`.
    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, 33, 35...39, 42, 43, 45, 46, 94...96, 124, 126: true
        default: false
        }
    }

    /// RFC 9110, 5.5: visible, blank, or `obs-text`.
    static func isValueByte(_ byte: UInt8) -> Bool { byte >= 32 && byte != 127 || byte == 9 }

    static func minorVersion(_ bytes: ArraySlice<UInt8>) -> Int? {
        if bytes.elementsEqual("HTTP/1.1".utf8) { return 1 }
        return bytes.elementsEqual("HTTP/1.0".utf8) ? 0 : nil
    }

    /// Each byte as the character of that number.
    static func text(_ bytes: ArraySlice<UInt8>) -> String {
        if bytes.allSatisfy({ $0 < 128 }) { return String(decoding: bytes, as: UTF8.self) }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    /// The inverse of `text`; a character that is no byte, or would end the line, becomes `?`.
    static func latin1(_ text: String) -> [UInt8] {
        text.unicodeScalars.map {
            $0.value < 256 && $0 != "\r" && $0 != "\n" ? UInt8($0.value) : 63
        }
    }
}
