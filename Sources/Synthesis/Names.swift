import Quantities

/// Made-up names of titles: some with letters beyond ASCII and with an ampersand, as feeds have
/// them.
enum Names {
    private static let firsts = [
        "Silent", "Last", "Northern", "Blue", "Hidden", "Seven", "Broken", "Golden", "Distant",
        "Second", "Winter", "Paper", "Grüne", "Été", "Verão", "Yö", "Small", "Burning", "Glass",
        "Slow",
    ]
    private static let seconds = [
        "Harbour", "Letters", "Garden", "Station", "Rivers", "Night", "Winds", "Lighthouse",
        "Café", "Brücken", "Coração", "Järvi", "Bread & Salt", "Orchard", "Signals", "Kingdom",
        "Motorway", "Clockmaker", "Islands", "Ferry",
    ]

    static func title(_ random: inout SplitMix64) -> String {
        let name =
            firsts[random.below(firsts.count)] + " " + seconds[random.below(seconds.count)]
        return random.chance(permille: 250) ? name + " \(random.within(2...9))" : name
    }
}
