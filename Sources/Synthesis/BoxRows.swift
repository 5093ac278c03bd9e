import Quantities

/// Rows of `accounts`, `devices`, `holdings` and `wishes`.
extension World {
    /// Nil when box `number` belongs to another's account.
    func accountRow(_ number: Int) -> [String]? {
        guard Box.accountNumber(ofBox: number, seed: seed) == number else { return nil }
        var random = SplitMix64(seed: seed ^ 0x7E77, .account, number)
        let home = network.regions[network.region(ofBox: number)].territory
        let territory: String
        switch random.below(1000) {
        case ..<Parameters.accountWithoutTerritoryPermille: territory = ""
        case (1000 - Parameters.accountElsewherePermille)...: territory = home == "DE" ? "FI" : "DE"
        default: territory = home
        }
        let standing = Box.standing(ofAccount: number, seed: seed)
        return [Box.accountID(number), standing.rawValue, territory]
    }

    func deviceRow(_ number: Int) -> [String] {
        let box = Box(number, in: self)
        let picks = Shelf(of: box, in: self).picks.map { titles[$0].id }
        return [
            Box.id(number), Box.accountID(box.accountNumber), network.nodeID(box.node),
            "\(box.wishBytes)", "\(box.cacheBytes)", "\(box.upKbps)", "\(box.downKbps)",
            box.window, box.accepts ? "yes" : "no",
            box.accepts ? network.address(ofBox: number, node: box.node) + ":7400" : "",
            box.lastServed.map { "\($0)" } ?? "", box.lastSent.map { "\($0)" } ?? "", box.state,
            picks.joined(separator: " "),
        ]
    }

    func appendHoldings(ofBox number: Int, _ rows: RowFilter, to text: inout Text) {
        let shelf = Shelf(of: Box(number, in: self), in: self)
        for (row, holding) in shelf.holdings.enumerated()
        where rows.takes(row: row, ofBox: number) {
            text += Box.id(number)
            text += ","
            if holding.title >= 0 {
                text += name(ofTitle: holding.title, row: row)
            } else {
                text += "gone.example/TITL" + String(holding.goneNumber, width: 16)
            }
            if let chunks = holding.chunks {
                text += chunks.ranges.count > 1 ? ",\"\(chunks)\"" : ",\(chunks)"
            } else {
                text += ","
            }
            text += holding.isInWishArea ? ",wish" : ",cache"
            text += holding.isBought ? ",yes," : ",no,"
            if holding.title < 0 { text.append(holding.goneBytes) }
            text += "\n"
        }
    }

    func appendWishes(ofBox number: Int, _ rows: RowFilter, to text: inout Text) {
        var random = SplitMix64(seed: seed ^ 0x3157, .shelf, number)
        let shelf = Shelf(of: Box(number, in: self), in: self)
        for (row, title) in shelf.wishes.enumerated() {
            let until = random.chance(permille: Parameters.untilPermille)
            let day = Int32(random.within(-3...40))
            guard rows.takes(row: row, ofBox: number) else { continue }
            text += Box.id(number)
            text += ","
            text += name(ofTitle: title, row: row)
            text += ","
            text.append(Int64(row) + 1)
            text += until ? ",\(CivilDate(dayNumber: night.dayNumber + day).startUTC)\n" : ",\n"
        }
    }

    /// Its identifier; in every second row its alias, when it has one.
    private func name(ofTitle number: Int, row: Int) -> String {
        row % 2 == 1 ? titles[number].alias ?? titles[number].id : titles[number].id
    }
}
