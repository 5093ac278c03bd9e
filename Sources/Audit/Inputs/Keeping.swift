import Catalogue
import Fleet

/// Which titles may be kept at which sites: each distinct rule is asked once for each distinct
/// territory.
struct Keeping {
    /// By title: which of the distinct rules it has.
    let rule: [Int32]
    /// By site: which of the distinct territories it has.
    private let territory: [Int32]
    private let territories: Int
    /// By rule, then territory.
    private let allowed: [Bool]

    init(catalogue: Catalogue, fleet: Fleet) {
        var rules = Numbering<Territories>()
        rule = catalogue.titles.map { rules.number(of: $0.territories) }
        var places = Numbering<String?>()
        territory = fleet.sites.map { places.number(of: $0.territory) }
        territories = places.values.count
        allowed = rules.values.flatMap { rule in places.values.map { rule.allow($0) } }
    }

    func allows(title: Int32, site: Int32) -> Bool { allows(rule: rule[Int(title)], site: site) }

    func allows(rule: Int32, site: Int32) -> Bool {
        allowed[Int(rule) * territories + Int(territory[Int(site)])]
    }
}

/// Numbers distinct values from 0 in the order in which they come.
struct Numbering<Value: Hashable> {
    private(set) var values: [Value] = []
    private var numbers: [Value: Int32] = [:]

    mutating func number(of value: Value) -> Int32 {
        if let known = numbers[value] { return known }
        let number = Int32(values.count)
        numbers[value] = number
        values.append(value)
        return number
    }
}
