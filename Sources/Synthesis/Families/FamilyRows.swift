import Quantities

extension FamilyWorld: FleetText {
    func partCount(of content: SyntheticFile.Content) -> Int {
        switch content {
        case .catalogue: titleCount
        case .sites: siteCount + 1
        case .origins: 1
        case .accounts, .devices, .holdings, .wishes: deviceCount
        case .links, .package: 0
        }
    }

    func append(
        _ content: SyntheticFile.Content, part: Int, rows: RowFilter, to text: inout Text
    ) {
        switch content {
        case .catalogue: appendTitle(part, to: &text)
        case .sites: text.row(siteRow(part))
        case .origins:
            text.row([
                "origin-1", "root", "\(egress * Grain.unitKbps)",
                "https://origin-1.example/media", "0.01", "",
            ])
        case .accounts: text.row([Box.accountID(part), "active", ""])
        case .devices: text.row(deviceRow(part))
        case .holdings: appendHoldings(part, rows, to: &text)
        case .wishes: appendWishes(part, rows, to: &text)
        case .links, .package: break
        }
    }

    private func titleID(_ number: Int) -> String {
        "family.example/TITL" + String(number + 1, width: 16)
    }

    private func siteID(_ number: Int) -> String { "site-" + String(number + 1, width: 5) }

    private func appendTitle(_ number: Int, to text: inout Text) {
        var random = SplitMix64(seed: seed ^ 0x1DE, .title, number)
        let digest = (0..<4).map { _ in random.next() }.flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
        }
        let start = CivilDate(dayNumber: night.dayNumber - 30).startUTC
        text += "  <title id=\"\(titleID(number))\" name=\"Title \(number + 1)\" major=\"1\""
        text += " peer-to-peer=\"\(isBarred(number) ? "no" : "yes")\""
        text += " chunk-bytes=\"\(grain.chunkBytes)\" index=\""
        text.hex(digest)
        text += "\">\n    <licence start=\"\(start)\"/>\n    <territories/>\n"
        text += "    <file name=\"" + String(number + 1, width: 6) + "-movie.ts\" kind=\"movie\""
        text += " size=\"\(units(ofTitle: number) * grain.unitBytes)\"/>\n  </title>\n"
    }

    private func siteRow(_ position: Int) -> [String] {
        guard position > 0 else { return ["root", "", "DE", "UTC", "", "", "", ""] }
        let down = edgeUnits.map { "\($0 * Grain.unitKbps)" } ?? ""
        return [siteID(position - 1), "root", "", "", "", "", down, "0.01"]
    }

    private func deviceRow(_ number: Int) -> [String] {
        let held = holdings(ofBox: number).reduce(0) { $0 + units(ofTitle: $1) }
        let isInWishArea = family == .storage
        let wish = room(ofBox: number) + (isInWishArea ? held : 0)
        let cache = cacheRoom + (isInWishArea ? 0 : held)
        let site = site(ofBox: number)
        let place = number % 100
        return [
            Box.id(number), Box.accountID(number), siteID(site), "\(wish * grain.unitBytes)",
            "\(cache * grain.unitBytes)", "\(up(ofBox: number) * Grain.unitKbps)",
            "\(12 * Grain.unitKbps)", grain.window(shift(ofBox: number)), "yes",
            "10.\(number / 25_600 % 256).\(number / 100 % 256).\(place + 1):7400",
            "\(lastServed(ofBox: number))", "", "active", "",
        ]
    }

    private func appendHoldings(_ number: Int, _ rows: RowFilter, to text: inout Text) {
        let isStorage = family == .storage
        for (row, title) in holdings(ofBox: number).enumerated()
        where rows.takes(row: row, ofBox: number) {
            let bought = isStorage && row % 3 > 0
            text.row([
                Box.id(number), titleID(title), "", isStorage ? "wish" : "cache",
                bought ? "yes" : "no", "",
            ])
        }
    }

    private func appendWishes(_ number: Int, _ rows: RowFilter, to text: inout Text) {
        for (row, title) in wishes(ofBox: number).enumerated()
        where rows.takes(row: row, ofBox: number) {
            text.row([Box.id(number), titleID(title), "\(row + 1)", ""])
        }
    }
}
