// Territories, zones, addresses, costs out of fields.

extension TableFields {
    /// ISO 3166 alpha-2, upper-cased; nil when the field is empty.
    package func territory(_ column: TableColumn) throws(FieldFault) -> String? {
        let field = bytes(column)
        guard !field.isEmpty else { return nil }
        guard let code = territoryCode(content[field]) else {
            throw fault(
                "E_TERRITORY", column, "is \(shown(field)), not a country",
                hint: "write the two letters of ISO 3166, such as DE")
        }
        return code
    }

    /// The name of a time zone, not looked up; nil when the field is empty.
    package mutating func zoneName(_ column: TableColumn) throws(FieldFault) -> String? {
        guard let name = try text(column) else { return nil }
        let fits = name.utf8.allSatisfy {
            isDigit($0) || isLetter($0) || "_+-/".utf8.contains($0)
        }
        guard fits else {
            throw fault(
                "E_ZONE", column, "is '\(name)', not the name of a time zone",
                hint: "write an IANA name such as Europe/Berlin")
        }
        return name
    }

    /// A non-negative amount of the currency in millionths; 0 when the field is empty.
    package func cost(_ column: TableColumn) throws(FieldFault) -> Int64 {
        try decimal(column, decimals: 6, max: 1_000_000_000_000_000) ?? 0
    }

    /// A URL with its scheme, without blanks.
    package mutating func url(_ column: TableColumn) throws(FieldFault) -> String {
        let url = try identifier(column)
        let scheme = url.utf8.prefix { isLetter($0) || isDigit($0) || $0 == 43 }
        guard !scheme.isEmpty, url.utf8.dropFirst(scheme.count).starts(with: "://".utf8),
            !url.utf8.contains(32)
        else {
            throw fault(
                "E_URL", column, "is '\(url)', not a URL",
                hint: "write it with its scheme, such as https://origin.example.com/items")
        }
        return url
    }

    /// `host:port`, or `[address]:port` for IPv6; empty when the field is.
    package mutating func address(_ column: TableColumn) throws(FieldFault) -> String {
        guard let address = try text(column) else { return "" }
        let bytes = Array(address.utf8)
        let colon = bytes.lastIndex(of: UInt8(ascii: ":")) ?? 0
        let host = bytes[..<colon]
        let isPort =
            Int(String(decoding: bytes[colon...].dropFirst(), as: UTF8.self))
            .map { (1...65535).contains($0) } ?? false
        let isHost =
            !host.isEmpty && !host.contains(32)
            && (!host.contains(UInt8(ascii: ":"))
                || (host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]")))
        guard isPort, isHost, isDigit(bytes[bytes.count - 1]), isDigit(bytes[colon + 1]) else {
            throw fault(
                "E_ADDRESS", column, "is '\(address)', not an address",
                hint: "write host:port, or [address]:port for IPv6")
        }
        return address
    }

    /// Address blocks separated by blanks, such as `10.1.0.0/16` or `2001:db8::/32`.
    package func addressBlocks(_ column: TableColumn) throws(FieldFault) -> [String] {
        let blocks = try list(column)
        if let bad = blocks.first(where: { !isAddressBlock($0) }) {
            throw fault(
                "E_ADDRESS", column, "holds '\(bad)', not an address block",
                hint: "write blocks such as 10.1.0.0/16, separated by blanks")
        }
        return blocks
    }
}

/// Two letters, upper-cased; nil for anything else.
func territoryCode(_ bytes: some Collection<UInt8>) -> String? {
    guard bytes.count == 2, bytes.allSatisfy(isLetter) else { return nil }
    return String(decoding: bytes.map { $0 & 0xDF }, as: UTF8.self)
}

/// Whether `byte` is an ASCII letter.
func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 97 && (byte | 0x20) <= 122 }

/// `a.b.c.d/n` with numbers in range, or hexadecimal groups with colons and `/n`.
private func isAddressBlock(_ text: String) -> Bool {
    let halves = text.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, let prefix = UInt8(halves[1]), halves[1].utf8.allSatisfy(isDigit)
    else { return false }
    if halves[0].contains(":") {
        return prefix <= 128
            && halves[0].utf8.allSatisfy {
                isDigit($0) || (97...102).contains($0 | 0x20) || $0 == 58 || $0 == 46
            }
    }
    let numbers = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    return prefix <= 32 && numbers.count == 4
        && numbers.allSatisfy { UInt8($0) != nil && $0.utf8.allSatisfy(isDigit) }
}
