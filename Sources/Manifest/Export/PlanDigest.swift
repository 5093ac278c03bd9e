import Catalogue
import Crypto
import Fleet
package import Quantities
import Schedule

// A name for a plan: a digest over all that it does, by identifiers.
//
// Problem: a plan refers to devices and items by positions, which change with what else is
// known; tens of millions of rows written out with identifiers take minutes.
// Idea: identifiers get numbers in the order in which they are first mentioned, and stand in
// full there alone; everything else is integers that know where they end.
// Invariants: whoever reads the bytes from the front knows which number comes next, hence where
// a name follows, so different plans give different bytes; no position is among them.
// Cost: linear in the rows, some 15 bytes each; memory for two numbers a device and item.

extension PlanRows {
    /// Identifies the plan: a SHA-256 over its night, its profile and all that it does.
    ///
    /// It depends on identifiers, not on positions, so it is the same wherever the plan is
    /// computed. Addresses, base URLs and index digests aren't part of it.
    package var digest: Quantities.Digest {
        var stream = DigestStream(self)
        stream.head()
        for transfer in plan.transfers { stream.add(transfer) }
        for removal in plan.removals { stream.add(removal) }
        for outcome in plan.outcomes { stream.add(outcome) }
        return stream.digest
    }
}

/// What the digest is over, on its way there.
private struct DigestStream {
    private static let pieceBytes = 1 << 16

    private let rows: PlanRows
    private var devices: Mentions
    private var origins: Mentions
    private var items: Mentions
    private var titles: Mentions
    private var writer = ByteWriter(capacity: pieceBytes + 4_096)
    private var hash = SHA256()

    init(_ rows: PlanRows) {
        self.rows = rows
        devices = Mentions(rows.fleet.devices.count)
        origins = Mentions(rows.fleet.origins.count)
        items = Mentions(rows.catalogue.items.count)
        titles = Mentions(rows.catalogue.titles.count)
    }

    /// Night and profile, and how many rows of each kind follow.
    mutating func head() {
        let (plan, night) = (rows.plan, rows.plan.night)
        let words = [
            "mediaplan-plan 2", night.date.description, night.start.description,
            String(night.slotSeconds), String(night.slotCount), plan.profile.order.rawValue,
            String(plan.profile.alpha), String(plan.profile.beta), String(plan.transfers.count),
            String(plan.removals.count), String(plan.outcomes.count),
        ]
        put(words.joined(separator: " "))
    }

    mutating func add(_ transfer: Transfer) {
        if let origin = transfer.source.origin {
            mention(origin: origin)
        } else {
            mention(device: transfer.source.raw)
        }
        mention(device: transfer.destination)
        mention(item: transfer.item)
        put(transfer.chunks)
        put(transfer.slot)
        put(transfer.initiator == .source ? 0 : 1 as Int32)
        pass()
    }

    mutating func add(_ removal: Removal) {
        mention(device: removal.device)
        mention(item: removal.item)
        put(removal.chunks)
        put(removal.slot)
        pass()
    }

    mutating func add(_ outcome: Outcome) {
        mention(device: outcome.device)
        mention(title: outcome.title)
        if outcome.item >= 0 { mention(item: outcome.item) } else { put(-1 as Int32) }
        put(outcome.rank)
        put(outcome.worth)
        put(outcome.missingBytes)
        put(outcome.plannedBytes)
        put(outcome.cause?.rawValue ?? "")
        pass()
    }

    /// The digest of everything that was added.
    var digest: Quantities.Digest {
        var hash = hash
        hash.update(data: writer.bytes)
        guard let digest = Quantities.Digest(bytes: Array(hash.finalize())) else {
            preconditionFailure("a SHA-256 has 32 bytes")
        }
        return digest
    }

    private mutating func mention(device: Int32) {
        let (number, isNew) = devices.mention(device)
        put(number)
        if isNew { put(rows.fleet.devices[Int(device)].id) }
    }

    private mutating func mention(origin: Int32) {
        let (number, isNew) = origins.mention(origin)
        put(-1 - number)
        if isNew { put(rows.fleet.origins[Int(origin)].id) }
    }

    private mutating func mention(title: Int32) {
        let (number, isNew) = titles.mention(title)
        put(number)
        if isNew { put(rows.catalogue.titles[Int(title)].id) }
    }

    /// With how it is cut: chunk numbers say nothing without it.
    private mutating func mention(item position: Int32) {
        let (number, isNew) = items.mention(position)
        put(number)
        guard isNew else { return }
        let item = rows.catalogue.items[Int(position)]
        mention(title: item.title)
        put(item.version)
        put(item.chunkBytes)
        put(Int64(item.files.count))
        for file in item.files { put(file.sizeBytes) }
    }

    private mutating func put(_ chunks: Range<Int32>) {
        put(chunks.lowerBound)
        put(chunks.upperBound)
    }

    private mutating func put(_ text: String) { writer.append(text: text) }

    private mutating func put(_ number: Int64) { writer.append(signed: number) }

    private mutating func put(_ number: Int32) { writer.append(signed: Int64(number)) }

    private mutating func pass() {
        guard writer.bytes.count >= DigestStream.pieceBytes else { return }
        hash.update(data: writer.bytes)
        writer.bytes.removeAll(keepingCapacity: true)
    }
}

/// Numbers for what is mentioned, from 0 in the order of the first mention.
private struct Mentions {
    /// By position; -1: not mentioned yet.
    private var numbers: [Int32]
    private var next: Int32 = 0

    init(_ count: Int) { numbers = [Int32](repeating: -1, count: count) }

    mutating func mention(_ position: Int32) -> (number: Int32, isNew: Bool) {
        let known = numbers[Int(position)]
        guard known < 0 else { return (known, false) }
        numbers[Int(position)] = next
        next += 1
        return (next - 1, true)
    }
}
