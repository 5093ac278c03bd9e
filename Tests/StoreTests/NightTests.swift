import Quantities
import Schedule
import Testing

@testable import Store

/// Nights, audits and publications as the store remembers them.
struct NightTests {
    private func digest(_ byte: UInt8) -> Digest {
        Digest(bytes: [UInt8](repeating: byte, count: 32))!
    }

    private func entry(_ day: Int32 = 0, plan: UInt8 = 1) -> NightEntry {
        var night = eveningNight
        night.date.dayNumber += day
        return NightEntry(
            night: night, profile: .minOrigin, snapshotDigest: digest(9), planDigest: digest(plan),
            figures: Figures(
                value: 1, wishedValue: 2, objective: -3, bound: 4, originBytes: 5, peerBytes: 6,
                carriedCost: 7, originFloorBytes: 8, finishSlot: 9, servedWishes: 10,
                partWishes: 11, unservedWishes: 12), plannedAt: Instant(seconds: 77))
    }

    private func publication(_ sequence: Int64, day: Int32 = 0, plan: UInt8 = 1) -> Publication {
        Publication(
            sequence: sequence,
            date: CivilDate(dayNumber: eveningNight.date.dayNumber + day),
            folder: "published/\(sequence)", planDigest: digest(plan),
            publishedAt: Instant(seconds: 100 + sequence))
    }

    @Test func `a plan, its audit and its publication come back`() throws {
        try withStore { store in
            try store.recordPlan(entry(1))
            try store.recordPlan(entry())
            #expect(try store.nights() == [entry(), entry(1)])
            #expect(try store.night(eveningNight.date) == entry())
            #expect(try store.night(CivilDate(dayNumber: 0)) == nil)
            #expect(try store.lastPublishedSequence() == 0)

            var expected = entry()
            expected.figures.bound = 99
            expected.state = .audited
            expected.auditedAt = Instant(seconds: 88)
            try store.recordAudit(
                of: eveningNight.date, planDigest: digest(1), figures: expected.figures,
                at: Instant(seconds: 88))
            #expect(try store.nights() == [expected, entry(1)])

            try store.recordPublished(publication(41))
            expected.state = .published
            expected.publication = publication(41)
            #expect(try store.nights() == [expected, entry(1)])
            #expect(try store.lastPublishedSequence() == 41)
            #expect(try store.publications() == [publication(41)])
        }
    }

    @Test func `a new plan for a published night keeps the publication`() throws {
        try withStore { store in
            try store.recordPlan(entry())
            try store.recordPublished(publication(1))
            try store.recordPlan(entry(plan: 2))
            var expected = entry(plan: 2)
            expected.publication = publication(1)
            #expect(try store.night(eveningNight.date) == expected)
            try store.recordPublished(publication(2, plan: 2))
            expected.state = .published
            expected.publication = publication(2, plan: 2)
            #expect(try store.night(eveningNight.date) == expected)
            #expect(try store.publications().map(\.sequence) == [1, 2])
            try store.recordPlan(entry())
            try store.recordPlan(entry(plan: 2))
            #expect(try store.night(eveningNight.date)?.state == .planned)
            try store.recordPublishedAgain(eveningNight.date, planDigest: digest(2))
            #expect(try store.night(eveningNight.date) == expected)
            #expect(throws: StoreError.self) {
                try store.recordPublishedAgain(eveningNight.date, planDigest: digest(1))
            }
        }
    }

    @Test func `a sequence only rises, and only remembered plans are audited and published`() throws
    {
        try withStore { store in
            try store.recordPlan(entry())
            try store.recordPublished(publication(5))
            let before = try store.contents()
            for wrong in [
                publication(5), publication(4), publication(6, day: 1), publication(6, plan: 3),
            ] {
                let error = #expect(throws: StoreError.self) { try store.recordPublished(wrong) }
                #expect(error?.code == .misuse)
            }
            #expect(throws: StoreError.self) {
                try store.recordAudit(
                    of: eveningNight.date, planDigest: digest(3), figures: Figures(),
                    at: Instant(seconds: 1))
            }
            #expect(try store.contents() == before)
        }
    }
}
