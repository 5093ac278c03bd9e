import Quantities

@testable import Schedule

/// Random documents from a seed: every field set, positions within their tables.
struct PlanDraw {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func document(devices: Int? = nil, items: Int? = nil, transfers: Int? = nil)
        -> PlanDocument
    {
        let night = Night(
            date: CivilDate(dayNumber: Int32(random.below(40_000)) - 5_000),
            start: Instant(seconds: Int64(random.below(1 << 32)) - 9_999),
            slotSeconds: Int32(random.below(3_600) + 1), slotCount: Int32(random.below(96) + 1))
        let names = names(devices: devices ?? random.below(6), items: items ?? random.below(5))
        let canMove = !names.devices.isEmpty && !names.items.isEmpty
        let count = canMove ? transfers ?? random.below(30) : 0
        let plan = Plan(
            night: night, profile: profile(),
            transfers: self.transfers(count, night, names),
            removals: canMove ? removals(random.below(6), night, names) : [],
            outcomes: canMove ? outcomes(random.below(9), names) : [],
            certificate: certificate(names))
        return PlanDocument(
            plan: plan, settings: settings(), figures: figures(),
            snapshotDigest: Digest(
                bytes: (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) })!,
            names: names)
    }

    private mutating func number() -> Int64 {
        // all widths, both signs
        Int64(bitPattern: random.next()) >> Int64(random.below(64))
    }

    private mutating func names(devices: Int, items: Int) -> PlanNames {
        var names = PlanNames(
            devices: (0..<devices).map { "dév-\($0)" },
            sites: (0..<random.below(4)).map { "site \($0)" },
            origins: (0..<random.below(3)).map { "o\($0)" },
            titles: (0..<max(1, items)).map { "p/T\($0)" })
        for item in 0..<items {
            let files = (0...random.below(2)).map { _ in Int64(random.below(1 << 31) + 1) }
            names.items.append(
                PlanItem(
                    title: Int32(item), version: "\(random.below(12))",
                    chunkBytes: Int64(random.below(1 << 22) + 1_000), fileBytes: files))
        }
        return names
    }

    private mutating func profile() -> Profile {
        Profile(
            order: [.balanced, .minOrigin, .minTime, .minBandwidth][random.below(4)],
            alpha: number(),
            beta: number())
    }

    private mutating func settings() -> PlanSettings {
        PlanSettings(
            decay: Fraction(UInt32(random.below(1_000)), over: 1_000),
            fairnessBase: Fraction(UInt32(random.below(1 << 32)), over: 1),
            fairnessGain: Fraction(3, over: 10), fairnessDays: UInt32(random.below(3_650)),
            maxIncoming: Int32(random.below(99)), maxOutgoing: Int32(random.below(99)),
            sizesAlone: random.below(2) == 0, profile: profile(), seed: random.next())
    }

    private mutating func figures() -> Figures {
        Figures(
            value: number(), wishedValue: number(), objective: number(), bound: number(),
            originBytes: number(), peerBytes: number(), carriedCost: number(),
            originFloorBytes: number(), finishSlot: Int32(truncatingIfNeeded: number()),
            servedWishes: Int32(truncatingIfNeeded: number()), partWishes: 3, unservedWishes: 4)
    }

    private mutating func chunks(of item: PlanItem) -> Range<Int32> {
        let count = Int(item.fileBytes.reduce(0) { $0 + ($1 - 1) / item.chunkBytes + 1 })
        let first = random.below(count)
        return Int32(first)..<Int32(first + 1 + random.below(min(50, count - first)))
    }

    private mutating func transfers(_ count: Int, _ night: Night, _ names: PlanNames) -> [Transfer]
    {
        let transfers = (0..<count).map { _ in
            let item = random.below(names.items.count)
            return Transfer(
                source: Source(
                    raw: Int32(random.below(names.devices.count + names.origins.count))
                        - Int32(names.origins.count)),
                destination: Int32(random.below(names.devices.count)), item: Int32(item),
                chunks: chunks(of: names.items[item]),
                slot: Int32(random.below(Int(night.slotCount))),
                initiator: random.below(2) == 0 ? .source : .destination)
        }
        return transfers.sorted {
            ($0.slot, $0.destination, $0.item, $0.chunks.lowerBound)
                < ($1.slot, $1.destination, $1.item, $1.chunks.lowerBound)
        }
    }

    private mutating func removals(_ count: Int, _ night: Night, _ names: PlanNames) -> [Removal] {
        (0..<count).map { _ in
            let item = random.below(names.items.count)
            return Removal(
                device: Int32(random.below(names.devices.count)), item: Int32(item),
                chunks: chunks(of: names.items[item]),
                slot: Int32(random.below(Int(night.slotCount))))
        }
    }

    private mutating func outcomes(_ count: Int, _ names: PlanNames) -> [Outcome] {
        (0..<count).map { _ in
            Outcome(
                device: Int32(random.below(names.devices.count)),
                title: Int32(random.below(names.titles.count)),
                item: Int32(random.below(names.items.count + 1)) - 1, rank: Int32(random.below(99)),
                worth: number(), missingBytes: number(), plannedBytes: number(),
                cause: random.below(3) == 0
                    ? nil : Cause.allCases[random.below(Cause.allCases.count)])
        }
    }

    private mutating func certificate(_ names: PlanNames) -> Certificate {
        var prices = Prices(
            up: names.devices.map { _ in number() }, egress: names.origins.map { _ in number() },
            edgeUp: names.sites.map { _ in number() }, edgeDown: names.sites.map { _ in number() })
        if !names.devices.isEmpty, !names.items.isEmpty {
            prices.firstCopy = (0..<random.below(5)).map { _ in
                FirstCopy(
                    device: Int32(random.below(names.devices.count)),
                    item: Int32(random.below(names.items.count)), price: number())
            }
        }
        return Certificate(alpha: number(), beta: number(), prices: prices, bound: number())
    }
}

extension PlanDraw {
    /// The document without its transfers.
    static func bare(_ document: PlanDocument) -> PlanDocument {
        var bare = document
        bare.plan.transfers = []
        return bare
    }

    /// Bytes before the body.
    static func headBytes(_ bytes: [UInt8]) -> Int {
        var reader = ByteReader(bytes, in: 9..<bytes.count)
        _ = try? reader.varint()
        return reader.position
    }

    /// A body with a head and a checksum that fit it.
    static func sealed(_ body: [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        writer.bytes = PlanFormat.magic
        writer.append(varint: PlanFormat.version)
        writer.append(block: body)
        let checksum = PlanFormat.checksum(writer.bytes[...])
        return writer.bytes + (0..<8).map { UInt8(truncatingIfNeeded: checksum >> UInt64(8 * $0)) }
    }

    /// Changes, inserts or removes a byte.
    static func mutate(_ body: inout [UInt8], _ random: inout SplitMix64) {
        let place = random.below(body.count)
        switch random.below(4) {
        case 0: body.remove(at: place)
        case 1: body.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
        case 2: body[place] = [0, 1, 0x7F, 0x80, 0xFF][random.below(5)]
        default: body[place] ^= 1 << UInt8(random.below(8))
        }
    }

    /// Whether every position may be used without a check.
    static func isWithinTables(_ document: PlanDocument) -> Bool {
        let (plan, names) = (document.plan, document.names)
        let devices = names.devices.indices
        let slots = 0..<plan.night.slotCount
        func fits(_ chunks: Range<Int32>, _ item: Int32) -> Bool {
            let item = names.items[Int(item)]
            let count = item.fileBytes.reduce(0) { $0 + ($1 - 1) / item.chunkBytes + 1 }
            return !chunks.isEmpty && chunks.lowerBound >= 0 && Int64(chunks.upperBound) <= count
        }
        return plan.transfers.allSatisfy {
            devices.contains(Int($0.destination)) && slots.contains($0.slot)
                && $0.source.device.map { devices.contains(Int($0)) } ?? true
                && $0.source.origin.map { names.origins.indices.contains(Int($0)) } ?? true
                && names.items.indices.contains(Int($0.item)) && fits($0.chunks, $0.item)
        }
            && plan.removals.allSatisfy {
                devices.contains(Int($0.device)) && slots.contains($0.slot)
                    && fits($0.chunks, $0.item)
            }
            && plan.outcomes.allSatisfy {
                devices.contains(Int($0.device)) && names.titles.indices.contains(Int($0.title))
                    && $0.item < Int32(names.items.count)
            }
            && names.items.allSatisfy { names.titles.indices.contains(Int($0.title)) }
            && plan.certificate.prices.up.count == names.devices.count
    }
}

/// One change to each field of a document.
enum PlanChange {
    static var all: [(inout PlanDocument) -> Void] {
        [
            { $0.plan.night.date.dayNumber += 1 }, { $0.plan.night.start.seconds -= 1 },
            { $0.plan.night.slotSeconds += 1 }, { $0.plan.night.slotCount += 1 },
            { $0.plan.profile.alpha += 1 }, { $0.plan.profile.beta &+= 1 },
            { $0.settings.decay = Fraction(7, over: 9) },
            { $0.settings.fairnessBase = Fraction(7, over: 9) },
            { $0.settings.fairnessGain = Fraction(7, over: 9) }, { $0.settings.fairnessDays += 1 },
            { $0.settings.maxIncoming += 1 }, { $0.settings.maxOutgoing += 1 },
            { $0.settings.sizesAlone.toggle() }, { $0.settings.seed ^= 1 },
            { $0.settings.profile.alpha &+= 1 }, { $0.figures.value &+= 1 },
            { $0.figures.wishedValue &+= 1 }, { $0.figures.objective &+= 1 },
            { $0.figures.bound &+= 1 }, { $0.figures.originBytes &+= 1 },
            { $0.figures.peerBytes &+= 1 }, { $0.figures.carriedCost &+= 1 },
            { $0.figures.originFloorBytes &+= 1 }, { $0.figures.finishSlot &+= 1 },
            { $0.figures.servedWishes &+= 1 }, { $0.figures.partWishes &+= 1 },
            { $0.figures.unservedWishes &+= 1 },
            { $0.snapshotDigest = Digest(bytes: [UInt8](repeating: 3, count: 32))! },
            { $0.names.titles.append("") }, { $0.plan.certificate.bound &+= 1 },
            { $0.plan.certificate.alpha &+= 1 }, { $0.plan.certificate.beta &+= 1 },
            {
                $0.names.devices.append("x")
                $0.plan.certificate.prices.up.append(Int64.min)
            },
            {
                $0.names.origins.append("x")
                $0.plan.certificate.prices.egress.append(Int64.max)
            },
            {
                $0.names.sites.append("x")
                $0.plan.certificate.prices.edgeUp.append(5)
                $0.plan.certificate.prices.edgeDown.append(-6)
            },
        ]
    }
}
