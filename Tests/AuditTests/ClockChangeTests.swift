import Audit
import Catalogue
import Fleet
import Quantities
import Schedule
import TestSupport
import Testing

/// Nights on which the clocks change: a window of local time has fewer or more slots than its
/// length says.
struct ClockChangeTests {
    /// A night from 22:00 UTC to 06:00 UTC in slots of 15 minutes, one hour east of Greenwich or
    /// two.
    private func findings(_ date: String, from before: Int32, to after: Int32, slot: Int32)
        -> [AuditFinding]
    {
        guard let day = CivilDate(date) else { return [] }
        var one = Village.instance
        one.night = Night(
            date: day, start: day.startUTC.advanced(bySeconds: 22 * 3_600), slotSeconds: 900,
            slotCount: 32)
        let change = LocalClock.Change(
            at: day.startUTC.advanced(bySeconds: 25 * 3_600), offsetSeconds: after)
        one.fleet.clocks = [
            LocalClock(zone: "Europe/Berlin", offsetSeconds: before, changes: [change])
        ]
        one.catalogue.titles[Int(Village.gamma)].licence = LicenceWindow()
        one.fleet.devices[Int(Village.dot)].window = nil
        // 01:30 to 04:00 as the clock on the wall shows it
        one.fleet.devices[Int(Village.hal)].window = DailyWindow(fromMinute: 90, untilMinute: 240)
        let plan = NaiveModel(one).plan([
            Village.fetch(to: Village.hal, Village.alpha, 0..<4, slot: slot)
        ])
        var wide = one.fleet
        wide.origins[0].egressKbps = 32
        return audit(plan, catalogue: one.catalogue, fleet: wide, settings: one.settings).findings
            .filter { $0.rule == .rates }
    }

    @Test func `an hour is missing in spring`() {
        let inside = (Int32(0)..<32).filter {
            findings("2026-03-28", from: 3_600, to: 7_200, slot: $0).isEmpty
        }
        #expect(inside == Array(10..<16))
    }

    @Test func `an hour comes twice in autumn`() {
        let inside = (Int32(0)..<32).filter {
            findings("2026-10-24", from: 7_200, to: 3_600, slot: $0).isEmpty
        }
        #expect(inside == Array(6..<20))
    }

    @Test func `a window that only the missing hour has is empty`() {
        var draft = Draft()
        draft.one.fleet.clocks[0].changes = [
            LocalClock.Change(at: Village.night.start(ofSlot: 2), offsetSeconds: 3_600)
        ]
        // 22:30 to 23:30 is skipped when the clock goes from 22:30 to 23:30
        draft.one.fleet.devices[Int(Village.ann)].window = DailyWindow(
            fromMinute: 22 * 60 + 30, untilMinute: 23 * 60 + 30)
        let report = draft.report()
        #expect(
            report.findings.contains { $0.rule == .rates && $0.message.contains("ann") })
        #expect(
            report.findings.contains {
                $0.rule == .eligibility && $0.message.contains("ann does not")
            })
    }
}
