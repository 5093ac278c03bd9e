import Quantities

/// Reads what ``PlanBodyWriter`` wrote, in the same order, and checks it.
struct PlanBodyReader {
    private var reader: ByteReader
    private var night = Night(
        date: CivilDate(dayNumber: 0), start: Instant(seconds: 0), slotSeconds: 1, slotCount: 1)
    private var names = PlanNames()
    /// Chunks of each item.
    private var chunkCounts: [Int64] = []

    init(_ bytes: [UInt8], in range: Range<Int>) { reader = ByteReader(bytes, in: range) }

    mutating func document() throws(ByteReader.Fault) -> PlanDocument {
        night = try readNight()
        let digest = try readDigest()
        let settings = try readSettings()
        let profile = try readProfile()
        let figures = try readFigures()
        names = try readNames()
        let transfers = try readTransfers()
        let removals = try readRemovals()
        let outcomes = try readOutcomes()
        let certificate = try readCertificate()
        guard reader.remaining == 0 else { throw .outOfRange }
        return PlanDocument(
            plan: Plan(
                night: night, profile: profile, transfers: transfers, removals: removals,
                outcomes: outcomes, certificate: certificate), settings: settings,
            figures: figures, snapshotDigest: digest, names: names)
    }

    // MARK: Numbers

    private mutating func int32(in range: Range<Int64>) throws(ByteReader.Fault) -> Int32 {
        try narrow(try reader.signed(), in: range)
    }

    private func narrow(_ value: Int64, in range: Range<Int64>) throws(ByteReader.Fault) -> Int32 {
        guard range.contains(value), let narrow = Int32(exactly: value) else { throw .outOfRange }
        return narrow
    }

    private static let any = Int64(Int32.min)..<Int64(Int32.max) + 1
    private static let positive = 1..<Int64(Int32.max) + 1

    private func positions(_ count: Int) -> Range<Int64> { 0..<Int64(count) }

    /// How many rows follow, each of which takes at least a byte.
    private mutating func count() throws(ByteReader.Fault) -> Int {
        try reader.count(upTo: reader.remaining)
    }

    private mutating func integers() throws(ByteReader.Fault) -> [Int64] {
        let count = try count()
        var values: [Int64] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try reader.signed()) }
        return values
    }

    private mutating func texts() throws(ByteReader.Fault) -> [String] {
        let count = try count()
        var texts: [String] = []
        texts.reserveCapacity(count)
        for _ in 0..<count { texts.append(try reader.text()) }
        return texts
    }

    // MARK: The head

    private mutating func readNight() throws(ByteReader.Fault) -> Night {
        let date = CivilDate(dayNumber: try int32(in: PlanBodyReader.any))
        // the end of the night must be an instant too
        let start = try reader.signed()
        guard start.magnitude < 1 << 60 else { throw .outOfRange }
        return Night(
            date: date, start: Instant(seconds: start),
            slotSeconds: try int32(in: PlanBodyReader.positive),
            slotCount: try int32(in: PlanBodyReader.positive))
    }

    private mutating func readDigest() throws(ByteReader.Fault) -> Digest {
        var bytes: [UInt8] = []
        for _ in 0..<32 { bytes.append(try reader.byte()) }
        guard let digest = Digest(bytes: bytes) else { throw .truncated }
        return digest
    }

    private mutating func readFraction() throws(ByteReader.Fault) -> Fraction {
        let numerator = try reader.count(upTo: Int(UInt32.max))
        let denominator = try reader.count(upTo: Int(UInt32.max))
        guard denominator > 0 else { throw .outOfRange }
        return Fraction(UInt32(numerator), over: UInt32(denominator))
    }

    private mutating func readSettings() throws(ByteReader.Fault) -> PlanSettings {
        var settings = PlanSettings()
        settings.decay = try readFraction()
        settings.fairnessBase = try readFraction()
        settings.fairnessGain = try readFraction()
        settings.fairnessDays = UInt32(try reader.count(upTo: Int(UInt32.max)))
        settings.maxIncoming = try int32(in: PlanBodyReader.any)
        settings.maxOutgoing = try int32(in: PlanBodyReader.any)
        let sizesAlone = try reader.byte()
        guard sizesAlone <= 1 else { throw .outOfRange }
        settings.sizesAlone = sizesAlone == 1
        settings.profile = try readProfile()
        settings.seed = try reader.varint()
        return settings
    }

    private mutating func readProfile() throws(ByteReader.Fault) -> Profile {
        guard let order = Profile.Order(rawValue: try reader.text()) else { throw .outOfRange }
        return Profile(order: order, alpha: try reader.signed(), beta: try reader.signed())
    }

    private mutating func readFigures() throws(ByteReader.Fault) -> Figures {
        var figures = Figures()
        figures.value = try reader.signed()
        figures.wishedValue = try reader.signed()
        figures.objective = try reader.signed()
        figures.bound = try reader.signed()
        figures.originBytes = try reader.signed()
        figures.peerBytes = try reader.signed()
        figures.carriedCost = try reader.signed()
        figures.originFloorBytes = try reader.signed()
        figures.finishSlot = try int32(in: PlanBodyReader.any)
        figures.servedWishes = try int32(in: PlanBodyReader.any)
        figures.partWishes = try int32(in: PlanBodyReader.any)
        figures.unservedWishes = try int32(in: PlanBodyReader.any)
        return figures
    }

    // MARK: Names

    private mutating func readNames() throws(ByteReader.Fault) -> PlanNames {
        var names = PlanNames()
        names.devices = try texts()
        names.sites = try texts()
        names.origins = try texts()
        names.titles = try texts()
        let count = try count()
        names.items.reserveCapacity(count)
        for _ in 0..<count {
            let title = try int32(in: positions(names.titles.count))
            let version = try reader.text()
            let chunk = try integers()
            guard chunk.count == 1 else { throw .outOfRange }
            let item = PlanItem(
                title: title, version: version, chunkBytes: chunk[0], fileBytes: try integers())
            chunkCounts.append(try PlanBodyReader.chunkCount(of: item))
            names.items.append(item)
        }
        return names
    }

    /// How many chunks an item has; refuses one of which no layout may be made.
    private static func chunkCount(of item: PlanItem) throws(ByteReader.Fault) -> Int64 {
        let limit: Int64 = 1 << 62
        guard item.chunkBytes > 0 else { throw .outOfRange }
        var bytes: Int64 = 0
        var chunks: Int64 = 0
        for size in item.fileBytes {
            guard size > 0, size < limit - bytes else { throw .outOfRange }
            bytes += size
            chunks += (size - 1) / item.chunkBytes + 1
            guard chunks < Int64(Int32.max) else { throw .outOfRange }
        }
        guard item.chunkBytes < limit / max(1, chunks) else { throw .outOfRange }
        return chunks
    }

    // MARK: Rows

    private mutating func readTransfers() throws(ByteReader.Fault) -> [Transfer] {
        let count = try count()
        var transfers: [Transfer] = []
        transfers.reserveCapacity(count)
        var last = PlanRow()
        for _ in 0..<count {
            let slot = try reader.signed()
            last.slot &+= slot >> 1
            last.source &+= try reader.signed()
            let source = try narrow(
                last.source, in: -Int64(names.origins.count)..<Int64(names.devices.count))
            let (item, chunks) = try readRow(&last)
            transfers.append(
                Transfer(
                    source: Source(raw: source),
                    destination: try narrow(last.device, in: positions(names.devices.count)),
                    item: item, chunks: chunks, slot: try narrow(last.slot, in: slots),
                    initiator: slot & 1 == 1 ? .source : .destination))
        }
        return transfers
    }

    private mutating func readRemovals() throws(ByteReader.Fault) -> [Removal] {
        let count = try count()
        var removals: [Removal] = []
        removals.reserveCapacity(count)
        var last = PlanRow()
        for _ in 0..<count {
            last.slot &+= try reader.signed()
            let (item, chunks) = try readRow(&last)
            removals.append(
                Removal(
                    device: try narrow(last.device, in: positions(names.devices.count)), item: item,
                    chunks: chunks, slot: try narrow(last.slot, in: slots)))
        }
        return removals
    }

    private var slots: Range<Int64> { 0..<Int64(night.slotCount) }

    /// Advances to the next row's device, item and chunks.
    private mutating func readRow(_ last: inout PlanRow) throws(ByteReader.Fault)
        -> (Int32, Range<Int32>)
    {
        last.device &+= try reader.signed()
        last.item &+= try reader.signed()
        last.first = last.end &+ (try reader.signed())
        last.end = last.first &+ (try reader.signed())
        let item = try narrow(last.item, in: positions(names.items.count))
        guard last.first >= 0, last.first < last.end, last.end <= chunkCounts[Int(item)] else {
            throw .outOfRange
        }
        return (item, Int32(last.first)..<Int32(last.end))
    }

    private mutating func readOutcomes() throws(ByteReader.Fault) -> [Outcome] {
        var causes: [Cause?] = [nil]
        for word in try texts() {
            guard let cause = Cause(rawValue: word) else { throw .outOfRange }
            causes.append(cause)
        }
        let count = try count()
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(count)
        var device: Int64 = 0
        for _ in 0..<count {
            device &+= try reader.signed()
            outcomes.append(
                Outcome(
                    device: try narrow(device, in: positions(names.devices.count)),
                    title: try int32(in: positions(names.titles.count)),
                    item: try int32(in: -1..<Int64(names.items.count)),
                    rank: try int32(in: PlanBodyReader.any), worth: try reader.signed(),
                    missingBytes: try reader.signed(), plannedBytes: try reader.signed(),
                    cause: causes[try reader.count(upTo: causes.count - 1)]))
        }
        return outcomes
    }

    private mutating func readCertificate() throws(ByteReader.Fault) -> Certificate {
        let (alpha, beta) = (try reader.signed(), try reader.signed())
        let bound = try reader.signed()
        var prices = Prices(up: [], egress: [], edgeUp: [], edgeDown: [])
        prices.up = try integers()
        prices.egress = try integers()
        prices.edgeUp = try integers()
        prices.edgeDown = try integers()
        guard prices.up.count == names.devices.count, prices.egress.count == names.origins.count,
            prices.edgeUp.count == names.sites.count, prices.edgeDown.count == names.sites.count
        else { throw .outOfRange }
        let count = try count()
        prices.firstCopy.reserveCapacity(count)
        var device: Int64 = 0
        for _ in 0..<count {
            device &+= try reader.signed()
            prices.firstCopy.append(
                FirstCopy(
                    device: try narrow(device, in: positions(names.devices.count)),
                    item: try int32(in: positions(names.items.count)), price: try reader.signed()))
        }
        return Certificate(alpha: alpha, beta: beta, prices: prices, bound: bound)
    }
}
