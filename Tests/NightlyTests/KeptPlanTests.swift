import Nightly
import Quantities
import Schedule
import Store
import Testing

/// What is read out of a kept plan and a copied store.
@Suite struct KeptPlanTests {
    @Test func `exports prices of edges under their sites' names`() throws {
        let trial = try TrialNight()
        _ = try trial.run()
        var site = ""
        try trial.edit { document in
            let sites = document.names.sites
            site = sites[sites.count - 1]
            var prices = [Int64](repeating: 0, count: sites.count)
            prices[sites.count - 1] = 77
            document.plan.certificate.prices.edgeUp = prices
        }
        var bytes: [UInt8] = []
        try ExportPlan.run(.prices, as: .csv, of: TrialNight.date, in: trial.workspace) {
            bytes += $0
        }
        let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        #expect(rows.contains { $0.contains(",\(site),") && $0.hasSuffix(",77") })
    }

    @Test func `tells names apart that only look the same`() throws {
        let trial = try TrialNight()
        _ = try trial.run()
        try trial.edit { document in
            document.names.devices[0] = "box-e\u{301}"
            document.names.devices[1] = "box-\u{E9}"
        }
        let title = try #require(
            PlanDocument(decoding: Files.read(trial.workspace.planPath(TrialNight.date))).names
                .titles.first)
        for name in ["box-e\u{301}", "box-\u{E9}"] {
            let answer = try ExplainWish.run(
                device: name, title: title, of: TrialNight.date, in: trial.workspace)
            #expect(Array(answer.device.utf8) == Array(name.utf8))
        }
    }

    @Test func `a copy of a store that is open has all that was written`() throws {
        let trial = try TrialNight()
        let target = trial.scratch.path + "/copy.sqlite"
        let store = try trial.workspace.openStore()
        defer { try? store.close() }
        let request = NightRun.Request(now: TrialNight.now, threads: 1)
        _ = NightRun.run(request, in: trial.workspace, store: store) { _ in }
        try Store.copy(store.path, to: target)
        let copy = try Store(path: target, creating: false)
        defer { try? copy.close() }
        #expect(try copy.nights() == store.nights())
        #expect(try copy.publications() == store.publications())
        #expect(try copy.complaints().isEmpty)
    }

    @Test func `only its owner reads the store, the lock and the key`() throws {
        let trial = try TrialNight()
        let workspace = trial.workspace
        _ = try workspace.lock(timeoutSeconds: 0)
        for path in [workspace.storePath, workspace.lockPath, workspace.secretKeyPath] {
            #expect(Files.isPrivate(path), "\(path)")
        }
        #expect(!Files.isPrivate(workspace.publicKeyPath))
    }
}
