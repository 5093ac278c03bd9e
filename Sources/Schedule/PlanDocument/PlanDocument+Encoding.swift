import Quantities

extension PlanDocument {
    /// The document as a file's bytes; equal documents give equal bytes. Linear in the plan.
    package func encoded() -> [UInt8] {
        let body = PlanBodyWriter(self).bytes
        var writer = ByteWriter(capacity: body.count + 40)
        writer.bytes += PlanFormat.magic
        writer.append(varint: PlanFormat.version)
        writer.append(block: body)
        let checksum = PlanFormat.checksum(writer.bytes[...])
        for shift in stride(from: 0 as UInt64, to: 64, by: 8) {
            writer.append(byte: UInt8(truncatingIfNeeded: checksum >> shift))
        }
        return writer.bytes
    }
}

/// Writes a document's body, part by part; ``PlanBodyReader`` reads the same parts.
struct PlanBodyWriter {
    private var writer = ByteWriter()

    var bytes: [UInt8] { writer.bytes }

    init(_ document: PlanDocument) {
        let plan = document.plan
        writer = ByteWriter(capacity: 4_096 + 12 * plan.transfers.count)
        put(plan.night)
        writer.bytes += document.snapshotDigest.bytes
        put(document.settings)
        put(plan.profile)
        put(document.figures)
        put(document.names)
        put(plan.transfers)
        put(plan.removals)
        put(plan.outcomes)
        put(plan.certificate)
    }

    private mutating func put(_ night: Night) {
        writer.append(signed: Int64(night.date.dayNumber))
        writer.append(signed: night.start.seconds)
        writer.append(signed: Int64(night.slotSeconds))
        writer.append(signed: Int64(night.slotCount))
    }

    private mutating func put(_ fraction: Fraction) {
        writer.append(varint: UInt64(fraction.numerator))
        writer.append(varint: UInt64(fraction.denominator))
    }

    private mutating func put(_ settings: PlanSettings) {
        put(settings.decay)
        put(settings.fairnessBase)
        put(settings.fairnessGain)
        writer.append(varint: UInt64(settings.fairnessDays))
        writer.append(signed: Int64(settings.maxIncoming))
        writer.append(signed: Int64(settings.maxOutgoing))
        writer.append(byte: settings.sizesAlone ? 1 : 0)
        put(settings.profile)
        writer.append(varint: settings.seed)
    }

    private mutating func put(_ profile: Profile) {
        writer.append(text: profile.order.rawValue)
        writer.append(signed: profile.alpha)
        writer.append(signed: profile.beta)
    }

    private mutating func put(_ figures: Figures) {
        for figure in [
            figures.value, figures.wishedValue, figures.objective, figures.bound,
            figures.originBytes, figures.peerBytes, figures.carriedCost, figures.originFloorBytes,
            Int64(figures.finishSlot), Int64(figures.servedWishes), Int64(figures.partWishes),
            Int64(figures.unservedWishes),
        ] {
            writer.append(signed: figure)
        }
    }

    private mutating func put(_ names: PlanNames) {
        for table in [names.devices, names.sites, names.origins, names.titles] {
            writer.append(varint: UInt64(table.count))
            for name in table { writer.append(text: name) }
        }
        writer.append(varint: UInt64(names.items.count))
        for item in names.items {
            writer.append(signed: Int64(item.title))
            writer.append(text: item.version)
            put([item.chunkBytes])
            put(item.fileBytes)
        }
    }

    /// A counted list of integers.
    private mutating func put(_ values: [Int64]) {
        writer.append(varint: UInt64(values.count))
        for value in values { writer.append(signed: value) }
    }

    /// The initiator is the lowest bit of the slot's difference.
    private mutating func put(_ transfers: [Transfer]) {
        writer.append(varint: UInt64(transfers.count))
        var last = PlanRow()
        for transfer in transfers {
            let row = PlanRow(transfer)
            let initiator: Int64 = transfer.initiator == .source ? 1 : 0
            writer.append(signed: (row.slot - last.slot) << 1 | initiator)
            writer.append(signed: row.source - last.source)
            put(row, after: last)
            last = row
        }
    }

    private mutating func put(_ removals: [Removal]) {
        writer.append(varint: UInt64(removals.count))
        var last = PlanRow()
        for removal in removals {
            let row = PlanRow(removal)
            writer.append(signed: row.slot - last.slot)
            put(row, after: last)
            last = row
        }
    }

    private mutating func put(_ row: PlanRow, after last: PlanRow) {
        writer.append(signed: row.device - last.device)
        writer.append(signed: row.item - last.item)
        writer.append(signed: row.first - last.end)
        writer.append(signed: row.end - row.first)
    }

    private mutating func put(_ outcomes: [Outcome]) {
        let causes = Cause.allCases
        writer.append(varint: UInt64(causes.count))
        for cause in causes { writer.append(text: cause.rawValue) }
        writer.append(varint: UInt64(outcomes.count))
        var device: Int64 = 0
        for outcome in outcomes {
            writer.append(signed: Int64(outcome.device) - device)
            writer.append(signed: Int64(outcome.title))
            writer.append(signed: Int64(outcome.item))
            writer.append(signed: Int64(outcome.rank))
            writer.append(signed: outcome.worth)
            writer.append(signed: outcome.missingBytes)
            writer.append(signed: outcome.plannedBytes)
            let cause = outcome.cause.flatMap { causes.firstIndex(of: $0) }
            writer.append(varint: UInt64(cause.map { $0 + 1 } ?? 0))
            device = Int64(outcome.device)
        }
    }

    private mutating func put(_ certificate: Certificate) {
        writer.append(signed: certificate.alpha)
        writer.append(signed: certificate.beta)
        writer.append(signed: certificate.bound)
        let prices = certificate.prices
        for list in [prices.up, prices.egress, prices.edgeUp, prices.edgeDown] { put(list) }
        writer.append(varint: UInt64(prices.firstCopy.count))
        var device: Int64 = 0
        for price in prices.firstCopy {
            writer.append(signed: Int64(price.device) - device)
            writer.append(signed: Int64(price.item))
            writer.append(signed: price.price)
            device = Int64(price.device)
        }
    }
}

/// A transfer or removal as wide integers, so that no difference can overflow.
struct PlanRow {
    var slot: Int64 = 0
    var device: Int64 = 0
    var item: Int64 = 0
    var first: Int64 = 0
    var end: Int64 = 0
    var source: Int64 = 0
}

extension PlanRow {
    init(_ transfer: Transfer) {
        slot = Int64(transfer.slot)
        device = Int64(transfer.destination)
        item = Int64(transfer.item)
        first = Int64(transfer.chunks.lowerBound)
        end = Int64(transfer.chunks.upperBound)
        source = Int64(transfer.source.raw)
    }

    init(_ removal: Removal) {
        slot = Int64(removal.slot)
        device = Int64(removal.device)
        item = Int64(removal.item)
        first = Int64(removal.chunks.lowerBound)
        end = Int64(removal.chunks.upperBound)
    }
}
