import Audit
import Catalogue
import Fleet
import Quantities
import Schedule
import TestSupport
import Testing

/// The plan's own order, ranges, outcomes and prices.
struct FormTests {
    /// What an edit of the valid plan gives; nothing but `form` may be found.
    private func findings(
        _ draft: Draft = Draft(), _ edit: (inout Plan) -> Void, line: Int = #line
    ) -> [AuditFinding] {
        let report = draft.report(edit)
        #expect(report.findings.allSatisfy { $0.rule == .form }, "line \(line): \(report.findings)")
        #expect(report.findingCount == report.findings.count)
        return report.findings
    }

    private func finds(
        _ words: [String], _ draft: Draft = Draft(), _ edit: (inout Plan) -> Void, line: Int = #line
    ) {
        let found = findings(draft, edit, line: line)
        #expect(
            found.contains { finding in words.allSatisfy { finding.message.contains($0) } },
            "line \(line): \(found)")
    }

    @Test func `transfers and removals are in order`() {
        finds(["out of order"]) { $0.transfers.swapAt(0, 1) }
        finds(["out of order"]) { $0.transfers.swapAt(3, 9) }
        finds(["out of order"]) { $0.removals.swapAt(0, 1) }
    }

    @Test func `references are in range`() {
        func edit(_ body: (inout Transfer) -> Void) -> [AuditFinding] {
            findings { plan in
                var extra = plan.transfers[0]
                body(&extra)
                plan.transfers.append(extra)
            }
        }
        for number in [Int32.min, -1, 8, Int32.max] {
            #expect(!edit { $0.destination = number }.isEmpty)
            #expect(!edit { $0.item = number }.isEmpty)
            #expect(!edit { $0.slot = number }.isEmpty)
        }
        for raw in [Int32.min, -2, 8, Int32.max] { #expect(!edit { $0.source.raw = raw }.isEmpty) }
        for range in [0..<0, -1..<2, 0..<5, Int32.min..<Int32.max, 4..<5, Int32.max..<Int32.max] {
            #expect(!edit { $0.chunks = range }.isEmpty)
        }
        finds(["removal", "number 99"]) {
            $0.removals.append($0.removals[1]); $0.removals[2].device = 99
        }
        finds(["removal", "the item's 2"], Draft()) {
            $0.removals.append($0.removals[1])
            $0.removals[2].chunks = 2..<4
        }
    }

    @Test func `only current and sendable items move`() {
        var draft = Draft()
        draft.one.fleet.devices[Int(Village.gus)].site = 0
        draft.transfers.append(Village.fetch(to: Village.gus, Village.raw, 0..<2, slot: 5))
        finds(["raw", "chunk index"], draft) { _ in }
        draft.one.settings.sizesAlone = true
        #expect(draft.report().isClean)
        draft.one.catalogue.titles[Int(Village.raw)].currentItem = -1
        draft.one.fleet.devices[Int(Village.gus)].cacheBytes = 2 * Village.chunk
        finds(["raw", "current"], draft) { _ in }
    }

    @Test func `one item at most stays incomplete`() {
        var draft = Draft()
        draft.transfers.remove(at: draft.index(to: Village.hal, Village.gamma, slot: 3))
        finds(["hal", "2 incomplete", "gamma", "alpha"], draft) { _ in }
    }

    @Test func `outcomes are all there, in order, and right`() {
        finds(["no outcome", "bob", "beta"]) { $0.outcomes.remove(at: 2) }
        finds(["no open wish", "hal"]) { $0.outcomes.append($0.outcomes[10]) }
        finds(["no outcome"]) { $0.outcomes.swapAt(3, 4) }
        finds(["no outcome"]) { $0.outcomes = [] }
        finds(["worth"]) { $0.outcomes[1].worth += 1 }
        finds(["missing bytes"]) { $0.outcomes[1].missingBytes -= 1 }
        finds(["planned bytes"]) { $0.outcomes[1].plannedBytes = 0 }
        finds(["rank"]) { $0.outcomes[1].rank = 7 }
        finds(["item"]) { $0.outcomes[1].item = 3 }
        finds(["no open wish", "number 99"]) {
            $0.outcomes.append($0.outcomes[0])
            $0.outcomes[$0.outcomes.count - 1].device = 99
        }
    }

    @Test func `causes can be true`() {
        func stated(_ device: Int32, _ title: Int32, _ cause: Cause?) -> [AuditFinding] {
            findings { plan in
                for index in plan.outcomes.indices
                where plan.outcomes[index].device == device && plan.outcomes[index].title == title {
                    plan.outcomes[index].cause = cause
                }
            }
        }
        #expect(!stated(Village.bob, Village.alpha, .uplink).isEmpty)
        #expect(!stated(Village.hal, Village.alpha, nil).isEmpty)
        #expect(!stated(Village.hal, Village.alpha, .territory).isEmpty)
        #expect(stated(Village.hal, Village.alpha, .limit).isEmpty)
        #expect(!stated(Village.eve, Village.alpha, .uplink).isEmpty)
        #expect(stated(Village.eve, Village.alpha, .account).isEmpty)
        #expect(stated(Village.gus, Village.delta, .territory).isEmpty)
        #expect(!stated(Village.gus, Village.delta, .noItem).isEmpty)
        #expect(stated(Village.gus, Village.raw, .noIndex).isEmpty)
    }

    @Test func `the night and the profile can be reckoned with`() {
        finds(["not a night"]) { $0.night.slotCount = 0 }
        finds(["not a night"]) { $0.night.slotCount = Int32.max }
        finds(["not a night"]) { $0.night.slotSeconds = -1 }
        finds(["not a night"]) { $0.night.start.seconds = Int64.min }
        finds(["profile"]) { $0.profile.alpha += 1 }
        finds(["certificate is for"]) { $0.certificate.alpha = Int64.max }
    }

    @Test func `prices are allowed and prove what is stated`() {
        finds(["states the bound"]) { $0.certificate.bound -= 1 }
        finds(["negative", "ann"]) { $0.certificate.prices.up[0] = -1 }
        finds(["above", "hub"]) { $0.certificate.prices.egress[0] = SoundPrice.limit + 1 }
        finds(["negative", "north"]) { $0.certificate.prices.edgeUp[1] = Int64.min }
        finds(["no capacity", "abroad"]) { $0.certificate.prices.edgeUp[3] = 1 }
        finds(["no capacity", "root"]) { $0.certificate.prices.edgeDown[0] = 1 }
        finds(["7 prices", "8"]) { $0.certificate.prices.up.removeLast() }
        finds(["0 prices"]) { $0.certificate.prices.edgeDown = [] }
        // as large as they may be, they make the bound large and nothing else
        finds(["states the bound"]) { plan in
            for device in 0..<8 { plan.certificate.prices.up[device] = SoundPrice.limit }
            plan.certificate.prices.egress[0] = SoundPrice.limit
        }
    }

    @Test func `first-copy multipliers are allowed ones`() {
        func multiplier(_ device: Int32, _ item: Int32, _ price: Int64) -> FirstCopy {
            FirstCopy(device: device, item: item, price: price)
        }
        // beta is barred, so only origins have it for bob
        let allowed = Draft().report { $0.certificate.prices.firstCopy = [multiplier(1, 1, 1)] }
        #expect(!allowed.findings.contains { $0.message.contains("multiplier") })
        finds(["no eligible wish", "bob", "alpha"]) {
            $0.certificate.prices.firstCopy = [multiplier(1, 0, 1)]
        }
        finds(["no eligible wish", "eve"]) {
            $0.certificate.prices.firstCopy = [multiplier(4, 1, 1)]
        }
        finds(["sum", "beta"]) {
            $0.certificate.prices.firstCopy = [multiplier(1, 1, SoundPrice.limit)]
        }
        for odd in [
            multiplier(1, 1, -1), multiplier(99, 1, 1), multiplier(1, 99, 1), multiplier(-1, 1, 1),
        ] {
            finds(["out of range"]) { $0.certificate.prices.firstCopy = [odd] }
        }
        finds(["twice"]) {
            $0.certificate.prices.firstCopy = [multiplier(1, 1, 1), multiplier(1, 1, 1)]
        }
    }

    @Test func `counts what it doesn't keep`() {
        let report = Draft().report { plan in
            plan.outcomes = [Outcome](repeating: plan.outcomes[0], count: 3_000)
        }
        #expect(report.findings.count == AuditReport.findingLimit)
        #expect(report.findingCount > 2_900)
    }
}

/// The largest price, as the page has it.
private enum SoundPrice {
    static let limit: Int64 = 1 << 62
}
