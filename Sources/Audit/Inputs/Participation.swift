import Fleet
import Quantities

/// Who takes part in the night, in which slots, and at what rates.
struct Participation {
    /// Distinct slot sets W; number 0 is the empty one.
    let slotSets: [RangeSet32]
    /// W(d), as a position in ``slotSets``.
    let slotSet: [Int32]
    let sends: [Bool]
    let receives: [Bool]
    /// Bytes a slot, by device.
    let up: [Int64]
    let down: [Int64]
    /// Bytes a slot, by origin.
    let egress: [Int64]

    init(fleet: Fleet, night: Night) {
        var sets = Numbering<RangeSet32>()
        _ = sets.number(of: RangeSet32())
        let slotSet = Participation.slotSets(fleet, night, &sets)
        self.slotSet = slotSet
        slotSets = sets.values
        sends = fleet.devices.indices.map { slotSet[$0] != 0 && fleet.devices[$0].upKbps > 0 }
        receives = fleet.devices.indices.map { d in
            slotSet[d] != 0 && fleet.devices[d].downKbps > 0
                && Participation.isInGoodStanding(fleet.devices[d], fleet)
        }
        up = fleet.devices.map { night.bytesPerSlot(kbps: $0.upKbps) }
        down = fleet.devices.map { night.bytesPerSlot(kbps: $0.downKbps) }
        egress = fleet.origins.map { night.bytesPerSlot(kbps: $0.egressKbps) }
    }

    /// W(d).
    func slots(of device: Int32) -> RangeSet32 { slotSets[Int(slotSet[Int(device)])] }

    /// Devices with the same clock and window share their slots; each such pair is asked once.
    private static func slotSets(
        _ fleet: Fleet, _ night: Night, _ sets: inout Numbering<RangeSet32>
    ) -> [Int32] {
        struct Hours: Hashable {
            let clock: Int32
            let window: DailyWindow?
        }
        var hours = Numbering<Hours>()
        var setOfHours: [Int32] = []
        return fleet.devices.map { device in
            guard device.state == .active, fleet.accounts[Int(device.account)].status != .closed
            else { return 0 }
            let clock = fleet.sites[Int(device.site)].clock
            let number = hours.number(of: Hours(clock: clock, window: device.window))
            if Int(number) == setOfHours.count {
                let slots = fleet.clocks[Int(clock)].slots(of: device.window, in: night)
                setOfHours.append(sets.number(of: slots))
            }
            return setOfHours[Int(number)]
        }
    }

    private static func isInGoodStanding(_ device: Device, _ fleet: Fleet) -> Bool {
        let account = fleet.accounts[Int(device.account)]
        return account.status == .active && !contradicts(device, fleet)
    }

    /// Whether the account's territory and the site's are both stated and differ.
    static func contradicts(_ device: Device, _ fleet: Fleet) -> Bool {
        guard let stated = fleet.accounts[Int(device.account)].territory,
            let actual = fleet.sites[Int(device.site)].territory
        else { return false }
        return stated != actual
    }
}
