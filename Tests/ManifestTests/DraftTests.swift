import Manifest
import Quantities
import Schedule
import Testing

@Suite struct DraftTests {
    private let night = ExampleNight()

    @Test func `every active device gets a manifest, one with nothing to do says so`() throws {
        var night = night
        #expect(night.index.devices == [0, 1, 2, 3])
        #expect(!night.index.draft(forDevice: 3).content.isNothing)
        night.plan.transfers = []
        night.plan.removals = []
        let idle = night.index.draft(forDevice: 3).content
        #expect(idle.isNothing && idle.items.isEmpty && !idle.window.isEmpty)
        #expect(idle.caps == ManifestContent.Caps())
    }
}
