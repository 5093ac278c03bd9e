import Audit
package import Quantities
import Schedule
import Store

/// How a plan differs from the one that is published, device by device and wish by wish; who stands
/// in for whom when a source fails isn't part of a plan.
package struct PlanDifference: Hashable, Sendable {
    /// The night that is published; nil when none is.
    package var publishedNight: CivilDate?
    /// Devices whose part of the plan stays as published.
    package var sameDevices = 0
    /// Devices whose part changes.
    package var changedDevices = 0
    /// Devices that the published plan doesn't have.
    package var newDevices = 0
    /// Devices that only the published plan has.
    package var goneDevices = 0
    /// Wishes that come whole and did not in the published plan.
    package var wishesGained = 0
    /// Wishes that came whole in the published plan and no longer do.
    package var wishesLost = 0
    /// Bytes from origins, above what is published; negative when fewer.
    package var originBytes: Int64 = 0
    /// The same from devices.
    package var peerBytes: Int64 = 0

    /// Whether publishing would change nothing.
    package var isEmpty: Bool { changedDevices + newDevices + goneDevices == 0 }

    /// Compares with the published plan; without one, or with one of another night, everything is
    /// new.
    init(_ plan: NightPlan, publishedIn workspace: Workspace) throws {
        let night = plan.plan.night.date
        let published = try PublicationFile.current(in: workspace)
        publishedNight = published?.terms.night
        var old: PlanDocument?
        if let terms = published?.terms, terms.night == night {
            old = KeptPlan.published(night, digest: terms.plan, in: workspace)?.document
        }
        let after = PlanParts(plan.plan, names: plan.inputs.names)
        let before = old.map { PlanParts($0.plan, names: $0.names) } ?? PlanParts()
        for (device, part) in after.devices {
            switch before.devices[device] {
            case nil: newDevices += 1
            case part: sameDevices += 1
            default: changedDevices += 1
            }
        }
        goneDevices = before.devices.keys.count { after.devices[$0] == nil }
        wishesGained = after.served.subtracting(before.served).count
        wishesLost = before.served.subtracting(after.served).count
        originBytes = plan.audit.figures.originBytes - (old?.figures.originBytes ?? 0)
        peerBytes = plan.audit.figures.peerBytes - (old?.figures.peerBytes ?? 0)
    }
}

/// What a plan has for each device, by names, so that plans with other positions can be compared;
/// names are equal when their UTF-8 bytes are.
private struct PlanParts {
    /// A device and a digest of all it receives, sends and removes, in order.
    private(set) var devices: [[UInt8]: UInt64] = [:]
    /// Wishes that come whole.
    private(set) var served: Set<Served> = []

    struct Served: Hashable {
        let device: [UInt8]
        let title: [UInt8]
    }

    init() {}

    init(_ plan: Plan, names: PlanNames) {
        var parts = [UInt64](repeating: 0, count: names.devices.count)
        let words = NameWords(names)
        for transfer in plan.transfers {
            let word = words.word(transfer)
            parts[Int(transfer.destination)] = PlanParts.mix(parts[Int(transfer.destination)], word)
            if let source = transfer.source.device {
                parts[Int(source)] = PlanParts.mix(parts[Int(source)], ~word)
            }
        }
        for removal in plan.removals {
            parts[Int(removal.device)] = PlanParts.mix(
                parts[Int(removal.device)], words.word(removal))
        }
        for (device, part) in zip(names.devices, parts) { devices[Array(device.utf8)] = part }
        for outcome in plan.outcomes where outcome.cause == nil {
            served.insert(
                Served(
                    device: Array(names.devices[Int(outcome.device)].utf8),
                    title: Array(names.titles[Int(outcome.title)].utf8)))
        }
    }

    fileprivate static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        SplitMix64.mixed(a &* 0x9E37_79B9_7F4A_7C15 &+ b)
    }
}

/// Numbers that stand for names and the same for equal names in any plan.
private struct NameWords {
    private let devices: [UInt64]
    private let origins: [UInt64]
    private let items: [UInt64]

    init(_ names: PlanNames) {
        devices = names.devices.map { NameWords.word("d" + $0) }
        origins = names.origins.map { NameWords.word("o" + $0) }
        items = names.items.map {
            NameWords.word(names.titles[Int($0.title)] + "\u{0}" + $0.version)
        }
    }

    func word(_ transfer: Transfer) -> UInt64 {
        let source =
            transfer.source.origin.map { origins[Int($0)] } ?? devices[Int(transfer.source.raw)]
        let numbers = [
            UInt64(transfer.slot), UInt64(transfer.chunks.lowerBound),
            UInt64(transfer.chunks.upperBound), transfer.initiator == .source ? 1 : 0, source,
            devices[Int(transfer.destination)], items[Int(transfer.item)],
        ]
        return numbers.reduce(1, PlanParts.mix)
    }

    func word(_ removal: Removal) -> UInt64 {
        let numbers = [
            UInt64(removal.slot), UInt64(removal.chunks.lowerBound),
            UInt64(removal.chunks.upperBound), items[Int(removal.item)],
        ]
        return numbers.reduce(2, PlanParts.mix)
    }

    /// FNV-1a over UTF-8.
    private static func word(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
