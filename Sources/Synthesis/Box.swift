import Quantities

/// One made-up box. Everything follows from the world and its number.
struct Box: Sendable {
    enum Standing: String, Sendable {
        case active
        case suspended
        case closed
    }

    var number: Int
    var node: Int
    var region: Int
    /// The box whose number its account bears.
    var accountNumber: Int
    var standing: Standing
    var wishBytes: Int64
    var cacheBytes: Int64
    var upKbps: Int64
    var downKbps: Int64
    /// Empty: always.
    var window: String
    var accepts: Bool
    /// `active`, `new` or `retired`.
    var state: String
    var lastServed: CivilDate?
    var lastSent: Instant?

    init(_ number: Int, in world: World) {
        var random = SplitMix64(seed: world.seed, .box, number)
        self.number = number
        node = world.network.node(ofBox: number)
        region = world.network.region(ofPOP: world.network.pop(ofNode: node))
        accountNumber = Box.accountNumber(ofBox: number, seed: world.seed)
        standing = Box.standing(ofAccount: accountNumber, seed: world.seed)
        wishBytes = Parameters.wishGB.draw(&random) * 1_000_000_000
        cacheBytes = Parameters.cacheGB.draw(&random) * 1_000_000_000
        upKbps = Parameters.upKbps.draw(&random)
        downKbps = Parameters.downKbps.draw(&random)
        window = Parameters.windows.draw(&random)
        accepts = random.chance(permille: Parameters.acceptingPermille)
        switch random.below(1000) {
        case ..<Parameters.retiredPermille: state = "retired"
        case ..<(Parameters.retiredPermille + Parameters.newPermille): state = "new"
        default: state = "active"
        }
        lastServed = Box.lastServed(&random, world.night)
        let evening = CivilDate(dayNumber: world.night.dayNumber).startUTC
        lastSent =
            upKbps > 0 && random.chance(permille: 850)
            ? evening.advanced(bySeconds: -random.within(40_000...900_000)) : nil
        if state == "new" {
            lastServed = nil
            lastSent = nil
        }
    }

    static func id(_ number: Int) -> String { "box-" + String(number + 1, width: 7) }
    static func accountID(_ number: Int) -> String { "acc-" + String(number + 1, width: 7) }

    /// Some pairs of neighbours belong to the account of the first.
    static func accountNumber(ofBox number: Int, seed: UInt64) -> Int {
        var random = SplitMix64(seed: seed, .account, number | 1)
        return number % 2 == 1 && random.chance(permille: Parameters.sharedPermille)
            ? number - 1 : number
    }

    static func standing(ofAccount number: Int, seed: UInt64) -> Standing {
        var random = SplitMix64(seed: seed ^ 0x5A5A, .account, number)
        switch random.below(1000) {
        case ..<Parameters.suspendedPermille: return .suspended
        case ..<(Parameters.suspendedPermille + Parameters.closedPermille): return .closed
        default: return .active
        }
    }

    /// Last night for some, up to two weeks ago for most, longer ago or never for the rest.
    private static func lastServed(_ random: inout SplitMix64, _ night: CivilDate) -> CivilDate? {
        let nights: Int64
        switch random.below(100) {
        case ..<25: nights = 1
        case ..<80: nights = random.within(2...13)
        case ..<92: nights = random.within(14...60)
        default: return nil
        }
        return CivilDate(dayNumber: night.dayNumber - Int32(nights))
    }
}
